"""A configuration that was synthesized elsewhere, taken as data: what a pull request's code made.

Terraform runs what a configuration says, so nothing of it is laid out before the closed world has been asked; and what
is laid out is written again, so that Terraform reads what was judged.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from edge.plan.errors import RefusedError
from edge.plan.folder import PlanFolder
from edge.review.closed_world import trespasses
from edge.review.markdown_text import safe
from edge.terraform import synthesis
from edge.terraform.private_files import write_private
from edge.terraform.synthesis import Stack
from edge.tfplan import strict_json
from environments.checked import Environment
from environments.text import printable

_MAX_BYTES = 20_000_000  # thirty times what two hundred services make
_REMEDY = "give the cdk.tf.json that main.py writes"
_MISSHAPEN = (AttributeError, LookupError, RecursionError, TypeError, ValueError)


def handed_in(environment: Environment, file: Path, environ: Mapping[str, str]) -> Stack:
    """Lay a configuration out as the environment's stack; raises RefusedError, with every reason, before it does."""
    return synthesis.lay_out(environment.name, judged(environment, file), environ)


def judged(environment: Environment, file: Path) -> dict[str, Any]:
    """Read a configuration that holds nothing but what this product makes; raises RefusedError with every reason."""
    configuration = _parsed(file)
    try:
        found = trespasses(configuration, environment)
    except _MISSHAPEN:
        raise RefusedError.because(f"--configuration {file}", "is not shaped as a configuration", _REMEDY) from None
    if found:
        lines = (f"{trespass.address} {trespass.problem}" for trespass in found)
        raise RefusedError("\n".join(printable(f"--configuration {file}: {line}") for line in lines))
    return configuration


def write_refusal(folder: PlanFolder, environment: str, refusal: RefusedError) -> None:
    """Leave a review that says why nothing was planned, for the comment of a pull request."""
    lines = (f"- {safe(line)}" for line in str(refusal).splitlines())
    text = "\n".join([f"## {environment} was not planned", "", "What the change makes is refused:", "", *lines])
    folder.path.mkdir(parents=True, exist_ok=True, mode=0o700)
    write_private(folder.path / "review.md", f"{text}\n")


def _read(file: Path) -> bytes:
    try:
        if not file.is_file():
            raise RefusedError.because(f"--configuration {file}", "is not a file", _REMEDY)
        with file.open("rb") as stream:
            content = stream.read(_MAX_BYTES + 1)
    except OSError as error:
        raise RefusedError.because(f"--configuration {file}", f"cannot be read: {error.strerror}", _REMEDY) from None
    if len(content) > _MAX_BYTES:
        raise RefusedError.because(f"--configuration {file}", f"is larger than {_MAX_BYTES} bytes", _REMEDY)
    return content


def _parsed(file: Path) -> dict[str, Any]:
    content = _read(file)
    try:
        configuration = strict_json.loads(content)
    except (ValueError, RecursionError):
        configuration = None
    if not isinstance(configuration, dict):
        raise RefusedError.because(f"--configuration {file}", "is not one table of JSON", _REMEDY)
    return configuration
