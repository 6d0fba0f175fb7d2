"""`python -m tests.recording`: run `edge demo prod`, and draw what it shows to docs/pictures/demo.svg."""

import io
import os
import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections.abc import Iterator

from rich.console import Console
from rich.text import Text

from tests.support.files import ROOT

FILE = ROOT / "docs" / "pictures" / "demo.svg"
COLUMNS = 100
COMMAND = "edge demo prod"
_TEXT = "{http://www.w3.org/2000/svg}text"
# What differs from run to run: ids, times, and how wide a column is by them.
_OF_A_RUN = re.compile(r"[0-9a-f][0-9a-f-]{7,}|\d+(?:[.:]\d+)*")
# The font is asked of another host; a page that shows the picture has a font of its own.
_FONTS = re.compile(r"@font-face \{.*?\}\s*", re.DOTALL)


def record() -> str:
    """Run the demo, and give what a person sees, in the order in which it came."""
    environ = {**os.environ, "COLUMNS": str(COLUMNS), "NO_COLOR": "1"}
    command = [sys.executable, "-m", *COMMAND.split()]
    done = subprocess.run(
        command, cwd=ROOT, env=environ, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=True
    )
    return done.stdout


def picture(output: str) -> str:
    """Draw a terminal that shows a command and its output."""
    width = max(map(len, output.splitlines()))  # an id is not broken
    console = Console(record=True, width=width, file=io.StringIO(), force_terminal=True)
    console.print(Text(f"$ {COMMAND}", style="bold"))
    console.print(Text(output.rstrip("\n")))
    drawn = _FONTS.sub("", console.export_svg(title=COMMAND, unique_id="demo"))
    return "\n".join(line.rstrip() for line in drawn.splitlines()) + "\n"


def shown(svg: str) -> Iterator[str]:
    """Give the lines of a picture, without the prompt and the title."""
    lines: dict[str, list[tuple[float, str]]] = {}
    for text in ET.fromstring(svg).iter(_TEXT):
        if place := text.get("clip-path"):
            lines.setdefault(place, []).append((float(text.get("x", "0")), text.text or ""))
    for parts in lines.values():
        line = "".join(part for _, part in sorted(parts)).replace("\xa0", " ").rstrip()
        if line and not line.startswith("$ "):
            yield line


def alike(lines: Iterator[str] | list[str]) -> set[str]:
    """Give lines as they are in every run; what a slow machine waits for is left out."""
    kept = (line for line in lines if line.strip() and not re.match(r"\s+waiting: |\s+\S.*…$", line))
    return {re.sub(r"\s+", " ", _OF_A_RUN.sub("#", line)).strip() for line in kept}


if __name__ == "__main__":
    FILE.write_text(picture(record()), encoding="utf-8")
