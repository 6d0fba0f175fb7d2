"""AWS WAF before the load balancer: AWS's own rule groups, and a log of what they saw without what is secret in it."""

from typing import Any

from environments import naming
from environments.watching import WEB_ACL_RULE_GROUPS
from imports.aws_platform import (
    CloudwatchLogGroup,
    Wafv2WebAcl,
    Wafv2WebAclAssociation,
    Wafv2WebAclDefaultAction,
    Wafv2WebAclDefaultActionAllow,
    Wafv2WebAclLoggingConfiguration,
    Wafv2WebAclLoggingConfigurationRedactedFields,
    Wafv2WebAclLoggingConfigurationRedactedFieldsSingleHeader,
    Wafv2WebAclRule,
    Wafv2WebAclRuleOverrideAction,
    Wafv2WebAclRuleOverrideActionNone,
    Wafv2WebAclRuleVisibilityConfig,
    Wafv2WebAclVisibilityConfig,
)
from imports.terraform import Construct
from modules.addresses import addressed
from modules.platform.managed.key import PlatformKey
from modules.platform.managed.site import Site

LOG_RETENTION_DAYS = 365
SECRET_HEADERS = ("authorization", "cookie")


class WebAcl(Construct):
    """A web ACL on the load balancer that lets through what no rule group refuses."""

    def __init__(self, scope: Construct, id: str, *, site: Site, load_balancer_arn: str, key: PlatformKey) -> None:
        super().__init__(scope, id)
        acl = Wafv2WebAcl(
            self,
            "acl",
            provider=site.provider,
            name=site.name("alb"),
            scope="REGIONAL",
            default_action=Wafv2WebAclDefaultAction(allow=Wafv2WebAclDefaultActionAllow()),
            rule=[
                _rule(name, counted, priority) for priority, (name, counted) in enumerate(WEB_ACL_RULE_GROUPS.items())
            ],
            visibility_config=Wafv2WebAclVisibilityConfig(
                cloudwatch_metrics_enabled=True, metric_name=site.name("alb"), sampled_requests_enabled=True
            ),
        )
        addressed(acl, "load_balancer")
        association = Wafv2WebAclAssociation(
            self, "association", provider=site.provider, resource_arn=load_balancer_arn, web_acl_arn=acl.arn
        )
        addressed(association, "load_balancer")
        self._log(site, acl, key)

    def _log(self, site: Site, acl: Wafv2WebAcl, key: PlatformKey) -> None:
        group = CloudwatchLogGroup(
            self,
            "log_group",
            provider=site.provider,
            name=naming.web_acl_log_group_name(prefix=site.prefix),
            retention_in_days=LOG_RETENTION_DAYS,
            kms_key_id=key.arn,
        )
        addressed(group, "web_acl")
        logging = Wafv2WebAclLoggingConfiguration(
            self,
            "logging",
            provider=site.provider,
            resource_arn=acl.arn,
            log_destination_configs=[group.arn],
            redacted_fields=[
                Wafv2WebAclLoggingConfigurationRedactedFields(
                    single_header=Wafv2WebAclLoggingConfigurationRedactedFieldsSingleHeader(name=name)
                )
                for name in SECRET_HEADERS
            ],
        )
        addressed(logging, "load_balancer")


def _rule(group: str, counted: tuple[str, ...], priority: int) -> Wafv2WebAclRule:
    statement: dict[str, Any] = {"vendor_name": "AWS", "name": group}
    if counted:
        statement["rule_action_override"] = [{"name": name, "action_to_use": {"count": {}}} for name in counted]
    return Wafv2WebAclRule(
        name=group,
        priority=priority,
        override_action=Wafv2WebAclRuleOverrideAction(none=Wafv2WebAclRuleOverrideActionNone()),
        statement={"managed_rule_group_statement": statement},
        visibility_config=Wafv2WebAclRuleVisibilityConfig(
            cloudwatch_metrics_enabled=True, metric_name=group, sampled_requests_enabled=True
        ),
    )
