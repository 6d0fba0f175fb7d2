"""What a plan means for clients: hosts that start, stop or move, seconds without service, and who may enter."""

from collections.abc import Iterator, Sequence

from edge.review.expected import RECORD
from edge.review.findings import Line, Risk
from edge.review.gaps import NONE, for_what_stays, gap
from edge.review.risks.scene import Scene
from edge.review.served import Serving, in_order, moves, starts_and_stops, together
from edge.tfplan.model import Action, Change
from environments.addresses import Purpose, RecordAddress
from environments.dns_names import canonical, is_within

_ENTRY = frozenset({"OPENED", "WORLD", "INBOUND", "CALLBACK", "PROVIDER", "OUTSIDE", "UNEXPLAINED", "INCOMPLETE"})
_ENTRY |= {"LISTENER", "MISROUTED", "SHADOWED"}
# What lets people in or keeps them out: where it goes, or one of its guards is lowered, others may enter.
_DOORS = ("aws_cognito_", "aws_wafv2_", "aws_lb_listener_rule.")
_GOES = frozenset({"DESTROY", "REPLACE", "FORGET"})
_LISTS_OF_GROUPS = frozenset({"security_groups", "network_interfaces.security_groups"})
_KEEPS = "deletion_protection"
_OF_CODE = "CODE"
_LETS_NOBODY_IN = ("aws_cloudwatch_metric_alarm.", "aws_route53_record.", "aws_lb_target_group.")
_UNCHANGED = "Who may enter: as before."
_NOBODY = "Who may enter: nobody, since no host is left."
_FEWER = "Who may enter: fewer than before, since whoever has no session is refused; see the risks."
_CHANGED = "Who may enter: more or others than before, or not known; see the risks."


def meaning(scene: Scene, lines: Sequence[Line], risks: Sequence[Risk]) -> tuple[str, ...]:
    """Say what clients notice of a plan: a sentence for all services alike, then one on who may enter."""
    if not lines:
        return ()
    before, after = (Serving.of_side(scene, side) for side in ("before", "after"))
    touched = {finding.service for finding in (*lines, *risks)}
    known = dict.fromkeys((*before.hosts, *after.hosts, *filter(None, touched)))
    services = [name for name in known if name in touched or before.of(name) != after.of(name)]
    alike: dict[str, dict[str, Sequence[str]]] = {}
    for name in in_order(services):
        hosts = tuple(dict.fromkeys((*after.of(name), *before.of(name)))) or scene.declared.hosts.get(name, ())
        alike.setdefault(_effect(name, before, after, scene, risks), {})[name] = hosts
    return (
        *(f"{together(hosts)}: {_each(effect, len(hosts))}." for effect, hosts in alike.items()),
        *_of_records(scene, lines),
        *_of_zones(scene, after),
        *_of_the_platform(lines, risks, scene, before, after),
        *_entry(before, after, risks),
    )


def _each(effect: str, services: int) -> str:
    return f"each {effect}" if services > 1 and effect.startswith(("starts", "stops", "stays")) else effect


def _effect(name: str, before: Serving, after: Serving, scene: Scene, risks: Sequence[Risk]) -> str:
    changes = [change for change in scene.plan.changes if _is_of(change, name, scene)]
    if changes and all(change.action is Action.FORGET for change in changes):
        return "stays as it is in AWS, and Terraform no longer knows it"
    if name not in before.hosts and name not in after.hosts:
        return "no rule leads to it, before or after"
    stranger = "" if name in scene.declared.hosts else ", though the environment file does not declare it"
    found = gap(_risks_of(name, risks, scene), changes)
    moved = tuple(moves(name, before, after))
    if name not in before.hosts:
        entry = "for those who sign in" if name in after.signs_in else "without a sign-in"
        return "; ".join([f"starts, {entry}{stranger}", *moved, *([found] if found != NONE else [])])
    if name not in after.hosts:
        return "; ".join(["stops", *moved])
    changed = (*_renamed(name, scene), *starts_and_stops(name, before, after), *moved, *_sign_in(name, before, after))
    return "; ".join([*changed, for_what_stays(found) if before.of(name) != after.of(name) else found])


def _risks_of(name: str | None, risks: Sequence[Risk], scene: Scene) -> list[Risk]:
    """Give the risks of a service, with those of the platform below it and of what stands in no plan."""
    owners = {change.address: scene.owners.service_of(change) for change in scene.plan.changes}
    return [
        risk
        for risk in risks
        if (risk.service or owners.get(risk.address)) in (name, None)
        and not (risk.address.startswith(f"{RECORD}.") and owners.get(risk.address) != name)
    ]


def _renamed(name: str, scene: Scene) -> Iterator[str]:
    former = scene.declared.renamed.get(name)
    if former and any(_is_of(change, name, scene) and change.moved_from for change in scene.plan.changes):
        yield f"the same service as {former}, under another name"


def _is_of(change: Change, name: str, scene: Scene) -> bool:
    return change.changes_something and scene.owners.service_of(change) == name


def _sign_in(name: str, before: Serving, after: Serving) -> Iterator[str]:
    if name in after.signs_in - before.signs_in:
        yield "its clients must sign in from now on"
    if name in before.signs_in - after.signs_in:
        yield "its clients no longer sign in"


def _of_records(scene: Scene, lines: Sequence[Line]) -> Iterator[str]:
    """Name what happens to names that no service declares."""
    own = scene.declared.names(former=True)
    addresses = {line.address: line for line in lines}
    for change in scene.plan.changes:
        line = addresses.get(change.address)
        if change.type == RECORD and line is not None and change.name not in own:
            name = str(change.shown.get("name") or RecordAddress.parse(change.name).name)
            yield f"{name}, which no service declares: its record is in the plan ({line.word})."


def _of_zones(scene: Scene, after: Serving) -> Iterator[str]:
    """Name the hosts that nobody finds any more, since their zone or what leads to it goes."""
    gone = {
        canonical(str(change.before.get("name")))
        for change in scene.plan.changes
        if change.action is Action.DESTROY and not change.deposed and _leads_to_a_zone(change)
    }
    served = dict.fromkeys(host for hosts in after.hosts.values() for host in hosts)
    for zone in sorted(gone):
        hosts = [host for host in served if is_within(host, zone)]
        if hosts:
            them = "it" if len(hosts) == 1 else "them"
            yield f"{', '.join(hosts)}: clients no longer find {them}, since {zone} goes."


def _leads_to_a_zone(change: Change) -> bool:
    is_delegation = change.type == RECORD and RecordAddress.parse(change.name).purpose is Purpose.DELEGATION
    return is_delegation or change.type == "aws_route53_zone"


def _of_the_platform(
    lines: Sequence[Line], risks: Sequence[Risk], scene: Scene, before: Serving, after: Serving
) -> Iterator[str]:
    own = [line for line in lines if line.service is None and not line.address.startswith(f"{RECORD}.")]
    if own:
        addresses = {line.address for line in own}
        changes = [change for change in scene.plan.changes if change.address in addresses]
        hosts = dict.fromkeys(host for hosts in after.hosts.values() for host in hosts)
        is_new = not before.hosts and all(change.action is Action.CREATE for change in changes)
        found = "is made" if is_new else gap(_risks_of(None, risks, scene), changes)
        yield f"The platform, which serves {', '.join(hosts) or 'all services'}: {found}."


def _entry(before: Serving, after: Serving, risks: Sequence[Risk]) -> Iterator[str]:
    if any(risk.kind in _ENTRY or _may_let_in(risk) for risk in risks):
        yield _CHANGED
    elif before.hosts and not after.hosts:
        yield _NOBODY
    elif any(risk.kind == "CLOSED" and risk.attribute for risk in risks):
        yield _FEWER
    elif before.hosts and before.signs_in < after.signs_in:
        hosts = [
            after.shown(service, host)
            for service in in_order(tuple(after.signs_in - before.signs_in))
            for host in after.of(service)
        ]
        yield f"Who may enter {', '.join(hosts)}: those who sign in; elsewhere as before."
    elif before.hosts and not (before.signs_in ^ after.signs_in):
        was = before.ways()
        closed = [host for host, ways in after.ways().items() if ways != was.get(host, ways)]
        yield f"Who may enter {', '.join(closed)}: not as before, by its sign-in." if closed else _UNCHANGED


def _may_let_in(risk: Risk) -> bool:
    if risk.kind == _OF_CODE:
        return not risk.address.startswith(_LETS_NOBODY_IN)
    if risk.kind == "UNPROTECTED":
        is_door = risk.address.startswith((*_DOORS, "aws_s3_bucket_public_access_block.")) or "_policy." in risk.address
        return (is_door and risk.attribute != _KEEPS) or risk.attribute in _LISTS_OF_GROUPS
    return risk.kind in _GOES and risk.address.startswith(_DOORS[:2])
