"""Five more services that CDK exposed on the shared load balancer, beside those that the embedded AWS starts with."""

from collections.abc import Mapping
from typing import Any

from embedded_aws.process import LocalAws
from tests.support.aws_calls import MANAGEMENT, PROD, REGION, change, issued, zone_id

ZONE = "prod.getorcha.com"
# Before our rules and after them: each with its priority and its port.
PRIORITIES: Mapping[str, tuple[int, int]] = {
    "shop": (3, 8801),
    "blog": (12, 8802),
    "wiki": (19, 8803),
    "mail": (21, 8804),
    "help": (45, 8805),
}
SEEDED = ("app", "admin")
HOSTS = tuple(f"{name}.{ZONE}" for name in (*SEEDED, *PRIORITIES))
SHORT = "shop.getorcha.com"  # of CDK's too, in the other account


def expose(aws: LocalAws) -> None:
    """Make all five, each with its target group, ports, rule and alias; the shop has a short name and a certificate."""
    elbv2, ec2 = (aws.client(service, PROD, REGION) for service in ("elbv2", "ec2"))
    (balancer,) = elbv2.describe_load_balancers(Names=["v1-orcha-alb"])["LoadBalancers"]
    listeners = elbv2.describe_listeners(LoadBalancerArn=balancer["LoadBalancerArn"])["Listeners"]
    listener = next(found["ListenerArn"] for found in listeners if found["Port"] == 443)
    groups = {group["GroupName"]: group["GroupId"] for group in ec2.describe_security_groups()["SecurityGroups"]}
    for name, (priority, port) in PRIORITIES.items():
        made = elbv2.create_target_group(Name=f"cdk-{name}", Protocol="HTTP", Port=port, VpcId=balancer["VpcId"])
        group = made["TargetGroups"][0]["TargetGroupArn"]
        aws.client("autoscaling", PROD, REGION).attach_load_balancer_target_groups(
            AutoScalingGroupName="v1-orcha-asg", TargetGroupARNs=[group]
        )
        _open(ec2, groups["v1-orcha-alb-sg"], groups["v1-orcha-ec2-sg"], port)
        hosts = [f"{name}.{ZONE}", *([SHORT] if name == "shop" else [])]
        elbv2.create_rule(
            ListenerArn=listener,
            Priority=priority,
            Conditions=[{"Field": "host-header", "HostHeaderConfig": {"Values": hosts}}],
            Actions=[{"Type": "forward", "TargetGroupArn": group}],
        )
        _alias(aws, balancer, f"{name}.{ZONE}")
    change(aws, "CREATE", account=MANAGEMENT, zone="getorcha.com", name=SHORT, values=[f"shop.{ZONE}"])
    arn = issued(aws, SHORT, account=MANAGEMENT, zone="getorcha.com")
    elbv2.add_listener_certificates(ListenerArn=listener, Certificates=[{"CertificateArn": arn}])


def _open(ec2: Any, balancer: str, instances: str, port: int) -> None:
    def permission(peer: str) -> list[dict[str, Any]]:
        return [{"IpProtocol": "tcp", "FromPort": port, "ToPort": port, "UserIdGroupPairs": [{"GroupId": peer}]}]

    ec2.authorize_security_group_egress(GroupId=balancer, IpPermissions=permission(instances))
    ec2.authorize_security_group_ingress(GroupId=instances, IpPermissions=permission(balancer))


def _alias(aws: LocalAws, balancer: Mapping[str, Any], host: str) -> None:
    target = {
        "HostedZoneId": balancer["CanonicalHostedZoneId"],
        "DNSName": balancer["DNSName"],
        "EvaluateTargetHealth": False,
    }
    record = {"Name": host, "Type": "A", "AliasTarget": target}
    aws.client("route53", PROD, REGION).change_resource_record_sets(
        HostedZoneId=zone_id(aws, account=PROD, zone=ZONE),
        ChangeBatch={"Changes": [{"Action": "CREATE", "ResourceRecordSet": record}]},
    )
