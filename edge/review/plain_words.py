"""Sentences of a review without addresses of Terraform's: what a person reads first names things as their owners do."""

import re
from collections.abc import Iterable

from edge.review.expected import RECORD
from edge.review.resource_names import noun
from environments.addresses import Purpose, RecordAddress

_ADDRESS = re.compile(r"\b(?P<data>data\.)?(?P<type>aws_[a-z0-9_]+)\.(?P<name>[A-Za-z0-9_-]+)(?P<rest>\[[^\]\s]*\])?")
# Blocks of a configuration that have no address of their own.
_BLOCKS = {"import": "the list of imports", "removed": "the list of resources to be released"}
_PURPOSES = {Purpose.VALIDATION: "validation record of", Purpose.DELEGATION: "delegation of"}


def in_words(text: str) -> str:
    """Write a text with each address of Terraform's as what it is: `aws_lb_listener_rule.docs` is a rule of docs."""
    return _ADDRESS.sub(lambda found: named(found[0]), text)


def named(address: str) -> str:
    """Say what an address is of: `record docs.getorcha.com`, `listener rule docs`."""
    found = _ADDRESS.fullmatch(address)
    if found is None:
        return _BLOCKS.get(address, address)
    looked_up = "lookup of the " if found["data"] else ""
    if found["type"] == RECORD and not found["data"]:
        record = RecordAddress.parse(found["name"])
        return f"{_PURPOSES.get(record.purpose, 'record')} {record.name}"
    word = noun(found["type"])
    called = "" if found["name"].replace("_", " ") == word else f" {found['name']}"
    return f"{looked_up}{word}{called}{found['rest'] or ''}"


def block(address: str) -> str:
    """Say what a block without an address is; an address stays, for whoever reads all."""
    return _BLOCKS.get(address, address)


def names(addresses: Iterable[str]) -> list[str]:
    """Say what addresses are of, each once."""
    return list(dict.fromkeys(map(named, addresses)))
