"""Why a plan cannot be made or applied; every message is a sentence with the next step."""

from typing import Self


class RefusedError(Exception):
    """The plan is not the one that may be applied, or there is nothing to plan: bad input."""

    @classmethod
    def because(cls, what: str, why: str, remedy: str) -> Self:
        """Compose the sentence: what is refused, why, and what to do next."""
        return cls(f"{what} {why}; {remedy}")


class EngineError(Exception):
    """Terraform, or the synthesis before it, failed; its own words stand above or in the message."""
