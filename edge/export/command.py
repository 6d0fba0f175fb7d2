"""`edge export`: write an environment as plain Terraform, for whoever goes on without Python and CDKTF."""

import os
from argparse import ArgumentParser, Namespace
from collections.abc import Mapping
from pathlib import Path

from edge.cli import environment_argument
from edge.cli.exits import BadInputError, Exit
from edge.cli.subcommand import Subcommand
from edge.export.files import files
from edge.terraform import synthesis
from edge.terraform.provider_lock import LOCK, is_of_the_engine
from edge.terraform.toolchain import command_environment
from environments.loader import load

_DEFAULT_FOLDER = Path("exported")
_NEXT = """{folder}: {files} files, {resources} resources, {lookups} lookups, at the addresses of the state.

Next, in that folder, with the profiles of environments/{name}.toml:
  terraform init
  terraform plan       # "No changes": it is the same state
Then keep the folder, and stop deploying {name} from here: two sources of one state undo each other's changes."""


def _run(options: Namespace) -> int:
    """Write one environment; raises BadInputError for a folder that cannot take it, and EngineError."""
    name = environment_argument.named(options)
    (environment,) = load([name])
    folder = Path(options.to or _DEFAULT_FOLDER / name)
    _must_be_free(folder)
    document = synthesis.document(name, command_environment())
    texts = files(name, document, environment.services)
    lock = {LOCK.name: LOCK.read_text(encoding="utf-8")} if is_of_the_engine() else {}
    _write(folder, {**texts, **lock})
    counts = {kind: sum(map(len, document.get(kind, {}).values())) for kind in ("resource", "data")}
    shown = {"folder": folder, "files": len(texts), "resources": counts["resource"], "lookups": counts["data"]}
    print(_NEXT.format(**shown, name=name))
    return Exit.DONE


def _must_be_free(folder: Path) -> None:
    try:
        if os.path.lexists(folder) and (not folder.is_dir() or any(folder.iterdir())):
            raise BadInputError(f"{folder} holds something already; name another folder with --to.")
    except OSError as error:
        raise BadInputError(f"{folder} cannot be read ({error.strerror}); name another folder with --to.") from None


def _write(folder: Path, texts: Mapping[str, str]) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in texts.items():
            (folder / name).write_text(text, encoding="utf-8")
    except OSError as error:
        reason = f"{folder} cannot be written ({error.strerror}); name another folder with --to."
        raise BadInputError(reason) from None


def _add_arguments(parser: ArgumentParser) -> None:
    environment_argument.add(parser)
    parser.add_argument(
        "--to",
        metavar="FOLDER",
        default="",
        help=f"a folder that is empty or not there (default: {_DEFAULT_FOLDER}/ENVIRONMENT)",
    )


EXPORT = Subcommand(
    run=_run,
    add_arguments=_add_arguments,
    about="The addresses, the state and the versions stay the same, so that a plan of what is written changes nothing. "
    "A change of the environment file does not reach what was exported before.",
    example="edge export prod --to ../prod-terraform",
    done="written",
    failed="it could not be synthesized",
)
