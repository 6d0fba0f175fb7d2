"""What no environment file explains: blocks that come from changed code, and what this product never makes."""

from collections.abc import Iterator

from edge.review.closed_world import Trespass
from edge.review.code_changes import Comparison
from edge.review.findings import Risk
from edge.review.plain_words import block
from environments.text import printable, shortened

CODE, OUTSIDE, RELOCATED = "CODE", "OUTSIDE", "RELOCATED"
WHOLE_CONFIGURATION = "configuration"
COPIED = "the state was copied there"
"""How what was found of a state begins that leaves nothing behind, and others may read now."""
_MAX_REASON_CHARACTERS = 300
_NOT_FOUND = (
    "what stands in {old} is not found in {new}, counts as removed, and stays there, known to nobody; destroy it first "
    "with `edge destroy`, or set the key back"
)
_LEFT_BEHIND = {
    "backend": "Terraform begins with what the new state holds, and what only {old} knows stays in AWS, known to "
    "nobody; copy the object there first, or set the key back",
    "kms_key_arn": "who may not use that key can no longer read the state, and whoever may can",
    "profile": "Terraform acts in the account as somebody else, with what that one may do",
    "role_arn": "Terraform acts in the account as somebody else, with what that one may do",
    "platform": "all services leave {old} for it at once, and nothing looks whether it serves them",
    "region": _NOT_FOUND,
    "accounts": _NOT_FOUND,
    "zones": "the records of {old} stay there, known to nobody; take the zone's hosts out of the file and deploy, then "
    "add them with the new zone",
}
_DOES = {
    "adds": "is added by changed code: from this environment file, the code of {base} does not make it",
    "changes": "is changed by the code: from this environment file, the code of {base} makes it differently",
    "removes": "is left out by changed code: from this environment file, the code of {base} makes it",
}


def of_comparison(comparison: Comparison) -> Iterator[Risk]:
    """Find one risk for each block that the base's code makes otherwise, or one where nothing could be compared."""
    if comparison.failure:
        reason = shortened(" ".join(comparison.failure.split()), _MAX_REASON_CHARACTERS)
        sentence = f"nothing of the code was compared: that of {comparison.base} does not take this environment file: "
        yield _risk(CODE, WHOLE_CONFIGURATION, sentence + reason)
    for change in comparison.changes:
        statement = _DOES[change.does].format(base=comparison.base)
        yield _risk(CODE, change.address, f"{block(change.address)} {statement}", statement=statement)


def of_nothing_compared(reason: str) -> Iterator[Risk]:
    """Find the one risk of a plan that changes what stands while nobody knows what of it comes from changed code."""
    sentence = (
        f"nothing of the code was compared: {reason}; what changed code makes of this environment file is not known, "
        "nor whether the file moves the state, the region or an account"
    )
    yield _risk(CODE, WHOLE_CONFIGURATION, sentence)


def of_moves(comparison: Comparison) -> Iterator[Risk]:
    """Find one risk for each place that the base's version of the file names otherwise: what stands there stays.

    Where it was looked for, and nothing stands there, nothing is left behind.
    """
    for key, (old, new) in comparison.moved.items():
        if comparison.left.get(key) == "":
            continue
        kind, last = key.partition(".")[0], key.rpartition(".")[2]
        left_behind = _LEFT_BEHIND.get(last) or _LEFT_BEHIND[kind]
        said = [comparison.left[key]] if key in comparison.left else []
        if not any(text.startswith(COPIED) for text in said):
            said.append(left_behind.format(old=old, new=new))
        yield _risk(RELOCATED, key, f"{key} is {new} instead of {old}: {'; '.join(said)}")


def notices_of_moves(comparison: Comparison) -> Iterator[str]:
    """Say of each such place that nothing is left there."""
    for key, (old, new) in comparison.moved.items():
        if comparison.left.get(key) == "":
            yield printable(f"{key} is {new} instead of {old}, where nothing of this environment is left.")


def of_trespasses(trespasses: tuple[Trespass, ...]) -> Iterator[Risk]:
    """Find one risk, which nobody can accept, for each thing outside the closed world."""
    for trespass in trespasses:
        yield _risk(OUTSIDE, trespass.address, f"{block(trespass.address)} {trespass.problem}", can_be_accepted=False)


def _risk(kind: str, address: str, sentence: str, *, statement: str = "", can_be_accepted: bool = True) -> Risk:
    return Risk(
        kind=kind,
        address=printable(address),
        service=None,
        account=None,
        sentence=printable(sentence),
        statement=printable(statement),
        can_be_accepted=can_be_accepted,
    )
