"""Faults of rules that look at more than host, path and method, and of our own rules."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

from edge.verify.severity import Severity
from tests.engine.faults.changes import (
    FIXED,
    conditions,
    forward,
    listener_changed,
    rule,
    rule_changed,
)
from tests.engine.faults.fault import Fault
from tests.support.deployed_stack import Stack

LINK, SHORT = "link.prod.getorcha.com", "link.getorcha.com"
_OUTAGE, _PART, _SECURITY = Severity.OUTAGE, Severity.PART, Severity.SECURITY
ELSEWHERE = {
    "Type": "redirect",
    "RedirectConfig": {"Protocol": "HTTPS", "Host": "www.example.net", "StatusCode": "HTTP_302"},
}


def source(*ranges: str) -> dict[str, Any]:
    return {"Field": "source-ip", "SourceIpConfig": {"Values": list(ranges)}}


def header(name: str, *values: str) -> dict[str, Any]:
    return {"Field": "http-header", "HttpHeaderConfig": {"HttpHeaderName": name, "Values": list(values)}}


def query(key: str, value: str) -> dict[str, Any]:
    return {"Field": "query-string", "QueryStringConfig": {"Values": [{"Key": key, "Value": value}]}}


def _before_ours(name: str, more: dict[str, Any], words: str = "rule 2", host: str = SHORT) -> Fault:
    """Make a fault of a rule that comes before ours and looks at more than the host."""
    return Fault(name, _PART, "rules", lambda s: rule(s, 2, [*conditions(host), more], forward(s, "app")), words)


@contextmanager
def _halves(stack: Stack) -> Iterator[None]:
    with ExitStack() as held:
        for priority, half in ((2, "0.0.0.0/1"), (3, "128.0.0.0/1")):
            held.enter_context(rule(stack, priority, [*conditions(SHORT, "/app*"), source(half)], FIXED))
        yield


@contextmanager
def _plain(stack: Stack) -> Iterator[None]:
    arn = stack.client("elbv2").describe_target_groups(Names=["v1-orcha-staging-admin-tg"])
    action = {"Type": "forward", "TargetGroupArn": arn["TargetGroups"][0]["TargetGroupArn"]}
    with rule(stack, 2, conditions("admin.staging.getorcha.com", "/login*"), action):
        yield


FAULTS = [
    _before_ours("a rule takes half of the internet", source("0.0.0.0/1")),
    _before_ours("a rule takes a provider's network", source("198.51.0.0/16")),
    _before_ours("a rule takes every browser", header("User-Agent", "*Mozilla*")),
    _before_ours("a rule takes who has a token", header("Authorization", "Bearer *")),
    _before_ours("a rule takes who accepts JSON", header("Accept", "*json*")),
    _before_ours("a rule takes who comes back from a sign-in", query("code", "*"), host="admin.getorcha.com"),
    _before_ours("a rule takes who asks for authorization", query("client_id", "*")),
    Fault("two rules take both halves of the internet", _PART, "rules", _halves, "rule 3"),
    Fault(
        "a rule redirects /login* to another site",
        _PART,
        "rules",
        lambda s: rule(s, 2, conditions(SHORT, "/login*"), ELSEWHERE),
        "does redirect",
    ),
    Fault(
        "a rule answers /api/* itself",
        _PART,
        "rules",
        lambda s: rule(s, 2, conditions(LINK, "/api/*"), FIXED),
        "does fixed-response",
    ),
    Fault(
        "a rule of every host takes DELETE",
        _PART,
        "rules",
        lambda s: rule(s, 2, conditions(paths="/*", methods="DELETE"), FIXED),
        "by DELETE",
    ),
    Fault(
        "a rule takes names of the wildcard",
        _PART,
        "rules",
        lambda s: rule(s, 2, conditions("shop.app.prod.getorcha.com"), forward(s, "link")),
        "shop.app.prod.getorcha.com",
    ),
    Fault(
        "our own rule takes one network alone",
        _OUTAGE,
        "routing",
        lambda s: rule_changed(s, 20, Conditions=[*conditions(f"{LINK} {SHORT}"), source("198.51.100.0/24")]),
    ),
    Fault(
        "our own rule has lost most paths",
        _PART,
        "rules",
        lambda s: rule_changed(s, 20, Conditions=conditions(f"{LINK} {SHORT}", "/health /.well-known/*")),
        "leaves out",
    ),
    Fault(
        "our own rule redirects to another site",
        _OUTAGE,
        "routing",
        lambda s: rule_changed(s, 20, Actions=[ELSEWHERE]),
        "does redirect",
    ),
    Fault(
        "our own rule answers itself",
        _OUTAGE,
        "routing",
        lambda s: rule_changed(s, 40, Actions=[FIXED]),
        "does fixed-response",
    ),
    Fault(
        "two fifths go to admin's group",
        _SECURITY,
        "bypass",
        lambda s: rule_changed(s, 20, Actions=[forward(s, "link", "admin", weights=(3, 2))]),
        "rule 20",
    ),
    Fault(
        "all of it goes to another group by weight",
        _OUTAGE,
        "routing",
        lambda s: rule_changed(s, 20, Actions=[forward(s, "link", "app", weights=(0, 10))]),
        "v1-orcha-app-tg",
    ),
    Fault(
        "port 80 answers /health itself",
        _PART,
        "rules",
        lambda s: rule(s, 5, conditions(paths="/health"), FIXED, port=80),
        "over plain HTTP",
    ),
    Fault(
        "port 80 serves link",
        _PART,
        "redirect",
        lambda s: listener_changed(s, 80, DefaultActions=[forward(s, "link")]),
    ),
    Fault(
        "staging: a rule takes /login* of admin",
        _SECURITY,
        "bypass",
        _plain,
        "asks for no sign-in",
        where="staging",
        leaves_traces=True,
    ),
]
