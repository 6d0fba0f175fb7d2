"""What stands beside its successor: target groups and ports of ours that no state knows, and that nothing uses.

A change of a service's port and generation makes the new ones before the old ones go. Where it is cut off in between,
recovery takes the new ones, and the old ones are left.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from edge.aws.alb_semantics import covers_port
from edge.aws.survey.model import as_mapping, has_tags
from edge.aws.survey.reader import Reader
from environments import naming
from environments.text import listed


@dataclass(frozen=True, kw_only=True)
class OldGroup:
    """A target group whose successor stands; `kept_because` says why it has to stay, and is empty where it may go."""

    arn: str
    name: str
    service: str
    port: int
    kept_because: str = ""

    @property
    def thing(self) -> str:
        """What people call it."""
        return f"target group {self.name}"


@dataclass(frozen=True, kw_only=True)
class OldPort:
    """A security-group rule whose successor stands."""

    id: str
    group: str
    is_egress: bool
    ports: str

    @property
    def thing(self) -> str:
        """What people call it."""
        return f"security-group rule {self.id} for port {self.ports} in {self.group}"


def old_groups(reader: Reader, successors: Mapping[str, str], known: Collection[str]) -> list[OldGroup]:
    """Find target groups with our tags, and with an earlier or later generation's name of a service.

    `successors` gives, by service, the ARN of the target group that the state has, and `known` are all ARNs of the
    state's, those of replaced ones too. A service whose group the state does not have has no successor.
    """
    pages = reader.of_platform("elbv2").get_paginator("describe_target_groups").paginate()
    groups = {group["TargetGroupArn"]: group for page in pages for group in page["TargetGroups"]}
    unknown = [arn for arn, group in groups.items() if arn not in known and _service(reader, group)]
    tags = reader.tags_of_all(unknown) if unknown else {}
    attached = reader.attached_to_instances(reader.environment.autoscaling_group_name) if unknown else []
    return [
        _judged(groups[arn], service, attached)
        for arn in unknown
        if (service := _service(reader, groups[arn])) in successors and has_tags(tags[arn], _tags(reader, service))
    ]


def _service(reader: Reader, group: Mapping[str, Any]) -> str:
    """Say of which service a target group's name is, in any generation; empty where of none."""
    for service in reader.environment.services:
        first = naming.target_group_name(prefix=reader.environment.prefix, service=service)
        if re.fullmatch(rf"{re.escape(first)}(-\d+)?", group["TargetGroupName"]):
            return service
    return ""


def _tags(reader: Reader, service: str) -> dict[str, str]:
    return {**naming.default_tags(reader.environment.name), "Service": service}


def _judged(group: Mapping[str, Any], service: str, attached: Collection[str]) -> OldGroup:
    arn, name = group["TargetGroupArn"], group["TargetGroupName"]
    balancers = [balancer.partition("loadbalancer/app/")[2].partition("/")[0] for balancer in group["LoadBalancerArns"]]
    reason = ""
    if balancers:
        reason = f"{listed(balancers)} still forwards to it"
    elif arn in attached:
        reason = "the Auto Scaling group still registers its instances with it"
    return OldGroup(arn=arn, name=name, service=service, port=int(group["Port"]), kept_because=reason)


def old_ports(reader: Reader, known: Collection[Mapping[str, Any]], kept: Collection[OldGroup]) -> Iterator[OldPort]:
    """Find rules that are as those that the state knows, tags and description, in all but the port.

    `known` are the attributes of the state's rules; `kept` are the target groups that stay, with the ports by which
    they are reached.
    """
    groups = sorted({rule["security_group_id"] for rule in known if rule.get("security_group_id")})
    ids = {rule.get("id") for rule in known}
    for rule in reader.group_rules(groups) if groups else ():
        tags = as_mapping(rule.get("Tags"))
        service = tags.get("Service", "")
        successors = [other for other in known if _succeeds(other, rule) and _is_of(other, service)]
        in_use = any(group.service == service and covers_port(rule, group.port) for group in kept)
        is_ours = service in reader.environment.services and has_tags(tags, _tags(reader, service))
        if is_ours and rule["SecurityGroupRuleId"] not in ids and successors and not in_use:
            yield OldPort(
                id=rule["SecurityGroupRuleId"],
                group=rule["GroupId"],
                is_egress=rule["IsEgress"],
                ports="-".join(dict.fromkeys([str(rule["FromPort"]), str(rule["ToPort"])])),
            )


def _succeeds(known: Mapping[str, Any], rule: Mapping[str, Any]) -> bool:
    """Tell whether a rule of the state is as this one, in the same group and for the same peer."""
    if known.get("egress") != rule["IsEgress"]:
        return False
    same = {
        "security_group_id": rule["GroupId"],
        "description": rule.get("Description"),
        "referenced_security_group_id": rule.get("ReferencedGroupInfo", {}).get("GroupId"),
        "cidr_ipv4": rule.get("CidrIpv4"),
    }
    return all((known.get(name) or None) == (actual or None) for name, actual in same.items())


def _is_of(known: Mapping[str, Any], service: str) -> bool:
    return (known.get("tags_all") or {}).get("Service") == service
