"""Primary hosts that go before the CNAMEs have left them: after a deploy that failed half-way through changing them.

Terraform removes what has no `create_before_destroy` before it changes what led to it
(https://developer.hashicorp.com/terraform/language/meta-arguments/lifecycle#create_before_destroy). Only the alias of a
primary host has it, in the state too. A deploy that makes another host the primary one takes it away at once, and then
moves one CNAME after the other: where it fails between two of them, the last ones lead to a host that may not just go.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from edge.plan.errors import RefusedError
from edge.tfplan.model import Action, Change, Plan
from environments.addresses import Purpose, RecordAddress
from environments.dns_names import canonical
from environments.text import listed

_RECORD = "aws_route53_record"


def refuse_what_is_followed(plan: Plan, state: Mapping[str, Any]) -> None:
    """Raise RefusedError for a host that goes before other hosts have left it; `state` is Terraform's own JSON."""
    kept = set(_made_first(state))
    records = [change for change in plan.changes if change.type == _RECORD and not change.deposed]
    leaving = [change for change in records if change.action is Action.DESTROY and change.address not in kept]
    sentences = [
        f"{change.address} would go before {listed(sorted(followers))}, which a deploy that failed left leading to "
        f"{host.name}: they would not resolve for a while. Put that host back, behind the first one, and deploy; then "
        "remove it"
        for change in leaving
        if (host := RecordAddress.parse(change.name)).purpose is Purpose.HOST
        if (followers := list(_followers(host.name, records)))
    ]
    if sentences:
        raise RefusedError("\n".join([*sentences, "Nothing was removed."]))


def _made_first(state: Mapping[str, Any]) -> Iterator[str]:
    """Go over the records whose removal waits for what leads to them."""
    for resource in state.get("resources", ()):
        if resource.get("type") == _RECORD and all(
            instance.get("create_before_destroy") for instance in resource.get("instances", ())
        ):
            yield f"{_RECORD}.{resource['name']}"


def _followers(host: str, records: list[Change]) -> Iterator[str]:
    """Find the hosts that lead to a host before the plan, and stay."""
    for record in records:
        values = [canonical(str(value)) for value in record.before.get("records") or ()]
        is_of_a_host = RecordAddress.parse(record.name).purpose is Purpose.HOST
        if is_of_a_host and record.action is not Action.DESTROY and values == [host]:
            yield RecordAddress.parse(record.name).name
