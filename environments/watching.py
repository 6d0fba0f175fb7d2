"""How a service is watched: the load balancer's health check, and the thresholds of the alarms."""

from typing import Annotated

from pydantic import Field, StringConstraints

from environments.fields import UrlPath
from environments.table import Table

# What is wrong with a service when one of its alarms fires, as the alarms are named: the last is its certificate's.
TARGET_ALARMS = ("unhealthy", "degraded", "5xx", "latency")
CERTIFICATE_ALARM = "certificate-expiry"


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
