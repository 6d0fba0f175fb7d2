"""The alarms of one service: no healthy target, some unhealthy, errors, slow answers, and a certificate near its end.

Metrics of the load balancer: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-cloudwatch-metrics.html
"""

from collections.abc import Mapping
from typing import Any

from environments import naming
from environments.watching import CERTIFICATE_ALARM, Alarms
from imports.aws import (
    CloudwatchMetricAlarm,
    CloudwatchMetricAlarmMetricQuery,
    CloudwatchMetricAlarmMetricQueryMetric,
)
from imports.terraform import Construct
from modules.addresses import addressed
from modules.shared_platform import Platform

LOAD_BALANCER_NAMESPACE = "AWS/ApplicationELB"
# https://docs.aws.amazon.com/acm/latest/userguide/cloudwatch-metrics.html
CERTIFICATE_NAMESPACE = "AWS/CertificateManager"
ONE_MINUTE_SECONDS = 60
FIVE_MINUTES_SECONDS = 300
ONE_DAY_SECONDS = 86_400


class ServiceAlarms(Construct):
    """Alarms that notify the platform's alert topic; each is named after the service and what is wrong with it.

    A service without a certificate of its own has no alarm for one.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        name: str,
        prefix: str,
        alarms: Alarms,
        target_group_arn_suffix: str,
        certificate_arn: str | None,
        platform: Platform,
        tags: Mapping[str, str],
    ) -> None:
        super().__init__(scope, id)
        self._name, self._prefix, self._platform, self._tags = name, prefix, platform, tags
        self._targets = {
            "TargetGroup": target_group_arn_suffix,
            "LoadBalancer": platform.load_balancer_arn_suffix,
        }
        self._unhealthy()
        self._degraded()
        self._errors(alarms.error_share_percent)
        self._slow(alarms.latency_p95_seconds)
        if certificate_arn is not None:
            self._expiring(certificate_arn, alarms.certificate_days_to_expiry)

    def _unhealthy(self) -> None:
        self._alarm(
            "unhealthy",
            description="target group has no healthy targets",
            comparison_operator="LessThanThreshold",
            threshold=1,
            namespace=LOAD_BALANCER_NAMESPACE,
            metric_name="HealthyHostCount",
            dimensions=self._targets,
            statistic="Minimum",
            period=ONE_MINUTE_SECONDS,
            evaluation_periods=2,
            treat_missing_data="breaching",
        )

    def _degraded(self) -> None:
        self._alarm(
            "degraded",
            description="target group has had an unhealthy target for five minutes",
            comparison_operator="GreaterThanThreshold",
            threshold=0,
            namespace=LOAD_BALANCER_NAMESPACE,
            metric_name="UnHealthyHostCount",
            dimensions=self._targets,
            statistic="Minimum",
            period=ONE_MINUTE_SECONDS,
            evaluation_periods=5,
            treat_missing_data="notBreaching",
        )

    def _errors(self, share_percent: float) -> None:
        self._alarm(
            "5xx",
            description=f"answers more than {share_percent:g} % of its requests with an error of its own",
            comparison_operator="GreaterThanThreshold",
            threshold=share_percent,
            evaluation_periods=2,
            treat_missing_data="notBreaching",
            metric_query=[
                CloudwatchMetricAlarmMetricQuery(
                    id="share",
                    label="5xx share, percent",
                    expression="100 * FILL(errors, 0) / requests",
                    return_data=True,
                ),
                self._count("errors", "HTTPCode_Target_5XX_Count"),
                self._count("requests", "RequestCount"),
            ],
        )

    def _slow(self, p95_seconds: float) -> None:
        self._alarm(
            "latency",
            description=f"takes longer than {p95_seconds:g} s for one request in twenty",
            comparison_operator="GreaterThanThreshold",
            threshold=p95_seconds,
            namespace=LOAD_BALANCER_NAMESPACE,
            metric_name="TargetResponseTime",
            dimensions=self._targets,
            extended_statistic="p95",
            period=FIVE_MINUTES_SECONDS,
            evaluation_periods=3,
            treat_missing_data="notBreaching",
        )

    def _expiring(self, certificate_arn: str, days: int) -> None:
        self._alarm(
            CERTIFICATE_ALARM,
            description=f"certificate ends in less than {days} days and was not renewed",
            comparison_operator="LessThanThreshold",
            threshold=days,
            namespace=CERTIFICATE_NAMESPACE,
            metric_name="DaysToExpiry",
            dimensions={"CertificateArn": certificate_arn},
            statistic="Minimum",
            period=ONE_DAY_SECONDS,
            evaluation_periods=1,
            treat_missing_data="notBreaching",
        )

    def _count(self, id: str, metric_name: str) -> CloudwatchMetricAlarmMetricQuery:
        metric = CloudwatchMetricAlarmMetricQueryMetric(
            namespace=LOAD_BALANCER_NAMESPACE,
            metric_name=metric_name,
            dimensions=self._targets,
            stat="Sum",
            period=FIVE_MINUTES_SECONDS,
        )
        return CloudwatchMetricAlarmMetricQuery(id=id, metric=metric)

    def _alarm(self, condition: str, *, description: str, **settings: Any) -> None:
        """Make one alarm with what all have in common: names, topic and tags."""
        alarm = CloudwatchMetricAlarm(
            self,
            condition,
            provider=self._platform.provider,
            alarm_name=naming.alarm_name(prefix=self._prefix, service=self._name, condition=condition),
            alarm_description=f"{naming.title(self._name)} {description}",
            alarm_actions=[self._platform.alert_topic_arn],
            ok_actions=[self._platform.alert_topic_arn],
            tags=dict(self._tags),
            **settings,
        )
        addressed(alarm, f"{self._name}_{condition.replace('-', '_')}")
