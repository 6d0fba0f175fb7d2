"""How long a change may leave clients unanswered, as far as a plan says.

What brings no risk was sampled twice a second while it was made, without a fault (docs/changing-a-live-service.md).
"""

from collections.abc import Callable, Iterable, Sequence

from edge.review.differences import differences
from edge.review.expected import RECORD
from edge.review.findings import Risk
from edge.review.groups import CERTIFICATES, HOSTS
from edge.tfplan.model import REPLACEMENTS, Action, Change

_TARGET_GROUP = "aws_lb_target_group"
_HEALTH_CHECK = "health_check"
# A target is checked for the first time at the latest after an interval, and takes requests after one check passed:
# https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html
_INTERVAL_SECONDS = 30
# ACM issues usually in some minutes: https://docs.aws.amazon.com/acm/latest/userguide/dns-validation.html
UNTIL_A_CERTIFICATE = "no service for what moves until ACM has issued a certificate, usually 1-3 minutes"
_STOPS_HALF_WAY = "the deploy would stop half-way, see the risks"
_SEE = "seconds without service are not known, see the risks"
NONE = "0 s without service"

# What no client waits for: alarms and proofs, and who may enter. A guard is one, but for those on a request's way.
_WITHOUT_A_GAP = frozenset({"SILENCED", "UNRENEWED", "CHECK", "TTL", "OPENED", "CLOSED"})
_ON_THE_WAY = frozenset({"security_groups", "network_interfaces.security_groups"})
_ON_THE_WAY |= {"min_size", "max_size", "min_healthy_percentage"}
_INBOUND_RULE = "aws_vpc_security_group_ingress_rule"
_OPENING = (_INBOUND_RULE, "aws_vpc_security_group_egress_rule")
_USER_POOL = "aws_cognito_user_pool"
_SIGN_IN_CLIENT = "aws_cognito_user_pool_client."
_BEYOND_THE_WAY = (
    "aws_cloudwatch_",
    _SIGN_IN_CLIENT,
    "aws_sns_",
    "aws_s3_",
    "aws_kms_",
    "aws_flow_log.",
    "aws_acm_certificate_validation.",
)


def gap(risks: Sequence[Risk], changes: Sequence[Change]) -> str:
    """Say how long the clients of a service, or of all services, may get no answer."""
    met = [risk for risk in risks if not _is_beyond(risk)]
    found = [phrase(met, changes) for names, phrase in _PHRASES if {risk.kind for risk in met} & names]
    known = frozenset().union(*(names for names, _ in _PHRASES))
    if any(risk.kind not in known and not _is_without_a_gap(risk, changes) for risk in met):
        return _SEE
    return "; ".join(dict.fromkeys(found)) or _in_place(changes)


def for_what_stays(found: str) -> str:
    """Say a gap of the hosts that a service keeps, where it gets others or gives some up."""
    if found == UNTIL_A_CERTIFICATE:
        return f"{found}, and 0 s for what stays"
    if found == _SEE:
        return _SEE.replace(" are not", " for what stays are not")
    return found if found.startswith(_STOPS_HALF_WAY) else f"{found} for what stays"


def _is_without_a_gap(risk: Risk, changes: Iterable[Change]) -> bool:
    if risk.kind == "UNPROTECTED":
        return risk.attribute not in _ON_THE_WAY
    if risk.kind in ("INBOUND", "WORLD"):
        written = frozenset({Action.UPDATE}) | REPLACEMENTS
        return not any(change.type == _INBOUND_RULE and change.action in written for change in changes)
    if risk.kind == "CODE":
        return any(change.address == risk.address and _lets_serve(change) for change in changes)
    return risk.kind in _WITHOUT_A_GAP


def _lets_serve(change: Change) -> bool:
    """Say whether a change that no file asks for leaves serving as it is, whatever else it does."""
    if change.type in _OPENING:
        return change.action is Action.CREATE
    changed = {difference.attribute for difference in differences(change)}
    is_update = change.action is Action.UPDATE
    return is_update and (change.type == _USER_POOL or (change.type == RECORD and changed == {"ttl"}))


def _is_beyond(risk: Risk) -> bool:
    if risk.address.startswith(_SIGN_IN_CLIENT) and risk.kind in ("DESTROY", "REPLACE", "FORGET", "CALLBACK"):
        return False
    is_of_a_host = risk.group is not None and risk.group.startswith((HOSTS, CERTIFICATES))
    return risk.address.startswith(_BEYOND_THE_WAY) or is_of_a_host


def _replaced(risks: Iterable[Risk], changes: Iterable[Change]) -> str:
    if any(risk.kind == "REPLACE" and not risk.address.startswith(f"{_TARGET_GROUP}.") for risk in risks):
        return _SEE
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
        return f"{NONE}, if it answers the new health check"
    return NONE


_PHRASES: tuple[tuple[frozenset[str], Callable[[Sequence[Risk], Sequence[Change]], str]], ...] = (
    (frozenset({"SAME_NAME", "PRIORITY"}), lambda *_: _STOPS_HALF_WAY),
    (frozenset({"HANDOVER"}), lambda *_: UNTIL_A_CERTIFICATE),
    (frozenset({"REPLACE"}), _replaced),
)
