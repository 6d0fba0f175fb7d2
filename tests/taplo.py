"""`python -m tests.taplo TAPLO`: ask Taplo, the checker of most editors, about the tests' environment files.

TAPLO is its command, from the npm package `@taplo/cli` (35 MB, so set-up does not install it). It ends with 1 where it
answers otherwise than tests/unit/test_editor_schema.py, which asks a JSON Schema library of Python's.
"""

import re
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.support.editor_files import EditedFile, right_files
from tests.support.files import ROOT
from tests.unit.test_editor_schema import wrong_files

SCHEMA = ROOT / "environments" / "environment.schema.json"


def refused_by(taplo: str, files: list[EditedFile]) -> set[int]:
    """Give the places in the list of the files that Taplo refuses."""
    with tempfile.TemporaryDirectory() as folder:
        for number, file in enumerate(files):
            (Path(folder) / f"{number}.toml").write_text(file.text, encoding="utf-8")
        command = [taplo, "check", "--schema", SCHEMA.as_uri(), *sorted(map(str, Path(folder).glob("*.toml")))]
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=600, check=False)
    return {int(number) for number in re.findall(r'invalid file .*path="[^"]*?(\d+)\.toml"', done.stderr)}


def main() -> int:
    files = [*right_files(), *wrong_files()]
    refused = refused_by(sys.argv[1], files)
    agreed = sum(file.is_right == (number not in refused) for number, file in enumerate(files))
    sys.stdout.write(f"Taplo and the loader agree on {agreed} of {len(files)} files.\n")
    otherwise = [file for number, file in enumerate(files) if file.is_taken == (number in refused)]
    for file in otherwise:
        sys.stdout.write(f"Taplo and Python differ on {file.part}: {file.name}\n")
    return 1 if otherwise else 0


if __name__ == "__main__":
    sys.exit(main())
