"""The deployed stacks that the table is run on: prod with all of the seed's services, plain prod, and staging."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from embedded_aws.process import LocalAws
from tests.engine.faults.fault import Where
from tests.support.deployed_stack import SEED_TOML, Stack
from tests.support.files import MANAGED_TOML_FILE, PROD_TOML, environment_of
from tests.support.workspace import synthesize

_LIFETIME_SECONDS = 3600


def _read(file: Path) -> str:
    return file.read_text(encoding="utf-8")


@contextmanager
def deployed(where: Where, folder: Path) -> Iterator[Stack]:
    """Deploy one of them."""
    toml = {"prod": SEED_TOML, "plain": _read(PROD_TOML), "staging": _read(MANAGED_TOML_FILE)}[where]
    name = "staging" if where == "staging" else "prod"
    environment = environment_of(toml, name)
    with LocalAws.start([environment], lifetime_seconds=_LIFETIME_SECONDS, plane=True) as aws:
        synthesize(toml, name=name, folder=folder, aws=aws).apply()
        yield Stack(aws, environment)
