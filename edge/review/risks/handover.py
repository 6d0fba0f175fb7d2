"""Requests that one rule gives up and another one takes in the same deploy: AWS changes one rule after the other.

Terraform knows no order between the two. Where the giving rule is changed first, nobody serves the requests until the
other one is changed too, which waits for its service's certificate, and so for ACM.
"""

from collections.abc import Iterator, Sequence

from edge.review.expected import RULE
from edge.review.findings import Risk
from edge.review.risks.scene import EVERYTHING, Request, Scene, is_unknown, requests, takes_request, written
from edge.review.risks.serving import names_that_go
from edge.tfplan.model import GONE, Action, Change
from environments.dns_names import canonical
from environments.text import listed


def _handed_over(scene: Scene) -> Iterator[Risk]:
    """Find what a rule gives up and another one takes only with this plan; one that took it before goes on safely."""
    rules = [change for change in scene.plan.changes if change.type == RULE and not change.deposed]
    after = sorted((rule for rule in rules if rule.action not in GONE), key=_priority)
    gone = names_that_go(scene)
    for change in rules:
        if change.action in (Action.UPDATE, Action.DESTROY):
            given: dict[str, list[Request]] = {}
            for request in requests(change.before):
                taker = next((rule for rule in after if _takes(_asked(rule), request)), change)
                is_new = taker is not change and not _takes(requests(taker.before), request)
                if is_new and canonical(request[0]) not in gone:
                    given.setdefault(taker.address, []).append(request)
            for taker in after:
                if taker.address in given:
                    yield scene.risk("HANDOVER", change, _statement(scene, change, taker, given[taker.address]))


def _priority(rule: Change) -> int:
    priority = rule.after.get("priority")
    return priority if isinstance(priority, int) else 0


def _asked(rule: Change) -> Sequence[Request]:
    """List what a rule takes after the plan; everything, where that is not known yet."""
    return [EVERYTHING] if is_unknown(rule, "condition") else requests(rule.after)


def _takes(patterns: Sequence[Request], request: Request) -> bool:
    return any(takes_request(pattern, request) for pattern in patterns)


def _statement(scene: Scene, giver: Change, taker: Change, given: Sequence[Request]) -> str:
    what, hosts = listed(map(written, given)), list(dict.fromkeys(host for host, _ in given))
    giving, taking = (scene.owners.service_of(rule) or rule.address for rule in (giver, taker))
    if giving == taking:
        return (
            f"gives up {what}, which {taker.address} takes in the same deploy: until both are changed, no rule may "
            "take it; leave the hosts in their order, and write new ones at the end"
        )
    renamed = (
        f'. If services.{taking} is services.{giving} under another name, write renamed_from = "{giving}" in it'
        if giver.action is Action.DESTROY and giving not in scene.declared.hosts and not taker.before
        else ""
    )
    return (
        f"gives up {what}, which services.{taking} takes in the same deploy: until both rules are changed, and the "
        f"certificate of services.{taking} is issued, nobody may serve it. Take two deploys: in the first, leave it in "
        f"services.{giving} and write takes_over = {_toml(hosts)} in services.{taking}; in the second, remove both"
        f"{renamed}"
    )


def _toml(hosts: Sequence[str]) -> str:
    return "[" + ", ".join(f'"{host}"' for host in hosts) + "]"


RULES = (_handed_over,)
