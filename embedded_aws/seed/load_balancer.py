"""The shared load balancer as CDK left it: its listeners, its default certificate and the older services' rules."""

from collections.abc import Callable
from typing import Any

from embedded_aws.accounts import ClientFor
from embedded_aws.seed.cdk_services import OlderService, names_of, older_services, platform_zone
from embedded_aws.seed.network import Network
from embedded_aws.seed.user_pool import Users, sign_in_action
from embedded_aws.seed.zones import add_alias, add_record
from environments.checked import Environment

_GLOBAL = "us-east-1"
_TLS_POLICY = "ELBSecurityPolicy-TLS13-1-2-2021-06"
_NOT_FOUND = {"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "404", "ContentType": "text/plain"}}
_TO_HTTPS = {
    "Type": "redirect",
    "RedirectConfig": {"Protocol": "HTTPS", "Port": "443", "StatusCode": "HTTP_301"},
}


def make_balancer(
    environment: Environment,
    client: Callable[[str], Any],
    client_for: ClientFor,
    *,
    network: Network,
    users: Users,
) -> list[str]:
    """Make the load balancer with everything on it, and return the ARNs of the older services' target groups."""
    elb = client("elbv2")
    zone = platform_zone(environment)
    route53 = client_for("route53", environment.accounts[environment.zones[zone].account].id, _GLOBAL)
    balancer = elb.create_load_balancer(
        Name=names_of(environment).load_balancer,
        Subnets=list(network.subnets),
        SecurityGroups=[network.load_balancer_group],
        Scheme="internet-facing",
        Type="application",
    )["LoadBalancers"][0]
    certificate = _issued_certificate(client("acm"), route53, zone=zone)
    listener = _listeners(elb, balancer["LoadBalancerArn"], certificate=certificate)
    target_groups = []
    for service in older_services(environment):
        first = [sign_in_action(environment, client, users)] if service.login else []
        target_groups.append(_expose(elb, service, listener=listener, network=network, first_actions=first))
        add_alias(route53, zone=zone, name=service.host, load_balancer=balancer)
    return target_groups


def _issued_certificate(acm: Any, route53: Any, *, zone: str) -> str:
    """Request the wildcard certificate of a zone and prove it in DNS, as CDK's DnsValidatedCertificate does."""
    arn: str = acm.request_certificate(DomainName=f"*.{zone}", ValidationMethod="DNS")["CertificateArn"]
    detail = acm.describe_certificate(CertificateArn=arn)["Certificate"]
    record = detail["DomainValidationOptions"][0]["ResourceRecord"]
    add_record(route53, zone=zone, name=record["Name"], kind=record["Type"], values=[record["Value"]])
    return arn


def _listeners(elb: Any, balancer_arn: str, *, certificate: str) -> str:
    """Make the redirect on 80 and the HTTPS listener, which answers 404 by default; return the latter's ARN."""
    elb.create_listener(LoadBalancerArn=balancer_arn, Protocol="HTTP", Port=80, DefaultActions=[_TO_HTTPS])
    https = elb.create_listener(
        LoadBalancerArn=balancer_arn,
        Protocol="HTTPS",
        Port=443,
        SslPolicy=_TLS_POLICY,
        Certificates=[{"CertificateArn": certificate}],
        DefaultActions=[_NOT_FOUND],
    )
    arn: str = https["Listeners"][0]["ListenerArn"]
    return arn


def _expose(
    elb: Any, service: OlderService, *, listener: str, network: Network, first_actions: list[dict[str, Any]]
) -> str:
    """Make one older service's target group and host rule; return the target group's ARN."""
    made = elb.create_target_group(
        Name=service.target_group,
        Protocol="HTTP",
        Port=service.port,
        VpcId=network.vpc,
        TargetType="instance",
        HealthCheckPath="/health",
    )
    arn: str = made["TargetGroups"][0]["TargetGroupArn"]
    ordered = [*first_actions, {"Type": "forward", "TargetGroupArn": arn}]
    elb.create_rule(
        ListenerArn=listener,
        Priority=service.priority,
        Conditions=[{"Field": "host-header", "HostHeaderConfig": {"Values": [service.host]}}],
        Actions=[{**action, "Order": order} for order, action in enumerate(ordered, start=1)],
    )
    return arn
