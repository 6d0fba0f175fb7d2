"""The synthesized configuration, made from the checkout by main.py."""

import json
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bootstrap.places import HERE
from edge.plan.errors import EngineError
from edge.terraform.child_processes import run

_DEFAULT_FOLDER = "cdktf.out"


@dataclass(frozen=True)
class Stack:
    """One synthesized environment: the folder in which Terraform runs, which lives on between runs."""

    folder: Path

    @property
    def file(self) -> Path:
        """What cdktf synthesized."""
        return self.folder / "cdk.tf.json"

    def read(self) -> dict[str, Any]:
        """Read the configuration."""
        content: dict[str, Any] = json.loads(self.file.read_text(encoding="utf-8"))
        return content


def synthesize(name: str, environ: Mapping[str, str]) -> Stack:
    """Synthesize every environment with main.py into CDKTF_OUTDIR; give the named one. Raises EngineError."""
    output = Path(os.environ.get("CDKTF_OUTDIR") or HERE.root / _DEFAULT_FOLDER).absolute()
    done = run(
        [sys.executable, "main.py"], environ={**environ, "CDKTF_OUTDIR": str(output)}, folder=HERE.root, capture=True
    )
    if done.returncode != 0:
        raise EngineError(f"{done.stdout}{done.stderr}The configuration could not be synthesized; see above.")
    return Stack(output / "stacks" / name)
