"""The capacity ledger: how much of AWS's quotas this configuration uses before, after and during a deploy of the plan.

During a deploy the old and the new of a replacement stand side by side, and what is removed goes last; so the most that
can stand at once is what stood before and all that is made. What others hold on the same load balancer or groups is not
in the plan: `[limits]` of the environment file can be lowered to leave room for it.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from edge.review.findings import Usage
from edge.tfplan.model import GONE, REPLACED_FIRST, Action, Change
from environments import aws_limits
from environments.quota_overrides import Limits


@dataclass(frozen=True)
class _Quota:
    """One quota and the type of what counts against it: in all or, with `of`, for each thing that `of` refers to."""

    key: str
    what: str
    type: str
    source: str
    of: str | None = None


_QUOTAS = (
    _Quota(
        "certificates_per_application_load_balancer",
        "certificates of the load balancer",
        "aws_lb_listener_certificate",
        aws_limits.ELB_QUOTAS,
    ),
    _Quota("rules_per_application_load_balancer", "listener rules", "aws_lb_listener_rule", aws_limits.ELB_QUOTAS),
    _Quota(
        "target_groups_per_application_load_balancer", "target groups", "aws_lb_target_group", aws_limits.ELB_QUOTAS
    ),
    _Quota(
        "target_groups_per_auto_scaling_group",
        "target groups on the Auto Scaling group",
        "aws_autoscaling_attachment",
        aws_limits.AUTO_SCALING_QUOTAS,
    ),
    _Quota(
        "rules_per_security_group",
        "outbound rules of {place}",
        "aws_vpc_security_group_egress_rule",
        aws_limits.VPC_QUOTAS,
        of="security_group_id",
    ),
    _Quota(
        "rules_per_security_group",
        "inbound rules of {place}",
        "aws_vpc_security_group_ingress_rule",
        aws_limits.VPC_QUOTAS,
        of="security_group_id",
    ),
)


def usages(changes: Sequence[Change], given: Limits) -> tuple[Usage, ...]:
    """Count a plan against every quota of which it uses some, before, after or on the way."""
    return tuple(usage for quota in _QUOTAS for usage in _usages(quota, changes, given))


def _usages(quota: _Quota, changes: Iterable[Change], given: Limits) -> Iterator[Usage]:
    groups: dict[str, list[Change]] = {}
    for change in changes:
        if change.type == quota.type:
            groups.setdefault(_key(change, quota.of), []).append(change)
    for key in sorted(groups, key=lambda each: _place(each, groups[each], quota.of)):
        here = groups[key]
        before = sum(_stood(each) for each in here)
        yield Usage(
            what=quota.what.format(place=_place(key, here, quota.of)),
            before=before,
            after=sum(each.action not in GONE and not each.deposed for each in here),
            peak=before + sum(_adds(each) for each in here),
            limit=aws_limits.FIXED.get(quota.key) or getattr(given, quota.key),
            source=quota.source,
            key=quota.key,
            is_adjustable=quota.key not in aws_limits.FIXED,
        )


def _key(change: Change, of: str | None) -> str:
    """Tell apart what a quota is given to: by its id, or while that is unknown by what the configuration refers to."""
    if of is None:
        return ""
    return str(change.state.get(of) or "") or ", ".join(_referred(change, of))


def _place(key: str, changes: Iterable[Change], of: str | None) -> str:
    """Name it as the configuration does, `load_balancer_security_group`; by its id where nothing refers to it."""
    return next((name for each in changes for name in _referred(each, of or "")), key)


def _referred(change: Change, attribute: str) -> Iterator[str]:
    """List the names that an attribute refers to: `aws_security_group.load_balancer.id` -> `load_balancer`."""
    for reference in change.settings.get(attribute, ()):
        yield from reference.removeprefix("data.").split(".")[1:2]


def _stood(change: Change) -> bool:
    """Say whether it stands before the plan; what is imported stands in AWS already."""
    return change.action is not Action.CREATE


def _adds(change: Change) -> bool:
    return change.action is Action.CREATE or change.action in REPLACED_FIRST
