"""Texts of a review written into Markdown, so that GitHub shows them as they are and acts on nothing in them."""

import re
from collections.abc import Iterable

from environments.text import printable, shortened

_MAX_SENTENCE_CHARACTERS = 700
_BACKTICKS = re.compile(r"`+")
# A mention, a reference or an HTML tag out of an attribute's value must not act in a comment; GitHub's filters read
# the text after Markdown did, and an empty comment splits it.
# A colon would make an emoji of a word (`:+1:`), a link of a bare address (`https://…`), and a dollar sign mathematics:
# https://docs.github.com/en/get-started/writing-on-github/working-with-advanced-formatting/writing-mathematical-expressions
# Addresses without a scheme (`www.x`, `a@b.c`) become links too: https://github.github.com/gfm/#autolinks-extension-
_ESCAPES = {character: f"\\{character}" for character in "\\`*_[]~|"} | {
    "&": "&amp;",
    "<": "&lt;",
    ">": "&gt;",
    "@": "@<!-- -->",
    "#": "#<!-- -->",
    "$": "<span>$</span>",
}
# In a tag's text Markdown's characters are written as HTML's references, which it does not read:
# https://github.github.com/gfm/#entity-and-numeric-character-references
_OF_HTML = {key: f"&#{ord(key)};" if value.startswith("\\") else value for key, value in _ESCAPES.items()}
_WWW, _COLON = re.compile(r"\b(www)\.", re.IGNORECASE), re.compile(r":(?=\S)")


def row(cells: Iterable[str]) -> str:
    """Write one row of a table; the cells are Markdown already."""
    return f"| {' | '.join(cells)} |"


def sentence(text: str) -> str:
    """Write a sentence of a finding, without its middle where it is longer than a reader takes."""
    return safe(shortened(text, _MAX_SENTENCE_CHARACTERS))


def safe(text: str) -> str:
    """Write a text so that Markdown shows it as it is, on one line."""
    escaped = "".join(_ESCAPES.get(character, character) for character in printable(text))
    return _WWW.sub(r"\1<!-- -->.", _COLON.sub(":<!-- -->", escaped))


def in_html(text: str) -> str:
    """Write a text within an HTML tag, where Markdown's own escapes would be shown; nothing in it acts either."""
    escaped = "".join(_OF_HTML.get(character, character) for character in printable(text))
    return _WWW.sub(r"\1<!-- -->.", _COLON.sub(":<!-- -->", escaped))


def code(text: str) -> str:
    """Write an address or an id as a code span."""
    return f"`{plain(text)}`"


def plain(text: str) -> str:
    """Write a text into a code span within a table, where neither a backtick nor a bar may stand."""
    return printable(text).replace("`", "'").replace("|", "\\|")


def fenced(text: str, *, language: str) -> str:
    """Write lines as a block of code, in a fence that nothing in them can end."""
    lines = "\n".join(map(printable, text.splitlines()))
    fence = "`" * max(4, 1 + max(map(len, _BACKTICKS.findall(lines)), default=0))
    return f"{fence}{language}\n{lines}\n{fence}"
