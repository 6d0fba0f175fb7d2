"""The command `edge`: a small script in the virtual environment that runs the project from its clone.

A package that is installed would need a build and a second copy of what the clone holds; this needs neither, and works
from any folder. The project's root is found from where the script lies, as it was called, so that a clone whose `.venv`
is a link runs its own files, and, where that leads nowhere, as it really lies, so that a link to the script works too.
"""

from bootstrap.places import Places
from bootstrap.processes import Session
from bootstrap.stamps import write_whole

_EXECUTABLE = 0o755
# The first lines are sh, and to Python a text: a kernel takes no space in the path after `#!`, and not a long one.
_SCRIPT = """\
#!/bin/sh
'''exec' "{python}" "$0" "$@"
' '''
# Written by set-up (bootstrap/command.py), which writes it again where it was changed.
import sys
from pathlib import Path

here = Path(__file__).absolute()
roots = [file.parents[2] for file in (here, here.resolve()) if len(file.parents) > 2]
root = next((root for root in roots if (root / "edge" / "__main__.py").is_file()), None)
if root is None:
    sys.stderr.write(f"{{here}} belongs to no clone of the project; run `make setup` in one.\\n")
    sys.exit(1)
sys.path[0] = str(root)

from edge.__main__ import main

sys.exit(main())
"""


def write(session: Session) -> None:
    """Write the script, unless it is there as it should be."""
    file, wanted = session.places.command, script(session.places)
    if file.is_file() and file.read_text(encoding="utf-8") == wanted:
        return
    session.report(f"Writing the command {file.relative_to(session.places.root)}.")
    write_whole(file, wanted)
    file.chmod(_EXECUTABLE)


def script(places: Places) -> str:
    """Compose the script."""
    python = str(places.python)
    for character in '\\"$`':  # what a shell would act on between double quotes
        python = python.replace(character, f"\\{character}")
    return _SCRIPT.format(python=python)
