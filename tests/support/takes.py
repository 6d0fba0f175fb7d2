"""How many minutes a file of tests takes on a machine that does nothing else: by its mark, or a guess by its place."""

import re
from functools import cache
from pathlib import Path

from tests.support.files import ROOT

UNMARKED_ENGINE_MINUTES = 2.0  # so that a new file that deploys starts among the first, until it says how long it takes
_MARK = re.compile(r"\bmark\.takes\(minutes=([\d.]+)\)")


@cache
def minutes(file: Path) -> float:
    """Read it from the file's text: xdist's controller, which shows what is left, does not import the tests."""
    if mark := _MARK.search(file.read_text(encoding="utf-8")):
        return float(mark[1])
    return UNMARKED_ENGINE_MINUTES if file.is_relative_to(ROOT / "tests" / "engine") else 0.0
