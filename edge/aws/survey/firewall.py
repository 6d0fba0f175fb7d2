"""Security-group rules: found by what they let through, by which AWS knows a duplicate."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from edge.aws.survey.model import Found, Standing, Wanted, as_mapping, judged
from edge.aws.survey.reader import Reader

EGRESS, INGRESS = "aws_vpc_security_group_egress_rule", "aws_vpc_security_group_ingress_rule"


def security_group_rule(wanted: Wanted, reader: Reader) -> Iterator[Found]:
    """Find the rule that lets through what the wanted one would; AWS refuses a second, whatever its description.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_AuthorizeSecurityGroupIngress.html
    """
    group = wanted.values.get("security_group_id")
    if group is None:  # the group itself is yet to be made
        return
    for rule in reader.group_rules([group]):
        if rule["IsEgress"] == (wanted.type == EGRESS) and _actual(rule) == _expected(wanted.values):
            yield _judged(wanted, rule)


def _judged(wanted: Wanted, rule: Mapping[str, Any]) -> Found:
    description = rule.get("Description") or ""
    expected = wanted.values.get("description") or ""
    differences = [] if description == expected else [f'its description is "{description}", and not "{expected}"']
    ports = "-".join(dict.fromkeys([str(rule.get("FromPort")), str(rule.get("ToPort"))]))
    thing = f"security-group rule {rule['SecurityGroupRuleId']} for port {ports} in {rule['GroupId']}"
    tags = as_mapping(rule.get("Tags"))
    found = judged(
        wanted, import_id=rule["SecurityGroupRuleId"], thing=thing, tags=tags, differences=differences, fixed=[]
    )
    return found if found.ours else replace(found, reason=_reason(found, wanted, differences))


def _reason(found: Found, wanted: Wanted, differences: Sequence[str]) -> str:
    """Say why a port that stands open is not ours, and by which key of the file others keep it open."""
    service = wanted.tags.get("Service")
    key = f"services.{service}.opens_port" if service else "platform.opens_sign_in_port"
    kept = f"where its owner keeps it open, set {key} = false"
    if found.standing is Standing.ALIKE:
        return f"another tool opened it, just as the environment file would; {kept}, or take it over with `edge adopt`"
    return f"{'; '.join(differences)}; remove it, or {kept}"


def _actual(rule: Mapping[str, Any]) -> tuple[Any, ...]:
    ports = (None, None) if rule["IpProtocol"] == "-1" else (rule.get("FromPort"), rule.get("ToPort"))
    referenced = rule.get("ReferencedGroupInfo", {}).get("GroupId")
    return rule["IpProtocol"], *ports, referenced, rule.get("CidrIpv4"), rule.get("CidrIpv6"), rule.get("PrefixListId")


def _expected(values: Mapping[str, Any]) -> tuple[Any, ...]:
    names = ("ip_protocol", "from_port", "to_port", "referenced_security_group_id")
    return tuple(values.get(name) for name in (*names, "cidr_ipv4", "cidr_ipv6", "prefix_list_id"))
