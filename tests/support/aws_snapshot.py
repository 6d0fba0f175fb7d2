"""One reading of what decides whether a host is served: rules, certificates, targets, firewall and records, by API.

Several calls are no snapshot. `Reader.read` therefore asks for what an apply switches, the `Path`, before and after all
else, and gives None where it changed meanwhile: a reading that mixes two moments could blame a change for nothing.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from embedded_aws.process import LocalAws
from environments.checked import Environment

HTTPS = 443


@dataclass(frozen=True)
class Rule:
    """One listener rule: what it takes, every path where it has none, and the target group that it forwards to."""

    hosts: tuple[str, ...]
    target_group: str
    paths: tuple[str, ...] = ()


@dataclass(frozen=True)
class Path:
    """What an apply switches: rules in the order in which they are asked, certificates, and target groups' ports."""

    rules: tuple[Rule, ...]
    certificates: tuple[str, ...]
    ports: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Reading:
    """What the accounts held at one moment.

    `names` are those of each issued certificate on the listener; `groups` the security groups of the healthy targets
    of each target group; `open_ports` what a group lets out to another (True) or in from it (False); `records` the
    values of each name in its zone, and `existing` every name that has records of any type, or names below it.
    """

    path: Path
    balancer: str
    balancer_groups: frozenset[str]
    names: tuple[tuple[str, ...], ...]
    groups: Mapping[str, tuple[frozenset[str], ...]]
    open_ports: frozenset[tuple[bool, str, str, int, int]]
    records: Mapping[tuple[str, str], tuple[str, ...]]
    existing: frozenset[tuple[str, str]]
    zones: frozenset[str]


class Reader:
    """Reads the accounts of one environment; what an apply never changes is asked once, at the start."""

    def __init__(self, aws: LocalAws, environment: Environment) -> None:
        platform = environment.accounts[environment.platform.account].id

        def client(service: str, account: str = platform) -> Any:
            return aws.client(service, account, environment.region)

        self._elbv2, self._ec2, self._acm = client("elbv2"), client("ec2"), client("acm")
        balancers = self._elbv2.describe_load_balancers(Names=[environment.load_balancer_name])["LoadBalancers"]
        (self._balancer,) = balancers
        listeners = self._elbv2.describe_listeners(LoadBalancerArn=self._balancer["LoadBalancerArn"])["Listeners"]
        self._listener = next(listener["ListenerArn"] for listener in listeners if listener["Port"] == HTTPS)
        clients = {name: client("route53", account.id) for name, account in environment.accounts.items()}
        self._zones = [
            (zone["Name"].rstrip("."), zone["Id"], route53)
            for account, route53 in clients.items()
            for zone in route53.list_hosted_zones()["HostedZones"]
            if (declared := environment.zones.get(zone["Name"].rstrip("."))) and declared.account == account
        ]

    def read(self) -> Reading | None:
        """Read everything; None where the path changed, or something on it went, while the calls went on."""
        try:
            before, standing = self._path(), self._records()
            reading = Reading(
                path=before,
                balancer=self._balancer["DNSName"],
                balancer_groups=frozenset(self._balancer["SecurityGroups"]),
                names=self._issued_names(before.certificates),
                groups=self._healthy_groups({arn for arn, _ in before.ports}),
                open_ports=self._open_ports(),
                records={key: _values(record) for key, record in standing if record["Type"] in {"A", "CNAME"}},
                existing=frozenset(_with_parents(key for key, _ in standing)),
                zones=frozenset(zone for zone, _, _ in self._zones),
            )
            return reading if self._path() == before else None
        except ClientError as error:
            if "NotFound" in error.response["Error"]["Code"]:
                return None
            raise

    def _path(self) -> Path:
        rules = self._elbv2.describe_rules(ListenerArn=self._listener)["Rules"]
        asked = sorted((rule for rule in rules if not rule["IsDefault"]), key=lambda item: int(item["Priority"]))
        certificates = self._elbv2.describe_listener_certificates(ListenerArn=self._listener)["Certificates"]
        groups = self._elbv2.describe_target_groups()["TargetGroups"]
        return Path(
            rules=tuple(Rule(_hosts(item), _forwarded_to(item), _paths(item)) for item in asked),
            certificates=tuple(sorted({certificate["CertificateArn"] for certificate in certificates})),
            ports=tuple(sorted((group["TargetGroupArn"], group["Port"]) for group in groups)),
        )

    def _issued_names(self, arns: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
        described = [self._acm.describe_certificate(CertificateArn=arn)["Certificate"] for arn in arns]
        return tuple(
            (item["DomainName"], *item.get("SubjectAlternativeNames", ()))
            for item in described
            if item["Status"] == "ISSUED"
        )

    def _healthy_groups(self, target_groups: set[str]) -> dict[str, tuple[frozenset[str], ...]]:
        groups = {
            instance["InstanceId"]: frozenset(group["GroupId"] for group in instance["SecurityGroups"])
            for reservation in self._ec2.describe_instances()["Reservations"]
            for instance in reservation["Instances"]
        }
        healths = {
            arn: self._elbv2.describe_target_health(TargetGroupArn=arn)["TargetHealthDescriptions"]
            for arn in target_groups
        }
        return {
            arn: tuple(
                groups[target["Target"]["Id"]] for target in targets if target["TargetHealth"]["State"] == "healthy"
            )
            for arn, targets in healths.items()
        }

    def _open_ports(self) -> frozenset[tuple[bool, str, str, int, int]]:
        """List what is open between groups; a rule with an address range says nothing about a path to a group."""
        return frozenset(
            (
                securitygrouprule["IsEgress"],
                securitygrouprule["GroupId"],
                securitygrouprule["ReferencedGroupInfo"]["GroupId"],
                securitygrouprule["FromPort"],
                securitygrouprule["ToPort"],
            )
            for securitygrouprule in self._ec2.describe_security_group_rules()["SecurityGroupRules"]
            if securitygrouprule["IpProtocol"] == "tcp"
            and securitygrouprule.get("ReferencedGroupInfo", {}).get("GroupId")
        )

    def _records(self) -> list[tuple[tuple[str, str], dict[str, Any]]]:
        return [
            ((zone, record["Name"].rstrip(".").replace("\\052", "*")), record)
            for zone, zone_id, route53 in self._zones
            for page in route53.get_paginator("list_resource_record_sets").paginate(HostedZoneId=zone_id)
            for record in page["ResourceRecordSets"]
        ]


def _with_parents(names: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Give names in their zones, and each name between one of them and its zone's."""
    for zone, name in names:
        labels = name.split(".")
        yield from ((zone, ".".join(labels[number:])) for number in range(len(labels) - zone.count(".")))


def _hosts(rule: dict[str, Any]) -> tuple[str, ...]:
    return tuple(
        host
        for condition in rule["Conditions"]
        if condition["Field"] == "host-header"
        for host in condition.get("HostHeaderConfig", {}).get("Values", condition.get("Values", ()))
    )


def _paths(rule: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(
        value for condition in rule["Conditions"] for value in condition.get("PathPatternConfig", {}).get("Values", ())
    )


def _forwarded_to(rule: dict[str, Any]) -> str:
    last = max(rule["Actions"], key=lambda action: int(action.get("Order", 0)))
    return str(last.get("TargetGroupArn", ""))


def _values(record: dict[str, Any]) -> tuple[str, ...]:
    alias = record.get("AliasTarget", {}).get("DNSName")
    values = [alias] if alias else [item["Value"] for item in record.get("ResourceRecords", ())]
    return tuple(value.rstrip(".") for value in values)
