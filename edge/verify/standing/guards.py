"""What protects the load balancer: its TLS policy, and on a managed platform what the file turned on."""

from collections.abc import Iterator, Mapping
from typing import Any

from edge.verify.aws_client import AwsClient
from edge.verify.check import Answered, CheckFailedError, Fault, expect_none
from edge.verify.severity import Severity
from edge.verify.standing.listeners import HTTPS
from environments import naming
from environments.checked import Environment
from environments.platforms import ManagedPlatform
from environments.text import listed
from environments.watching import WEB_ACL_RULE_GROUPS

# RFC 8996 section 1: "must not be used".
_OLD_PROTOCOLS = {"SSLv3", "TLSv1", "TLSv1.1"}
_LEAST, _POLICY = "TLSv1.2", "ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09"
# https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_LoadBalancerAttribute.html
_KEPT, _LOGGED, _STRICT = (
    "deletion_protection.enabled",
    "access_logs.s3.enabled",
    "routing.http.drop_invalid_header_fields.enabled",
)


def tls_policy(load_balancer_arn: str, *, aws: AwsClient) -> Answered[None]:
    """See that the HTTPS listener takes TLS 1.2 and later alone.

    https://docs.aws.amazon.com/elasticloadbalancing/latest/application/describe-ssl-policies.html
    """
    name = aws.listener(load_balancer_arn, port=HTTPS)["SslPolicy"]
    protocols = [
        protocol
        for policy in aws.client("elbv2").describe_ssl_policies(Names=[name])["SslPolicies"]
        for protocol in policy["SslProtocols"]
    ]
    if not protocols:
        raise CheckFailedError(f"AWS describes no TLS policy {name}", "choose one that it does")
    old = sorted(_OLD_PROTOCOLS & set(protocols))
    if _LEAST not in protocols:
        found = f"{name} takes {', '.join(protocols)} alone, and many clients know no more than TLS 1.2"
        # RFC 9325 section 3.1.1: "Implementations MUST support TLS 1.2".
        raise CheckFailedError(found, f"choose a policy with it, such as {_POLICY}", Severity.PART)
    if old:
        remedy = f"choose a policy without them, such as {_POLICY}"
        raise CheckFailedError(f"{name} takes {' and '.join(old)} too (RFC 8996 forbids them)", remedy)
    return Answered(f"{name} takes {', '.join(protocols)}", None)


def web_acl(environment: Environment, load_balancer_arn: str, *, aws: AwsClient) -> Answered[None]:
    """See that AWS WAF stands before the load balancer, by the web ACL that a deploy makes, and refuses something.

    https://docs.aws.amazon.com/waf/latest/APIReference/API_GetWebACLForResource.html
    """
    found = aws.client("wafv2").get_web_acl_for_resource(ResourceArn=load_balancer_arn).get("WebACL")
    if not found:
        raise CheckFailedError("no web ACL stands before the load balancer", "deploy again, or set web_acl = false")
    own = naming.platform_name(prefix=environment.prefix, part="alb")
    expect_none("web ACL", list(web_acl_faults(found, own)))
    return Answered(f"the web ACL {found['Name']} stands before the load balancer", None)


def web_acl_faults(found: Mapping[str, Any], own: str) -> Iterator[Fault]:
    """Give a fault for a web ACL of others, for one that refuses everybody, and for rules that only count."""
    if found["Name"] != own:
        yield Fault(f"the web ACL {found['Name']} stands before the load balancer, not {own}", "deploy again")
        return
    if "Block" in found.get("DefaultAction", {}):
        yield Fault(f"{own} refuses every request that no rule lets through", "deploy again", Severity.OUTAGE)
    rules = found.get("Rules", ())
    refusing = [
        rule["Name"] for rule in rules if "Count" not in {**rule.get("OverrideAction", {}), **rule.get("Action", {})}
    ]
    if missing := [group for group in WEB_ACL_RULE_GROUPS if group not in refusing]:
        yield Fault(f"{own} refuses nothing by {listed(missing)}", "deploy again")
    for rule in rules:
        if rule["Name"] not in WEB_ACL_RULE_GROUPS:
            action = next(iter(rule.get("Action", {"an action": None})))
            yield Fault(
                f"{own} has the rule {rule['Name']} of others ({action})", "remove it; deploy again", Severity.PART
            )


def protection(
    environment: Environment, platform: ManagedPlatform, load_balancer_arn: str, *, aws: AwsClient
) -> Answered[None]:
    """See that what the file protects is protected, that requests are logged, and that bad headers are dropped."""
    answer = aws.client("elbv2").describe_load_balancer_attributes(LoadBalancerArn=load_balancer_arn)
    attributes = {attribute["Key"]: attribute["Value"] for attribute in answer["Attributes"]}
    pool = aws.user_pool() if environment.makes_user_pool else None
    expect_none("protection", list(protection_faults(attributes, pool, platform)))
    return Answered("deletion protection, access logs and the check of headers are as the file says", None)


def protection_faults(
    attributes: Mapping[str, str], pool: Mapping[str, Any] | None, platform: ManagedPlatform
) -> Iterator[Fault]:
    """Give a fault for each guard that is off."""
    if platform.balancer.deletion_protection:
        if attributes.get(_KEPT) != "true":
            yield Fault("the load balancer's deletion protection is off", "deploy again")
        if pool is not None and pool.get("DeletionProtection") != "ACTIVE":
            yield Fault(f"the deletion protection of {pool['Name']} is off", "deploy again")
    if attributes.get(_STRICT) != "true":
        found = "the load balancer passes on headers with invalid names, by which requests are smuggled"
        yield Fault(found, "deploy again", Severity.SECURITY)
    if attributes.get(_LOGGED) != "true":
        yield Fault("the load balancer writes no access logs", "deploy again", Severity.OPERATIONS)
