"""The topic that alarms notify: whether CloudWatch may publish to it, and who hears of it."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from botocore.exceptions import ClientError

from edge.verify.aws_client import AwsClient
from edge.verify.check import Answered, CheckFailedError, Fault, expect_none
from environments.checked import Environment

# https://docs.aws.amazon.com/sns/latest/api/API_ListSubscriptionsByTopic.html: what stands in place of an ARN.
_UNCONFIRMED = {"PendingConfirmation", "Deleted"}
_PUBLISHING = {"sns:publish", "sns:*", "*"}
_CLOUDWATCH = "cloudwatch.amazonaws.com"
_MISSING = ("NotFound", "NotFoundException")


def alert_topic(environment: Environment, arn: str, *, aws: AwsClient) -> Answered[None]:
    """See that the topic stands, that CloudWatch may publish to it, and that somebody has confirmed a subscription."""
    name, sns = environment.alert_topic_name, aws.client("sns")
    try:
        pages = sns.get_paginator("list_subscriptions_by_topic").paginate(TopicArn=arn)
        found = [subscription for page in pages for subscription in page["Subscriptions"]]
        policy = json.loads(sns.get_topic_attributes(TopicArn=arn)["Attributes"].get("Policy") or "{}")
    except ClientError as error:
        if error.response["Error"]["Code"] not in _MISSING:
            raise
        message = f"there is no topic {name}, so that no alarm notifies anybody"
        raise CheckFailedError(message, "make it again; deploy again") from None
    confirmed = [entry for entry in found if entry["SubscriptionArn"] not in _UNCONFIRMED]
    filters = {
        entry["Endpoint"]: sns.get_subscription_attributes(SubscriptionArn=entry["SubscriptionArn"])["Attributes"]
        for entry in confirmed
    }
    managed = environment.managed
    wanted = managed.settings.alert_emails if managed else ()
    expect_none(
        "alert topic",
        [
            *policy_faults(name, policy),
            *subscription_faults(name, found, filters, wanted),
        ],
    )
    waiting = len(found) - len(confirmed)
    note = f"{waiting} more wait for the link in AWS's e-mail"
    return Answered(f"{len(confirmed)} subscriptions to {name} are confirmed", None, (note,) if waiting else ())


def subscription_faults(
    name: str, found: Sequence[Mapping[str, Any]], attributes: Mapping[str, Mapping[str, str]], wanted: Sequence[str]
) -> Iterator[Fault]:
    """Give a fault where nobody hears of an alarm, or not all do whom the file names.

    `attributes` are those of the confirmed subscriptions, by their endpoints. A filter policy drops each message whose
    attributes it does not match, and CloudWatch's have none:
    https://docs.aws.amazon.com/sns/latest/dg/sns-message-filtering.html
    """
    if not attributes:
        pending = f" ({len(found)} wait for the link in AWS's e-mail)" if found else ""
        message = f"nobody has a confirmed subscription to {name}{pending}"
        yield Fault(message, "subscribe to it, and confirm by the link in AWS's e-mail")
    for endpoint, of_endpoint in attributes.items():
        if of_endpoint.get("FilterPolicy") not in (None, "", "{}"):
            yield Fault(f"the subscription of {endpoint} has a filter, which drops alarms", "remove its filter policy")
    subscribed = {str(entry.get("Endpoint")) for entry in found}
    for address in wanted:
        if address not in subscribed:
            yield Fault(f"{address} is not subscribed to {name}", "deploy again")


def policy_faults(name: str, policy: Mapping[str, Any]) -> Iterator[Fault]:
    """Say whether the topic's policy keeps CloudWatch from publishing; conditions of an Allow are taken as met.

    https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Notify_Users_Alarm_Changes.html
    """
    about = [statement for statement in policy.get("Statement", ()) if _is_of_cloudwatch(statement)]
    if any(statement["Effect"] == "Deny" and not statement.get("Condition") for statement in about):
        yield Fault(f"the policy of {name} denies CloudWatch to publish", "remove that statement; deploy again")
    elif not any(statement["Effect"] == "Allow" for statement in about):
        yield Fault(f"the policy of {name} does not let CloudWatch publish", f"let {_CLOUDWATCH} publish to it")


def _is_of_cloudwatch(statement: Mapping[str, Any]) -> bool:
    """Tell whether a statement is about publishing, by everybody, by CloudWatch or by the account."""
    actions = {str(action).lower() for action in _listed(statement.get("Action"))}
    principal = statement.get("Principal", {})
    if principal == "*":
        return not actions.isdisjoint(_PUBLISHING)
    accounts, services = _listed(principal.get("AWS")), _listed(principal.get("Service"))
    is_meant = any(entry == "*" or entry.endswith(":root") for entry in accounts) or _CLOUDWATCH in services
    return is_meant and not actions.isdisjoint(_PUBLISHING)


def _listed(value: Any) -> list[str]:
    return [] if value is None else [value] if isinstance(value, str) else list(value)
