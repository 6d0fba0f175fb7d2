"""Reading the neighbours, each part by itself: where AWS does not answer for one, the others are known all the same."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from edge.aws import alb_semantics
from edge.aws.errors import plain
from edge.aws.neighbours import quotas, zones
from edge.aws.neighbours.model import ForeignGroupRule, ForeignRule, Neighbours, Part, SharedProof
from edge.aws.ordinary_clients import meets_ordinary_clients
from edge.aws.survey.proofs import proof_of
from edge.aws.survey.reader import HTTPS_PORT, Reader

# Tags by which a tool says that it made something, with what people call that: the first that is there counts.
# https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-properties-resource-tags.html
# https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/guide/ingress/annotations/ (tracking tags)
_MAKERS = {
    "aws:cloudformation:stack-name": "the CloudFormation stack {}",
    "elbv2.k8s.aws/cluster": "the Kubernetes cluster {}",
    "Environment": "the environment {}",
}


@dataclass(frozen=True, kw_only=True)
class Ours:
    """What the environment's own things are, by their ids, and which shared ones it adds to.

    `ids` are the ARNs of rules, certificates and target groups, and the ids of security-group rules. `groups` are the
    ids of security groups, `autoscaling_groups` names. `leaving_proofs` are the domains whose validation records go.
    """

    ids: frozenset[str]
    groups: tuple[str, ...]
    autoscaling_groups: tuple[str, ...]
    leaving_proofs: tuple[str, ...] = ()


def neighbours(reader: Reader, ours: Ours) -> Neighbours:
    """Read all that is not ours on what the environment shares."""
    found: dict[str, Any] = {}
    unasked: dict[Part, str] = {}
    parts: Mapping[Part, Callable[[Reader, Ours], dict[str, Any]]] = {
        Part.LISTENERS: _listeners,
        Part.INSTANCES: _instances,
        Part.GROUPS: _groups,
        Part.PROOFS: _proofs,
        Part.REGIONS: _regions,
        Part.ZONES: lambda reader, _: zones.read(reader),
        Part.QUOTAS: lambda reader, _: quotas.read(reader),
    }
    for part, read in parts.items():
        try:
            answer = read(reader, ours)
            unasked |= answer.pop("unasked", {})
            found |= answer
        except (BotoCoreError, ClientError) as error:
            unasked[part] = plain(error)
    return Neighbours(**found, unasked=unasked)


def _listeners(reader: Reader, ours: Ours) -> dict[str, Any]:
    if reader.load_balancer is None:
        return {}
    foreign = {
        port: [rule for rule in reader.rules(arn) if rule["RuleArn"] not in ours.ids]
        for port, arn in reader.listeners.items()
    }
    https = foreign.get(HTTPS_PORT, [])
    tags = reader.tags_of_all([rule["RuleArn"] for rule in https])
    certificates = {arn for listener in reader.listeners.values() for arn in reader.attached(listener)}
    return {
        "rules": tuple(foreign_rule(rule, tags.get(rule["RuleArn"], {})) for rule in https),
        "rule_arns": tuple(sorted(rule["RuleArn"] for rules in foreign.values() for rule in rules)),
        "certificates": tuple(sorted(certificates - ours.ids)),
        "target_groups": tuple(sorted(set(reader.target_groups_of(reader.load_balancer)) - ours.ids)),
    }


def foreign_rule(rule: Mapping[str, Any], tags: Mapping[str, str]) -> ForeignRule:
    """Make a value of a rule as Elastic Load Balancing describes it, and of its tags."""
    return ForeignRule(
        arn=rule["RuleArn"],
        priority=int(rule["Priority"]),
        hosts=tuple(host.lower() for host in alb_semantics.values(rule, "host-header")),
        paths=alb_semantics.values(rule, "path-pattern"),
        methods=alb_semantics.values(rule, "http-request-method"),
        asks_more=alb_semantics.needs_more(rule),
        meets_ordinary=not alb_semantics.has_regex(rule) and meets_ordinary_clients(rule),
        target=_target(rule),
        made_by=next((shown.format(tags[tag]) for tag, shown in _MAKERS.items() if tags.get(tag)), ""),
    )


def _target(rule: Mapping[str, Any]) -> str:
    arn = alb_semantics.forwards_to(rule["Actions"])
    if arn is not None:
        return f"the target group {alb_semantics.name_of_group(arn)}"
    last = max(rule["Actions"], key=lambda action: int(action.get("Order", 0)))
    return f"an answer of its own ({last['Type']})"


def _instances(reader: Reader, ours: Ours) -> dict[str, Any]:
    attached = {name: reader.attached_to_instances(name) for name in ours.autoscaling_groups}
    return {"attached": {name: tuple(sorted(set(arns) - ours.ids)) for name, arns in attached.items()}}


def _proofs(reader: Reader, ours: Ours) -> dict[str, Any]:
    return {"proofs": _shared(reader.certificates, ours) if ours.leaving_proofs else ()}


def _regions(reader: Reader, ours: Ours) -> dict[str, Any]:
    """Read the same in the account's further regions; of those that do not answer it is open."""
    if not ours.leaving_proofs:
        return {}
    found = {"proofs_elsewhere": _shared(reader.elsewhere.certificates, ours)}
    return found | ({"unasked": {Part.REGIONS: reader.elsewhere.unasked}} if reader.elsewhere.unasked else {})


def _shared(certificates: Iterable[Mapping[str, Any]], ours: Ours) -> tuple[SharedProof, ...]:
    """Find the certificates of others over domains whose validation records go: ACM could not renew them any more.

    One that was imported, or proven by mail, rests on no record.
    """
    found: dict[tuple[str, str], SharedProof] = {}
    for certificate in certificates:
        arn = certificate["CertificateArn"]
        users = tuple(sorted(user.rpartition(":")[2] for user in certificate.get("InUseBy", ())))
        for domain in ours.leaving_proofs:
            if arn not in ours.ids and proof_of(domain, [certificate]):
                found[domain, arn] = SharedProof(domain=domain, certificate=arn, users=users)
    return tuple(found[key] for key in sorted(found))


def _groups(reader: Reader, ours: Ours) -> dict[str, Any]:
    rules = reader.group_rules(ours.groups) if ours.groups else []
    foreign = [rule for rule in rules if rule["SecurityGroupRuleId"] not in ours.ids]
    return {
        "group_rules": tuple(
            ForeignGroupRule(
                id=rule["SecurityGroupRuleId"],
                group=rule["GroupId"],
                is_egress=rule["IsEgress"],
                ipv4=not rule.get("CidrIpv6"),
                ipv6=not rule.get("CidrIpv4"),
                prefix_list=rule.get("PrefixListId") or "",
            )
            for rule in sorted(foreign, key=lambda rule: str(rule["SecurityGroupRuleId"]))
        )
    }
