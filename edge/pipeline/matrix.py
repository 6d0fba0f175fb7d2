"""`python3 -m edge.pipeline.matrix`: the environments that the files make, as a JSON list for a workflow's matrix.

With `--change FOLDER` the files are those of a pull request's checkout, and environments of here that it lacks are
named as removed. Whether the pipeline is on, `.github/pipeline.toml` says: the one here, so not that of the change.

Needs the standard library only, so that the plans can start before anything is installed; whether the files are right
is found by what follows.
"""

import argparse
import json
import os
import re
import sys
import tomllib
from pathlib import Path

_ROOT = Path(__file__).resolve().parents[2]
_SWITCH = _ROOT / ".github" / "pipeline.toml"
_NAME = re.compile(r"(?=.{1,32}$)[a-z][a-z0-9]*(-[a-z0-9]+)*")
_IMPORTS = ".imports.toml"  # beside the environment's file, and no environment of its own


def names(folder: Path) -> list[str]:
    """List the stems of the environment files in a folder, sorted; raises ValueError for one that is no name."""
    found = sorted(
        file.stem for file in folder.iterdir() if file.suffix == ".toml" and not file.name.endswith(_IMPORTS)
    )
    if wrong := [name for name in found if not _NAME.fullmatch(name)]:
        message = f"{wrong[0]!r} is not an environment's name; rename its file to at most 32 of a-z, 0-9 and hyphens."
        raise ValueError(message)
    return found


def is_on() -> bool:
    """Read whether the pipeline plans and deploys; it does not where the file is not there."""
    return _SWITCH.is_file() and tomllib.loads(_SWITCH.read_text(encoding="utf-8")).get("enabled") is True


def _main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--change", type=Path)
    change = parser.parse_args().change
    try:
        here = names(Path(os.environ.get("ENVIRONMENTS_DIR") or _ROOT / "environments"))
        present = names(change / "environments") if change else here
    except ValueError as error:
        parser.error(str(error))
    removed = sorted(set(here) - set(present))
    sys.stdout.write(f"on={json.dumps(is_on())}\nnames={json.dumps(present)}\nremoved={json.dumps(removed)}\n")


if __name__ == "__main__":
    _main()
