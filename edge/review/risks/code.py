"""What no environment file explains: blocks that come from changed code, and what this product never makes."""

from collections.abc import Iterator

from edge.review.closed_world import Trespass
from edge.review.code_changes import Comparison
from edge.review.findings import Risk
from environments.text import printable, shortened

CODE, OUTSIDE = "CODE", "OUTSIDE"
WHOLE_CONFIGURATION = "configuration"
_MAX_REASON_CHARACTERS = 300
_DOES = {
    "adds": "comes from changed code: {base} does not make it from this environment file",
    "changes": "comes from changed code: {base} makes it otherwise from this environment file",
    "removes": "is left out by changed code: {base} makes it from this environment file",
}


def of_comparison(comparison: Comparison) -> Iterator[Risk]:
    """Find one risk for each block that the base's code makes otherwise, or one where nothing could be compared."""
    if comparison.failure:
        reason = shortened(" ".join(comparison.failure.split()), _MAX_REASON_CHARACTERS)
        sentence = f"nothing of the code was compared: that of {comparison.base} does not take this environment file: "
        yield _risk(CODE, WHOLE_CONFIGURATION, sentence + reason)
    for change in comparison.changes:
        yield _risk(CODE, change.address, f"{change.address} {_DOES[change.does].format(base=comparison.base)}")


def of_trespasses(trespasses: tuple[Trespass, ...]) -> Iterator[Risk]:
    """Find one risk, which nobody can accept, for each thing outside the closed world."""
    for trespass in trespasses:
        yield _risk(OUTSIDE, trespass.address, f"{trespass.address} {trespass.problem}", can_be_accepted=False)


def _risk(kind: str, address: str, sentence: str, *, can_be_accepted: bool = True) -> Risk:
    return Risk(
        kind=kind,
        address=printable(address),
        service=None,
        account=None,
        sentence=printable(sentence),
        can_be_accepted=can_be_accepted,
    )
