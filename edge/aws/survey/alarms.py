"""Alarms: found by their name, under which CloudWatch would silently overwrite another's."""

from collections.abc import Iterator, Mapping
from typing import Any

from edge.aws.survey.model import Found, Wanted, as_mapping, judged
from edge.aws.survey.reader import Reader

# Terraform's attribute and CloudWatch's for what says which question an alarm asks.
_QUESTION = {
    "metric_name": "MetricName",
    "namespace": "Namespace",
    "statistic": "Statistic",
    "extended_statistic": "ExtendedStatistic",
}


def alarm(wanted: Wanted, reader: Reader) -> Iterator[Found]:
    """Find an alarm by its name; another's is one that asks something else, or notifies another topic."""
    name = wanted.values["alarm_name"]
    cloudwatch = reader.of_platform("cloudwatch")
    for standing in cloudwatch.describe_alarms(AlarmNames=[name])["MetricAlarms"]:
        tags = as_mapping(cloudwatch.list_tags_for_resource(ResourceARN=standing["AlarmArn"])["Tags"])
        differences = [*_topics(wanted, standing), *_question(wanted, standing)]
        yield judged(wanted, import_id=name, thing=f"alarm {name}", tags=tags, differences=differences, fixed=[])


def _topics(wanted: Wanted, standing: Mapping[str, Any]) -> Iterator[str]:
    actual, expected = set(standing.get("AlarmActions", ())), set(wanted.values.get("alarm_actions") or ())
    if actual != expected:
        yield f"it notifies {_short(actual)}, and {_short(expected)} is wanted"


def _question(wanted: Wanted, standing: Mapping[str, Any]) -> Iterator[str]:
    for attribute, key in _QUESTION.items():
        expected, actual = wanted.values.get(attribute), standing.get(key)
        if expected is not None and actual != expected:
            yield f"its {attribute.replace('_', ' ')} is {actual}, and {expected} is wanted"
    watched = {entry["Name"]: entry["Value"] for entry in standing.get("Dimensions", ())}
    for name, expected in (wanted.values.get("dimensions") or {}).items():
        if (
            expected is not None and watched.get(name) != expected
        ):  # of a thing that is yet to be made, no plan knows it
            yield f"it watches the {name} {watched.get(name) or 'of nothing'}, and {expected} is wanted"


def _short(arns: set[str]) -> str:
    return ", ".join(sorted(arn.rpartition(":")[2] for arn in arns)) or "nobody"
