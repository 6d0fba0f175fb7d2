"""Changes in place after which requests are answered otherwise, or by nobody."""

from collections.abc import Iterator, Mapping
from typing import Any

from edge.review.differences import differences
from edge.review.expected import RECORD, RULE
from edge.review.findings import Risk
from edge.review.risks.listener_rules import takes_all_else
from edge.review.risks.providers import LISTENER, asks_for_login
from edge.review.risks.scene import Request, Scene, is_unknown, requests, takes, takes_request, written
from edge.tfplan.model import Action
from environments import patterns
from environments.dns_names import canonical
from environments.text import listed

_WEB_ACL = "aws_wafv2_web_acl"
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
        if change.type == LISTENER and change.action is Action.UPDATE:
            found = [difference for difference in differences(change) if difference.attribute in _MET_BY_CLIENTS]
            meant = dict.fromkeys(_MET_BY_CLIENTS[finding.attribute] for finding in found)
            if found:
                statement = f"answers otherwise ({'; '.join(map(str, found))}): {'; '.join(meant)}"
                yield scene.risk("LISTENER", change, statement)


def _no_login(scene: Scene) -> Iterator[Risk]:
    """Find a listener rule that asked its clients to sign in, and lets them through without it.

    https://docs.aws.amazon.com/elasticloadbalancing/latest/application/listener-authenticate-users.html
    (OnUnauthenticatedRequest: deny, allow or authenticate)
    """
    for change in scene.plan.changes:
        is_kept = change.type in (RULE, LISTENER) and change.after
        if is_kept and asks_for_login(change.before) and not asks_for_login(change.after):
            yield scene.risk("OPENED", change, "no longer asks for a sign-in: whoever knows the host is let in")


def _emptied(scene: Scene) -> Iterator[Risk]:
    for change in scene.plan.changes:
        if change.type != _AUTO_SCALING_GROUP or change.action is not Action.UPDATE:
            continue
        zeros = [size for size in _SIZES if change.before.get(size) and change.after.get(size) == 0]
        if zeros:
            yield scene.risk("EMPTIED", change, f"goes down to no instance ({zeros[0]} 0): nothing serves its requests")


def _firewall(scene: Scene) -> Iterator[Risk]:
    """Find a web ACL that stops less: a rule of it goes, or only counts what it stopped."""
    for change in scene.plan.changes:
        if change.type == _WEB_ACL and change.action is Action.UPDATE and not is_unknown(change, "rule"):
            lost = sorted(_stopping(change.before) - _stopping(change.after))
            if lost:
                yield scene.risk("OPENED", change, f"no longer stops what {', '.join(lost)} stopped")


def _stopping(web_acl: Mapping[str, Any]) -> set[str]:
    """Name the rules of a web ACL that do more than count."""
    return {
        str(rule.get("name"))
        for rule in web_acl.get("rule") or ()
        if not any(block.get("count") for key in ("action", "override_action") for block in rule.get(key) or ())
    }


def _unrouted(scene: Scene) -> Iterator[Risk]:
    """Find a host, or a path of it, whose record stays and that no rule takes any more from everybody."""
    rules = [planned for planned in scene.plan.changes if planned.type == RULE]
    if any(is_unknown(rule, "condition") for rule in rules):
        return
    taken = [pattern for rule in rules if takes_all_else(rule.after) for pattern in requests(rule.after)]
    gone = names_that_go(scene)
    for change in rules:
        if change.action is Action.UPDATE and takes_all_else(change.before):
            lost = [
                request
                for request in requests(change.before)
                if not any(takes_request(kept, request) for kept in taken)
            ]
            named = [_lost(request, taken) for request in lost if canonical(request[0]) not in gone]
            if named:
                statement = f"no longer takes {listed(named)}, and no other rule does"
                yield scene.risk("UNROUTED", change, statement, content=named)


def names_that_go(scene: Scene) -> set[str]:
    """List the names whose records a plan removes: nobody asks for them any more."""
    return {
        canonical(str(change.before.get("name")))
        for change in scene.plan.changes
        if change.type == RECORD and not change.after
    }


def _lost(request: Request, taken: list[Request]) -> str:
    """Write what is no longer taken; of a whole host that keeps some paths, without those."""
    host, path = request
    kept = [pattern[1] for pattern in taken if takes(pattern[0], host) and patterns.covers(path, pattern[1])]
    return f"{written(request)} but for {listed(dict.fromkeys(kept))}" if kept else written(request)


RULES = (_listener, _no_login, _firewall, _unrouted, _emptied)
