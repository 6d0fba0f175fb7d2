"""DNS records: found by zone, name and type; ours by equal content alone, since a record carries no tags."""

from collections.abc import Iterator, Mapping
from typing import Any

from edge.aws.survey.model import Found, Standing, Wanted
from edge.aws.survey.proofs import others_resting_on, proof
from edge.aws.survey.reader import Reader
from environments.dns_names import base_name, canonical
from environments.text import listed

# Clients with IPv6 ask for AAAA too, and browsers for HTTPS (RFC 9460 section 3): these lead them past our A record.
_LEADING_SOME = {"AAAA": "clients with IPv6", "HTTPS": "browsers"}
_BESIDE_CNAME = {"NSEC", "RRSIG"}  # RFC 4035 section 2.5: all that may stand beside a CNAME


def record(wanted: Wanted, reader: Reader) -> Iterator[Found]:
    """Find what stands at a wanted record's name: the same record, another one of its type, or one that excludes it."""
    zone_id = wanted.values.get("zone_id")
    content = _expected(wanted, reader)
    if zone_id is None or content is None:
        return
    name, values = content
    kind = wanted.values["type"]
    is_alone = kind == "A" and not reader.environment.platform.is_dualstack
    for standing in reader.records(wanted.account, zone_id, name):
        if standing["Type"] == kind:
            yield _same_type(wanted, standing, reader, name=name, values=values)
        elif is_alone and standing["Type"] in _LEADING_SOME and _values(standing) != values:
            yield _leading_some(wanted, standing, name=name)
        elif "CNAME" in {kind, standing["Type"]} and standing["Type"] not in _BESIDE_CNAME:
            yield _excluding(wanted, standing, name=name)


def _same_type(
    wanted: Wanted, standing: Mapping[str, Any], reader: Reader, *, name: str, values: frozenset[str]
) -> Found:
    kind = wanted.values["type"]
    actual = _values(standing)
    identifier = f"{wanted.values['zone_id']}_{name}_{kind}"
    thing = f"record {kind} {canonical(name)}"
    problems = []
    if actual != values:
        problems.append(f"it leads to {_shown(actual)}, and {_shown(values)} is wanted")
    if standing.get("SetIdentifier"):
        problems.append("it is one of several that a routing policy chooses from")
    if problems:
        reason = f"{'; '.join(problems)}; remove it, or change the environment file to what stands"
        return Found(wanted=wanted, import_id=identifier, thing=thing, standing=Standing.IN_THE_WAY, reason=reason)
    if differences := _beside_the_values(wanted, standing):
        reason = f"{'; '.join(differences)}; take it over with `edge adopt`, which changes that"
        return Found(wanted=wanted, import_id=identifier, thing=thing, standing=Standing.ALIKE, reason=reason)
    if wanted.domain is not None and (others := others_resting_on(wanted.domain, reader)):
        reason = (
            f"it proves {base_name(wanted.domain)} to ACM for {listed(others)}, and ACM wants this same record for "
            "every certificate of the account over that name or its wildcard; take it over with `edge adopt`"
        )
        return Found(wanted=wanted, import_id=identifier, thing=thing, standing=Standing.ALIKE, reason=reason)
    return Found(wanted=wanted, import_id=identifier, thing=thing, standing=Standing.OURS)


def _beside_the_values(wanted: Wanted, standing: Mapping[str, Any]) -> list[str]:
    """Say what a record has otherwise than wanted that leads nobody elsewhere."""
    alias = standing.get("AliasTarget", {})
    target: Mapping[str, Any] = next(iter(wanted.values.get("alias") or ()), {})
    pairs = {
        "TTL": (standing.get("TTL"), wanted.values.get("ttl") or None),  # a state writes 0 for an alias
        "evaluation of the target's health": (
            alias.get("EvaluateTargetHealth"),
            target.get("evaluate_target_health"),
        ),
    }
    return [
        f"its {what} is {actual}, and {expected} is wanted"
        for what, (actual, expected) in pairs.items()
        if actual != expected
    ]


def _leading_some(wanted: Wanted, standing: Mapping[str, Any], *, name: str) -> Found:
    who, kind = _LEADING_SOME[standing["Type"]], standing["Type"]
    reason = f"it leads {who} elsewhere, to {_shown(_values(standing))}; remove it, or choose another host"
    thing = f"record {kind} {canonical(name)}"
    return Found(wanted=wanted, import_id="", thing=thing, standing=Standing.IN_THE_WAY, reason=reason)


def _excluding(wanted: Wanted, standing: Mapping[str, Any], *, name: str) -> Found:
    kind, other = wanted.values["type"], standing["Type"]
    reason = f"DNS allows no {kind} beside it (RFC 1034 section 3.6.2); remove it, or choose another host"
    thing = f"record {other} {canonical(name)}"
    return Found(wanted=wanted, import_id="", thing=thing, standing=Standing.IN_THE_WAY, reason=reason)


def _expected(wanted: Wanted, reader: Reader) -> tuple[str, frozenset[str]] | None:
    """Give a wanted record's name and values; of a validation record as any certificate over its domain tells them."""
    values = wanted.values
    if wanted.domain is not None:
        found = proof(wanted, wanted.domain, reader)
        return None if found is None else (found.name, frozenset({canonical(found.value)}))
    if values.get("name") is None:
        return None
    alias = [canonical_alias(target["name"]) for target in values.get("alias") or () if target.get("name")]
    return values["name"], frozenset(alias or (canonical(value) for value in values.get("records") or ()))


def _values(standing: Mapping[str, Any]) -> frozenset[str]:
    alias = standing.get("AliasTarget")
    if alias:
        return frozenset({canonical_alias(alias["DNSName"])})
    return frozenset(canonical(entry["Value"]) for entry in standing.get("ResourceRecords", ()))


def canonical_alias(name: str) -> str:
    """Write an alias's target as it compares: the console adds `dualstack.` before a load balancer's name.

    https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resource-record-sets-values-alias.html
    """
    return canonical(name).removeprefix("dualstack.")


def _shown(values: frozenset[str]) -> str:
    return ", ".join(sorted(values)) or "nothing"
