"""The sampler sees what it should: each part of a served host is broken by hand, and the bad sample names it."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import Any

import pytest

from edge.aws.alb_semantics import values
from embedded_aws import accounts
from embedded_aws.process import LocalAws
from environments.checked import Environment
from tests.support import aws_calls
from tests.support.aws_calls import MANAGEMENT, PROD, REGION
from tests.support.aws_snapshot import Reader
from tests.support.files import environment, prod
from tests.support.sampler import Sampler, covers, matches
from tests.support.write_gate import is_write

pytestmark = pytest.mark.takes(minutes=0.2)

HOST, SHORT = "link.prod.getorcha.com", "link.getorcha.com"
PORT = 9999
OTHER = "app.prod.getorcha.com"
ENVIRONMENT: Environment = environment(prod())


class Served:
    """A service that was made by hand, so that it can be broken by hand; boto3 takes the place of Terraform."""

    def __init__(self, aws: LocalAws) -> None:
        self.aws = aws
        self.elbv2, self.ec2 = self.client("elbv2"), self.client("ec2")
        (balancer,) = self.elbv2.describe_load_balancers()["LoadBalancers"]
        self.vpc = balancer["VpcId"]
        self.dns_name = balancer["DNSName"]
        listeners = self.elbv2.describe_listeners(LoadBalancerArn=balancer["LoadBalancerArn"])["Listeners"]
        self.listener = next(listener["ListenerArn"] for listener in listeners if listener["Port"] == 443)
        groups = {
            group["GroupName"]: group["GroupId"] for group in self.ec2.describe_security_groups()["SecurityGroups"]
        }
        self.balancer_group, self.instance_group = groups["v1-orcha-alb-sg"], groups["v1-orcha-ec2-sg"]
        self.certificate = aws_calls.request(aws, HOST, SHORT)
        aws_calls.prove(aws, self.certificate, HOST, account=PROD, zone="prod.getorcha.com")
        aws_calls.prove(aws, self.certificate, SHORT, account=MANAGEMENT, zone="getorcha.com")
        assert aws_calls.status(aws, self.certificate) == "ISSUED"
        self.target_group, self.rule = self._route()
        self.open("authorize_security_group_egress", self.balancer_group, self.instance_group)
        self.open("authorize_security_group_ingress", self.instance_group, self.balancer_group)
        self.name("UPSERT", PROD, "prod.getorcha.com", HOST, self.dns_name)
        self.name("UPSERT", MANAGEMENT, "getorcha.com", SHORT, HOST)

    def client(self, service: str) -> Any:
        return self.aws.client(service, PROD, REGION)

    def open(self, call: str, group: str, other: str) -> None:
        permission = {
            "IpProtocol": "tcp",
            "FromPort": PORT,
            "ToPort": PORT,
            "UserIdGroupPairs": [{"GroupId": other}],
        }
        getattr(self.ec2, call)(GroupId=group, IpPermissions=[permission])

    def name(self, action: str, account: str, zone: str, host: str, value: str) -> None:
        aws_calls.change(self.aws, action, account=account, zone=zone, name=host, values=[value])

    def prove(self, action: str) -> None:
        record = aws_calls.record_of(self.aws, self.certificate, SHORT)
        self.name(action, MANAGEMENT, "getorcha.com", record["Name"], record["Value"])

    def attach(self, call: str) -> None:
        getattr(self.elbv2, call)(ListenerArn=self.listener, Certificates=[{"CertificateArn": self.certificate}])

    def targets(self, call: str) -> None:
        getattr(self.client("autoscaling"), call)(
            AutoScalingGroupName="v1-orcha-asg", TargetGroupARNs=[self.target_group]
        )

    def hosts(self, *values: str) -> None:
        condition = {"Field": "host-header", "HostHeaderConfig": {"Values": list(values)}}
        self.elbv2.modify_rule(RuleArn=self.rule, Conditions=[condition])

    def _route(self) -> tuple[str, str]:
        created = self.elbv2.create_target_group(Name="by-hand", Protocol="HTTP", Port=PORT, VpcId=self.vpc)
        target_group = str(created["TargetGroups"][0]["TargetGroupArn"])
        self.target_group = target_group
        self.targets("attach_load_balancer_target_groups")
        self.attach("add_listener_certificates")
        condition = {"Field": "host-header", "HostHeaderConfig": {"Values": [HOST, SHORT]}}
        action = {"Type": "forward", "TargetGroupArn": target_group}
        rules = self.elbv2.create_rule(
            ListenerArn=self.listener, Priority=20, Conditions=[condition], Actions=[action]
        )["Rules"]
        return target_group, str(rules[0]["RuleArn"])


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    with LocalAws.start([ENVIRONMENT], lifetime_seconds=3600) as aws:
        yield Served(aws)


def sampling(served: Served, *, while_named: bool = False) -> AbstractContextManager[Sampler]:
    if while_named:
        return Sampler(served.aws, ENVIRONMENT, always=[], while_named=[HOST, SHORT])
    return Sampler(served.aws, ENVIRONMENT, always=[HOST, SHORT])


Change = Callable[[Served], None]
BROKEN: dict[str, tuple[Change, Change, set[str]]] = {
    "rule": (
        lambda served: served.hosts("other.prod.getorcha.com"),
        lambda served: served.hosts(HOST, SHORT),
        {f"{HOST}: no listener rule takes it", f"{SHORT}: no listener rule takes it"},
    ),
    "certificate": (
        lambda served: served.attach("remove_listener_certificates"),
        lambda served: served.attach("add_listener_certificates"),
        {f"{SHORT}: no issued certificate of the listener covers it"},
    ),
    "targets": (
        lambda served: served.targets("detach_load_balancer_target_groups"),
        lambda served: served.targets("attach_load_balancer_target_groups"),
        {f"{HOST}: its target group has no healthy target", f"{SHORT}: its target group has no healthy target"},
    ),
    "egress": (
        lambda served: served.open("revoke_security_group_egress", served.balancer_group, served.instance_group),
        lambda served: served.open("authorize_security_group_egress", served.balancer_group, served.instance_group),
        {f"{HOST}: the firewall is closed at port 9999", f"{SHORT}: the firewall is closed at port 9999"},
    ),
    "ingress": (
        lambda served: served.open("revoke_security_group_ingress", served.instance_group, served.balancer_group),
        lambda served: served.open("authorize_security_group_ingress", served.instance_group, served.balancer_group),
        {f"{HOST}: the firewall is closed at port 9999", f"{SHORT}: the firewall is closed at port 9999"},
    ),
    "primary host's record": (
        lambda served: served.name("DELETE", PROD, "prod.getorcha.com", HOST, served.dns_name),
        lambda served: served.name("UPSERT", PROD, "prod.getorcha.com", HOST, served.dns_name),
        {f"{HOST}: does not resolve", f"{SHORT}: leads to {HOST}, which does not resolve"},
    ),
    "short host's record": (
        lambda served: served.name("DELETE", MANAGEMENT, "getorcha.com", SHORT, HOST),
        lambda served: served.name("UPSERT", MANAGEMENT, "getorcha.com", SHORT, HOST),
        {f"{SHORT}: does not resolve"},
    ),
}


def faults(sampler: Sampler) -> set[str]:
    return {item.partition(" s: ")[2] for item in sampler.samples.bad}


def test_nothing_is_wrong_with_a_served_host(served: Served) -> None:
    with sampling(served) as sampler:
        served.hosts(HOST, SHORT)
    assert sampler.samples.bad == []
    assert sampler.samples.count >= 1


@pytest.mark.parametrize("part", BROKEN)
def test_a_broken_part_is_seen_and_named(served: Served, part: str) -> None:
    damage, repair, expected = BROKEN[part]
    with sampling(served) as sampler:
        damage(served)
    repair(served)
    assert faults(sampler) == expected
    with sampling(served) as sampler:
        pass
    assert sampler.samples.bad == []


def test_a_lost_validation_record_is_seen(served: Served) -> None:
    name = aws_calls.record_of(served.aws, served.certificate, SHORT)["Name"].rstrip(".")
    with sampling(served) as sampler:
        served.prove("DELETE")
    served.prove("UPSERT")
    assert faults(sampler) == {f"{name}: the validation record is gone"}


def test_a_leaving_host_may_go_but_not_lead_nowhere(served: Served) -> None:
    with sampling(served, while_named=True) as sampler:
        served.hosts("other.prod.getorcha.com")
    served.hosts(HOST, SHORT)
    assert faults(sampler) == {f"{host}: resolves, but no listener rule takes it" for host in (HOST, SHORT)}
    with sampling(served, while_named=True) as sampler:
        served.name("DELETE", MANAGEMENT, "getorcha.com", SHORT, HOST)
    served.name("UPSERT", MANAGEMENT, "getorcha.com", SHORT, HOST)
    assert sampler.samples.bad == []


def test_another_service_that_ours_takes_is_served_and_yet_a_fault(served: Served) -> None:
    rules = served.elbv2.describe_rules(ListenerArn=served.listener)["Rules"]
    others = next(rule for rule in rules if OTHER in values(rule, "host-header"))
    was = others["Actions"]
    with Sampler(served.aws, ENVIRONMENT, always=[], others=[OTHER]) as sampler:
        ours = {"Type": "forward", "TargetGroupArn": served.target_group}
        served.elbv2.modify_rule(RuleArn=others["RuleArn"], Actions=[ours])
    served.elbv2.modify_rule(RuleArn=others["RuleArn"], Actions=was)
    (fault,) = faults(sampler)
    assert fault.startswith(f"{OTHER}: {served.target_group} serves it, and not arn:")


def test_no_state_between_two_writes_through_the_gate_stays_unseen(served: Served) -> None:
    session = accounts.session(accounts.assume(served.aws.url, region=REGION, account_ids=[PROD])[PROD])
    with sampling(served) as sampler:
        served.ec2 = accounts.loopback_client(session, service="ec2", region=REGION, url=sampler.gate.url)
        for _ in range(3):
            served.open("revoke_security_group_egress", served.balancer_group, served.instance_group)
            served.open("authorize_security_group_egress", served.balancer_group, served.instance_group)
    served.ec2 = served.client("ec2")
    closed = [item for item in sampler.samples.bad if f"{HOST}: the firewall is closed" in item]
    assert len(closed) >= 3
    assert (sampler.samples.writes, sampler.samples.retakes) == (6, 0)


@pytest.mark.parametrize(
    ("method", "headers", "body", "write"),
    [
        ("GET", {}, b"", False),
        ("DELETE", {}, b"", True),
        ("POST", {}, b"Action=DescribeRules&Version=2015-12-01", False),
        ("POST", {}, b"Action=ModifyRule&Version=2015-12-01", True),
        ("POST", {"X-Amz-Target": "CertificateManager.ListTagsForCertificate"}, b"{}", False),
        ("POST", {"X-Amz-Target": "CertificateManager.DeleteCertificate"}, b"{}", True),
    ],
)
def test_the_gate_knows_a_write(method: str, headers: dict[str, str], body: bytes, write: bool) -> None:
    assert is_write(method, headers, body) is write


def test_a_reading_that_saw_the_path_change_is_not_judged(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    reader = Reader(served.aws, ENVIRONMENT)
    ask = reader._open_ports

    def change_meanwhile() -> Any:
        served.hosts(HOST)
        return ask()

    monkeypatch.setattr(reader, "_open_ports", change_meanwhile)
    assert reader.read() is None
    assert reader.read() is not None
    served.hosts(HOST, SHORT)


@pytest.mark.parametrize(
    ("value", "host", "taken"),
    [
        ("link.getorcha.com", "LINK.getorcha.com", True),
        ("*.getorcha.com", "a.b.getorcha.com", True),
        ("*.getorcha.com", "getorcha.com", False),
        ("lin?.getorcha.com", "link.getorcha.com", True),
        ("link.getorcha.com", "linkxgetorcha.com", False),
    ],
)
def test_a_condition_takes_hosts_as_the_load_balancer_does(value: str, host: str, taken: bool) -> None:
    assert matches(value, host) is taken


@pytest.mark.parametrize(
    ("name", "host", "covered"),
    [
        ("link.getorcha.com", "link.getorcha.com", True),
        ("*.getorcha.com", "link.getorcha.com", True),
        ("*.getorcha.com", "a.b.getorcha.com", False),
        ("*.getorcha.com", "getorcha.com", False),
    ],
)
def test_a_certificates_name_covers_hosts_as_in_tls(name: str, host: str, covered: bool) -> None:
    assert covers(name, host) is covered
