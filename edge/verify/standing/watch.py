"""Who hears of a failure: the alarms of a service, and the subscribers of the topic that they notify."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from botocore.exceptions import ClientError

from edge.verify.aws_client import AwsClient
from edge.verify.check import Answered, CheckFailedError, Fault, expect_none
from environments import naming
from environments.checked import Environment
from environments.watching import CERTIFICATE_ALARM, TARGET_ALARMS

_DEPLOY = "deploy again"
# https://docs.aws.amazon.com/sns/latest/api/API_ListSubscriptionsByTopic.html: what stands in place of an ARN.
_UNCONFIRMED = {"PendingConfirmation", "Deleted"}


def alarms(
    environment: Environment, name: str, group_arn: str, certificates: Sequence[str], *, aws: AwsClient
) -> Answered[None]:
    """See that a service's alarms stand, look at its target group and certificate, and notify the topic.

    One that fires is no failure of this check, and worth a note.
    """
    wanted = names(environment, name, has_certificate=bool(certificates))
    found = aws.client("cloudwatch").describe_alarms(AlarmNames=list(wanted.values()))["MetricAlarms"]
    topic, suffix = environment.alert_topic_name, group_arn.rpartition(":")[2]
    watched = {"TargetGroup": {suffix}, "CertificateArn": set(certificates)}
    by_name = {alarm["AlarmName"]: alarm for alarm in found}
    expect_none(
        "alarms", [*faults(wanted.values(), by_name, topic, watched), *_thresholds(environment, name, wanted, by_name)]
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
        for dimension, value in _dimensions(alarm):
            if dimension in watched and value not in watched[dimension]:
                yield Fault(f"{name} looks at {value}, not at the service's own", _DEPLOY)


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
        ("5xx", settings.error_share_percent),
        ("latency", settings.latency_p95_seconds),
        (CERTIFICATE_ALARM, settings.certificate_days_to_expiry),
    ):
        alarm = found.get(wanted.get(condition, ""))
        if alarm is not None and alarm.get("Threshold") != expected:
            sentence = f"{wanted[condition]} fires at {alarm.get('Threshold')}, and the file has {expected:g}"
            yield Fault(sentence, _DEPLOY)


def alert_topic(environment: Environment, arn: str, *, aws: AwsClient) -> Answered[None]:
    """See that the topic stands, and that somebody has confirmed a subscription to it."""
    name = environment.alert_topic_name
    try:
        pages = aws.client("sns").get_paginator("list_subscriptions_by_topic").paginate(TopicArn=arn)
        found = [subscription for page in pages for subscription in page["Subscriptions"]]
    except ClientError as error:
        if error.response["Error"]["Code"] not in ("NotFound", "NotFoundException"):
            raise
        message = f"there is no topic {name}, so that no alarm notifies anybody"
        raise CheckFailedError(message, "make it again; deploy again") from None
    confirmed = [entry for entry in found if entry["SubscriptionArn"] not in _UNCONFIRMED]
    if not confirmed:
        pending = f" ({len(found)} wait for the link in AWS's e-mail)" if found else ""
        message = f"nobody has a confirmed subscription to {name}{pending}"
        raise CheckFailedError(message, "subscribe to it, and confirm by the link in AWS's e-mail")
    return Answered(f"{len(confirmed)} subscriptions to {name} are confirmed", None)
