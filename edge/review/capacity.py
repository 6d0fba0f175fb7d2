"""The capacity ledger: how much of AWS's quotas this configuration uses before, after and during a deploy of the plan.

During a deploy the old and the new of a replacement stand side by side, and what is removed goes last; so the most that
can stand at once is what stood before and all that is made. What others hold on the same load balancer and groups is in
no plan: it comes from the survey of the neighbours, and counts as what stands all the time.
"""

from collections.abc import Iterable, Iterator, Sequence

from edge.aws.neighbours.model import ForeignGroupRule, Neighbours
from edge.review.usage import Usage
from edge.tfplan.model import GONE, REPLACED_FIRST, Action, Change
from environments.quota_overrides import Limits
from environments.quotas import DOMAIN_NAMES_PER_CERTIFICATE, QUOTAS, Counted, Quota


def usages(changes: Sequence[Change], limits: Limits, neighbours: Neighbours) -> tuple[Usage, ...]:
    """Count a plan against every quota of which it uses some, before, after or on the way."""
    counted = (
        usage
        for quota in QUOTAS
        for counted in quota.counted
        for usage in _usages(quota, counted, changes, limits, neighbours)
    )
    return (*counted, *_names_of_certificates(changes, limits, neighbours))


def _usages(
    quota: Quota, counted: Counted, changes: Iterable[Change], limits: Limits, neighbours: Neighbours
) -> Iterator[Usage]:
    groups: dict[str, list[Change]] = {}
    for change in changes:
        if change.type == counted.type:
            groups.setdefault(_key(change, counted.of), []).append(change)
    for key in sorted(groups, key=lambda key: _place(key, groups[key], counted.of)):
        here = groups[key]
        others = _others(counted, here, neighbours)
        before = others + sum(_stood(change) for change in here)
        what = counted.named(_place(key, here, counted.of))
        yield Usage(
            what=f"{what}, {others} of them of others" if others else what,
            before=before,
            after=others + sum(change.action not in GONE and not change.deposed for change in here),
            peak=before + sum(_adds(change) for change in here),
            others=others,
            limit=_limit(quota, limits, neighbours),
            source=quota.source,
            key=quota.key,
            is_adjustable=quota.is_adjustable,
        )


def _others(counted: Counted, here: Sequence[Change], neighbours: Neighbours) -> int:
    """Count what others hold of the same, on the same load balancer, instances or security group."""
    match counted.type:
        case "aws_lb_listener_rule":
            return len(neighbours.rule_arns)
        case "aws_lb_listener_certificate":
            return len(neighbours.certificates)
        case "aws_lb_target_group":
            return len(neighbours.target_groups)
        case "aws_autoscaling_attachment":
            names = {str(change.state.get("autoscaling_group_name")) for change in here}
            return sum(len(neighbours.attached.get(name, ())) for name in names)
    return _rules_of_others(here, neighbours, is_egress=counted.type == "aws_vpc_security_group_egress_rule")


def _rules_of_others(here: Sequence[Change], neighbours: Neighbours, *, is_egress: bool) -> int:
    """Count the rules of one direction; AWS counts IPv4 and IPv6 apart, and the fuller of the two is what matters.

    https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html#vpc-limits-security-groups
    """
    groups = {change.state.get("security_group_id") for change in here}
    rules = [rule for rule in neighbours.group_rules if rule.group in groups and rule.is_egress == is_egress]
    return max(sum(_counts_as(rule, neighbours, ipv6=ipv6) for rule in rules) for ipv6 in (False, True))


def _counts_as(rule: ForeignGroupRule, neighbours: Neighbours, *, ipv6: bool) -> int:
    named = neighbours.prefix_lists.get(rule.prefix_list)
    if named is None:
        return int(rule.ipv6 if ipv6 else rule.ipv4)
    return named.entries if named.ipv6 == ipv6 else 0


def _limit(quota: Quota, limits: Limits, neighbours: Neighbours) -> int:
    """Give what AWS says that the account has, or less where the file leaves room; else what the file says."""
    applied = neighbours.quotas.get(quota.key)
    if applied is None:
        return limits.of(quota)
    return min(applied, limits.of(quota)) if quota.key in limits.model_fields_set else applied


def _names_of_certificates(changes: Iterable[Change], limits: Limits, neighbours: Neighbours) -> Iterator[Usage]:
    """Count the names of the certificates that ACM would refuse to a plan; the others need no line."""
    quota = DOMAIN_NAMES_PER_CERTIFICATE
    limit = _limit(quota, limits, neighbours)
    for change in changes:
        names = {change.after.get("domain_name"), *(change.after.get("subject_alternative_names") or ())}
        is_requested = change.type == "aws_acm_certificate" and (
            _adds(change) or change.action is Action.REPLACE_BEFORE
        )
        if is_requested and len(names) > limit:
            before = len({change.before.get("domain_name"), *(change.before.get("subject_alternative_names") or ())})
            yield Usage(
                what=f"names of {change.address}",
                before=before if change.before else 0,
                after=len(names),
                peak=len(names),
                others=0,
                limit=limit,
                source=quota.source,
                key=quota.key,
                is_adjustable=quota.is_adjustable,
            )


def _key(change: Change, of: str | None) -> str:
    """Tell apart what a quota is given to: by its id, or while that is unknown by what the configuration refers to."""
    if of is None:
        return ""
    return str(change.state.get(of) or "") or ", ".join(_referred(change, of))


def _place(key: str, changes: Iterable[Change], of: str | None) -> str:
    """Name it as the configuration does, `load_balancer_security_group`; by its id where nothing refers to it."""
    return next((name for change in changes for name in _referred(change, of or "")), key)


def _referred(change: Change, attribute: str) -> Iterator[str]:
    """List the names that an attribute refers to: `aws_security_group.load_balancer.id` -> `load_balancer`."""
    for reference in change.settings.get(attribute, ()):
        yield from reference.removeprefix("data.").split(".")[1:2]


def _stood(change: Change) -> bool:
    """Say whether it stands before the plan; what is imported stands in AWS already."""
    return change.action is not Action.CREATE


def _adds(change: Change) -> bool:
    return change.action is Action.CREATE or change.action in REPLACED_FIRST
