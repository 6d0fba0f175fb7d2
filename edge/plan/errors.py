"""Why a plan is refused; every message is a sentence with the next step."""

from typing import Self

from edge.cli.exits import BadInputError


class RefusedError(BadInputError):
    """The plan is not the one that may be applied, or there is nothing to plan: bad input."""

    @classmethod
    def because(cls, what: str, why: str, remedy: str) -> Self:
        """Compose the sentence: what is refused, why, and what to do next."""
        return cls(f"{what} {why}; {remedy}")
