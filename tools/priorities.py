"""Which priorities of an environment are taken on the live listener, by others or by a service that moves away.

AWS changes the priority of one rule at a time and answers PriorityInUse while another rule has it, so a swap of two
services cannot work in one apply: https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_SetRulePriorities.html
(Terraform sets each rule's alone). Found here, it is refused before a plan, with the two steps that work.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from environments.faults import Fault, dotted
from environments.limits import PRIORITY_MAX
from environments.schema import Environment

_HTTPS_PORT = 443
_TAGS_AT_ONCE = 20  # https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_DescribeTags.html


@dataclass(frozen=True)
class LiveRule:
    """A rule that stands on the listener: its hosts, and the service of this environment that it is tagged with."""

    hosts: tuple[str, ...]
    service: str | None


def live_rules(environment: Environment, client_of: Callable[[str, str, str], Any]) -> dict[int, LiveRule]:
    """Read the rules of the environment's HTTPS listener by their priorities; none where there is no such listener.

    Raises botocore's errors.
    """
    elbv2 = client_of("elbv2", environment.accounts[environment.platform.account].id, environment.region)
    standing = _rules(elbv2, environment.load_balancer_name)
    rules = {rule["RuleArn"]: rule for rule in standing if rule["Priority"] != "default"}
    tags = dict(_tags(elbv2, list(rules)))
    return {
        int(rule["Priority"]): LiveRule(_hosts(rule), _service(tags.get(arn, {}), environment))
        for arn, rule in rules.items()
    }


def faults(environment: Environment, live: Mapping[int, LiveRule], file: str) -> list[Fault]:
    """Find the services whose priority another rule holds, with what to do first; two that swap are told once."""
    found: dict[frozenset[str], Fault] = {}
    for name, service in environment.services.items():
        for priority in service.priorities:
            rule = live.get(priority)
            if rule is not None and rule.service != name:
                holder, remedy = _holder_and_remedy(environment, live, name, rule)
                problem = f"{priority} is held on {environment.load_balancer_name} by {holder}; {remedy}"
                pair = frozenset({name, rule.service or str(priority)})
                found.setdefault(pair, Fault(file, dotted("services", name, "priority"), problem))
    return list(found.values())


def _holder_and_remedy(
    environment: Environment, live: Mapping[int, LiveRule], name: str, rule: LiveRule
) -> tuple[str, str]:
    if rule.service is None:
        hosts = ", ".join(rule.hosts) or "no host"
        holder = f"a rule that this environment did not make, for {hosts}"
        return holder, f"choose a free one, such as {_free(environment, live, name)}"
    holder = f"services.{rule.service}, and AWS moves one rule at a time"
    first = f"first leave services.{name} as it is deployed, "
    if rule.service not in environment.services:
        return holder, f"{first}deploy the removal of services.{rule.service}, then deploy this file"
    free = _free(environment, live, rule.service)
    return holder, f"{first}give services.{rule.service} a free one, such as {free}, and deploy; then deploy this file"


def _free(environment: Environment, live: Mapping[int, LiveRule], name: str) -> int:
    """Find the lowest priority from the service's own on that is free, live and in the file, and shadows nothing."""
    service = environment.services[name]
    wanted = {each for other in environment.services.values() for each in other.priorities}
    for priority in range(service.priority + 1, PRIORITY_MAX + 1):
        moved = service.model_copy(update={"priority": priority})
        if wanted.isdisjoint(moved.priorities) and live.keys().isdisjoint(moved.priorities):
            return priority
    return service.priority


def _rules(elbv2: Any, load_balancer: str) -> Iterator[Mapping[str, Any]]:
    pages = elbv2.get_paginator("describe_load_balancers").paginate()
    arns = [
        each["LoadBalancerArn"]
        for page in pages
        for each in page["LoadBalancers"]
        if each["LoadBalancerName"] == load_balancer
    ]
    for arn in arns:
        for listener in elbv2.describe_listeners(LoadBalancerArn=arn)["Listeners"]:
            if listener["Port"] == _HTTPS_PORT:
                for page in elbv2.get_paginator("describe_rules").paginate(ListenerArn=listener["ListenerArn"]):
                    yield from page["Rules"]


def _tags(elbv2: Any, arns: Sequence[str]) -> Iterator[tuple[str, dict[str, str]]]:
    for start in range(0, len(arns), _TAGS_AT_ONCE):
        answer = elbv2.describe_tags(ResourceArns=arns[start : start + _TAGS_AT_ONCE])
        for each in answer["TagDescriptions"]:
            yield each["ResourceArn"], {tag["Key"]: tag["Value"] for tag in each["Tags"]}


def _hosts(rule: Mapping[str, Any]) -> tuple[str, ...]:
    conditions = rule["Conditions"]
    return tuple(
        value for each in conditions for value in each.get("HostHeaderConfig", {}).get("Values", each.get("Values", []))
    )


def _service(tags: Mapping[str, str], environment: Environment) -> str | None:
    """Give the service that a rule's tags name, under its present name; None for a rule of somebody else."""
    if tags.get("Environment") != environment.name:
        return None
    former = {service.renamed_from: name for name, service in environment.services.items()}
    name = tags.get("Service")
    return former.get(name, name)
