"""Risks that one change of the environment file brings, and that one acceptance settles: each group is one decision.

A service or a host that is no longer declared goes with all that was made for it; a service with another name gets new
target groups and alarms; a platform that the file no longer makes goes with its networks and its sign-in, and an
environment that is destroyed with everything. Of a group is only what is surely made for it, by its whole address and
whatever its tags say; whatever else happens to the same resources is a risk of its own.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping

from edge.review.expected import RECORD, Declared, service_tag
from edge.review.findings import Risk
from edge.review.losses import HOLDING
from edge.review.made_types import RESOURCE_TYPES
from edge.review.ownership import Owners, is_record_of
from edge.review.resource_names import noun, plural
from edge.tfplan.model import REPLACEMENTS, Action, Change
from environments.addresses import Purpose, RecordAddress
from environments.text import listed
from environments.watching import CERTIFICATE_ALARM

_REPLACED = REPLACEMENTS - {Action.REPLACE_FORGETTING}
_SERVICES, HOSTS, CERTIFICATES = "services.", "hosts.", "certificates."
_PLATFORM, _ENVIRONMENT = "platform", "environment."
# What a certificate of its own is, beside its validation records and its alarm.
_OF_A_CERTIFICATE = ("aws_acm_certificate", "aws_acm_certificate_validation", "aws_lb_listener_certificate")
# What a service's name is in, so that another name replaces it; no other reason is of the group.
_TARGET_GROUP = "aws_lb_target_group"
_ALARM, _OF_EXPIRY = "aws_cloudwatch_metric_alarm", f"_{CERTIFICATE_ALARM.replace('-', '_')}"
# What stands beside a platform, whoever makes that.
_OF_NO_PLATFORM = frozenset({RECORD, "aws_route53_zone"})
# https://developer.hashicorp.com/terraform/language/syntax/configuration#identifiers, as `modules/` writes them
_IDENTIFIER = re.compile(r"[A-Za-z0-9_-]+")
_NAMED = {_TARGET_GROUP: "name", "aws_cloudwatch_metric_alarm": "alarm_name"}


def group_of(kind: str, change: Change, declared: Declared, owners: Owners) -> str | None:
    """Name the group of a risk: `services.link` or `hosts.link.getorcha.com`; None for one that stands alone."""
    service = owners.made_for(change)
    if service is None or (kind == "DESTROY" and declared.all_goes):
        whole = _whole(change, service, declared) if kind == "DESTROY" else None
        return whole if whole and _is_ours(change, service, owners) else None
    if kind in ("DESTROY", "FORGET") and not _is_what_its_address_says(change, service, owners):
        return None
    if kind in ("DESTROY", "FORGET") and service not in declared.hosts:
        return None if service in declared.renamed.values() else _SERVICES + service
    if kind == "DESTROY" and change.action is Action.DESTROY and change.deposed is None:
        host = _former_hosts_by_records(declared).get(change.name) if change.type == RECORD else None
        shares = service in declared.certificates and _is_of_a_certificate(change)
        return HOSTS + host if host else CERTIFICATES + service if shares else None
    if kind == "REPLACE" and _is_renamed(change, service, declared.renamed.get(service)):
        return _SERVICES + service
    return None


def _whole(change: Change, service: str | None, declared: Declared) -> str | None:
    """Name the environment or the platform that goes as a whole, with this; None where neither does."""
    if declared.all_goes:
        return _ENVIRONMENT + declared.environment
    of_platform = declared.platform_goes and service is None and change.type not in _OF_NO_PLATFORM
    return _PLATFORM if of_platform else None


def _is_ours(change: Change, service: str | None, owners: Owners) -> bool:
    """Say whether a thing is of a type that is made here, at an address of its own, and of no other service."""
    if service is not None:
        return _is_what_its_address_says(change, service, owners)
    is_named = _IDENTIFIER.fullmatch(change.name) is not None and change.moved_from is None
    return (
        is_named
        and change.address == f"{change.type}.{change.name}"
        and change.type in RESOURCE_TYPES
        and owners.service_of(change) is None
    )


def _is_what_its_address_says(change: Change, service: str, owners: Owners) -> bool:
    """Say whether what goes is what its address promises, and nothing of another service that came to stand there."""
    if change.moved_from is not None or service_tag(change) not in (None, service):
        return False
    host = owners.host_of(change)
    return host is None or is_record_of(change, change.before, host)


def _is_of_a_certificate(change: Change) -> bool:
    if change.type == RECORD:
        return RecordAddress.parse(change.name).purpose is Purpose.VALIDATION
    is_its_alarm = change.type == _ALARM and change.name.endswith(_OF_EXPIRY)
    return change.type in _OF_A_CERTIFICATE or is_its_alarm


def _former_hosts_by_records(declared: Declared) -> Mapping[str, str]:
    """Give the Terraform names of the records that only hosts need that nobody declares any more, with these."""
    kept = declared.names(former=False)
    hosts = dict.fromkeys(host for hosts in declared.former_hosts.values() for host in hosts)
    gone = [host for host in hosts if all(host not in declared_hosts for declared_hosts in declared.hosts.values())]
    found: dict[str, str] = {}
    for host in gone:
        for address in map(str, RecordAddress.all_of_host(host)):
            if address not in kept:
                found.setdefault(address, host)
    return found


def _is_renamed(change: Change, service: str, former: str | None) -> bool:
    """Say whether a thing is replaced for nothing but the service's new name."""
    if former is None or change.moved_from is None or change.action not in _REPLACED or change.deposed:
        return False
    if change.type == _TARGET_GROUP and change.action is not Action.REPLACE_AFTER:
        return False
    was = f"{change.type}.{former}{change.name.removeprefix(service)}"
    key = _NAMED.get(change.type)
    return change.moved_from == was and key is not None and change.replaced_for == (key,)


def sentences(risks: Iterable[Risk], types: Mapping[str, str], declared: Declared) -> dict[str, str]:
    """Say what each group of some risks is, by its id; `types` are the resources' types by their addresses."""
    members: dict[str, list[Risk]] = {}
    for risk in risks:
        if risk.group_id:
            members.setdefault(risk.group_id, []).append(risk)
    return {
        name: _all_of(found, types) if _is_whole(found[0].group) else _sentence(found, types, declared)
        for name, found in members.items()
    }


def _is_whole(group: str | None) -> bool:
    return group == _PLATFORM or str(group).startswith(_ENVIRONMENT)


def _sentence(members: list[Risk], types: Mapping[str, str], declared: Declared) -> str:
    kind, group = members[0].kind, members[0].group or ""
    name = group.removeprefix(_SERVICES).removeprefix(HOSTS).removeprefix(CERTIFICATES)
    counted = _counted(members)
    if group.startswith(HOSTS):
        return (
            f"host {name}, which is no longer declared, goes: clients no longer find it, and resolvers that know it "
            f"still get an answer for an unknown host; it goes with {counted}, each listed by its id"
        )
    if group.startswith(CERTIFICATES):
        owner = declared.certificates.get(name)
        return (
            f"service {name} is served with the certificate of {owner} from now on, which covers its hosts and is on "
            "the listener before its own goes; clients see other names on it, and those that pin its own fail. Its own "
            f"goes with {counted}, each listed by its id; the alarm for the end of {owner}'s is {owner}'s"
        )
    if kind == "REPLACE":
        return (
            f"service {declared.renamed.get(name)} is called {name} from now on: {_nouns(members, types)} are "
            "replaced. The new targets take requests only after their first health checks, and until a new alarm "
            "stands nobody is notified"
        )
    if kind == "FORGET":
        stay = f"{counted}, each listed by its id, stay in AWS"
        return f"service {name} is let go: {stay}, and no plan shows what happens to them"
    taken = {host for hosts in declared.hosts.values() for host in hosts}
    hosts = [host for host in declared.former_hosts.get(name, ()) if host not in taken]
    if not hosts:
        return f"service {name}, which is no longer declared, goes with {counted}, each listed by its id"
    stop = f"{listed(dict.fromkeys(hosts))} {'stops' if len(set(hosts)) == 1 else 'stop'}"
    return f"service {name}, which is no longer declared, goes: {stop}; it goes with {counted}, each listed by its id"


def _all_of(members: list[Risk], types: Mapping[str, str]) -> str:
    """Say what goes with an environment or a platform, first what no deploy brings back."""
    group = members[0].group or ""
    lost = [risk for risk in members if types.get(risk.address) in HOLDING]
    for_good = [f"{risk.subject}, {risk.statement.partition(': ')[2]}" for risk in lost]
    services = sorted({risk.service for risk in members if risk.service})
    stop = f" {listed(services)} {'stops' if len(services) == 1 else 'stop'};" if services else ""
    what = f"all of {group.removeprefix(_ENVIRONMENT)} is destroyed:"
    if group == _PLATFORM:
        what = (
            "the platform that the file no longer makes is destroyed: every service behind its load balancer is down;"
        )
    gone = f" lost for good: {'; '.join(for_good)};" if for_good else ""
    return f"{what}{gone}{stop} it goes with {_counted(members)}, each listed by its id"


def _nouns(members: list[Risk], types: Mapping[str, str]) -> str:
    found = Counter(noun(types.get(risk.address, "resource")) for risk in members)
    return " and ".join(f"{count} {plural(word)}" if count > 1 else f"its {word}" for word, count in found.items())


def _counted(members: list[Risk]) -> str:
    return f"{len(members)} {'resource' if len(members) == 1 else 'resources'}"
