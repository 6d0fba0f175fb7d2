"""Which Terraform, or OpenTofu, the project runs: asked for by name, found on PATH, or fetched."""

import json
import re
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Self

from bootstrap.places import Places
from bootstrap.processes import Session, SetupError, answer
from bootstrap.progress import say
from bootstrap.release import RELEASES_URL, TERRAFORM_VERSION, fetch
from bootstrap.stamps import write_whole

# The S3 backend's own lock file came with 1.10: https://developer.hashicorp.com/terraform/language/backend/s3
OLDEST = (1, 10, 0)

# The answer to `version`. That to `version -json` is the same for both brands, and each brand asks its own registry.
_VERSION = re.compile(r"^(Terraform|OpenTofu) v(\d+)\.(\d+)\.(\d+)", re.MULTILINE)


@dataclass(frozen=True)
class Engine:
    """A program that runs the generated configuration: its absolute path, its brand and its version."""

    program: str
    brand: str
    version: str

    @property
    def is_recent(self) -> bool:
        """Say whether it knows all that the configuration uses."""
        return tuple(int(number) for number in self.version.split(".")) >= OLDEST

    @classmethod
    def inspect(cls, program: str, *, places: Places, environ: Mapping[str, str]) -> Self | None:
        """Ask a program what it is; None where it does not answer as Terraform or OpenTofu does."""
        # TF_CLI_CONFIG_FILE may name a missing file and TF_CLI_ARGS hold flags for another command.
        quiet = {name: value for name, value in environ.items() if not name.startswith("TF_")}
        output = answer([program, "version"], environ={**quiet, "CHECKPOINT_DISABLE": "1"}, folder=places.root)
        match = _VERSION.search(output or "")
        return cls(program, match[1], ".".join(match.groups()[1:])) if match else None


def named(places: Places, environ: Mapping[str, str]) -> Engine | None:
    """Return what TERRAFORM_BINARY_NAME asks for, None where it asks for nothing.

    Raises `SetupError` where it names no recent Terraform or OpenTofu.
    """
    name = environ.get("TERRAFORM_BINARY_NAME")
    if not name:
        return None
    program = shutil.which(name, path=environ.get("PATH"))
    engine = Engine.inspect(str(Path(program).absolute()), places=places, environ=environ) if program else None
    if engine is None or not engine.is_recent:
        found = f"{engine.brand} {engine.version}" if engine else "no program that answers as Terraform or OpenTofu"
        raise SetupError(
            f"TERRAFORM_BINARY_NAME names {name}, which is {found}; let it name Terraform or OpenTofu 1.10 or later, "
            "or unset it."
        )
    return engine


def on_path(places: Places, environ: Mapping[str, str]) -> Iterator[Engine]:
    """Yield the machine's Terraform, then its OpenTofu, whatever their versions."""
    path = places.foreign_path(environ)
    for name in ("terraform", "tofu"):
        program = shutil.which(name, path=path)
        engine = Engine.inspect(str(Path(program).absolute()), places=places, environ=environ) if program else None
        if engine:
            yield engine


def fetched(places: Places, environ: Mapping[str, str]) -> Engine | None:
    """Return the Terraform that set-up fetched, None where there is none or another version than the pinned one."""
    engine = Engine.inspect(str(places.terraform), places=places, environ=environ)
    return engine if engine and engine.version == TERRAFORM_VERSION else None


def existing(places: Places, environ: Mapping[str, str]) -> Engine | None:
    """Return what can be used without fetching anything: the named one, the machine's, or the fetched one.

    Raises `SetupError` where TERRAFORM_BINARY_NAME names what cannot be used.
    """
    recent = (engine for engine in on_path(places, environ) if engine.is_recent)
    return named(places, environ) or next(recent, None) or fetched(places, environ)


def recorded(places: Places) -> Engine | None:
    """Return what set-up chose, None where it has not run or the program is gone since."""
    try:
        engine = Engine(**json.loads(places.terraform_choice.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None
    return engine if shutil.which(engine.program) else None


def choose(session: Session, *, releases_url: str = RELEASES_URL) -> Engine:
    """Find or fetch the engine, and record the choice; `releases_url` is where releases lie, for tests.

    Raises `SetupError` where there is none and none could be fetched.
    """
    places = session.places
    engine = existing(places, session.environ)
    if engine is None:
        for old in on_path(places, session.environ):
            say(f"{old.brand} {old.version} on PATH is too old; Terraform {TERRAFORM_VERSION} will stand beside it.")
        with session.step(f"Fetching Terraform {TERRAFORM_VERSION} into .tools/bin.", waiting_for="the download"):
            fetch(places.terraform, releases_url=releases_url)
        engine = Engine(str(places.terraform), "Terraform", TERRAFORM_VERSION)
    if engine != recorded(places):
        write_whole(places.terraform_choice, json.dumps(asdict(engine), indent=2) + "\n")
    return engine
