"""A service's alarms, setting by setting: what each one measures, for how long, and when it fires."""

from typing import Any

import pytest

Stack = dict[str, Any]

TARGETS = {
    "LoadBalancer": "${data.aws_lb.load_balancer.arn_suffix}",
    "TargetGroup": "${aws_lb_target_group.link.arn_suffix}",
}


@pytest.fixture
def alarms(prod_stack: Stack) -> dict[str, dict[str, Any]]:
    return {
        name.removeprefix("link_"): body for name, body in prod_stack["resource"]["aws_cloudwatch_metric_alarm"].items()
    }


def test_no_healthy_target_for_two_minutes_is_an_outage_even_without_a_figure(alarms: dict[str, Any]) -> None:
    """The seed's own alarm. A group without targets reports nothing, so missing figures count as breaching."""
    assert settings(alarms["unhealthy"]) == {
        "namespace": "AWS/ApplicationELB",
        "metric_name": "HealthyHostCount",
        "dimensions": TARGETS,
        "statistic": "Minimum",
        "comparison_operator": "LessThanThreshold",
        "threshold": 1,
        "period": 60,
        "evaluation_periods": 2,
        "treat_missing_data": "breaching",
    }


def test_an_unhealthy_target_throughout_five_minutes_is_degraded(alarms: dict[str, Any]) -> None:
    """By the minimum of each minute: one that fails a single check during a deploy must not fire it."""
    assert settings(alarms["degraded"]) == {
        "namespace": "AWS/ApplicationELB",
        "metric_name": "UnHealthyHostCount",
        "dimensions": TARGETS,
        "statistic": "Minimum",
        "comparison_operator": "GreaterThanThreshold",
        "threshold": 0,
        "period": 60,
        "evaluation_periods": 5,
        "treat_missing_data": "notBreaching",
    }


def test_errors_count_as_a_percentage_of_the_requests(alarms: dict[str, Any]) -> None:
    alarm = settings(alarms["5xx"])
    share, *counts = alarm.pop("metric_query")
    assert alarm == {
        "comparison_operator": "GreaterThanThreshold",
        "threshold": 5,
        "evaluation_periods": 2,
        "treat_missing_data": "notBreaching",
    }
    label = "5xx share, percent"
    expression = "100 * FILL(errors, 0) / requests"
    assert share == {"id": "share", "label": label, "expression": expression, "return_data": True}
    assert counts == [count("errors", "HTTPCode_Target_5XX_Count"), count("requests", "RequestCount")]


def count(id: str, metric_name: str) -> dict[str, Any]:
    metric = {"namespace": "AWS/ApplicationELB", "metric_name": metric_name, "dimensions": TARGETS}
    return {"id": id, "metric": {**metric, "stat": "Sum", "period": 300}}


@pytest.mark.parametrize(
    ("errors", "requests", "fires"), [(6, 100, True), (5, 100, False), (0, 100, False), (1, 1, True)]
)
def test_the_expression_gives_percent(alarms: dict[str, Any], errors: int, requests: int, fires: bool) -> None:
    """CloudWatch's expression, with FILL as it is where there is a figure, is arithmetic that Python knows too."""
    alarm = alarms["5xx"]
    names = {"errors": errors, "requests": requests, "FILL": lambda figure, _: figure}
    share = eval(alarm["metric_query"][0]["expression"], {"__builtins__": {}}, names)
    assert (share > alarm["threshold"]) is fires


def test_slow_answers_for_three_times_five_minutes_are_reported(alarms: dict[str, Any]) -> None:
    """One slow period is what a start or a deploy looks like."""
    assert settings(alarms["latency"]) == {
        "namespace": "AWS/ApplicationELB",
        "metric_name": "TargetResponseTime",
        "dimensions": TARGETS,
        "extended_statistic": "p95",
        "comparison_operator": "GreaterThanThreshold",
        "threshold": 2,
        "period": 300,
        "evaluation_periods": 3,
        "treat_missing_data": "notBreaching",
    }


def test_a_certificate_that_is_not_renewed_is_reported_once_a_day(alarms: dict[str, Any]) -> None:
    assert settings(alarms["certificate_expiry"]) == {
        "namespace": "AWS/CertificateManager",
        "metric_name": "DaysToExpiry",
        "dimensions": {"CertificateArn": "${aws_acm_certificate_validation.link.certificate_arn}"},
        "statistic": "Minimum",
        "comparison_operator": "LessThanThreshold",
        "threshold": 30,
        "period": 86400,
        "evaluation_periods": 1,
        "treat_missing_data": "notBreaching",
    }


def settings(alarm: dict[str, Any]) -> dict[str, Any]:
    """Leave out what all alarms have in common, which test_stack.py asks for."""
    common = {"alarm_actions", "ok_actions", "alarm_name", "alarm_description", "provider", "tags"}
    return {name: value for name, value in alarm.items() if name not in common}


def test_each_alarm_says_whose_it_is_and_what_is_wrong(alarms: dict[str, Any]) -> None:
    assert {alarm["alarm_name"]: alarm["alarm_description"] for alarm in alarms.values()} == {
        "v1-orcha-link-unhealthy": "Link target group has no healthy targets",
        "v1-orcha-link-degraded": "Link target group has had an unhealthy target for five minutes",
        "v1-orcha-link-5xx": "Link answers more than 5 % of its requests with an error of its own",
        "v1-orcha-link-latency": "Link takes longer than 2 s for one request in twenty",
        "v1-orcha-link-certificate-expiry": "Link certificate ends in less than 30 days and was not renewed",
    }
