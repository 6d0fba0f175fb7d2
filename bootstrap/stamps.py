"""Stamps: which step has finished, and from which inputs.

A step forgets its stamp before it starts and writes it when it has finished, so that an interrupted step, whose work
may be half done, is never taken for a finished one.
"""

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path


def write_whole(path: Path, text: str) -> None:
    """Write a file so that it is there wholly or, after a crash, as it was before."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    unfinished.write_text(text, encoding="utf-8")
    unfinished.replace(path)


def digest(*inputs: str | Path) -> str:
    """Hash texts and files, each with its name; a missing file counts as missing, not as empty."""
    total = hashlib.sha256()
    for item in inputs:
        content = item.read_bytes() if isinstance(item, Path) and item.is_file() else None
        name = item.name if isinstance(item, Path) else item
        total.update(repr((name, content)).encode())
    return total.hexdigest()


def sources() -> tuple[Path, ...]:
    """Return the sources of set-up itself: a change of what it does is a reason to do it again."""
    return tuple(sorted(Path(__file__).parent.glob("*.py")))


@dataclass(frozen=True)
class Stamps:
    """The stamps in one folder: a file for each step that holds the hash of its inputs."""

    folder: Path

    def holds(self, step: str, value: str) -> bool:
        """Say whether the step finished with just these inputs."""
        try:
            return (self.folder / step).read_text(encoding="utf-8") == value
        except OSError:
            return False

    def keep(self, step: str, value: str) -> None:
        """Write that the step finished."""
        write_whole(self.folder / step, value)

    def forget(self, step: str) -> None:
        """Write that the step is not finished; call it before the step's first change."""
        (self.folder / step).unlink(missing_ok=True)
