"""The value of an expression in a synthesized configuration, with what a plan knows of the things it refers to.

Terraform's language is large, and what the product writes of it is small: references, a few functions, and a `for` with
a condition. Only that is read, by Terraform's own grammar
(https://developer.hashicorp.com/terraform/language/expressions); anything else raises NotUnderstoodError, so that a
review asks about it and never guesses.
"""

import ipaddress
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from edge.tfplan.model import UNKNOWN

_WORD = re.compile(r'\s*(?:("(?:[^"\\$%]|\\.)*")|(\d+)|([A-Za-z_][A-Za-z0-9_-]*)|(==|&&|[\[\]().:,]))')
_START, _ESCAPED = "${", ("$${", "%%{")


class NotUnderstoodError(Exception):
    """An expression of a form that the product never writes."""


Lookup = Callable[[str], Any]
"""Gives the attributes of a thing by its address; raises NotUnderstoodError for one that the plan does not hold."""


def evaluate(text: str, lookup: Lookup) -> Any:
    """Give the value of a text that may hold `${…}`; a text that is one expression has that expression's value."""
    parts = list(_parts(text, lookup))
    if len(parts) == 1:
        return parts[0]
    if any(part is UNKNOWN for part in parts):
        return UNKNOWN
    if any(isinstance(part, dict | list | bool | None) for part in parts):
        raise NotUnderstoodError(text)
    return "".join(map(str, parts))


def _parts(text: str, lookup: Lookup) -> Iterator[Any]:
    """Take a template apart: its plain texts, and the values of its expressions."""
    if any(mark in text for mark in (*_ESCAPED, "%{")):
        raise NotUnderstoodError(text)
    place = 0
    while (start := text.find(_START, place)) >= 0:
        if start > place:
            yield text[place:start]
        parser = _Parser(text, start + len(_START), lookup)
        yield parser.expression({})
        place = parser.end()
    if place < len(text) or not text:
        yield text[place:]


class _Parser:
    """Reads one expression, and evaluates it as it goes; `names` are the variables of the `for`s around it."""

    def __init__(self, text: str, place: int, lookup: Lookup) -> None:
        self._text, self._place, self._lookup = text, place, lookup

    def end(self) -> int:
        """Give the place behind the brace that ends the expression."""
        rest = self._text[self._place :]
        if not rest.lstrip().startswith("}"):
            raise NotUnderstoodError(self._text)
        return self._place + len(rest) - len(rest.lstrip()) + 1

    def expression(self, names: Mapping[str, Any]) -> Any:
        value = self._equality(names)
        while self._takes("&&"):
            other = self._equality(names)
            value = UNKNOWN if UNKNOWN in (value, other) else value is True and other is True
        return value

    def _equality(self, names: Mapping[str, Any]) -> Any:
        value = self._term(names)
        if self._takes("=="):
            other = self._term(names)
            return UNKNOWN if UNKNOWN in (value, other) else value == other
        return value

    def _term(self, names: Mapping[str, Any]) -> Any:
        word = self._next()
        if word.startswith('"'):
            return word[1:-1]
        if word.isdigit():
            return int(word)
        if word == "[":
            return self._steps(self._for(names))
        if self._takes("("):
            return self._steps(self._call(word, names))
        return self._steps(names[word]) if word in names else self._reference(word)

    def _call(self, function: str, names: Mapping[str, Any]) -> Any:
        arguments = [self.expression(names)]
        while self._takes(","):
            arguments.append(self.expression(names))
        self._expect(")")
        if function not in _FUNCTIONS:
            raise NotUnderstoodError(self._text)
        if any(map(holds_unknown, arguments)):
            return UNKNOWN
        try:
            return _FUNCTIONS[function](*arguments)
        except (IndexError, TypeError, ValueError):
            raise NotUnderstoodError(self._text) from None

    def _for(self, names: Mapping[str, Any]) -> Any:
        """Read `[for NAME in LIST : VALUE if CONDITION]`, once for each member of the list."""
        self._expect("for")
        name = self._next()
        self._expect("in")
        members = self.expression(names)
        self._expect(":")
        body = self._place
        found, is_unknown = [], members is UNKNOWN
        for member in [UNKNOWN] if is_unknown or not members else members:
            self._place = body
            value = self.expression({**names, name: member})
            condition = self.expression({**names, name: member}) if self._takes("if") else True
            is_unknown = is_unknown or (condition is UNKNOWN and bool(members))
            found += [value] if condition is True and members else []
        self._expect("]")
        return UNKNOWN if is_unknown else found

    def _reference(self, first: str) -> Any:
        """Read `aws_lb.edge`, `data.aws_lb.edge`, and what follows of it."""
        parts = [first]
        for _ in range(2 if first == "data" else 1):
            self._expect(".")
            parts.append(self._next())
        return self._steps(self._lookup(".".join(parts)))

    def _steps(self, value: Any) -> Any:
        while True:
            if self._takes("."):
                value = self._step(value, self._next())
            elif self._takes("["):
                value = self._step(value, int(self._next()))
                self._expect("]")
            else:
                return value

    def _step(self, value: Any, key: str | int) -> Any:
        if value is UNKNOWN:
            return UNKNOWN
        try:
            return value[key]
        except (KeyError, IndexError, TypeError):
            raise NotUnderstoodError(self._text) from None

    def _takes(self, word: str) -> bool:
        place = self._place
        try:
            found = self._next()
        except NotUnderstoodError:
            found = ""
        if found != word:
            self._place = place
        return found == word

    def _expect(self, word: str) -> None:
        if self._next() != word:
            raise NotUnderstoodError(self._text)

    def _next(self) -> str:
        found = _WORD.match(self._text, self._place)
        if found is None:
            raise NotUnderstoodError(self._text)
        self._place = found.end()
        return next(group for group in found.groups() if group is not None)


def holds_unknown(value: Any) -> bool:
    """Say whether a value, or a part of it, is known only after the deploy."""
    if isinstance(value, Mapping):
        return any(map(holds_unknown, value.values()))
    if isinstance(value, list):
        return any(map(holds_unknown, value))
    return value is UNKNOWN


def _one(values: Any) -> Any:
    (value,) = values  # Terraform gives null for none, which the product never means
    return value


def _split(separator: str, text: str) -> list[str]:
    return text.split(separator)


def _cidrsubnet(prefix: str, new_bits: int, number: int) -> str:
    """Cut a subnet (https://developer.hashicorp.com/terraform/language/functions/cidrsubnet)."""
    network = ipaddress.ip_network(prefix)
    size = network.max_prefixlen - network.prefixlen - new_bits
    address = network.network_address + (number << size)
    return str(ipaddress.ip_network((address, network.prefixlen + new_bits)))


def _coalesce(*values: Any) -> Any:
    """Give the first that is set (https://developer.hashicorp.com/terraform/language/functions/coalesce)."""
    (first, *_) = (value for value in values if value not in (None, ""))
    return first


def _try(*values: Any) -> Any:
    """Give the first that did not fail: a failure in one is none that the evaluation goes on with."""
    return values[0]


_FUNCTIONS: Mapping[str, Callable[..., Any]] = {
    "cidrsubnet": _cidrsubnet,
    "coalesce": _coalesce,
    "length": len,
    "one": _one,
    "split": _split,
    "try": _try,
}
