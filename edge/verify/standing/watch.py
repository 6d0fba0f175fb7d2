"""The alarms of a service: whether they stand, look at what they should, and notify the topic."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from edge.verify.aws_client import AwsClient
from edge.verify.check import Answered, Fault, expect_none
from environments import naming
from environments.checked import Environment
from environments.watching import (
    ALARM_SHAPES,
    CERTIFICATE_ALARM,
    NO_HEALTHY_TARGET,
    NO_UNHEALTHY_TARGET,
    TARGET_ALARMS,
    AlarmShape,
)

_DEPLOY = "deploy again"


def alarms(
    environment: Environment, name: str, group_arn: str, certificates: Sequence[str], *, aws: AwsClient
) -> Answered[None]:
    """See that a service's alarms stand, look at its target group and certificate, and notify the topic.

    One that fires is no failure of this check, and worth a note.
    """
    wanted = names(environment, name, has_certificate=bool(certificates))
    found = [alarm for alarm in aws.alarms() if alarm["AlarmName"] in wanted.values()]
    topic, suffix = environment.alert_topic_name, group_arn.rpartition(":")[2]
    watched = {"TargetGroup": {suffix}, "CertificateArn": set(certificates)}
    by_name = {alarm["AlarmName"]: alarm for alarm in found}
    expect_none(
        "alarms",
        [
            *faults(wanted.values(), by_name, topic, watched),
            *_thresholds(environment, name, wanted, by_name),
            *shape_faults(wanted, by_name),
        ],
    )
    notes = (
        f"{alarm['AlarmName']} is firing: {' '.join(str(alarm.get('StateReason') or 'no reason given').split())}"
        for alarm in found
        if alarm["StateValue"] == "ALARM"
    )
    return Answered(f"{len(found)} alarms notify {topic}", None, tuple(notes))


def names(environment: Environment, name: str, *, has_certificate: bool) -> dict[str, str]:
    """Name the alarms of a service, by what is wrong when they fire."""
    conditions = (*TARGET_ALARMS, *([CERTIFICATE_ALARM] if has_certificate else []))
    prefix = environment.prefix
    return {condition: naming.alarm_name(prefix=prefix, service=name, condition=condition) for condition in conditions}


def faults(
    wanted: Sequence[str] | Any, found: Mapping[str, Mapping[str, Any]], topic: str, watched: Mapping[str, set[str]]
) -> Iterator[Fault]:
    """Give a fault for each alarm that is gone, is silenced, notifies nobody, or looks at something else."""
    for name in wanted:
        alarm = found.get(name)
        if alarm is None:
            yield Fault(f"there is no alarm {name}", _DEPLOY)
            continue
        if not alarm.get("ActionsEnabled", True):
            yield Fault(
                f"the actions of {name} are disabled", f"aws cloudwatch enable-alarm-actions --alarm-names {name}"
            )
        if topic not in {arn.rpartition(":")[2] for arn in alarm.get("AlarmActions", ())}:
            yield Fault(f"{name} does not notify {topic}", _DEPLOY)
        dimensions = _dimensions(alarm)
        for dimension, value in dimensions:
            if dimension in watched and value not in watched[dimension]:
                yield Fault(f"{name} looks at {value}, not at the service's own", _DEPLOY)
        if not any(dimension in watched for dimension, _ in dimensions):
            yield Fault(f"{name} looks at nothing of the service", _DEPLOY)


def _dimensions(alarm: Mapping[str, Any]) -> list[tuple[str, str]]:
    """List the dimensions of an alarm, also of one over an expression, each once."""
    metrics = [query["MetricStat"]["Metric"] for query in alarm.get("Metrics", ()) if "MetricStat" in query]
    found = [entry for metric in (alarm, *metrics) for entry in metric.get("Dimensions", ())]
    return list(dict.fromkeys((entry["Name"], entry["Value"]) for entry in found))


def _thresholds(
    environment: Environment, name: str, wanted: Mapping[str, str], found: Mapping[str, Mapping[str, Any]]
) -> Iterator[Fault]:
    settings = environment.services[name].alarms
    for condition, expected in (
        ("unhealthy", NO_HEALTHY_TARGET),
        ("degraded", NO_UNHEALTHY_TARGET),
        ("5xx", settings.error_share_percent),
        ("latency", settings.latency_p95_seconds),
        (CERTIFICATE_ALARM, settings.certificate_days_to_expiry),
    ):
        alarm = found.get(wanted.get(condition, ""))
        if alarm is not None and alarm.get("Threshold") != expected:
            sentence = f"{wanted[condition]} fires at {alarm.get('Threshold')}, and the file has {expected:g}"
            yield Fault(sentence, _DEPLOY)


def shape_faults(wanted: Mapping[str, str], found: Mapping[str, Mapping[str, Any]]) -> Iterator[Fault]:
    """Give a fault for each alarm that computes or compares something else than the one that a deploy makes."""
    for condition, name in wanted.items():
        if name in found:
            for what, actual, expected in _compared(found[name], ALARM_SHAPES[condition]):
                if actual != expected:
                    yield Fault(f"the {what} of {name} is {actual or 'none'}, not {expected}", _DEPLOY)


def _compared(alarm: Mapping[str, Any], shape: AlarmShape) -> Iterator[tuple[str, object, object]]:
    """Pair each setting of an alarm, in CloudWatch's words, with what it should be."""
    yield "comparison", alarm.get("ComparisonOperator"), shape.comparison
    yield "number of periods", alarm.get("EvaluationPeriods"), shape.evaluation_periods
    periods = alarm.get("EvaluationPeriods")
    yield "number of periods that must fail", alarm.get("DatapointsToAlarm") or periods, periods
    # https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html: the default is missing.
    yield "treatment of missing data", alarm.get("TreatMissingData") or "missing", shape.missing_data
    queries = alarm.get("Metrics") or ()
    if shape.expression:
        expressions = [query.get("Expression") for query in queries if query.get("ReturnData", True)]
        yield "expression", ", ".join(filter(None, expressions)), shape.expression
    stats = {query["Id"]: query["MetricStat"] for query in queries if "MetricStat" in query} or {"": _only(alarm)}
    for id, metric in shape.metrics.items():
        stat = stats.get(id, {"Metric": {}})
        shown = f"{stat['Metric'].get('Namespace')}/{stat['Metric'].get('MetricName')}"
        yield "metric", shown, f"{shape.namespace}/{metric}"
        yield "statistic", stat.get("Stat"), shape.statistic
        yield "period in seconds", stat.get("Period"), shape.period_seconds


def _only(alarm: Mapping[str, Any]) -> dict[str, Any]:
    """Write the only metric of an alarm in the form of one of several."""
    metric = {"Namespace": alarm.get("Namespace"), "MetricName": alarm.get("MetricName")}
    statistic = alarm.get("Statistic") or alarm.get("ExtendedStatistic")
    return {"Metric": metric, "Stat": statistic, "Period": alarm.get("Period")}
