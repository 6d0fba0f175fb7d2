"""Entry of `python3 -m bootstrap`; it must parse on old Pythons too, so that they get a sentence, not a traceback."""

import importlib
import os
import sys

OLDEST_PYTHON = (3, 11)


def refusal(version: "tuple[int, ...]", system: str) -> str:
    """Say why this Python or system cannot run the set-up; empty where it can."""
    if system == "nt":
        return "Set-up needs Linux or macOS; run it in the Windows Subsystem for Linux."
    if version < OLDEST_PYTHON:
        found = ".".join(str(number) for number in version)
        return "Set-up needs Python 3.11 or later and this is " + found + "; install one and run it with that."
    return ""


if __name__ == "__main__":
    problem = refusal(sys.version_info[:3], os.name)
    if problem:
        sys.exit(sys.stderr.write(problem + "\n") and 2)
    sys.exit(importlib.import_module("bootstrap.run").command_line(sys.argv[1:]))
