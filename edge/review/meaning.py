"""What a plan means for clients: hosts that start, stop or move, seconds without service, and who may enter."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from edge.review.expected import RECORD, RULE, rule_hosts, service_of_address
from edge.review.findings import Line, Risk
from edge.review.gaps import NONE, UNTIL_A_CERTIFICATE, gap
from edge.review.risks.providers import asks_for_login
from edge.review.risks.scene import Scene, is_unknown
from edge.tfplan.model import Action, Change
from environments.addresses import RecordAddress

_ENTRY = frozenset({"OPENED", "WORLD", "INBOUND", "CALLBACK", "PROVIDER", "OUTSIDE", "UNEXPLAINED", "INCOMPLETE"})
_ENTRY |= {"LISTENER", "MISROUTED", "SHADOWED"}
# What lets people in or keeps them out: where it goes, or one of its guards is lowered, others may enter.
_DOORS = ("aws_cognito_", "aws_wafv2_", "aws_lb_listener_rule.")
_GOES = frozenset({"DESTROY", "REPLACE", "FORGET"})
_LISTS_OF_GROUPS = frozenset({"security_groups", "network_interfaces.security_groups"})
_KEEPS = "deletion_protection"
_OF_CODE = "CODE"
_LETS_NOBODY_IN = ("aws_cloudwatch_metric_alarm.", "aws_route53_record.", "aws_lb_target_group.")
_FROM, _TO = " moves here from ", " moves to "
_UNCHANGED = "Who may enter: as before."
_NOBODY = "Who may enter: nobody, since no host is left."
_CHANGED = "Who may enter: more or others than before, or not known; see the risks."


@dataclass(frozen=True)
class Serving:
    """Which hosts each service serves on one side of a plan, and which services ask their clients to sign in."""

    hosts: Mapping[str, tuple[str, ...]]
    signs_in: frozenset[str]

    def of(self, service: str) -> tuple[str, ...]:
        """Give the hosts of a service."""
        return self.hosts.get(service, ())

    def ways(self) -> dict[str, frozenset[bool]]:
        """Say of each host whether its services ask for a sign-in: some, all or none of them."""
        found: dict[str, set[bool]] = {}
        for service, hosts in self.hosts.items():
            for host in hosts:
                found.setdefault(host, set()).add(service in self.signs_in)
        return {host: frozenset(ways) for host, ways in found.items()}

    def takers(self, host: str) -> set[str]:
        """Give the services of a host."""
        return {service for service, hosts in self.hosts.items() if host in hosts}


def meaning(scene: Scene, lines: Sequence[Line], risks: Sequence[Risk]) -> tuple[str, ...]:
    """Say what clients notice of a plan: a sentence for all services alike, then one on who may enter."""
    if not lines:
        return ()
    before, after = _serving(scene, "before"), _serving(scene, "after")
    touched = {finding.service for finding in (*lines, *risks)}
    known = dict.fromkeys((*before.hosts, *after.hosts, *filter(None, touched)))
    services = [name for name in known if name in touched or before.of(name) != after.of(name)]
    alike: dict[str, list[str]] = {}
    for name in sorted(services):
        hosts = dict.fromkeys((*after.of(name), *before.of(name))) or scene.declared.hosts.get(name, ())
        named = f"{name} ({', '.join(hosts)})" if hosts else name
        alike.setdefault(_effect(name, before, after, scene, risks), []).append(named)
    return (
        *(f"{', '.join(names)}: {effect}." for effect, names in alike.items()),
        *_of_records(scene, lines),
        *_of_the_platform(lines, risks, scene, [host for hosts in after.hosts.values() for host in hosts]),
        *_entry(before, after, risks),
    )


def _serving(scene: Scene, side: str) -> Serving:
    hosts: dict[str, tuple[str, ...]] = {}
    signing_in: set[str] = set()
    for change in scene.plan.changes:
        stays = change.action is Action.FORGET  # in AWS, and goes on serving
        attributes = change.before if side == "before" or stays else change.after
        is_gone = side == "after" and change.action is Action.DESTROY
        if change.type != RULE or change.deposed or not attributes or is_gone:
            continue
        service = service_of_address(change.name)
        known = not (side == "after" and is_unknown(change, "condition"))
        found = rule_hosts(attributes) if known else scene.declared.hosts.get(service, ())
        hosts[service] = tuple(dict.fromkeys((*hosts.get(service, ()), *found)))
        if asks_for_login(attributes):
            signing_in.add(service)
    return Serving(hosts, frozenset(signing_in))


def _effect(name: str, before: Serving, after: Serving, scene: Scene, risks: Sequence[Risk]) -> str:
    changes = [change for change in scene.plan.changes if _is_of(change, name, scene)]
    if changes and all(change.action is Action.FORGET for change in changes):
        return "stays as it is in AWS, and Terraform no longer knows it"
    if name not in before.hosts and name not in after.hosts:
        return "no rule leads to it, before or after"
    if name not in before.hosts:
        entry = "for who signs in" if name in after.signs_in else "without a sign-in"
        moved = [text for text in _hosts(name, before, after) if _FROM in text]
        found = gap(_risks_of(name, risks, scene), changes)
        return "; ".join([f"starts, {entry}", *moved, *([found] if found != NONE else [])])
    if name not in after.hosts:
        taken = [text for text in _hosts(name, before, after) if _TO in text]
        return "; ".join(["stops", *taken])
    parts = [*_renamed(name, scene), *_hosts(name, before, after), *_sign_in(name, before, after)]
    found = gap(_risks_of(name, risks, scene), changes)
    if before.of(name) != after.of(name):
        found = f"{found}, and 0 s for what stays" if found == UNTIL_A_CERTIFICATE else f"{found} for what stays"
    return "; ".join([*parts, found])


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


def _hosts(name: str, before: Serving, after: Serving) -> Iterator[str]:
    for host in after.of(name):
        if host not in before.of(name):
            givers = before.takers(host) - {name}
            yield f"{host}{_FROM}{', '.join(sorted(givers))}" if givers else f"{host} starts"
    for host in before.of(name):
        if host not in after.of(name):
            takers = after.takers(host) - {name}
            yield f"{host}{_TO}{', '.join(sorted(takers))}" if takers else f"{host} stops"


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


def _of_the_platform(lines: Sequence[Line], risks: Sequence[Risk], scene: Scene, hosts: Sequence[str]) -> Iterator[str]:
    own = [line for line in lines if line.service is None and not line.address.startswith(f"{RECORD}.")]
    if own:
        addresses = {line.address for line in own}
        changes = [change for change in scene.plan.changes if change.address in addresses]
        found = gap(_risks_of(None, risks, scene), changes)
        yield f"The platform, below {', '.join(dict.fromkeys(hosts)) or 'all services'}: {found}."


def _entry(before: Serving, after: Serving, risks: Sequence[Risk]) -> Iterator[str]:
    if any(risk.kind in _ENTRY or _may_let_in(risk) for risk in risks):
        yield _CHANGED
    elif before.hosts and not after.hosts:
        yield _NOBODY
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
