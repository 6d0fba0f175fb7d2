"""`python -m tests.screenshots STYLESHEET`: photograph three reviews in Chromium, as GitHub shows them, for the docs.

STYLESHEET is a path of `github-markdown-light.css`, of npm's package github-markdown-css. Chromium stands on PATH.
"""

import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from markdown_it import MarkdownIt

from tests.support.files import ROOT

FOLDER = ROOT / "docs" / "pictures"
HEIGHTS_PX = {"removed_service": 910, "renamed_service": 895, "new_service": 625}
WIDTH_PX, MARGIN_PX = 900, 24
_CHROMIUM = ("chromium", "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars")


def page(markdown: str, stylesheet: str) -> str:
    """Write a page with a comment of GitHub's."""
    body = MarkdownIt("gfm-like", {"html": True, "linkify": False}).render(markdown)
    own = f"body {{ margin: 0 }} .markdown-body {{ max-width: {WIDTH_PX}px; padding: {MARGIN_PX}px }}"
    head = f"<!doctype html><meta charset=utf-8><style>{stylesheet}\n{own}</style>"
    return f"{head}<article class=markdown-body>{body}</article>"


def main(stylesheet: Path) -> None:
    """Write docs/pictures/review-*.png."""
    with TemporaryDirectory() as folder:
        file = Path(folder, "page.html")
        for name, height in HEIGHTS_PX.items():
            markdown = (ROOT / "tests" / "plans" / f"{name}.md").read_text(encoding="utf-8")
            file.write_text(page(markdown, stylesheet.read_text(encoding="utf-8")), encoding="utf-8")
            picture = FOLDER / f"review-{name.replace('_', '-')}.png"
            size = f"--window-size={WIDTH_PX + 2 * MARGIN_PX},{height}"
            subprocess.run(
                [*_CHROMIUM, f"--screenshot={picture}", size, file.as_uri()], check=True, capture_output=True
            )


if __name__ == "__main__":
    main(Path(sys.argv[1]))
