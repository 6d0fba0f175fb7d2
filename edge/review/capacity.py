"""The capacity ledger: how much of AWS's quotas this configuration uses before, after and during a deploy of the plan.

During a deploy the old and the new of a replacement stand side by side, and what is removed goes last; so the most that
can stand at once is what stood before and all that is made. What others hold on the same load balancer or groups is not
in the plan: `[limits]` of the environment file can be lowered to leave room for it.
"""

from collections.abc import Iterable, Iterator, Sequence

from edge.review.findings import Usage
from edge.tfplan.model import GONE, REPLACED_FIRST, Action, Change
from environments.quota_overrides import Limits
from environments.quotas import QUOTAS, Counted, Quota


def usages(changes: Sequence[Change], limits: Limits) -> tuple[Usage, ...]:
    """Count a plan against every quota of which it uses some, before, after or on the way."""
    return tuple(
        usage for quota in QUOTAS for counted in quota.counted for usage in _usages(quota, counted, changes, limits)
    )


def _usages(quota: Quota, counted: Counted, changes: Iterable[Change], limits: Limits) -> Iterator[Usage]:
    groups: dict[str, list[Change]] = {}
    for change in changes:
        if change.type == counted.type:
            groups.setdefault(_key(change, counted.of), []).append(change)
    for key in sorted(groups, key=lambda key: _place(key, groups[key], counted.of)):
        here = groups[key]
        before = sum(_stood(change) for change in here)
        yield Usage(
            what=counted.named(_place(key, here, counted.of)),
            before=before,
            after=sum(change.action not in GONE and not change.deposed for change in here),
            peak=before + sum(_adds(change) for change in here),
            limit=limits.of(quota),
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
