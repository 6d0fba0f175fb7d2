"""`python -m tests.pictures`: write the pictures of README.md and docs/, of the tests' and the gallery's files."""

import re
from functools import cache
from pathlib import Path

from edge.picture.graph import Graph, graph_of
from edge.picture.mermaid import mermaid
from edge.picture.svg import svg
from tests.support.files import EVERYTHING_TOML, MANAGED_TOML_FILE, PROD_TOML, ROOT, environment_of
from tests.support.synthesizing import synthesize

README = ROOT / "README.md"
FOLDER = ROOT / "docs" / "pictures"
TOMLS = {
    "prod": PROD_TOML.read_text(encoding="utf-8"),
    "staging": MANAGED_TOML_FILE.read_text(encoding="utf-8"),
    "everything": EVERYTHING_TOML,
}
GALLERY = ROOT / "docs" / "gallery"
OF_GALLERY = {file.stem: file.read_text(encoding="utf-8") for file in sorted(GALLERY.glob("*.toml"))}
_MERMAID = re.compile(r"(?<=```mermaid\n)flowchart LR\n.*?(?=```)", re.DOTALL)


@cache
def graph(name: str) -> Graph:
    """Synthesize one of the tests' environments, and read its picture."""
    environment = environment_of({**TOMLS, **OF_GALLERY}[name], name)
    return graph_of(environment, synthesize(environment))


def pictures() -> dict[Path, str]:
    """Give the texts of all files that hold a picture, as they have to be."""
    readme = README.read_text(encoding="utf-8")
    drawn = {FOLDER / f"{name}.svg": svg(graph(name), f"The request path of {name}") for name in TOMLS}
    drawn |= {GALLERY / f"{name}.svg": svg(graph(name), f"The request path of {name}") for name in OF_GALLERY}
    return drawn | {README: _MERMAID.sub(lambda _: mermaid(graph("prod")), readme, count=1)}


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for file, text in pictures().items():
        file.write_text(text, encoding="utf-8")
