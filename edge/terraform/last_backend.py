"""Where the state was when Terraform last ran in a folder: it notes that, and refuses another place until it is told.

https://developer.hashicorp.com/terraform/language/backend#initialize-the-backend
"""

import json
from pathlib import Path
from typing import Any

_NOTE = Path(".terraform", "terraform.tfstate")
_STACK = "cdk.tf.json"
_BESIDE = "a file beside the configuration"


def moved(folder: Path) -> str | None:
    """Say that a folder's configuration has its state in another place than its last run; None where it has not."""
    before, now = _backend(_read(folder / _NOTE)), _configured(_read(folder / _STACK))
    if before is None or before == now:
        return None
    return (
        f"The state is {now}, and was {before} when Terraform last ran here. Nothing is moved: if only that "
        "state knows what stands, copy it first, or set [backend] back."
    )


def _backend(note: Any) -> str | None:
    backend = note.get("backend") if isinstance(note, dict) else None
    return _place(backend.get("config")) if isinstance(backend, dict) else None


def _configured(stack: Any) -> str:
    terraform = stack.get("terraform") if isinstance(stack, dict) else None
    backend = terraform.get("backend") if isinstance(terraform, dict) else None
    return _place(backend.get("s3")) if isinstance(backend, dict) else _BESIDE


def _place(config: Any) -> str:
    known = isinstance(config, dict) and config.get("bucket")
    return f"s3://{config['bucket']}/{config.get('key')}" if known else _BESIDE


def _read(file: Path) -> Any:
    try:
        return json.loads(file.read_bytes())
    except (OSError, ValueError):
        return None
