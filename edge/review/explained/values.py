"""A planned value beside the one that the configuration gives: what of it does not follow.

Terraform writes sets as lists in an order of its own, and a block that stands once as a list of one. A list's order is
no difference: what the product writes in lists are sets to AWS, or are ordered by a key of their own, as a rule's
actions are.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from edge.review.explained.defaults import DEFAULTS
from edge.review.explained.expressions import holds_unknown
from edge.tfplan.documents import document_in
from edge.tfplan.model import UNKNOWN
from environments.dns_names import canonical

# https://github.com/hashicorp/terraform-provider-aws/blob/v5.100.0/internal/service/route53/record.go
_NAMES_OF_DNS = {("aws_route53_record", "name"), ("aws_route53_record", "alias.name")}


@dataclass(frozen=True)
class Unexplained:
    """A planned value that does not follow: its dotted path, what the configuration gives (None: nothing), and it."""

    path: str
    expected: Any
    planned: Any

    @property
    def attribute(self) -> str:
        """The attribute that the path lies in."""
        return self.path.partition(".")[0]


@dataclass(frozen=True)
class Place:
    """A place in a resource: its type, the dotted path, and the values that stand there before, all that are kept."""

    type: str
    path: str
    before: tuple[Any, ...]

    def at(self, key: str) -> "Place":
        """Give the place of an attribute below."""
        inner = (block.get(key) for block in self._blocks() if key in block)
        return Place(self.type, f"{self.path}.{key}" if self.path else key, tuple(inner))

    def of_member(self, wanted: Any, member: Any, index: int) -> "Place":
        """Give the place of one of several blocks.

        What stood there is the block that has the most in common of what is configured. Providers keep what a list
        held at the same index as well.
        """
        if not isinstance(wanted, Mapping) or not isinstance(member, Mapping):
            return self
        blocks = list(self._blocks())
        alike = [sum(block.get(key) == member.get(key) for key in wanted) for block in blocks]
        best = [block for block, number in zip(blocks, alike, strict=True) if number == max(alike)]
        return Place(self.type, self.path, (*best, *blocks[index : index + 1]))

    def _blocks(self) -> Iterator[Mapping[str, Any]]:
        for value in self.before:
            yield from (block for block in (value if isinstance(value, list) else [value]) if isinstance(block, dict))


def unexplained(place: Place, expected: Any, planned: Any) -> Iterator[Unexplained]:
    """Find what of a planned value the configuration's value does not explain."""
    if expected is None:
        yield from _unset(place, planned)
    elif planned is UNKNOWN or expected is UNKNOWN:
        if not (planned is UNKNOWN and holds_unknown(expected)):
            yield Unexplained(place.path, expected, planned)
    elif isinstance(expected, Mapping):
        yield from _in_table(place, expected, planned)
    elif isinstance(expected, list):
        yield from _in_list(place, expected, planned)
    elif not _same(expected, planned) and not _same_name(place, expected, planned):
        yield Unexplained(place.path, expected, planned)


def _same_name(place: Place, expected: Any, planned: Any) -> bool:
    """Compare names of DNS as the provider writes them: in lower case, and without the dot at the end."""
    if (place.type, place.path) not in _NAMES_OF_DNS or not (isinstance(expected, str) and isinstance(planned, str)):
        return False
    return canonical(expected) == canonical(planned)


def _unset(place: Place, planned: Any) -> Iterator[Unexplained]:
    """Find what is planned where the configuration sets nothing.

    What stands, what AWS fills in, and what providers plan by default is right. A block of several attributes is right
    where each of them is.
    """
    if planned in (None, [], {}) or planned is UNKNOWN or any(_equal(planned, old) for old in place.before):
        return
    if isinstance(planned, list) and all(isinstance(block, dict) for block in planned):
        yield from _unset_blocks(place, planned)
    elif not _is_default(place, planned):
        yield Unexplained(place.path, None, planned)


def _unset_blocks(place: Place, planned: list[dict[str, Any]]) -> Iterator[Unexplained]:
    stood = [old for old in place.before if isinstance(old, list) and old]
    alike = [old for old in stood if len(old) == len(planned)]
    if stood and not alike:
        yield Unexplained(place.path, None, planned)
        return
    for index, block in enumerate(planned):
        here = Place(place.type, place.path, tuple(old[index] for old in alike))
        for key in block:
            yield from _unset(here.at(key), block[key])


def _is_default(place: Place, planned: Any) -> bool:
    defaults = DEFAULTS.get(place.type, {})
    return place.path in defaults and _equal(planned, defaults[place.path])


def _in_table(place: Place, expected: Mapping[str, Any], planned: Any) -> Iterator[Unexplained]:
    block = planned[0] if isinstance(planned, list) and len(planned) == 1 else planned
    if block is None and not expected:
        return
    if not isinstance(block, Mapping):
        yield Unexplained(place.path, expected, planned)
        return
    for key in sorted({*expected, *block}):
        yield from unexplained(place.at(key), expected.get(key), block.get(key))


def _in_list(place: Place, expected: list[Any], planned: Any) -> Iterator[Unexplained]:
    members = [] if planned is None else planned
    if not isinstance(members, list) or len(members) != len(expected):
        yield Unexplained(place.path, expected, planned)
        return
    left = list(enumerate(members))
    for wanted in expected:
        problems = [list(unexplained(place.of_member(wanted, member, at), wanted, member)) for at, member in left]
        fewest = min(problems, key=len)
        if fewest:  # of the member that comes nearest to what is wanted
            yield from fewest
            return
        del left[problems.index(fewest)]


def _same(expected: Any, planned: Any) -> bool:
    """Compare as Terraform converts: "1" is 1 and "true" is true; two documents are the same if their JSON is."""
    if _equal(expected, planned):
        return True
    if isinstance(planned, str) and isinstance(expected, str):
        documents = [document_in(text) for text in (expected, planned)]
        return documents[0] is not None and _equal(*documents)
    return not isinstance(planned, dict | list) and planned is not None and _text(expected) == _text(planned)


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _equal(one: Any, other: Any) -> bool:
    """Compare as JSON does, in which true is not 1."""
    if one is UNKNOWN or other is UNKNOWN:
        return one is other
    return _written(one) == _written(other)


def _written(value: Any) -> str:
    return json.dumps(value, sort_keys=True, default=repr)
