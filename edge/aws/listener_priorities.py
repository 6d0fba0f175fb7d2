"""Which priorities of an environment are taken on the live listener, by others or by a service that moves away.

AWS changes the priority of one rule at a time and answers PriorityInUse while another rule has it, so a swap of two
services cannot work in one apply: https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_SetRulePriorities.html
(Terraform sets each rule's alone). Found here, it is refused before a plan, with the two steps that work.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from edge.aws.alb_semantics import values
from edge.aws.sessions import ClientOf
from edge.aws.survey.reader import Reader
from environments.aws_limits import PRIORITY_MAX
from environments.checked import Environment
from environments.faults import Fault, dotted
from environments.rules import routing


@dataclass(frozen=True)
class LiveRule:
    """A rule that stands on the listener: its hosts and paths, and the service of this environment on its tags."""

    hosts: tuple[str, ...]
    service: str | None
    paths: tuple[str, ...] = ()
    arn: str = field(default="", compare=False)


def live_rules(environment: Environment, client_of: ClientOf) -> dict[int, LiveRule]:
    """Read the rules of the environment's HTTPS listener by their priorities; none where there is no such listener.

    Raises botocore's errors.
    """
    reader = Reader(environment, client_of)
    standing = reader.rules(reader.https_listener) if reader.https_listener else []
    rules = {rule["RuleArn"]: rule for rule in standing}
    tags = reader.tags_of_all(list(rules))
    return {
        int(rule["Priority"]): LiveRule(
            hosts=values(rule, "host-header"),
            paths=values(rule, "path-pattern"),
            service=_service(tags.get(arn, {}), environment),
            arn=arn,
        )
        for arn, rule in rules.items()
    }


def faults(environment: Environment, live: Mapping[int, LiveRule], file: str) -> list[Fault]:
    """Find the services whose priority another rule holds, with what to do first; two that swap are reported once."""
    found: dict[frozenset[str], Fault] = {}
    for name, service in environment.services.items():
        for priority in service.priorities:
            rule = live.get(priority)
            if rule is not None and rule.service != name and rule.arn not in environment.imports.values():
                holder, remedy = _holder_and_remedy(environment, live, name, rule)
                problem = f"{priority} is held on {environment.load_balancer_name} by {holder}; {remedy}"
                pair = frozenset({name, rule.service or str(priority)})
                found.setdefault(pair, Fault(file, dotted("services", name, "priority"), problem))
    return list(found.values())


def _holder_and_remedy(
    environment: Environment, live: Mapping[int, LiveRule], name: str, rule: LiveRule
) -> tuple[str, str]:
    if rule.service is None:
        takes = (", ".join(rule.hosts) or "no host") + (f" at {', '.join(rule.paths)}" if rule.paths else "")
        made_by_another = f"a rule that this environment did not make, for {takes}"
        service = environment.services[name]
        if rule.hosts and set(rule.hosts) <= set(service.hosts) and set(rule.paths) <= set(service.paths):
            return made_by_another, f"take it over with `edge adopt {environment.name}`, or choose a free one"
        (free,) = _free(environment, live, [name])
        return made_by_another, f"choose a free one, such as {free}"
    holder = f"services.{rule.service}, and AWS moves one rule at a time"
    return holder, f"first {_first_step(environment, live, name, rule.service)}, and deploy; then deploy this file"


def _first_step(environment: Environment, live: Mapping[int, LiveRule], name: str, other: str) -> str:
    """Say what to deploy first, so that `other` has left a priority before `name` takes it."""
    if other not in environment.services:
        return f"leave services.{name} as it is deployed, remove services.{other}"
    holders = {live[priority].service for priority in environment.services[other].priorities if priority in live}
    if holders <= {other}:
        return f"leave services.{name} as it is deployed, change services.{other}"
    # In a swap each waits for the other. One moved aside would still meet the other on its way.
    free, also_free = _free(environment, live, [name, other])
    return f"give services.{name} and services.{other} free ones, such as {free} and {also_free}"


def _free(environment: Environment, live: Mapping[int, LiveRule], names: Sequence[str]) -> list[int]:
    """Find a priority for each service that no rule has, live or in the file, and at which no host is shadowed."""
    services = dict(environment.services)
    for name in names:
        for priority in _nearby(services[name].priority):
            moved = services[name].model_copy(update={"priority": priority})
            wanted = environment.model_copy(update={"services": services | {name: moved}})
            taken = not live.keys().isdisjoint(moved.priorities)
            if not taken and not any(True for rule in routing.RULES for _ in rule(wanted)):
                services[name] = moved
                break
    return [services[name].priority for name in names]


def _nearby(priority: int) -> Iterator[int]:
    """Go over the priorities around one, the nearest first."""
    for distance in range(1, PRIORITY_MAX):
        yield from (near for near in (priority + distance, priority - distance) if 1 <= near <= PRIORITY_MAX)


def _service(tags: Mapping[str, str], environment: Environment) -> str | None:
    """Give the service that a rule's tags name, under its present name; None for a rule of somebody else."""
    if tags.get("Environment") != environment.name:
        return None
    former = {service.renamed_from: name for name, service in environment.services.items()}
    name = tags.get("Service")
    return former.get(name, name)
