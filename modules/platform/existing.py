"""A platform that another tool made: looked up by name, never changed.

Each lookup asks for all things of a name and demands exactly one, so that a missing or ambiguous thing ends the plan
with a sentence that names it and the key to correct. (Asked for one, the provider says only "couldn't find resource".)
"""

from collections.abc import Mapping

from environments.platforms import ExistingPlatform
from imports.aws import (
    AwsProvider,
    DataAwsAutoscalingGroups,
    DataAwsCognitoUserPool,
    DataAwsCognitoUserPools,
    DataAwsLb,
    DataAwsLbListener,
    DataAwsLbs,
    DataAwsSecurityGroups,
    DataAwsSecurityGroupsFilter,
    DataAwsSnsTopic,
)
from imports.terraform import Postcondition, TerraformResourceLifecycle, TerraformStack
from modules.addresses import addressed
from modules.firewall import HTTPS_PORT
from modules.shared_platform import Platform, UserPool


def existing_platform(
    stack: TerraformStack, *, settings: ExistingPlatform, providers: Mapping[str, AwsProvider]
) -> Platform:
    """Look up the load balancer, its HTTPS listener, the groups, the topic and, where one is named, the user pool."""
    provider = providers[settings.account]
    load_balancer = _load_balancer(stack, provider, settings.load_balancer)
    groups = {
        key: _security_group(stack, provider, key=key, name=name, load_balancer=load_balancer)
        for key, name in (
            ("load_balancer_security_group", settings.load_balancer_security_group),
            ("instance_security_group", settings.instance_security_group),
        )
    }
    topic = DataAwsSnsTopic(stack, "alert_topic", provider=provider, name=settings.alert_topic)
    return Platform(
        provider=provider,
        vpc_id=load_balancer.vpc_id,
        load_balancer_arn_suffix=load_balancer.arn_suffix,
        load_balancer_dns_name=load_balancer.dns_name,
        load_balancer_zone_id=load_balancer.zone_id,
        https_listener_arn=_https_listener(stack, provider, load_balancer, settings.load_balancer),
        load_balancer_security_group_id=groups["load_balancer_security_group"],
        instance_security_group_id=groups["instance_security_group"],
        autoscaling_group_name=_autoscaling_group(stack, provider, settings.autoscaling_group),
        alert_topic_arn=addressed(topic, "alerts").arn,
        user_pool=_user_pool(stack, provider, settings.user_pool) if settings.user_pool else None,
    )


def _load_balancer(stack: TerraformStack, provider: AwsProvider, name: str) -> DataAwsLb:
    """Find the load balancer by the name in its ARN, `…:loadbalancer/app/<name>/<id>`, among all of the account."""
    of_name = f'[for arn in %s.arns : arn if split("/", arn)[1] == "app" && split("/", arn)[2] == "{name}"]'
    found = DataAwsLbs(
        stack,
        "load_balancers",
        provider=provider,
        lifecycle=_exactly_one(of_name % "self", f"Application Load Balancer named {name}", "load_balancer"),
    )
    addressed(found, "all")
    arn = f"${{one({of_name % found.fqn})}}"
    return addressed(DataAwsLb(stack, "load_balancer", provider=provider, arn=arn), "load_balancer")


def _https_listener(stack: TerraformStack, provider: AwsProvider, load_balancer: DataAwsLb, name: str) -> str:
    is_https = Postcondition(
        condition='${self.protocol == "HTTPS"}',
        error_message=f"The listener on port {HTTPS_PORT} of {name} speaks ${{self.protocol}}, not HTTPS.",
    )
    listener = DataAwsLbListener(
        stack,
        "https_listener",
        provider=provider,
        load_balancer_arn=load_balancer.arn,
        port=HTTPS_PORT,
        lifecycle=TerraformResourceLifecycle(postcondition=[is_https]),
    )
    return addressed(listener, f"https_{HTTPS_PORT}").arn


def _security_group(
    stack: TerraformStack, provider: AwsProvider, *, key: str, name: str, load_balancer: DataAwsLb
) -> str:
    found = DataAwsSecurityGroups(
        stack,
        key,
        provider=provider,
        filter=[
            DataAwsSecurityGroupsFilter(name="group-name", values=[name]),
            DataAwsSecurityGroupsFilter(name="vpc-id", values=[load_balancer.vpc_id]),
        ],
        lifecycle=_exactly_one("self.ids", f"security group named {name} in the load balancer's VPC", key),
    )
    return f"${{one({addressed(found, key).fqn}.ids)}}"


def _autoscaling_group(stack: TerraformStack, provider: AwsProvider, name: str) -> str:
    found = DataAwsAutoscalingGroups(
        stack,
        "autoscaling_group",
        provider=provider,
        names=[name],
        lifecycle=_exactly_one("self.names", f"Auto Scaling group named {name}", "autoscaling_group"),
    )
    return f"${{one({addressed(found, 'instances').fqn}.names)}}"


def _user_pool(stack: TerraformStack, provider: AwsProvider, name: str) -> UserPool:
    found = DataAwsCognitoUserPools(
        stack,
        "user_pools",
        provider=provider,
        name=name,
        lifecycle=_exactly_one("self.ids", f"Cognito user pool named {name}", "user_pool"),
    )
    has_domain = Postcondition(
        condition='${coalesce(self.custom_domain, self.domain, "none") != "none"}',
        error_message=f"The Cognito user pool {name} has no domain, which a sign-in needs; give it one.",
    )
    pool = DataAwsCognitoUserPool(
        stack,
        "user_pool",
        provider=provider,
        user_pool_id=f"${{one({addressed(found, 'login').fqn}.ids)}}",
        lifecycle=TerraformResourceLifecycle(postcondition=[has_domain]),
    )
    addressed(pool, "login")
    domain = f'${{try(coalesce({pool.fqn}.custom_domain, {pool.fqn}.domain), "")}}'
    return UserPool(id=pool.user_pool_id, arn=pool.arn, domain=domain)


def _exactly_one(found: str, thing: str, key: str) -> TerraformResourceLifecycle:
    """Demand that a Terraform expression gives one thing, and say otherwise which key of the environment to correct."""
    message = f"Expected one {thing}, found ${{length({found})}}; correct platform.{key} in the environment file."
    condition = f"${{length({found}) == 1}}"
    return TerraformResourceLifecycle(postcondition=[Postcondition(condition=condition, error_message=message)])
