"""`python3 -m edge.pipeline.matrix`: the environments that the files make, as a JSON list for a workflow's matrix.

Needs the standard library only, so that the plans can start before anything is installed; whether the files are right
is found by what follows.
"""

import json
import os
import sys
from pathlib import Path

_FOLDER = Path(__file__).resolve().parents[2] / "environments"


def names() -> list[str]:
    """List the stems of the environment files of ENVIRONMENTS_DIR, by default the project's, sorted."""
    folder = Path(os.environ.get("ENVIRONMENTS_DIR") or _FOLDER)
    return sorted(file.stem for file in folder.iterdir() if file.suffix == ".toml")


if __name__ == "__main__":
    sys.stdout.write(f"names={json.dumps(names())}\n")
