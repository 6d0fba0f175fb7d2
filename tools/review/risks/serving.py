"""Changes in place after which requests are answered otherwise, or by nobody."""

from collections.abc import Iterator, Mapping
from typing import Any

from tools.review.declared import RULE
from tools.review.differences import differences
from tools.review.findings import Risk
from tools.review.plan import Action
from tools.review.risks.scene import Scene

_LISTENER = "aws_lb_listener"
_AUTO_SCALING_GROUP = "aws_autoscaling_group"
_SIZES = ("max_size", "desired_capacity")

# What every client of a listener meets, each with what a change of it means.
_MET_BY_CLIENTS: Mapping[str, str] = {
    "port": "clients ask on the old port",
    "protocol": "clients speak the old protocol",
    "ssl_policy": "clients that know only what the new policy leaves out fail, and what it adds may be weak",
    "default_action": "requests that no rule takes are answered otherwise",
}


def _listener(scene: Scene) -> Iterator[Risk]:
    for change in scene.plan.changes:
        if change.type == _LISTENER and change.action is Action.UPDATE:
            found = [each for each in differences(change) if each.attribute in _MET_BY_CLIENTS]
            meant = dict.fromkeys(_MET_BY_CLIENTS[each.attribute] for each in found)
            if found:
                said = f"answers otherwise ({'; '.join(map(str, found))}): {'; '.join(meant)}"
                yield scene.risk("LISTENER", change, said)


def _no_login(scene: Scene) -> Iterator[Risk]:
    """Find a listener rule that asked its clients to sign in, and lets them through without it.

    https://docs.aws.amazon.com/elasticloadbalancing/latest/application/listener-authenticate-users.html
    (OnUnauthenticatedRequest: deny, allow or authenticate)
    """
    for change in scene.plan.changes:
        is_kept = change.type in (RULE, _LISTENER) and change.after
        if is_kept and _asks_for_login(change.before) and not _asks_for_login(change.after):
            yield scene.risk("OPENED", change, "no longer asks for a sign-in: whoever knows the host is let in")


def _asks_for_login(attributes: Mapping[str, Any]) -> bool:
    actions = [*(attributes.get("action") or ()), *(attributes.get("default_action") or ())]
    return any(_stops(each) for each in actions if str(each.get("type")).startswith("authenticate-"))


def _stops(action: Mapping[str, Any]) -> bool:
    blocks = [*(action.get("authenticate_cognito") or ()), *(action.get("authenticate_oidc") or ())]
    return not any(each.get("on_unauthenticated_request") == "allow" for each in blocks)


def _emptied(scene: Scene) -> Iterator[Risk]:
    for change in scene.plan.changes:
        if change.type != _AUTO_SCALING_GROUP or change.action is not Action.UPDATE:
            continue
        zeros = [each for each in _SIZES if change.before.get(each) and change.after.get(each) == 0]
        if zeros:
            yield scene.risk("EMPTIED", change, f"goes down to no instance ({zeros[0]} 0): nothing serves its requests")


RULES = (_listener, _no_login, _emptied)
