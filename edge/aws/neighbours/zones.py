"""What stands in the declared zones at or above the environment's names: who answers for them, and who may issue."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from edge.aws.neighbours.model import AnsweredName, CaaRecords, ForeignDelegation
from edge.aws.survey.reader import Reader
from environments.checked import Environment
from environments.dns_names import base_name, canonical, is_within, parents

_Records = list[dict[str, Any]]
_LEADING = ("A", "AAAA", "CNAME")


def read(reader: Reader) -> dict[str, Any]:
    """Read the zones in which names of ours lie, each once."""
    environment = reader.environment
    names: dict[str, list[str]] = {}
    for name in _names(environment):
        names.setdefault(environment.zone_of(name), []).append(name)
    standing = reader.zone_ids_of(names)
    records = {zone: reader.all_records(account, zone_id) for zone, (account, zone_id) in standing.items()}
    delegations, caa, answered = [], [], list[AnsweredName]()
    for zone, found in records.items():
        above = [record for record in found if _is_above(record, names[zone])]
        delegations += [_delegation(zone, record) for record in above if _is(record, "NS") and _name(record) != zone]
        answered += _answered(environment, found, names[zone])
        caa += [CaaRecords(name=_name(record), values=_values(record)) for record in above if _is(record, "CAA")]
    return {
        "delegations": tuple(sorted(delegations, key=lambda delegation: delegation.name)),
        "undelegated": tuple(_undelegated(environment, records)),
        "caa": tuple(sorted(caa, key=lambda entry: entry.name)),
        "answered": tuple(sorted(answered, key=lambda entry: entry.name)),
    }


def looked_into(environment: Environment) -> frozenset[str]:
    """List the zones in which names of the environment lie: the roles may read no others, and may not exist there."""
    return frozenset(environment.zone_of(name) for name in _names(environment))


def undelegated(reader: Reader) -> list[ForeignDelegation]:
    """Find the zones of the environment's names that their parent does not lead to, where names lie in that as well."""
    environment = reader.environment
    standing = reader.zone_ids_of(looked_into(environment))
    return _undelegated(
        environment, {zone: reader.all_records(account, zone_id) for zone, (account, zone_id) in standing.items()}
    )


def leads_to(reader: Reader, account: str, zone_id: str, zone: str) -> bool:
    """Tell whether one of an account's zones, by its id, hands a declared zone to servers of that zone's own."""
    standing = reader.zone_ids_of([zone]).get(zone)
    if standing is None:
        return False
    handed, own = (_servers(reader.records(*place, zone), zone) for place in ((account, zone_id), standing))
    return not set(handed).isdisjoint(own)


def _names(environment: Environment) -> list[str]:
    """List the names that are looked up or proven: hosts, what else certificates name, and the platform's."""
    own = [environment.managed.own_name] if environment.managed else []
    return [base_name(name) for name in (*environment.names, *own)]


def _undelegated(environment: Environment, records: Mapping[str, _Records]) -> list[ForeignDelegation]:
    """Find the zones that stand and that their parent, where it was read too, does not hand to their own servers.

    A resolver starts at the parent (RFC 1034 section 4.2.1); ACM would wait for proofs that nobody can see.
    """
    found = []
    for zone, own in records.items():
        parent = environment.find_parent(zone)
        if parent is not None and parent in records and not environment.zones[zone].create:
            handed, apex = _servers(records[parent], zone), _servers(own, zone)
            if set(handed).isdisjoint(apex):
                found.append(ForeignDelegation(zone=parent, name=zone, servers=handed))
    return found


def _answered(environment: Environment, records: _Records, names: Iterable[str]) -> Iterator[AnsweredName]:
    """Find names that do not exist in a zone, and that a wildcard answers which the environment does not declare.

    A name exists with its records, and also by what is below it; the wildcard right below the closest name that exists
    answers (RFC 4592 sections 2.2.2 and 3.3.1).
    """
    held = {_name(record) for record in records}
    existing = held.union(*map(parents, held))
    answering = {_name(record) for record in records if record["Type"] in _LEADING} - set(environment.hosts)
    for name in dict.fromkeys(names):
        closest = next((parent for parent in parents(name) if parent in existing), "")
        if name not in existing and f"*.{closest}" in answering:
            yield AnsweredName(name=name, wildcard=f"*.{closest}")


def _servers(records: _Records, name: str) -> tuple[str, ...]:
    found = (record for record in records if _is(record, "NS") and _name(record) == name)
    return tuple(sorted(canonical(value) for record in found for value in _values(record)))


def _delegation(zone: str, record: Mapping[str, Any]) -> ForeignDelegation:
    servers = tuple(sorted(map(canonical, _values(record))))
    return ForeignDelegation(zone=zone, name=_name(record), servers=servers)


def _is_above(record: Mapping[str, Any], names: list[str]) -> bool:
    return any(is_within(name, _name(record)) for name in names)


def _is(record: Mapping[str, Any], kind: str) -> bool:
    return bool(record["Type"] == kind)


def _name(record: Mapping[str, Any]) -> str:
    return canonical(record["Name"])


def _values(record: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(str(entry["Value"]) for entry in record.get("ResourceRecords", ()))
