"""How long a change may leave clients unanswered, as far as a plan says.

What brings no risk was sampled twice a second while it was made, without a fault (docs/changing-a-live-service.md).
"""

from collections.abc import Callable, Iterable, Sequence

from edge.review.differences import differences
from edge.review.findings import Risk
from edge.tfplan.model import REPLACEMENTS, Action, Change

_TARGET_GROUP = "aws_lb_target_group"
_HEALTH_CHECK = "health_check"
# A target is checked for the first time at the latest after an interval, and takes requests after one check passed:
# https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html
_INTERVAL_SECONDS = 30
# ACM issues usually in some minutes: https://docs.aws.amazon.com/acm/latest/userguide/dns-validation.html
_UNTIL_A_CERTIFICATE = "no service for what moves until ACM has issued a certificate, usually 1-3 minutes, and 0 s"
_STOPS_HALF_WAY = "the deploy would stop half-way, see the risks"
_SEE = "seconds without service are not known, see the risks"
_NONE = "0 s without service"

# What no client waits for: alarms, guards and proofs.
_WITHOUT_A_GAP = frozenset({"SILENCED", "UNRENEWED", "UNPROTECTED", "CHECK", "TTL", "OPENED", "WORLD", "INBOUND"})
_BEYOND_THE_WAY = (
    "aws_cloudwatch_",
    "aws_cognito_user_pool_client.",
    "aws_sns_",
    "aws_s3_",
    "aws_kms_",
    "aws_flow_log.",
    "aws_acm_certificate_validation.",
)


def gap(risks: Sequence[Risk], changes: Sequence[Change]) -> str:
    """Say how long the clients of a service, or of all services, may get no answer."""
    kinds = {risk.kind for risk in risks if not _is_beyond(risk)}
    found = [phrase(changes) for names, phrase in _PHRASES if kinds & names]
    known = frozenset().union(*(names for names, _ in _PHRASES), _WITHOUT_A_GAP)
    if kinds - known:
        return _SEE
    return "; ".join(dict.fromkeys(found)) or _in_place(changes)


def _is_beyond(risk: Risk) -> bool:
    is_of_a_host = risk.group is not None and risk.group.startswith("hosts.")
    return risk.address.startswith(_BEYOND_THE_WAY) or is_of_a_host


def _replaced(changes: Iterable[Change]) -> str:
    replaced = [change for change in changes if change.action in REPLACEMENTS]
    groups = [change for change in replaced if change.type == _TARGET_GROUP]
    others = [change for change in replaced if change.action is Action.REPLACE_BEFORE]
    if not groups or any(not change.address.startswith(_BEYOND_THE_WAY) for change in others):
        return _SEE
    seconds = max(_interval(change) for change in groups)
    return f"up to {seconds} s in which AWS promises no answer, until the new targets pass their first health check"


def _interval(change: Change) -> int:
    blocks = change.after.get(_HEALTH_CHECK) or ()
    found = [block.get("interval") for block in blocks if isinstance(block, dict)]
    return max((value for value in found if isinstance(value, int)), default=_INTERVAL_SECONDS)


def _in_place(changes: Iterable[Change]) -> str:
    updated = [change for change in changes if change.type == _TARGET_GROUP and change.action is Action.UPDATE]
    if any(difference.attribute.startswith(_HEALTH_CHECK) for change in updated for difference in differences(change)):
        return f"{_NONE}, if it answers the new health check"
    return _NONE


_PHRASES: tuple[tuple[frozenset[str], Callable[[Sequence[Change]], str]], ...] = (
    (frozenset({"SAME_NAME", "PRIORITY"}), lambda _: _STOPS_HALF_WAY),
    (frozenset({"HANDOVER"}), lambda _: _UNTIL_A_CERTIFICATE),
    (frozenset({"REPLACE"}), _replaced),
)
