"""Foreign rules and ours, drawn: what a review says that one takes from another is what a listener does, both ways.

The listener is the embedded AWS's, which reads conditions by itself and shares no code with the review.
"""

from itertools import product
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from edge.aws.neighbours.model import Neighbours
from edge.aws.neighbours.reading import foreign_rule
from edge.review.expected import declared
from edge.review.risks import find
from edge.review.risks.scene import Scene
from edge.tfplan.model import Action, Change
from embedded_aws.data_plane.actions import Request
from embedded_aws.data_plane.rule_matching import takes
from tests.support.files import environment, prod
from tests.support.small_plans import plan_of
from tests.unit.properties.asking import examples

ENVIRONMENT = environment(prod())
LABELS = ("a", "b")
# Every host and path that the drawn patterns can tell apart: a `*` of theirs stands for at most two labels more.
HOSTS = [".".join((*labels, "test")) for count in (1, 2, 3, 4) for labels in product(LABELS, repeat=count)]
PATHS = ["/", "/x", "/y", "/x/y", "/y/x", "/x/", "/xy"]
METHODS = ["GET", "POST"]

HOST = st.lists(st.sampled_from([*LABELS, "*", "?", "A"]), min_size=1, max_size=2).map(
    lambda parts: ".".join([*parts, "test"])
)
PATH = st.sampled_from(["/x", "/x*", "/*/y", "/y", "/?", "*", "/x/*"])
PRIORITY = st.integers(1, 9)


def condition(field: str, config: str, values: list[str]) -> dict[str, Any]:
    return {"Field": field, config: {"Values": values}}


@st.composite
def aws_rules(draw: st.DrawFn) -> dict[str, Any]:
    """A rule of somebody else, as AWS describes it: the new way or the old way, with or without each condition."""
    conditions = []
    if hosts := draw(st.lists(HOST, max_size=2)):
        old = draw(st.booleans())
        conditions.append(
            {"Field": "host-header", "Values": hosts} if old else condition("host-header", "HostHeaderConfig", hosts)
        )
    if paths := draw(st.lists(PATH, max_size=2)):
        conditions.append(condition("path-pattern", "PathPatternConfig", paths))
    if methods := draw(st.lists(st.sampled_from(METHODS), max_size=1)):
        conditions.append(condition("http-request-method", "HttpRequestMethodConfig", methods))
    if draw(st.booleans()):
        conditions.append(condition("source-ip", "SourceIpConfig", ["0.0.0.0/0"]))
    if draw(st.integers(0, 4)) == 0:
        conditions.append({"Field": "http-header", "HttpHeaderConfig": {"HttpHeaderName": "X-Canary", "Values": ["1"]}})
    priority = draw(PRIORITY)
    arn = f"arn:rule/{priority}"
    forward = {"Type": "forward", "TargetGroupArn": f"arn:targetgroup/others-{priority}/1"}
    return {"RuleArn": arn, "Priority": str(priority), "Conditions": conditions, "Actions": [forward]}


@st.composite
def our_rules(draw: st.DrawFn) -> dict[str, Any]:
    """A rule of ours, as Terraform plans it."""
    hosts, paths = draw(st.lists(HOST, min_size=1, max_size=2)), draw(st.lists(PATH, max_size=1))
    blocks = [{"host_header": [{"values": hosts}]}, *([{"path_pattern": [{"values": paths}]}] if paths else [])]
    return {"priority": draw(PRIORITY), "condition": blocks, "listener_arn": "arn:listener"}


def as_aws(rule: dict[str, Any]) -> dict[str, Any]:
    """The same rule as the listener has it after the deploy."""
    fields = {"host_header": ("host-header", "HostHeaderConfig"), "path_pattern": ("path-pattern", "PathPatternConfig")}
    conditions = [
        condition(*fields[key], part["values"]) for block in rule["condition"] for key, (part,) in block.items()
    ]
    return {"Conditions": conditions}


REQUESTS = [Request("HTTPS", 443, method, host, path, "") for method, host, path in product(METHODS, HOSTS, PATHS)]


def risks_of(before: dict[str, Any], after: dict[str, Any], foreign: list[dict[str, Any]]) -> dict[str, str]:
    """Review a plan of one rule beside others; give the sentences by the kind of risk."""
    action = Action.UPDATE if before else Action.CREATE
    change = Change(
        address="aws_lb_listener_rule.web",
        type="aws_lb_listener_rule",
        name="web",
        action=action,
        before=before,
        after=after,
    )
    plan = plan_of(change)
    known = declared(plan, ENVIRONMENT)
    neighbours = Neighbours(rules=tuple(foreign_rule(rule, {}) for rule in foreign))
    found = find(Scene.of(plan, known, neighbours))
    return {risk.kind: risk.sentence for risk in found if risk.kind in ("SHADOWED", "TAKES")}


def taken(rule: dict[str, Any], foreign: dict[str, Any]) -> set[Request]:
    """Ask the listener which requests both rules take: the one that is asked first gets them."""
    return (
        {request for request in REQUESTS if takes(as_aws(rule), request) and takes(foreign, request)} if rule else set()
    )


def looks_at_a_header(rule: dict[str, Any]) -> bool:
    return any(condition["Field"] == "http-header" for condition in rule["Conditions"])


@given(
    before=st.none() | our_rules(),
    after=our_rules(),
    foreign=st.lists(aws_rules(), max_size=3, unique_by=lambda rule: rule["Priority"]),
)
@examples(400)
def test_what_is_said_to_be_taken_is_what_the_listener_gives_to_the_first(
    before: dict[str, Any] | None, after: dict[str, Any], foreign: list[dict[str, Any]]
) -> None:
    others = [
        rule for rule in foreign if int(rule["Priority"]) not in (after["priority"], (before or after)["priority"])
    ]
    sentences = risks_of(before or {}, after, others)
    for rule in others:
        name = f"rule {rule['Priority']} of somebody else, which leads to the target group others-{rule['Priority']}"
        lost = {side: _lost(ours, rule) for side, ours in (("before", before), ("after", after))}
        assert (name in sentences.get("SHADOWED", "")) >= bool(lost["after"] - lost["before"])
        won = {side: _won(ours, rule) for side, ours in (("before", before), ("after", after))}
        assert (name in sentences.get("TAKES", "")) >= bool(won["after"] - won["before"])
        if before is None:
            assert (name in sentences.get("SHADOWED", "")) == bool(lost["after"])
            assert (name in sentences.get("TAKES", "")) == bool(won["after"])


def _lost(ours: dict[str, Any] | None, rule: dict[str, Any]) -> set[Request]:
    if ours is None or int(rule["Priority"]) > ours["priority"] or looks_at_a_header(rule):
        return set()
    return taken(ours, rule)


def _won(ours: dict[str, Any] | None, rule: dict[str, Any]) -> set[Request]:
    if ours is None or int(rule["Priority"]) < ours["priority"]:
        return set()
    without = {"Conditions": [condition for condition in rule["Conditions"] if condition["Field"] != "http-header"]}
    return taken(ours, without)
