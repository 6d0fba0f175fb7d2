"""Synthesizes an environment in this process, as `main.py` does; jsii, which takes the time, starts once."""

import json
from typing import Any

from environments.checked import Environment
from imports import terraform
from modules.stack import EdgeStack


def synthesize(settings: Environment) -> dict[str, Any]:
    """Synthesize one environment to the Terraform JSON of its stack."""
    stack = EdgeStack(terraform.Testing.app(), settings.name, environment=settings)
    content: dict[str, Any] = json.loads(terraform.Testing.synth(stack))
    return content
