"""The folders that a synthesis writes to: the one for temporary files, and the one for its output.

The bindings are unpacked by Node.js, which takes TMPDIR as it stands (os.tmpdir, https://nodejs.org/api/os.html#ostmpdir),
and ends with a traceback where that folder is not there.
"""

import os
import tempfile
from collections.abc import Mapping
from pathlib import Path

_TEMPORARY, OUTPUT = "TMPDIR", "CDKTF_OUTDIR"
_DEFAULT_OUTPUT = "cdktf.out"
# jsii 1.142 unpacks 2.3 MB for the time of a synthesis, and a stack is smaller; on less room it ends with a traceback.
_NEEDED_BYTES = 3_000_000


def unusable(environ: Mapping[str, str]) -> list[str]:
    """Say of each folder that cannot be written why, and what to do; nothing where a synthesis can begin.

    What is missing of the output's folder is made.
    """
    found = unusable_temporary(environ)
    output = Path(environ.get(OUTPUT) or _DEFAULT_OUTPUT)
    if reason := _reason(output, make=True):
        found.append(f"{output} cannot be written ({reason}); name another folder with {OUTPUT}")
    return found


def unusable_temporary(environ: Mapping[str, str]) -> list[str]:
    """Say why the folder for temporary files cannot be written, and what to do; nothing where it can."""
    if (temporary := environ.get(_TEMPORARY)) and (reason := _reason(Path(temporary))):
        remedy = "name another folder" if Path(temporary).exists() else "create it"
        return [f"{_TEMPORARY}: {temporary} cannot be written ({reason}); {remedy}, or run `unset {_TEMPORARY}`"]
    return []


def _reason(folder: Path, *, make: bool = False) -> str | None:
    try:
        if make:
            folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(bytes(_NEEDED_BYTES))
    except OSError as error:
        return os.strerror(error.errno) if error.errno else str(error)
    return None
