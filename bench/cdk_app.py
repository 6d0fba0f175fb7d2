"""What the design asked of AWS CDK for one service, as an app: what `edge bench` compares this product with.

Run by a Python that has aws-cdk-lib. What the design's stacks had already is looked up without a call of AWS.
"""

import sys

import aws_cdk as cdk
from aws_cdk import Duration
from aws_cdk import aws_certificatemanager as acm
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_elasticloadbalancingv2 as elbv2
from aws_cdk import aws_route53 as route53
from aws_cdk import aws_route53_targets as targets

_ZONE = "prod.getorcha.com"


def link(stack: cdk.Stack) -> None:
    """Make the security-group rules, target group, certificate, listener rule, alias and alarm of a service."""
    zones = ["eu-central-1a", "eu-central-1b"]
    vpc = ec2.Vpc.from_vpc_attributes(stack, "Vpc", vpc_id="vpc-1", availability_zones=zones)
    balancers, instances = (ec2.SecurityGroup.from_security_group_id(stack, name, f"sg-{name}") for name in "ab")
    balancers.add_egress_rule(instances, ec2.Port.tcp(9999), "Link traffic to EC2")
    instances.add_ingress_rule(balancers, ec2.Port.tcp(9999), "Link port from ALB")
    arn = "arn:aws:elasticloadbalancing:eu-central-1:111111111111:loadbalancer/app/v1-orcha-alb/1"
    balancer = elbv2.ApplicationLoadBalancer.from_application_load_balancer_attributes(
        stack,
        "Balancer",
        load_balancer_arn=arn,
        security_group_id="sg-a",
        load_balancer_dns_name="alb.example.com",
        load_balancer_canonical_hosted_zone_id="Z1",
    )
    group = _target_group(stack, vpc)
    zone = route53.HostedZone.from_hosted_zone_attributes(stack, "Zone", hosted_zone_id="Z2", zone_name=_ZONE)
    _route(stack, group, zone, balancers, listener_arn=f"{arn}/2".replace("loadbalancer", "listener"))
    alias = route53.RecordTarget.from_alias(targets.LoadBalancerTarget(balancer))
    route53.ARecord(stack, "LinkAliasRecord", zone=zone, record_name="link", target=alias)
    _alarm(stack, group)
    cdk.CfnOutput(stack, "LinkTargetGroupArn", value=group.target_group_arn)


def _target_group(stack: cdk.Stack, vpc: ec2.IVpc) -> elbv2.ApplicationTargetGroup:
    return elbv2.ApplicationTargetGroup(
        stack,
        "LinkTargetGroup",
        target_group_name="v1-orcha-link-tg",
        vpc=vpc,
        port=9999,
        protocol=elbv2.ApplicationProtocol.HTTP,
        target_type=elbv2.TargetType.INSTANCE,
        health_check=elbv2.HealthCheck(path="/health", interval=Duration.seconds(30)),
        deregistration_delay=Duration.seconds(60),
    )


def _route(
    stack: cdk.Stack,
    group: elbv2.ApplicationTargetGroup,
    zone: route53.IHostedZone,
    balancers: ec2.ISecurityGroup,
    *,
    listener_arn: str,
) -> None:
    listener = elbv2.ApplicationListener.from_application_listener_attributes(
        stack, "Https", listener_arn=listener_arn, security_group=balancers
    )
    validation = acm.CertificateValidation.from_dns(zone)
    certificate = acm.Certificate(stack, "LinkCertificate", domain_name=f"link.{_ZONE}", validation=validation)
    listener.add_certificates("LinkCerts", [certificate])
    hosts = elbv2.ListenerCondition.host_headers([f"link.{_ZONE}", "link.getorcha.com"])
    listener.add_action("LinkRouting", priority=20, conditions=[hosts], action=elbv2.ListenerAction.forward([group]))


def _alarm(stack: cdk.Stack, group: elbv2.ApplicationTargetGroup) -> None:
    metric = cloudwatch.Metric(
        namespace="AWS/ApplicationELB",
        metric_name="HealthyHostCount",
        dimensions_map={"TargetGroup": group.target_group_full_name},
        statistic="Minimum",
        period=Duration.seconds(60),
    )
    cloudwatch.Alarm(
        stack,
        "LinkUnhealthy",
        alarm_name="v1-orcha-link-unhealthy",
        metric=metric,
        threshold=1,
        comparison_operator=cloudwatch.ComparisonOperator.LESS_THAN_THRESHOLD,
        evaluation_periods=2,
        treat_missing_data=cloudwatch.TreatMissingData.BREACHING,
    )


if __name__ == "__main__":
    app = cdk.App(outdir=sys.argv[1])
    link(cdk.Stack(app, "link", env=cdk.Environment(account="111111111111", region="eu-central-1")))
    app.synth()
