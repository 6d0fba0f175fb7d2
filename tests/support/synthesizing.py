"""Synthesizes an environment in this process, as `main.py` does; jsii, which takes the time, starts once."""

import json
from pathlib import Path
from threading import Lock
from typing import Any

import pytest

from environments import loader
from environments.checked import Environment
from imports import terraform
from modules.stack import EdgeStack
from tests.support.files import OWN

_TURN = Lock()


def synthesize(settings: Environment) -> dict[str, Any]:
    """Synthesize one environment to the Terraform JSON of its stack."""
    stack = EdgeStack(terraform.Testing.app(), settings.name, environment=settings)
    content: dict[str, Any] = json.loads(terraform.Testing.synth(stack))
    return content


def write(environments: Path, name: str, output: Path) -> None:
    """Synthesize an environment of a folder into another folder, byte for byte what `main.py` writes there.

    Threads take turns: jsii answers one question after the other, and what tells where files lie is the process's own.
    """
    with _TURN:
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("ENVIRONMENTS_DIR", str(environments))
            patch.setattr(loader, "_PROJECT", OWN)  # instances run the tests' own compose file
            (environment,) = loader.load([name])
        app = terraform.App(outdir=str(output))
        EdgeStack(app, name, environment=environment)
        app.synth()
