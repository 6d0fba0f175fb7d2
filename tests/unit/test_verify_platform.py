"""Target groups, instances, network and settings of the load balancer, judged on answers as AWS writes them."""

from typing import Any

import pytest

from edge.verify.check import Fault
from edge.verify.resolution import LoadBalancer
from edge.verify.severity import OF_CHECKS, Severity
from edge.verify.standing import fleet, network, settings, target_group
from environments.checked import Environment
from tests.support.files import environment, managed, prod

OUTAGE, PART, LATENT = Severity.OUTAGE, Severity.PART, Severity.LATENT
SECURITY, OPERATIONS = Severity.SECURITY, Severity.OPERATIONS


def found_by(check: str, faults: list[Fault]) -> list[tuple[Severity, str]]:
    return [(fault.severity or OF_CHECKS[check], fault.found) for fault in faults]


ATTRIBUTES = {
    "deregistration_delay.timeout_seconds": "60",
    "stickiness.enabled": "false",
    "slow_start.duration_seconds": "0",
    "load_balancing.cross_zone.enabled": "use_load_balancer_configuration",
}


@pytest.mark.parametrize(
    ("group", "attributes", "expected"),
    [
        ({}, {}, []),
        ({}, {"load_balancing.algorithm.type": "least_outstanding_requests"}, []),
        ({}, {"deregistration_delay.timeout_seconds": "300"}, []),
        ({}, {"deregistration_delay.timeout_seconds": "0"}, [(LATENT, "deregistration delay in seconds is 0")]),
        ({}, {"stickiness.enabled": "true"}, [(LATENT, "stickiness is true")]),
        ({}, {"slow_start.duration_seconds": "900"}, [(LATENT, "slow start in seconds is 900")]),
        ({}, {"load_balancing.cross_zone.enabled": "false"}, [(LATENT, "each zone's share")]),
        ({"ProtocolVersion": "GRPC"}, {}, [(OUTAGE, "protocol version is GRPC")]),
        ({"Protocol": "HTTPS"}, {}, [(OUTAGE, "protocol is HTTPS")]),
        (
            {},
            {"target_group_health.unhealthy_state_routing.minimum_healthy_targets.percentage": "100"},
            [(LATENT, "minimum_healthy_targets.percentage is 100")],
        ),
    ],
)
def test_requests_are_handed_out_as_the_file_says(
    group: dict[str, str], attributes: dict[str, str], expected: list[tuple[Severity, str]]
) -> None:
    service = environment(prod()).services["link"]
    faults = list(target_group.target_group_faults(group, {**ATTRIBUTES, **attributes}, service))
    assert [severity for severity, _ in found_by("target group", faults)] == [severity for severity, _ in expected]
    assert all(words in fault.found for fault, (_, words) in zip(faults, expected, strict=True))


def test_a_sticky_and_slow_service_is_to_be_so() -> None:
    content = prod()
    content["services"]["link"] |= {"stickiness_seconds": 300, "slow_start_seconds": 60}
    service = environment(content).services["link"]
    sticky = {"stickiness.enabled": "true", "stickiness.lb_cookie.duration_seconds": "300"}
    assert (
        list(
            target_group.target_group_faults({}, {**ATTRIBUTES, **sticky, "slow_start.duration_seconds": "60"}, service)
        )
        == []
    )
    shown = [fault.found for fault in target_group.target_group_faults({}, ATTRIBUTES, service)]
    assert len(shown) == 3


def instance(state: str = "InService", health: str = "Healthy", id: str = "i-1") -> dict[str, str]:
    return {"InstanceId": id, "LifecycleState": state, "HealthStatus": health}


def group(*instances: dict[str, str], **changes: Any) -> dict[str, Any]:
    sizes = {"DesiredCapacity": 2, "MinSize": 2, "MaxSize": 4, "HealthCheckType": "ELB"}
    return {"AutoScalingGroupName": "asg", "Instances": list(instances or (instance(), instance())), **sizes, **changes}


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (group(), []),
        (group(instance("Pending"), instance("Terminating:Wait"), instance()), []),
        (group(instance("Standby"), instance()), [(PART, "i-1 is Standby")]),
        (group(instance(health="Unhealthy"), instance()), [(PART, "i-1 is marked Unhealthy")]),
        (group(instance()), [(PART, "asg has 1 of 2 instances")]),
        (group(MinSize=0), [(LATENT, "asg may end its last instance")]),
        (group(MinSize=1), [(LATENT, "the smallest size of asg is 1, and is to be 2")]),
        (group(MaxSize=2), [(LATENT, "the largest size of asg is 2")]),
        (group(MinSize=3, MaxSize=9), []),
        (group(HealthCheckType="EC2"), [(LATENT, "the health check of asg is EC2")]),
    ],
)
def test_as_many_instances_run_as_should(found: dict[str, Any], expected: list[tuple[Severity, str]]) -> None:
    faults = found_by("instances", list(fleet.capacity_faults(found, environment(managed(), "staging"))))
    assert [severity for severity, _ in faults] == [severity for severity, _ in expected]
    assert all(words in text for (_, text), (_, words) in zip(faults, expected, strict=True))


def test_the_sizes_of_anothers_group_are_its_own() -> None:
    assert list(fleet.capacity_faults(group(MinSize=1, MaxSize=9, HealthCheckType="EC2"), environment(prod()))) == []


@pytest.mark.parametrize(
    ("attributes", "expected"),
    [
        ({}, []),
        ({"idle_timeout.timeout_seconds": "120"}, []),
        ({"idle_timeout.timeout_seconds": "30"}, []),
        ({"idle_timeout.timeout_seconds": "1"}, [PART]),
        ({"routing.http.desync_mitigation_mode": "monitor"}, [SECURITY]),
        ({"routing.http.desync_mitigation_mode": "strictest"}, []),
        ({"routing.http.xff_header_processing.mode": "preserve"}, [SECURITY]),
        ({"routing.http.xff_header_processing.mode": "remove"}, [OPERATIONS]),
        ({"waf.fail_open.enabled": "true"}, [SECURITY]),
    ],
)
def test_no_setting_of_the_load_balancer_does_harm(attributes: dict[str, str], expected: list[Severity]) -> None:
    def severities(of: Environment) -> list[Severity]:
        return [severity for severity, _ in found_by("settings", list(settings.balancer_faults(attributes, of)))]

    assert severities(environment(prod())) == expected
    is_between = attributes.get("idle_timeout.timeout_seconds") == "30"
    assert severities(environment(managed(), "staging")) == ([PART] if is_between else expected)


@pytest.mark.parametrize(
    ("listener", "attributes", "expected"),
    [
        ({}, {}, []),
        ({"MutualAuthentication": {"Mode": "passthrough"}}, {}, []),
        ({"MutualAuthentication": {"Mode": "verify"}}, {}, [OUTAGE]),
        ({}, {settings._ORIGIN: "https://getorcha.com"}, []),
        ({}, {settings._ORIGIN: "*"}, [SECURITY]),
        ({}, {settings._HSTS: "max-age=31536000; includeSubDomains"}, []),
        ({}, {settings._HSTS: "max-age = 0"}, [SECURITY]),
    ],
)
def test_the_listener_demands_and_writes_nothing_harmful(
    listener: dict[str, Any], attributes: dict[str, str], expected: list[Severity]
) -> None:
    faults = list(settings.listener_faults(listener, attributes))
    assert [severity for severity, _ in found_by("settings", faults)] == expected


def entry(number: int, action: str = "allow", *, egress: bool = False, **more: Any) -> dict[str, Any]:
    everywhere = {} if {"CidrBlock", "Ipv6CidrBlock"} & set(more) else {"CidrBlock": "0.0.0.0/0"}
    return {"RuleNumber": number, "RuleAction": action, "Egress": egress, "Protocol": "-1", **everywhere, **more}


OPEN = [entry(100), entry(100, egress=True), entry(32767, "deny"), entry(32767, "deny", egress=True)]
IN, OUT = OPEN[0], OPEN[1]
WORLD = {"DestinationCidrBlock": "0.0.0.0/0", "GatewayId": "igw-1", "State": "active"}


def surroundings(
    *, a: list[dict[str, Any]] = OPEN, b: list[dict[str, Any]] = OPEN, routes: list[dict[str, Any]] | None = None
) -> network.Surroundings:
    """Two subnets with a network ACL each, and the VPC's main route table; `routes` are the first subnet's own."""
    subnets = {f"subnet-{n}": {"VpcId": "vpc", "CidrBlock": f"10.0.{i}.0/24"} for i, n in enumerate("ab")}
    acls = [
        {"Associations": [{"SubnetId": f"subnet-{name}"}], "Entries": found} for name, found in (("a", a), ("b", b))
    ]
    tables: list[dict[str, Any]] = [{"VpcId": "vpc", "Associations": [{"Main": True}], "Routes": [WORLD]}]
    if routes is not None:
        tables.append({"VpcId": "vpc", "Associations": [{"SubnetId": "subnet-a"}], "Routes": routes})
    return network.Surroundings(subnets, tables, acls)


def cut_off(around: network.Surroundings, *, zones: str = "ab", places: str = "ab", **more: Any) -> list[Any]:
    described = {"AvailabilityZones": [{"ZoneName": zone, "SubnetId": f"subnet-{zone}"} for zone in zones], **more}
    instances = [
        {"InstanceId": f"i-{zone}", "SubnetId": f"subnet-{zone}", "Placement": {"AvailabilityZone": zone}}
        for zone in places
    ]
    balancer = LoadBalancer("arn", frozenset(), described)
    return found_by("network", list(network.faults(balancer, instances, around, [9999])))


DENIED = {"RuleAction": "deny", "Protocol": "6"}
NO_HTTPS = [{**entry(50), **DENIED, "PortRange": {"From": 443, "To": 443}}, *OPEN]
NO_HTTP = [{**entry(50), **DENIED, "PortRange": {"From": 80, "To": 80}}, *OPEN]
NO_SERVICE = [{**entry(50), **DENIED, "PortRange": {"From": 9999, "To": 9999}}, *OPEN]
NO_ANSWER = [{**entry(50, egress=True), **DENIED, "PortRange": {"From": 1024, "To": 65535}}, *OPEN]
HALF = [{**NO_HTTPS[0], "CidrBlock": "128.0.0.0/1"}, *OPEN]
OFFICE = [{**NO_HTTPS[0], "CidrBlock": "198.51.100.7/32"}, *OPEN]
HALVES = [entry(1, CidrBlock="0.0.0.0/1"), entry(2, CidrBlock="128.0.0.0/1"), OUT]
CLOSED = [(OUTAGE, "takes no TCP 9999 from the load balancer")] * 2
LATER = [*OPEN[:2], {**entry(200), **DENIED, "PortRange": {"From": 443, "To": 443}}]
EPHEMERAL = [IN, {**entry(100, egress=True), "Protocol": "6", "PortRange": {"From": 1024, "To": 65535}}]


@pytest.mark.parametrize(
    ("around", "expected"),
    [
        (surroundings(), []),
        (surroundings(a=LATER), []),
        (surroundings(a=EPHEMERAL), []),
        (surroundings(a=NO_HTTPS), [(PART, "subnet-a of the load balancer takes no TCP 443")]),
        (surroundings(a=NO_HTTPS, b=NO_HTTPS), [(OUTAGE, "subnet-a"), (OUTAGE, "subnet-b")]),
        (surroundings(a=NO_HTTP, b=NO_HTTP), [(PART, "TCP 80"), (PART, "TCP 80")]),
        (surroundings(a=HALF, b=HALF), [(PART, "takes no TCP 443 from 128.0.0.0/1"), (PART, "128.0.0.0/1")]),
        (surroundings(a=OFFICE, b=OFFICE), []),
        (surroundings(a=HALVES), []),
        (surroundings(a=[IN, OUT][1:], b=[OUT]), [(OUTAGE, "TCP 443"), (PART, "TCP 80")] * 2 + CLOSED),
        (surroundings(a=NO_SERVICE), [(PART, "the network ACL of the instances' subnet-a takes no TCP 9999")]),
        (surroundings(a=NO_ANSWER), [(PART, "sends no answers"), (PART, "the instances' subnet-a sends no answers")]),
        (surroundings(routes=[]), [(PART, "subnet-a of the load balancer has no route for 0.0.0.0/0")]),
        (surroundings(routes=[{**WORLD, "State": "blackhole"}]), [(PART, "has no route")]),
        (surroundings(routes=[{**WORLD, "GatewayId": "vgw-1"}]), [(PART, "has no route")]),
        (
            surroundings(routes=[{"DestinationCidrBlock": "0.0.0.0/0", "NatGatewayId": "nat-1"}]),
            [(PART, "has no route")],
        ),
        (surroundings(routes=[{**WORLD, "GatewayId": "vpce-1"}]), []),
        (network.Surroundings(surroundings().subnets, [], []), []),
    ],
)
def test_the_network_lets_clients_in_and_requests_through(
    around: network.Surroundings, expected: list[tuple[Severity, str]]
) -> None:
    found = cut_off(around)
    assert [severity for severity, _ in found] == [severity for severity, _ in expected]
    assert all(words in text for (_, text), (_, words) in zip(found, expected, strict=True))


def test_a_load_balancer_serves_the_zones_of_its_instances() -> None:
    assert [severity for severity, _ in cut_off(surroundings(), zones="a")] == [PART, LATENT]
    assert [severity for severity, _ in cut_off(surroundings(), zones="a", places="b")] == [OUTAGE, LATENT]


def test_an_internal_load_balancer_needs_no_way_in_and_ipv6_needs_its_own() -> None:
    assert cut_off(surroundings(routes=[]), Scheme="internal") == []
    (first, second) = cut_off(surroundings(), IpAddressType="dualstack")
    assert "no route for ::/0" in first[1] + second[1]
    v6 = [*OPEN, entry(90, "deny", Ipv6CidrBlock="::/0"), entry(91, egress=True, Ipv6CidrBlock="::/0")]
    found = cut_off(surroundings(a=v6, b=v6), IpAddressType="dualstack")
    assert {severity for severity, _ in found} == {PART}
    assert any("takes no TCP 443 from ::/0" in text for _, text in found)


class Ec2:
    """Knows some launch templates."""

    def __init__(self, *ids: str) -> None:
        self.ids = ids

    def client(self, _service: str) -> "Ec2":
        return self

    def describe_launch_templates(self, **_: Any) -> dict[str, Any]:
        return {"LaunchTemplates": [{"LaunchTemplateId": id} for id in self.ids]}


def test_a_launch_template_that_is_gone_starts_no_instance() -> None:
    found = group(LaunchTemplate={"LaunchTemplateId": "lt-1", "LaunchTemplateName": "t"})
    standing: Any = Ec2("lt-1")
    gone: Any = Ec2("lt-2")
    assert list(fleet._template_faults(found, standing)) == []
    (fault,) = fleet._template_faults(found, gone)
    assert fault.found == "the launch template lt-1 of asg is gone, so that no instance starts"
    assert list(fleet._template_faults(group(), gone)) == []
