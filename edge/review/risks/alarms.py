"""Alarms that no longer notify the environment's topic, or that are set so that they hardly ever do."""

from collections.abc import Iterator
from typing import Any

from edge.review.findings import Risk
from edge.review.losses import ALARM
from edge.review.risks.landmarks import is_hidden, leads_to
from edge.review.risks.scene import Scene
from edge.tfplan.model import UNKNOWN, Change, with_unknown
from environments.text import listed
from environments.watching import Alarms

# Which key of [services.NAME.alarms] sets the threshold, by the end of the alarm's address.
_KEYS = {
    "_5xx": "error_share_percent",
    "_latency": "latency_p95_seconds",
    "_certificate_expiry": "certificate_days_to_expiry",
}
_ACTIONS = "alarm_actions"


def _silenced(scene: Scene) -> Iterator[Risk]:
    for change in scene.plan.changes:
        if change.type == ALARM and change.after:
            problem = _problem(scene, change)
            if problem:
                yield scene.risk("SILENCED", change, problem)


def _problem(scene: Scene, change: Change) -> str | None:
    planned = with_unknown(change.after, change.unknown)
    if _differs(change, planned, "actions_enabled") and planned.get("actions_enabled") is False:
        return "no longer notifies anybody when what it watches fails"
    if _differs(change, planned, _ACTIONS):
        topics = planned.get(_ACTIONS)
        if not topics:
            return "no longer notifies anybody when what it watches fails"
        topic = scene.landmarks.of("topic", "arn")
        known = topics if isinstance(topics, list) else [topics]
        if is_hidden(change, _ACTIONS) or not any(leads_to(change, _ACTIONS, name, topic) for name in known):
            return "may not notify the environment's alert topic"
        lost = [name for name in change.before.get(_ACTIONS) or () if name not in known]
        if lost:
            return f"no longer notifies {listed(lost)}: whoever reads only that learns of nothing"
    if _differs(change, planned, "threshold") and not _is_within_bounds(change, planned.get("threshold")):
        service = scene.owners.service_of(change) or "NAME"
        return f"fires at {planned.get('threshold')}, beyond what [services.{service}.alarms] takes"
    return None


def _differs(change: Change, planned: dict[str, Any], key: str) -> bool:
    return planned.get(key) != change.before.get(key) or change.imported_id is not None


def _is_within_bounds(change: Change, threshold: Any) -> bool:
    """Ask the schema, which has the bounds of each key; a threshold that no key sets is not asked about here."""
    key = next((key for end, key in _KEYS.items() if change.name.endswith(end)), None)
    if key is None:
        return True
    if threshold is UNKNOWN:
        return False
    return _takes(key, threshold)


def _takes(key: str, threshold: Any) -> bool:
    try:
        Alarms.model_validate(
            {key: int(threshold) if isinstance(threshold, float) and threshold.is_integer() else threshold}
        )
    except ValueError:
        return False
    return True


RULES = (_silenced,)
