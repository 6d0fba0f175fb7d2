"""Changes that break nothing of ours: no check may fail."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from tests.engine.faults.changes import (
    FIXED,
    called,
    clients_from,
    conditions,
    forward,
    opened,
    record,
    records,
    rule,
)
from tests.engine.faults.fault import Harmless
from tests.engine.mutations.listeners import imported
from tests.support.aws_calls import request
from tests.support.deployed_stack import Stack

SHORT, LINK, ZONE, PARENT = "link.getorcha.com", "link.prod.getorcha.com", "prod.getorcha.com", "getorcha.com"
ALARM = "v1-orcha-link-unhealthy"


@contextmanager
def _unused(stack: Stack, arn: str) -> Iterator[None]:
    try:
        yield
    finally:
        stack.client("acm").delete_certificate(CertificateArn=arn)


@contextmanager
def _pending(stack: Stack) -> Iterator[None]:
    with _unused(stack, request(stack.aws, LINK, "new.getorcha.com")):
        yield


@contextmanager
def _imported(stack: Stack) -> Iterator[None]:
    with _unused(stack, imported(stack, lasts=timedelta(days=300))):
        yield


@contextmanager
def _expired(stack: Stack) -> Iterator[None]:
    with _unused(stack, imported(stack, lasts=timedelta(seconds=2))):
        time.sleep(3)
        yield


@contextmanager
def _at_another_priority(stack: Stack) -> Iterator[None]:
    arn = stack.rule(20)["RuleArn"]

    def at(priority: int) -> dict[str, list[dict[str, object]]]:
        return {"RulePriorities": [{"RuleArn": arn, "Priority": priority}]}

    with called(stack, "elbv2", lambda c: c.set_rule_priorities(**at(25)), lambda c: c.set_rule_priorities(**at(20))):
        yield


def _firing(value: str) -> dict[str, str]:
    return {"AlarmName": ALARM, "StateValue": value, "StateReason": "Threshold Crossed: no datapoints"}


HARMLESS = [
    Harmless("an unused certificate is pending", _pending, "serves nothing"),
    Harmless("an unused certificate was imported", _imported, "serves nothing"),
    Harmless("an unused certificate has expired", _expired, "serves nothing"),
    Harmless(
        "a rule takes only requests with a header",
        lambda s: rule(s, 2, conditions(SHORT, header="X-Canary"), forward(s, "app")),
    ),
    Harmless(
        "another tool's record below a wildcard",
        lambda s: records(s, ZONE, record(f"_dmarc.mail.app.{ZONE}", "TXT", '"v=DMARC1; p=none"')),
        f"mail.app.{ZONE} is not served by it",
    ),
    Harmless(
        "another tool's record at the name that a wildcard is asked under",
        lambda s: records(s, ZONE, record(f"_acme-challenge.orcha-verify.app.{ZONE}", "TXT", '"x"')),
        f"orcha-verify.app.{ZONE} is not served by it",
    ),
    Harmless(
        "an alarm is firing",
        lambda s: called(
            s,
            "cloudwatch",
            lambda c: c.set_alarm_state(**_firing("ALARM")),
            lambda c: c.set_alarm_state(**_firing("OK")),
        ),
        f"{ALARM} is firing",
    ),
    Harmless("443 is open in two halves", lambda s: clients_from(s, "0.0.0.0/1", "128.0.0.0/1")),
    Harmless("our rule has another priority", _at_another_priority),
    Harmless("a private network reaches link's port", lambda s: opened(s, "ec2-sg", "10.0.0.0/8", ports=(9999, 9999))),
    Harmless(
        "a TTL of an hour",
        lambda s: records(s, PARENT, record(SHORT, "CNAME", LINK, ttl=3600), without=(SHORT, "CNAME")),
    ),
    Harmless("a rule for another's host", lambda s: rule(s, 2, conditions("shop.getorcha.com"), FIXED)),
    Harmless(
        "a lower rule leads to the same service",
        lambda s: rule(s, 2, conditions(SHORT, "/health"), forward(s, "link")),
    ),
]
