"""Records of declared hosts that lead elsewhere, or that resolvers keep for so long that no fix reaches them."""

from collections.abc import Iterator, Mapping
from typing import Any

from edge.review.expected import RECORD, ZONE
from edge.review.findings import Risk
from edge.review.risks.landmarks import is_hidden, leads_to
from edge.review.risks.scene import Scene
from edge.tfplan.model import UNKNOWN, Action, Change, with_unknown
from environments.addresses import Purpose, RecordAddress, host_address
from environments.dns_names import canonical

_ANSWERS = ("alias", "name", "records", "ttl", "type", "zone_id")
_MAX_TTL_SECONDS = 3600
# Route 53 answers some clients otherwise by these: https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/routing-policy.html
_POLICY, _POLICIES = "_routing_policy", ("set_identifier", "health_check_id")
# https://docs.aws.amazon.com/acm/latest/userguide/dns-validation.html; China's regions have a domain of their own.
_PROOFS = (".acm-validations.aws", ".acm-validations.cn")
_IPV6_TOO = "dualstack."


def _misled(scene: Scene) -> Iterator[Risk]:
    """Find a record of a declared host whose answer this plan sets, and that leads elsewhere."""
    for change, answer in _set(scene):
        problem = _problem(scene, change, answer)
        if problem:
            yield scene.risk("MISLED", change, problem)


def _kept_long(scene: Scene) -> Iterator[Risk]:
    """Find a TTL by which resolvers keep an answer, right or wrong, for more than an hour."""
    for change, answer in _set(scene):
        seconds = answer.get("ttl")
        if answer.get("alias") or seconds is None:
            continue
        if not isinstance(seconds, int) or seconds > _MAX_TTL_SECONDS:
            shown = f"{seconds} s" if isinstance(seconds, int) else "a time that is not known"
            yield scene.risk("TTL", change, f"is kept by resolvers for {shown}: a fix reaches nobody before that")


def _set(scene: Scene) -> Iterator[tuple[Change, Mapping[str, Any]]]:
    """Give the records of declared hosts that a plan writes or takes over, each with its answer after that."""
    names = scene.declared.names(former=False)
    hosts = {host for service in scene.declared.hosts.values() for host in service}
    for change in scene.plan.changes:
        if change.type != RECORD or not change.after:
            continue
        answer = with_unknown(change.after, change.unknown)
        is_ours = change.name in names or canonical(str(answer.get("name"))) in hosts
        if is_ours and (change.imported_id is not None or _is_written(change, answer)):
            yield change, answer


def _is_written(change: Change, answer: Mapping[str, Any]) -> bool:
    keys = {*_ANSWERS, *_POLICIES, *(key for key in answer if key.endswith(_POLICY))}
    is_secret = change.action is not Action.NOTHING and any(is_hidden(change, key) for key in _ANSWERS)
    return is_secret or any(answer.get(key) != change.before.get(key) for key in keys)


def _problem(scene: Scene, change: Change, answer: Mapping[str, Any]) -> str | None:
    if any(is_hidden(change, key) for key in _ANSWERS):
        return "leads to what is secret"
    split = sorted(key for key in answer if (key.endswith(_POLICY) or key in _POLICIES) and answer[key])
    if split:
        return f"answers some clients otherwise ({', '.join(split)})"
    address = RecordAddress.parse(change.name)
    if address.purpose is Purpose.VALIDATION and change.name in scene.declared.names(former=False):
        is_right, where = _proves(change, answer), "ACM's proof of the name"
    elif address.purpose is Purpose.DELEGATION and change.name in scene.declared.names(former=False):
        is_right, where = _delegates(scene, change, answer, address.name), "the zone that is made here"
    elif answer.get("type") == "CNAME":
        is_right, where = _follows(scene, answer), "the primary host of its service"
    else:
        is_right, where = _is_alias(scene, change, answer), "the load balancer"
    return None if is_right else f"may not lead to {where}"


def _is_alias(scene: Scene, change: Change, answer: Mapping[str, Any]) -> bool:
    targets = answer.get("alias")
    if not isinstance(targets, list) or len(targets) != 1 or answer.get("records"):
        return False
    target = targets[0]
    if target is UNKNOWN:
        target = {"name": UNKNOWN, "zone_id": UNKNOWN}
    name = target.get("name")
    name = canonical(name).removeprefix(_IPV6_TOO) if isinstance(name, str) else name
    dns_name, zone = (scene.landmarks.of("load balancer", key) for key in ("dns_name", "zone_id"))
    lowered = (
        type(dns_name)(dns_name.address, canonical(dns_name.value)) if isinstance(dns_name.value, str) else dns_name
    )
    return leads_to(change, "alias", name, lowered) and leads_to(change, "alias", target.get("zone_id"), zone)


def _follows(scene: Scene, answer: Mapping[str, Any]) -> bool:
    host = canonical(str(answer.get("name")))
    owner = scene.declared.owners.get(host)
    hosts = scene.declared.hosts.get(owner or "", ())
    return bool(hosts) and _texts(answer.get("records")) == [hosts[0]]


def _proves(change: Change, answer: Mapping[str, Any]) -> bool:
    records = answer.get("records")
    if _unknown(records):
        return any(name.startswith("aws_acm_certificate.") for name in change.settings.get("records", ()))
    found = _texts(records)
    return bool(found) and all(name.endswith(_PROOFS) for name in found)


def _delegates(scene: Scene, change: Change, answer: Mapping[str, Any], zone: str) -> bool:
    address, records = f"{ZONE}.{host_address(zone)}", answer.get("records")
    servers = scene.landmarks.at(address, "name_servers")
    if _unknown(records):
        return leads_to(change, "records", UNKNOWN, servers)
    known = type(servers)(address, sorted(_texts(servers.value)))
    return bool(known.value) and leads_to(change, "records", sorted(_texts(records)), known)


def _unknown(records: Any) -> bool:
    return records is UNKNOWN or (isinstance(records, list) and UNKNOWN in records)


def _texts(values: Any) -> list[str]:
    return [canonical(str(value)) for value in values] if isinstance(values, list) else []


RULES = (_misled, _kept_long)
