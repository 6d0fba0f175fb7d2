"""What a load balancer and security groups do with traffic, as pure questions about what their APIs answer."""

from collections.abc import Collection, Iterable, Mapping
from ipaddress import ip_address, ip_network
from typing import Any

from environments.patterns import takes

_FIELDS = {
    "host-header": "HostHeaderConfig",
    "path-pattern": "PathPatternConfig",
    "http-request-method": "HttpRequestMethodConfig",
}
_EVERY_SOURCE = {"0.0.0.0/0", "::/0"}


def rule_answers(rule: Mapping[str, Any], *, host: str, path: str, method: str = "GET") -> bool:
    """Tell whether all conditions of a rule hold for a request; hosts compare without regard to case, paths with it.

    A condition on the client's address that takes every one is passed over. Raises ValueError for any other condition
    that is none of host, path and method.
    """
    asked = {"host-header": host.lower(), "path-pattern": path, "http-request-method": method}
    for condition in filter(_narrows, rule["Conditions"]):
        field = condition["Field"]
        if field not in asked:
            message = f"a listener rule has a condition on {field}, which is not known here"
            raise ValueError(message)
        values = condition.get(_FIELDS[field], {}).get("Values") or condition.get("Values", [])
        if not takes([value.lower() for value in values] if field == "host-header" else values, asked[field]):
            return False
    return True


def values(rule: Mapping[str, Any], field: str) -> tuple[str, ...]:
    """List what a rule's conditions on one field take; one that was made the older way has `Values` alone."""
    return tuple(
        value
        for condition in rule["Conditions"]
        if condition["Field"] == field
        for value in condition.get(_FIELDS[field], {}).get("Values") or condition.get("Values", [])
    )


def needs_more(rule: Mapping[str, Any]) -> bool:
    """Tell whether a rule leaves out requests by more than host, path and method: a header, an address, a regex."""
    further = (condition["Field"] not in _FIELDS and _narrows(condition) for condition in rule["Conditions"])
    return has_regex(rule) or any(further)


def has_regex(rule: Mapping[str, Any]) -> bool:
    """Tell whether a condition takes what fits a regular expression, which is not read here.

    https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_RuleCondition.html (RegexValues)
    """
    return any(map(_looks_for_a_regex, rule["Conditions"]))


def _looks_for_a_regex(condition: Mapping[str, Any]) -> bool:
    configs = [part for part in condition.values() if isinstance(part, dict)]
    return any(part.get("RegexValues") for part in (condition, *configs))


def _narrows(condition: Mapping[str, Any]) -> bool:
    """Tell whether a condition leaves anything out: one on the client's address may take every address."""
    if condition["Field"] != "source-ip":
        return True
    return _EVERY_SOURCE.isdisjoint(condition.get("SourceIpConfig", {}).get("Values", ()))


def forwards_to(actions: Iterable[Mapping[str, Any]]) -> str | None:
    """Give the ARN of the target group to which a rule's actions forward, the heaviest one, or None."""
    for action in actions:
        if action["Type"] == "forward":
            if action.get("TargetGroupArn"):
                return str(action["TargetGroupArn"])
            groups = action["ForwardConfig"]["TargetGroups"]
            return str(max(groups, key=lambda group: group.get("Weight", 1))["TargetGroupArn"])
    return None


def targets(actions: Iterable[Mapping[str, Any]]) -> frozenset[str]:
    """List the ARNs of all target groups that actions name, also of those that get no request by their weight."""
    named = [action for action in actions if action["Type"] == "forward"]
    weighted = [group for action in named for group in action.get("ForwardConfig", {}).get("TargetGroups", ())]
    return frozenset(str(one["TargetGroupArn"]) for one in (*named, *weighted) if one.get("TargetGroupArn"))


def shares(actions: Iterable[Mapping[str, Any]]) -> dict[str, float]:
    """Give the share of requests, in percent, that a rule's actions forward to each target group that gets any.

    https://docs.aws.amazon.com/elasticloadbalancing/latest/application/rule-action-types.html (weighted target groups)
    """
    for action in actions:
        if action["Type"] == "forward":
            groups = action.get("ForwardConfig", {}).get("TargetGroups") or [action]
            weights = {str(group["TargetGroupArn"]): int(group.get("Weight", 1)) for group in groups}
            total = sum(weights.values())
            return {arn: 100 * weight / total for arn, weight in weights.items() if weight}
    return {}


def name_of_group(arn: str) -> str:
    """Read a target group's name from its ARN."""
    return arn.partition("targetgroup/")[2].partition("/")[0]


def lets_through(
    rules: Iterable[Mapping[str, Any]], *, egress: bool, port: int, groups: Collection[str] = (), address: str
) -> bool:
    """Tell whether security-group rules let TCP through on a port, to or from a peer with an address and groups.

    https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html: rules only allow, and any one is enough.
    """
    return any(
        rule["IsEgress"] == egress and covers_port(rule, port) and _covers_peer(rule, groups, address) for rule in rules
    )


def covers_port(rule: Mapping[str, Any], port: int) -> bool:
    """Tell whether a security-group rule is about a TCP port."""
    if rule["IpProtocol"] == "-1":
        return True
    return rule["IpProtocol"] in {"tcp", "6"} and rule["FromPort"] <= port <= rule["ToPort"]


def _covers_peer(rule: Mapping[str, Any], groups: Collection[str], address: str) -> bool:
    network = rule.get("CidrIpv4")
    if network and ip_address(address) in ip_network(network):
        return True
    return rule.get("ReferencedGroupInfo", {}).get("GroupId") in groups
