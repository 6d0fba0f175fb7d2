"""The two deployed stacks that the table is run on: prod with all of the seed's services, and staging."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from embedded_aws.process import LocalAws
from tests.engine.faults.fault import Where
from tests.support.deployed_stack import SEED_TOML, Stack
from tests.support.files import MANAGED_TOML_FILE, environment_of
from tests.support.workspace import synthesize

_LIFETIME_SECONDS = 3600


@contextmanager
def deployed(where: Where, folder: Path) -> Iterator[Stack]:
    """Deploy one of them."""
    toml = SEED_TOML if where == "prod" else MANAGED_TOML_FILE.read_text(encoding="utf-8")
    environment = environment_of(toml, where)
    with LocalAws.start([environment], lifetime_seconds=_LIFETIME_SECONDS, plane=True) as aws:
        synthesize(toml, name=where, folder=folder, aws=aws).apply()
        yield Stack(aws, environment)
