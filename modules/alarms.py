"""The alarms of one service: no or unhealthy targets, errors, slow answers, and a certificate near its end."""

from collections.abc import Mapping
from typing import Any

from environments import naming
from environments.watching import (
    ALARM_SHAPES,
    CERTIFICATE_ALARM,
    NO_HEALTHY_TARGET,
    NO_UNHEALTHY_TARGET,
    Alarms,
    AlarmShape,
)
from imports.aws import (
    CloudwatchMetricAlarm,
    CloudwatchMetricAlarmMetricQuery,
    CloudwatchMetricAlarmMetricQueryMetric,
)
from imports.terraform import Construct
from modules.addresses import addressed
from modules.shared_platform import Platform


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
        self._alarm("unhealthy", NO_HEALTHY_TARGET, description="target group has no healthy targets")
        self._alarm(
            "degraded",
            NO_UNHEALTHY_TARGET,
            description="target group has had an unhealthy target for five minutes",
        )
        share = alarms.error_share_percent
        errors = f"answers more than {share:g} % of its requests with an error of its own"
        self._alarm("5xx", share, description=errors)
        p95 = alarms.latency_p95_seconds
        self._alarm("latency", p95, description=f"takes longer than {p95:g} s for one request in twenty")
        if certificate_arn is not None:
            days = alarms.certificate_days_to_expiry
            self._alarm(
                CERTIFICATE_ALARM,
                days,
                description=f"certificate ends in less than {days} days and was not renewed",
                dimensions={"CertificateArn": certificate_arn},
            )

    def _alarm(
        self, condition: str, threshold: float, *, description: str, dimensions: Mapping[str, str] | None = None
    ) -> None:
        """Make one alarm, by default over the target group's metrics."""
        shape = ALARM_SHAPES[condition]
        alarm = CloudwatchMetricAlarm(
            self,
            condition,
            provider=self._platform.provider,
            alarm_name=naming.alarm_name(prefix=self._prefix, service=self._name, condition=condition),
            alarm_description=f"{naming.title(self._name)} {description}",
            alarm_actions=[self._platform.alert_topic_arn],
            ok_actions=[self._platform.alert_topic_arn],
            tags=dict(self._tags),
            comparison_operator=shape.comparison,
            threshold=threshold,
            evaluation_periods=shape.evaluation_periods,
            treat_missing_data=shape.missing_data,
            **_computed(shape, dict(dimensions or self._targets)),
        )
        addressed(alarm, f"{self._name}_{condition.replace('-', '_')}")


def _computed(shape: AlarmShape, dimensions: dict[str, str]) -> dict[str, Any]:
    """Write what an alarm computes: one metric, or an expression over several."""
    if shape.expression:
        share = CloudwatchMetricAlarmMetricQuery(
            id="share", label="5xx share, percent", expression=shape.expression, return_data=True
        )
        return {"metric_query": [share, *(_query(shape, id, dimensions) for id in shape.metrics)]}
    is_percentile = shape.statistic.startswith("p")
    return {
        "namespace": shape.namespace,
        "metric_name": shape.metric,
        "dimensions": dimensions,
        "period": shape.period_seconds,
        "extended_statistic" if is_percentile else "statistic": shape.statistic,
    }


def _query(shape: AlarmShape, id: str, dimensions: dict[str, str]) -> CloudwatchMetricAlarmMetricQuery:
    metric = CloudwatchMetricAlarmMetricQueryMetric(
        namespace=shape.namespace,
        metric_name=shape.metrics[id],
        dimensions=dimensions,
        stat=shape.statistic,
        period=shape.period_seconds,
    )
    return CloudwatchMetricAlarmMetricQuery(id=id, metric=metric)
