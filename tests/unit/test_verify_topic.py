"""The topic that alarms notify, on answers as AWS writes them."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from edge.verify.check import CheckFailedError
from edge.verify.standing import topic
from tests.support.files import environment, managed, prod

ACCOUNT = "arn:aws:iam::111111111111"
BOB = f"{ACCOUNT}:user/bob"
ALLOWED = {"Effect": "Allow", "Action": ["SNS:Subscribe", "SNS:Publish"], "Principal": {"AWS": "*"}}
DENIED = {"Effect": "Deny", "Action": "sns:*", "Principal": {"Service": "cloudwatch.amazonaws.com"}}
OVER_HTTP = {"Condition": {"Bool": {"aws:SecureTransport": "false"}}, "Principal": "*"}
POLICY = {"Statement": [ALLOWED]}


class Topic:
    """A topic with some subscriptions, or none of its name."""

    def __init__(self, *arns: str, error: str = "", policy: Any = None, subscription: Any = None) -> None:
        self.arns, self.error = arns, error
        self.policy, self.subscription = policy or POLICY, subscription or {}

    def client(self, _service: str) -> "Topic":
        return self

    def get_topic_attributes(self, **_: str) -> dict[str, Any]:
        return {"Attributes": {"Policy": json.dumps(self.policy)}}

    def get_subscription_attributes(self, **_: str) -> dict[str, Any]:
        return {"Attributes": self.subscription}

    def get_paginator(self, _name: str) -> "Topic":
        return self

    def paginate(self, **_: str) -> Iterator[dict[str, Any]]:
        if self.error:
            raise ClientError({"Error": {"Code": self.error, "Message": "x"}}, "ListSubscriptionsByTopic")
        yield {"Subscriptions": [{"SubscriptionArn": arn, "Endpoint": f"{arn}@x"} for arn in self.arns]}


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (Topic("arn:aws:sns:1", "PendingConfirmation"), ""),
        (Topic("PendingConfirmation"), "nobody has a confirmed subscription to v1-orcha-alerts (1 wait for the link"),
        (Topic(), "nobody has a confirmed subscription to v1-orcha-alerts"),
        (Topic(error="NotFound"), "there is no topic v1-orcha-alerts"),
        (Topic("a", subscription={"FilterPolicy": '{"x": ["y"]}'}), "the subscription of a@x has a filter"),
        (Topic("a", subscription={"FilterPolicy": "{}"}), ""),
        (Topic("a", policy={"Statement": [ALLOWED, DENIED]}), "the policy of v1-orcha-alerts denies CloudWatch"),
        (Topic("a", policy={"Statement": [ALLOWED, {**DENIED, **OVER_HTTP}]}), ""),
        (Topic("a", policy={"Statement": [{**ALLOWED, "Principal": {"AWS": BOB}}]}), "does not let CloudWatch publish"),
        (Topic("a", policy={"Statement": [{**ALLOWED, "Principal": {"AWS": f"{ACCOUNT}:root"}}]}), ""),
        (Topic("a", policy={"Statement": [{**ALLOWED, "Action": "SNS:Subscribe"}]}), "does not let CloudWatch publish"),
    ],
)
def test_somebody_hears_of_an_alarm(found: Any, words: str) -> None:
    if not words:
        assert topic.alert_topic(environment(prod()), "arn", aws=found).detail.startswith("1 subscriptions")
        return
    with pytest.raises(CheckFailedError) as caught:
        topic.alert_topic(environment(prod()), "arn", aws=found)
    assert words in caught.value.found


def test_a_missing_permission_is_not_taken_for_a_missing_topic() -> None:
    found: Any = Topic(error="AuthorizationError")
    with pytest.raises(ClientError):
        topic.alert_topic(environment(prod()), "arn", aws=found)


def test_everybody_whom_the_file_names_is_subscribed_to_a_topic_of_our_own() -> None:
    (address,) = environment(managed(), "staging").platform.alert_emails  # type: ignore[union-attr]
    found = [{"SubscriptionArn": "PendingConfirmation", "Endpoint": address}]
    others = {"else@x": {"FilterPolicy": ""}}
    assert list(topic.subscription_faults("t", found, others, [address])) == []
    (fault,) = topic.subscription_faults("t", [], others, [address])
    assert fault.found == f"{address} is not subscribed to t"
