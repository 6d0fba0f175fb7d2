"""Strings of Terraform's JSON as expressions of its native syntax.

A string of the JSON syntax is a template. In the native one it stands in quotes or between the marks of a heredoc, and
one that is a single interpolation is written as the expression itself.
https://developer.hashicorp.com/terraform/language/syntax/json#expression-mapping
https://developer.hashicorp.com/terraform/language/expressions/strings
"""

from collections.abc import Iterator

_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}
_OPENS = ("${", "%{")
_MARK = "EOT"


def expression(template: str, *, heredoc: bool = False) -> str:
    """Write a template as an expression: bare, in quotes, or, where it may, as a heredoc if it holds lines.

    Raises ValueError where an interpolation has no end.
    """
    pieces = list(_pieces(template))
    if len(pieces) == 1 and pieces[0].startswith("${") and not _is_stripping(pieces[0]):
        return pieces[0][2:-1].strip()
    if heredoc and template.endswith("\n") and template.count("\n") > 1 and _fits_heredoc(template):
        return f"<<{_MARK}\n{template}{_MARK}"
    return '"' + "".join(map(_quoted, pieces)) + '"'


def _fits_heredoc(template: str) -> bool:
    """Say whether a heredoc can hold a template: it has no escapes but those of `${` and `%{`, and ends at its mark."""
    plain = all(letter.isprintable() or letter in "\n\t" for letter in template)
    return plain and not any(line.strip() == _MARK for line in template.splitlines())


def _is_stripping(piece: str) -> bool:
    return piece.startswith("${~") or piece.endswith("~}")


def _quoted(piece: str) -> str:
    if piece.startswith(_OPENS):
        return piece
    return "".join(_escaped(letter) for letter in piece)


def _escaped(letter: str) -> str:
    if letter in _ESCAPES:
        return _ESCAPES[letter]
    if letter.isprintable():
        return letter
    return f"\\U{ord(letter):08x}"


def _pieces(template: str) -> Iterator[str]:
    """Part a template into text, in which `$${` and `%%{` stay as they are, and interpolations and directives."""
    start = place = 0
    while place < len(template):
        if template.startswith(("$${", "%%{"), place):
            place += 3
        elif template.startswith(_OPENS, place):
            if place > start:
                yield template[start:place]
            start, place = place, _end_of_expression(template, place + 2)
            yield template[start:place]
            start = place
        else:
            place += 1
    if place > start:
        yield template[start:place]


def _end_of_expression(text: str, place: int) -> int:
    """Give the place behind the brace that closes the one before `place`."""
    depth = 1
    while place < len(text):
        if text[place] == '"':
            place = _end_of_string(text, place + 1)
            continue
        depth += {"{": 1, "}": -1}.get(text[place], 0)
        place += 1
        if depth == 0:
            return place
    raise ValueError(f"an interpolation has no end: {text}")


def _end_of_string(text: str, place: int) -> int:
    while place < len(text):
        if text.startswith(("$${", "%%{"), place):
            place += 3
        elif text.startswith(_OPENS, place):
            place = _end_of_expression(text, place + 2)
        elif text[place] == '"':
            return place + 1
        else:
            place += 2 if text[place] == "\\" else 1
    raise ValueError(f"a string has no end: {text}")
