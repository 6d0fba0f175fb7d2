"""One thing that must stand: as it is, and what is done about it."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What is done about a thing; what replaces something is asked about on its own."""

    STANDS = "stands"
    MAKE = "make"
    SET = "set"
    REPLACE = "replace"


def _nothing() -> None:
    """Do nothing: it stands."""


@dataclass(frozen=True)
class Step:
    """A thing of an account, with what was found and what is done; `act` does it, in the order of the steps.

    MAKE and SET add, or make stricter; REPLACE takes something away that stands otherwise.
    """

    account: str
    thing: str
    kind: Kind
    detail: str
    act: Callable[[], object] = _nothing

    @property
    def does_something(self) -> bool:
        """Whether it is not as it must be yet."""
        return self.kind is not Kind.STANDS


def step(account: str, thing: str, *, stands: bool, detail: str, otherwise: Kind, act: Callable[[], object]) -> Step:
    """Write a step that does nothing where the thing stands as it must."""
    return Step(account, thing, Kind.STANDS, detail) if stands else Step(account, thing, otherwise, detail, act)
