"""The synthesized configuration: made from the checkout, digested, and compared with the one that was planned."""

import json
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Any

from bootstrap.places import HERE
from edge.terraform.child_processes import run
from edge.terraform.errors import EngineError

_DEFAULT_FOLDER = "cdktf.out"
_NAMED_BY_KIND = ("resource", "data")
_NAMED = ("provider", "output", "terraform", "check", "locals", "moved", "import", "removed", "variable", "module")


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
    """Synthesize every environment with main.py into `environ`'s CDKTF_OUTDIR; give the named one.

    Raises EngineError.
    """
    output = Path(environ.get("CDKTF_OUTDIR") or HERE.root / _DEFAULT_FOLDER).absolute()
    done = run(
        [sys.executable, "main.py"], environ={**environ, "CDKTF_OUTDIR": str(output)}, folder=HERE.root, capture=True
    )
    if done.returncode != 0:
        raise EngineError(f"{done.stdout}{done.stderr}The configuration could not be synthesized; see above.")
    return Stack(output / "stacks" / name)


def portable(configuration: Mapping[str, Any]) -> dict[str, Any]:
    """Give a configuration as any machine synthesizes it: a local state's path without this machine's folders."""
    local = configuration.get("terraform", {}).get("backend", {}).get("local")
    if local is None:
        return dict(configuration)
    backend = {"local": {**local, "path": PurePath(local["path"]).name}}
    return {**configuration, "terraform": {**configuration["terraform"], "backend": backend}}


def differences(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    """List the addresses, or the blocks without one, in which two configurations differ, sorted."""
    before, after = dict(_parts(portable(old))), dict(_parts(portable(new)))
    return sorted(name for name in before.keys() | after.keys() if before.get(name) != after.get(name))


def _parts(configuration: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for block, content in configuration.items():
        if block in _NAMED_BY_KIND:
            prefix = "data." if block == "data" else ""
            yield from (
                (f"{prefix}{kind}.{name}", each) for kind, named in content.items() for name, each in named.items()
            )
        elif block in _NAMED and isinstance(content, Mapping):
            yield from ((f"{block}.{name}", each) for name, each in content.items())
        else:
            yield block, content
