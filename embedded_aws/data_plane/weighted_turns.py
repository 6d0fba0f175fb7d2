"""Which target group of a forward action gets the next request: each its share by weight, always in the same order."""

import threading
from collections.abc import Mapping, Sequence
from typing import Any

_DEFAULT_WEIGHT = 1


class WeightedTurns:
    """Gives out turns; what one set of groups and weights has had so far counts for that set alone.

    AWS gives a group the share of the requests that its weight is of all weights, and documents no order.
    https://docs.aws.amazon.com/elasticloadbalancing/latest/application/rule-action-types.html
    Here the shares come out exactly, in as many requests as the weights add up to, evenly mixed and beginning with the
    heaviest group, so that a test gets the same answer every time. Target group stickiness is not kept.
    """

    def __init__(self) -> None:
        self._due: dict[tuple[tuple[str, int], ...], dict[str, int]] = {}
        self._lock = threading.Lock()

    def next(self, action: Mapping[str, Any]) -> str | None:
        """Give the ARN of the group that gets the next request of a forward action; None where none has a weight."""
        shares = _shares(action)
        if not shares:
            return None
        with self._lock:
            due = self._due.setdefault(shares, dict.fromkeys(dict(shares), 0))
            for arn, weight in shares:
                due[arn] += weight
            chosen = max(due, key=due.__getitem__)
            due[chosen] -= sum(weight for _, weight in shares)
            return chosen


def _shares(action: Mapping[str, Any]) -> tuple[tuple[str, int], ...]:
    """List the groups that have a weight; an action names one group, or a list with weights from 0 to 999."""
    groups: Sequence[Mapping[str, Any]] = (action.get("ForwardConfig") or {}).get("TargetGroups") or [
        {"TargetGroupArn": action["TargetGroupArn"]}
    ]
    weighed = [(str(group["TargetGroupArn"]), int(group.get("Weight", _DEFAULT_WEIGHT))) for group in groups]
    return tuple((arn, weight) for arn, weight in weighed if weight)
