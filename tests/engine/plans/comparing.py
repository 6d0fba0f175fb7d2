"""Two plans of one scenario, made on two embedded AWSs, are the same but for what AWS draws by lot."""

import json
import re
from typing import Any

from tests.plans import stored_plan

Plan = dict[str, Any]

# What a plan shows twice (`planned_values`), or of what stands and does not change (`prior_state`), is left out.
COMPARED = (
    "format_version",
    "terraform_version",
    "applyable",
    "complete",
    "errored",
    "checks",
    "configuration",
    "output_changes",
    "relevant_attributes",
)
BY_LOT = (
    (re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d[\d.]*(Z| \+0000 UTC|\+00:00)"), "TIME"),
    (re.compile(r"\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b"), "UUID"),
    (re.compile(r"\b([a-z]+)-[0-9a-f]{8,28}\b"), r"\1-ID"),
    (re.compile(r"\b2400:6500:[0-9a-f:]+"), "IPV6"),
    (re.compile(r'"unique_id": "\w+"'), '"unique_id": "UNIQUE"'),
    (re.compile(r"(?<=[-_])\d{18}[0-9a-f]{8}\b"), "NUMBER"),
    (re.compile(r"(?<![0-9a-z])[0-9a-f]{26}(?![0-9a-z])"), "CLIENT"),
    (re.compile(r"\b(\d{1,3}[.-]){3}\d{1,3}\b(?!/)"), "ADDRESS"),
    (re.compile(r"(?<![0-9a-z])([0-9a-f]{16,17}|[0-9a-f]{32})(?![0-9a-z])"), "HEX"),
    (re.compile(r"(?<![0-9A-Za-z])[0-9A-Z]{20,24}(?![0-9A-Za-z])"), "ZONE"),
)


def normal(plan: Plan) -> Plan:
    """Give what two plans of one scenario must have in common."""
    kept = {key: plan.get(key) for key in COMPARED}
    changes = {
        key: {_place(item): item for item in plan.get(key, ())} for key in ("resource_changes", "resource_drift")
    }
    common: Plan = _sorted(json.loads(without_lots(json.dumps(kept | changes))))
    return common


def _place(change: Plan) -> str:
    """Name a change: an address can have a deposed object beside the current one."""
    return f"{change['address']} (deposed)" if "deposed" in change else str(change["address"])


def without_lots(text: str) -> str:
    """Put words in the place of ids, times and what else is drawn by lot."""
    for pattern, word in BY_LOT:
        text = pattern.sub(word, text)
    return text


def _sorted(value: Any) -> Any:
    """Sort every list but a change's actions: Terraform orders a set by values that are drawn by lot."""
    if isinstance(value, dict):
        return {key: entry if key == "actions" else _sorted(entry) for key, entry in value.items()}
    if isinstance(value, list):
        return sorted(map(_sorted, value), key=lambda item: json.dumps(item, sort_keys=True))
    return value


def stale(name: str, plan: Plan) -> list[str]:
    """List where a stored plan differs from the one that was made today; `python -m tests.engine.plans` renews it."""
    return differences(normal(stored_plan(name)), normal(plan))


def differences(one: Any, other: Any, path: str = "") -> list[str]:
    """List where two normal plans differ, each place with both values."""
    if isinstance(one, dict) and isinstance(other, dict):
        return [
            line
            for key in sorted(one.keys() | other.keys())
            for line in differences(one.get(key), other.get(key), f"{path}.{key}" if path else key)
        ]
    return [] if one == other else [f"{path}: {_short(one)} is now {_short(other)}"]


def _short(value: Any, characters: int = 200) -> str:
    text = json.dumps(value, sort_keys=True)
    return text if len(text) <= characters else f"{text[:characters]}…"
