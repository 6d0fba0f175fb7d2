"""Whether a plan may be applied here and now: each check raises RefusedError with what is wrong and what to do."""

from collections.abc import Mapping
from typing import Any

from edge.plan.errors import RefusedError
from edge.plan.folder import PlanFolder
from edge.plan.seal import Seal
from edge.terraform.state import State
from edge.terraform.synthesis import Stack
from edge.tfplan import blocks
from edge.tfplan.digest import digest_of, digest_of_json

_NAMED_AT_MOST = 5


def not_applied(folder: PlanFolder, seal: Seal) -> None:
    """Refuse a plan that was applied before."""
    if folder.applied.exists():
        raise RefusedError.because(folder.shown, "was applied already", _again(seal))


def reviewed(folder: PlanFolder, seal: Seal, digest: str) -> None:
    """Refuse a plan that is not the reviewed one; an empty digest names none."""
    if digest and digest != seal.digest:
        why = f"holds the plan {seal.digest}, and {digest} was reviewed"
        raise RefusedError.because(folder.shown, why, "apply the plan that was reviewed, or review this one")


def named(folder: PlanFolder, seal: Seal, environment: str) -> None:
    """Refuse a plan of another environment than the one named; an empty name names none."""
    if environment and environment != seal.environment:
        why = f"is a plan of {seal.environment}, not of {environment}"
        raise RefusedError.because(folder.shown, why, "name the environment that it was made for, or another plan")


def same_tool(folder: PlanFolder, seal: Seal, version: str) -> None:
    """Refuse a plan of another Terraform: its file's format is that of one version."""
    if version != seal.terraform:
        why = f"was made with {seal.terraform}, and here is {version}"
        raise RefusedError.because(folder.shown, why, f"apply it with {seal.terraform}, or plan again here")


def same_configuration(folder: PlanFolder, seal: Seal, stack: Stack, planned: Mapping[str, Any]) -> None:
    """Refuse a plan of a configuration that the present checkout does not synthesize, and say what differs."""
    present = stack.read()
    if digest_of_json(blocks.portable(present)) == seal.configuration:
        return
    differing = blocks.differences(planned, present)
    more = len(differing) - _NAMED_AT_MOST
    which = ", ".join(differing[:_NAMED_AT_MOST]) + (f" and {more} more" if more > 0 else "")
    why = f"was made from another configuration than this checkout's: {which or 'seal.json itself'} differ"
    remedy = f"check out what was planned ({seal.commit or 'no commit is known'}), or plan and review again"
    raise RefusedError.because(folder.shown, why, remedy)


def same_plan(folder: PlanFolder, seal: Seal, shown: Mapping[str, Any]) -> None:
    """Refuse a plan.tfplan that is not the plan of the seal, whatever the folder's other files say."""
    digest = digest_of(shown, folder.planned())
    if digest != seal.digest:
        why = f"holds a plan.tfplan that is {digest}, and {seal.digest} was sealed"
        raise RefusedError.because(folder.shown, why, _again(seal))


def not_stale(folder: PlanFolder, seal: Seal, state: State | None) -> None:
    """Refuse a plan whose state has been changed since."""
    if state != seal.state:
        since = f"from {_version(seal.state)} to {_version(state)}"
        why = f"is stale: the state has moved on since it was made, {since}"
        raise RefusedError.because(folder.shown, why, _again(seal))


def stale(folder: PlanFolder, seal: Seal) -> RefusedError:
    """Say the same where Terraform itself found it."""
    why = "is stale: the state was changed while this plan was being checked"
    return RefusedError.because(folder.shown, why, _again(seal))


def _version(state: State | None) -> str:
    return f"serial {state.serial}" if state else "no state"


def _again(seal: Seal) -> str:
    return f"plan and review again: edge plan {seal.environment}"
