"""Which DNS records an environment writes into each of its zones, and the statements that let it write no other.

AWS compares names in lower case, without the last dot, and with an octal code for a wildcard's star:
https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/specifying-conditions-route53.html
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from edge.roles.documents import Conditions, Statement
from edge.roles.home import Home, everything
from environments import dns_names
from environments.addresses import Purpose
from environments.checked import Environment
from environments.dns_records import all_records, of_hosts

_NAMES, _TYPES, _ACTIONS = (
    f"route53:ChangeResourceRecordSets{part}" for part in ("NormalizedRecordNames", "RecordTypes", "Actions")
)
_CHANGE = ("route53:ChangeResourceRecordSets",)


@dataclass(frozen=True)
class Written:
    """What is written into one zone: hosts by the types of their records, names that are proven, zones delegated to."""

    hosts: Mapping[tuple[str, ...], tuple[str, ...]]
    proofs: tuple[str, ...]
    delegations: tuple[str, ...]

    def __bool__(self) -> bool:
        """Tell whether anything is written."""
        return bool(self.hosts or self.proofs or self.delegations)


def written(environment: Environment, zone: str, leaving: Iterable[str] = ()) -> Written:
    """Find what an environment writes into a zone; `leaving` are hosts that its file no longer names.

    Proofs of hosts that are served with another service's certificate are among it: they go in the deploy by which a
    service leaves a certificate of its own.
    """
    named = (*environment.hosts, *leaving)
    records = dict.fromkeys((*all_records(environment), *of_hosts(environment, named)))
    here = [record for record in records if record.zone == zone]
    types: dict[str, tuple[str, ...]] = {}
    for record in here:
        if record.purpose in (Purpose.HOST, Purpose.HOST_OVER_IPV6):
            types[record.name] = (*types.get(record.name, ()), record.type)
    hosts: dict[tuple[str, ...], tuple[str, ...]] = {}
    for host in sorted(types):
        hosts[types[host]] = (*hosts.get(types[host], ()), host)
    return Written(
        hosts,
        tuple(sorted(record.name for record in here if record.purpose is Purpose.VALIDATION)),
        tuple(record.name for record in here if record.purpose is Purpose.DELEGATION),
    )


def zones_of(environment: Environment, account: str, leaving: Iterable[str] = ()) -> list[str]:
    """List the zones of an account that a deploy looks at: those that it writes into, and those that it makes."""
    hosts = list(leaving)
    return [
        zone
        for zone, declared in environment.zones.items()
        if declared.account == account and (declared.create or written(environment, zone, hosts))
    ]


def zone_arns(home: Home, zones: Iterable[str], ids: Mapping[str, str]) -> tuple[str, ...]:
    """Write the ARNs of zones; one that is yet to be made has no id, so that its records' names alone bind it."""
    return tuple(
        home.global_arn(
            "route53",
            f"hostedzone/{ids.get(zone, '*') if home.environment.zones[zone].create else ids[zone]}",
        )
        for zone in zones
    )


def reads(home: Home, zones: Sequence[str], ids: Mapping[str, str]) -> list[Statement]:
    """Let a plan find the zones, compare their records, and see what others have in them."""
    if not zones:
        return []
    actions = ("route53:GetHostedZone", "route53:ListResourceRecordSets", "route53:ListTagsForResource")
    return [
        everything("FindZones", "route53:ListHostedZones"),
        Statement(sid="ReadZones", actions=actions, resources=_distinct(zone_arns(home, zones, ids))),
    ]


def writes(home: Home, zones: Sequence[str], ids: Mapping[str, str], leaving: Iterable[str] = ()) -> list[Statement]:
    """Let a deploy write the records of the file, each under its own name and type, and wait until they are served."""
    if not zones:
        return []
    hosts = list(leaving)
    changes = [
        statement
        for number, zone in enumerate(zones, 1)
        for statement in _changes(home, zone, ids, written(home.environment, zone, hosts), number)
    ]
    waiting = Statement(
        sid="WaitForRecords", actions=("route53:GetChange",), resources=(home.global_arn("route53", "change/*"),)
    )
    made = [zone for zone in zones if home.environment.zones[zone].create]
    return [*changes, waiting, *(_making(zone_arns(home, made, ids)) if made else [])]


def _making(arns: tuple[str, ...]) -> list[Statement]:
    """Let a deploy make zones, tag them, and delete them; Route 53 knows no tags in conditions, nor a zone's name.

    It deletes no zone that holds more than its own records.
    """
    return [
        everything("MakeZones", "route53:CreateHostedZone"),
        Statement(
            sid="ChangeZones",
            actions=("route53:ChangeTagsForResource", "route53:DeleteHostedZone"),
            resources=_distinct(arns),
        ),
    ]


def _changes(home: Home, zone: str, ids: Mapping[str, str], records: Written, number: int) -> Iterable[Statement]:
    arns = zone_arns(home, [zone], ids)
    for types, hosts in sorted(records.hosts.items()):
        names = tuple(dns_names.in_route53(host) for host in hosts)
        sid = f"Zone{number}Hosts{''.join(types)}"
        yield Statement(sid=sid, actions=_CHANGE, resources=arns, conditions=_only(names, types))
    if records.proofs:
        # ACM chooses the first label when it is asked for a certificate. A record that stands is never changed.
        patterns = tuple(f"_*.{name}" for name in records.proofs)
        only = _only(patterns, ("CNAME",), ("CREATE", "DELETE"), operator="StringLike")
        yield Statement(sid=f"Zone{number}Proofs", actions=_CHANGE, resources=arns, conditions=only)
    if records.delegations:
        only = _only(records.delegations, ("NS",))
        yield Statement(sid=f"Zone{number}Delegations", actions=_CHANGE, resources=arns, conditions=only)


def _only(
    names: tuple[str, ...],
    types: tuple[str, ...],
    actions: tuple[str, ...] = ("CREATE", "UPSERT", "DELETE"),
    *,
    operator: str = "StringEquals",
) -> Conditions:
    """Demand that every record of a request has one of these names and types.

    ForAllValues is true of a request that lacks the key, hence the demand that it is there (`Null`):
    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html
    """
    conditions: dict[str, dict[str, str | tuple[str, ...]]] = {
        "Null": dict.fromkeys((_NAMES, _TYPES, _ACTIONS), "false")
    }
    conditions["ForAllValues:StringEquals"] = {_TYPES: types, _ACTIONS: actions}
    conditions.setdefault(f"ForAllValues:{operator}", {})[_NAMES] = names
    return conditions


def _distinct(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(values))
