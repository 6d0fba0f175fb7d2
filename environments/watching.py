"""How a service is watched: the load balancer's health check, and what its alarms look at.

Metrics of the load balancer:
https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-cloudwatch-metrics.html
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from pydantic import Field, StringConstraints

from environments.fields import UrlPath
from environments.table import Table

# What is wrong with a service when one of its alarms fires, as the alarms are named: the last is its certificate's.
TARGET_ALARMS = ("unhealthy", "degraded", "5xx", "latency")
CERTIFICATE_ALARM = "certificate-expiry"

_BALANCER = "AWS/ApplicationELB"
# https://docs.aws.amazon.com/acm/latest/userguide/cloudwatch-metrics.html
_CERTIFICATES = "AWS/CertificateManager"
_LESS, _GREATER = "LessThanThreshold", "GreaterThanThreshold"


@dataclass(frozen=True, kw_only=True)
class AlarmShape:
    """What CloudWatch computes for an alarm and compares with its threshold, in CloudWatch's own words.

    With an `expression` it computes that over the metrics by their ids; without one it takes the only metric itself.
    """

    namespace: str
    metrics: Mapping[str, str]
    statistic: str
    period_seconds: int
    evaluation_periods: int
    comparison: str
    missing_data: str
    expression: str = ""

    @property
    def metric(self) -> str:
        """The name of its only metric."""
        (name,) = self.metrics.values()
        return name


ALARM_SHAPES: Mapping[str, AlarmShape] = {
    "unhealthy": AlarmShape(
        namespace=_BALANCER,
        metrics={"": "HealthyHostCount"},
        statistic="Minimum",
        period_seconds=60,
        evaluation_periods=2,
        comparison=_LESS,
        missing_data="breaching",
    ),
    "degraded": AlarmShape(
        namespace=_BALANCER,
        metrics={"": "UnHealthyHostCount"},
        statistic="Minimum",
        period_seconds=60,
        evaluation_periods=5,
        comparison=_GREATER,
        missing_data="notBreaching",
    ),
    "5xx": AlarmShape(
        namespace=_BALANCER,
        metrics={"errors": "HTTPCode_Target_5XX_Count", "requests": "RequestCount"},
        statistic="Sum",
        period_seconds=300,
        evaluation_periods=2,
        comparison=_GREATER,
        missing_data="notBreaching",
        expression="100 * FILL(errors, 0) / requests",
    ),
    "latency": AlarmShape(
        namespace=_BALANCER,
        metrics={"": "TargetResponseTime"},
        statistic="p95",
        period_seconds=300,
        evaluation_periods=3,
        comparison=_GREATER,
        missing_data="notBreaching",
    ),
    CERTIFICATE_ALARM: AlarmShape(
        namespace=_CERTIFICATES,
        metrics={"": "DaysToExpiry"},
        statistic="Minimum",
        period_seconds=86_400,
        evaluation_periods=1,
        comparison=_LESS,
        missing_data="notBreaching",
    ),
}
NO_HEALTHY_TARGET, NO_UNHEALTHY_TARGET = 1, 0


class HealthCheck(Table):
    """How the load balancer asks a target whether it is well.

    The defaults are Link's; the ranges are those of
    https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html
    """

    path: UrlPath = Field("/health", description="a path that starts with a slash, such as /health")
    matcher: Annotated[
        str, StringConstraints(pattern=r"^[2-4][0-9]{2}(-[2-4][0-9]{2})?(,[2-4][0-9]{2}(-[2-4][0-9]{2})?)*$")
    ] = Field("200", description='the HTTP codes of a healthy answer, such as "200", "200,202" or "200-299"')
    healthy_threshold: int = Field(
        2, ge=2, le=10, description="the successes in a row that make a target healthy, 2-10"
    )
    unhealthy_threshold: int = Field(3, ge=2, le=10, description="the failures in a row that make it unhealthy, 2-10")
    interval_seconds: int = Field(30, ge=5, le=300, description="the seconds between two checks, 5-300")
    timeout_seconds: int = Field(5, ge=2, le=120, description="the seconds to wait for an answer, 2-120")


class Alarms(Table):
    """Where a service's alarms stand, beyond `unhealthy`, which fires when no target is healthy."""

    error_share_percent: float = Field(
        5.0, gt=0, le=100, description="the share of 5xx answers that alarms, in percent, above 0 up to 100"
    )
    latency_p95_seconds: float = Field(
        2.0, gt=0, le=4000, description="the 95th percentile of the response time that alarms, in seconds"
    )
    certificate_days_to_expiry: int = Field(
        30, ge=1, le=90, description="the days before its end at which a certificate that was not renewed alarms, 1-90"
    )


# The groups of AWS's own rules before a managed load balancer, the cheapest check first, each with the rules of it that
# only count. Known bad inputs hold the Log4j rules. The common rules refuse bodies above 8 KB, uploads too.
# https://docs.aws.amazon.com/waf/latest/developerguide/aws-managed-rule-groups-list.html
WEB_ACL_RULE_GROUPS: Mapping[str, tuple[str, ...]] = {
    "AWSManagedRulesAmazonIpReputationList": (),
    "AWSManagedRulesKnownBadInputsRuleSet": (),
    "AWSManagedRulesCommonRuleSet": ("SizeRestrictions_BODY",),
}
