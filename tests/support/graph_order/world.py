"""What stands between two steps, and whether a request for a host would be answered: the sampler's question, modelled.

Names resolve as in DNS, wildcards and names that exist only by what is below them (RFC 4592 sections 2.2.2 and 4.3.2)
among them.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any

from environments.addresses import Purpose, RecordAddress
from tests.support.graph_order.order import Configuration, Resource, Step
from tests.support.sampler import covers

BALANCER = "(the load balancer)"
RECORD, RULE, ATTACHMENT = "aws_route53_record", "aws_lb_listener_rule", "aws_lb_listener_certificate"
_OF_A_SERVICE = ("aws_lb_target_group", "aws_autoscaling_attachment")
_MAX_CHAIN = 8


@dataclass
class World:
    """The resources that stand, by type and name; a listener certificate with the names that it covers."""

    standing: dict[Resource, Any] = field(default_factory=dict)
    replaced: dict[Resource, Any] = field(default_factory=dict)

    def take(self, step: Step, configuration: Configuration) -> None:
        """Do one step of an apply of a configuration."""
        if step.is_removal:
            (self.replaced if step.is_of_a_replacement else self.standing).pop(step.resource, None)
            return
        if step.resource in self.standing:
            self.replaced[step.resource] = self.standing[step.resource]
        kind, name = step.resource
        body = configuration["resource"][kind][name]
        self.standing[step.resource] = names_on(name, configuration) if kind == ATTACHMENT else body

    def faults(self, host: str) -> Iterator[str]:
        """Say what a request for a host meets that it should not."""
        if not (led := self.leads(host)):
            yield f"{host}: does not resolve"
        elif led != BALANCER:
            yield f"{host}: leads to {led}, which does not resolve"
        yield from self.serving_faults(host)

    def serving_faults(self, host: str) -> Iterator[str]:
        """Say what the load balancer does not do for a host."""
        attached = [
            *self._all(ATTACHMENT).values(),
            *(body for key, body in self.replaced.items() if key[0] == ATTACHMENT),
        ]
        if not any(covers(name, host) for names in attached for name in names):
            yield f"{host}: no certificate covers it"
        rules = sorted(self._all(RULE).items(), key=lambda item: int(item[1]["priority"]))
        taken_by = next((name for name, rule in rules if _takes(rule, host)), None)
        if taken_by is None:
            yield f"{host}: no listener rule takes it"
        elif missing := [kind for kind in _OF_A_SERVICE if (kind, taken_by.partition("_")[0]) not in self.standing]:
            yield f"{host}: its rule has no {missing[0]}"

    def is_proven(self, host: str) -> bool:
        """Say whether a host's validation record stands."""
        return (RECORD, str(RecordAddress(host.removeprefix("*."), Purpose.VALIDATION))) in self.standing

    def leads(self, host: str) -> str | None:
        """Follow a name to the load balancer, or to the name that does not resolve; None where that is the first."""
        records = {_owner(name): body for name, body in self._all(RECORD).items()}
        name, last = host, None
        for _ in range(_MAX_CHAIN):
            body = _answer(name, records)
            if body is None:
                return last
            if "alias" in body:
                return BALANCER
            name = last = body["records"][0]
        return last

    def _all(self, kind: str) -> Mapping[str, Any]:
        return {name: body for (found, name), body in self.standing.items() if found == kind}


def names_on(service: str, configuration: Configuration) -> tuple[str, ...]:
    """Give the names on a service's certificate."""
    request = configuration["resource"]["aws_acm_certificate"][service]
    return (request["domain_name"], *request["subject_alternative_names"])


def _owner(address: str) -> str:
    record = RecordAddress.parse(address)
    return f"_proof.{record.name}" if record.purpose is Purpose.VALIDATION else record.name


def _answer(name: str, records: Mapping[str, Any]) -> Any:
    """Find what answers for a name: its own record, or else that of the wildcard below its closest encloser."""
    existing = {above for owner in records for above in _with_parents(owner)}
    if name in existing:
        return records.get(name)
    encloser = next((above for above in _with_parents(name) if above in existing), "")
    return records.get(f"*.{encloser}")


def _with_parents(name: str) -> Iterator[str]:
    labels = name.split(".")
    return (".".join(labels[number:]) for number in range(len(labels)))


def _takes(rule: Mapping[str, Any], host: str) -> bool:
    hosts = [value for part in rule["condition"] for value in part.get("host_header", {}).get("values", ())]
    paths = [value for part in rule["condition"] for value in part.get("path_pattern", {}).get("values", ())]
    return any(fnmatchcase(host, value) for value in hosts) and (not paths or any(fnmatchcase("/", p) for p in paths))
