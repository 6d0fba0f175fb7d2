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


def rule_answers(rule: Mapping[str, Any], *, host: str, path: str, method: str = "GET") -> bool:
    """Tell whether all conditions of a rule hold for a request; hosts compare without regard to case, paths with it.

    Raises ValueError for a condition that is none of host, path and method.
    """
    asked = {"host-header": host.lower(), "path-pattern": path, "http-request-method": method}
    for condition in rule["Conditions"]:
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
    """Tell whether a rule has a condition on anything but host, path and method, such as a header or an address."""
    return any(condition["Field"] not in _FIELDS for condition in rule["Conditions"])


def forwards_to(actions: Iterable[Mapping[str, Any]]) -> str | None:
    """Give the ARN of the target group to which a rule's actions forward, the heaviest one, or None."""
    for action in actions:
        if action["Type"] == "forward":
            if action.get("TargetGroupArn"):
                return str(action["TargetGroupArn"])
            groups = action["ForwardConfig"]["TargetGroups"]
            return str(max(groups, key=lambda group: group.get("Weight", 1))["TargetGroupArn"])
    return None


def lets_through(
    rules: Iterable[Mapping[str, Any]], *, egress: bool, port: int, groups: Collection[str] = (), address: str
) -> bool:
    """Tell whether security-group rules let TCP through on a port, to or from a peer with an address and groups.

    https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html: rules only allow, and any one is enough.
    """
    return any(
        rule["IsEgress"] == egress and _covers_port(rule, port) and _covers_peer(rule, groups, address)
        for rule in rules
    )


def _covers_port(rule: Mapping[str, Any], port: int) -> bool:
    if rule["IpProtocol"] == "-1":
        return True
    return rule["IpProtocol"] in {"tcp", "6"} and rule["FromPort"] <= port <= rule["ToPort"]


def _covers_peer(rule: Mapping[str, Any], groups: Collection[str], address: str) -> bool:
    network = rule.get("CidrIpv4")
    if network and ip_address(address) in ip_network(network):
        return True
    return rule.get("ReferencedGroupInfo", {}).get("GroupId") in groups
