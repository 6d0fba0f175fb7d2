"""Listener rules that send requests elsewhere than to their own service's target group."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from edge.review.expected import RULE, rule_hosts
from edge.review.findings import Risk
from edge.review.losses import TARGET_GROUP
from edge.review.ownership import service_of_rule
from edge.review.risks.landmarks import Landmark, leads_to
from edge.review.risks.scene import Scene, is_unknown
from edge.tfplan.model import UNKNOWN, Change, hides, part, with_unknown
from environments.text import listed

_SIGN_IN = re.compile(r"authenticate-[a-z]+")
_FORWARD = "forward"


def _misrouted(scene: Scene) -> Iterator[Risk]:
    for change in scene.plan.changes:
        if change.type == RULE and change.after and _is_set(change):
            problem = _problem(scene, change)
            if problem:
                yield scene.risk("MISROUTED", change, problem)


def _is_set(change: Change) -> bool:
    if change.imported_id is not None or change.moved_from is not None:
        return True
    return any(change.before.get(key) != change.after.get(key) or is_unknown(change, key) for key in _SETTINGS)


_SETTINGS = ("action", "condition")


def _problem(scene: Scene, change: Change) -> str | None:
    service = service_of_rule(change.name, scene.declared.hosts)
    if service is None:
        return "belongs to no declared service"
    strangers = sorted(set(rule_hosts(change.after)) - set(scene.declared.hosts[service]))
    if strangers:
        return f"takes {listed(strangers)}, which services.{service} does not declare"
    actions = with_unknown(change.after, change.unknown).get("action")
    if not isinstance(actions, list) or not all(isinstance(action, Mapping) for action in actions):
        return "does what is known only after the deploy"
    others = [action.get("type") for action in actions if not _SIGN_IN.fullmatch(str(action.get("type")))]
    if others != [_FORWARD]:
        return f"does not simply forward its requests ({listed(map(str, others)) or 'it forwards none'})"
    (forward,) = (action for action in actions if action.get("type") == _FORWARD)
    return None if _is_own(scene, change, forward, service) else f"may not forward to services.{service}"


def _is_own(scene: Scene, change: Change, forward: Mapping[str, Any], service: str) -> bool:
    own = scene.landmarks.at(f"{TARGET_GROUP}.{service}", "arn")
    groups = _groups(forward)
    if any(hides(part(mask, key)) for mask in _action_masks(change) for key in ("target_group_arn", _FORWARD)):
        return False
    return bool(groups) and all(leads_to(change, "action", group, own) for group in groups) and _refers(change, own)


def _groups(forward: Mapping[str, Any]) -> list[Any]:
    """List the target groups that a forward names, in either way."""
    found = [forward["target_group_arn"]] if forward.get("target_group_arn") else []
    for block in forward.get("forward") or ():
        groups = block.get("target_group") if isinstance(block, Mapping) else UNKNOWN
        found += [group.get("arn") for group in groups] if isinstance(groups, list) else [UNKNOWN]
    return found


def _action_masks(change: Change) -> list[Any]:
    """Give what is secret of each action; a client's secret beside the target group is no matter here."""
    mask = part(change.after_sensitive, "action")
    return mask if isinstance(mask, list) else [mask]


def _refers(change: Change, own: Landmark) -> bool:
    """Say whether the configuration names no other target group, where a value is not known yet."""
    groups = [name for name in change.settings.get("action", ()) if name.startswith(f"{TARGET_GROUP}.")]
    return not is_unknown(change, "action") or all(f"{name}.".startswith(f"{own.address}.") for name in groups)


RULES = (_misrouted,)
