"""Which listener rule takes a request, and which target group gets it, as AWS documents it."""

from dataclasses import replace
from typing import Any

import pytest

from embedded_aws.data_plane.actions import Request
from embedded_aws.data_plane.rule_matching import pattern_covers, takes
from embedded_aws.data_plane.weighted_turns import WeightedTurns

REQUEST = Request(
    "HTTPS",
    443,
    "GET",
    "Link.getorcha.com",
    "/img/Logo.png",
    "version=V1&flag&note=a*b",
    (("User-Agent", "Mozilla Chrome/1"), ("X-Env", "stage"), ("x-env", "Prod"), ("X-Forwarded-For", "198.51.100.7")),
    client="203.0.113.9",
)


@pytest.mark.parametrize(
    ("pattern", "text", "covered"),
    [
        ("", "", True),
        ("", "a", False),
        ("*", "", True),
        ("a", "a", True),
        ("a", "b", False),
        ("a", "ab", False),
        ("ab", "a", False),
        ("?", "", False),
        ("?", "a", True),
        ("a?c", "abc", True),
        ("a?c", "ac", False),
        ("*.example.com", "test.example.com", True),
        ("*.example.com", "a.b.example.com", True),  # any number of labels, unlike on a certificate
        ("*.example.com", "example.com", False),
        ("/img/*", "/img/", True),
        ("/img/*/pics", "/img/a/b/pics", True),
        ("/img/*/pics", "/img/pics", False),
        ("*a*b", "xaxbxb", True),
        ("*a*b", "xaxbxc", False),
        ("**", "anything", True),
        ("a*?c", "ac", False),
        ("a*?c", "abbc", True),
        ("a.c", "abc", False),  # nothing but * and ? is special
        ("[ab]", "a", False),
        ("*", "two\nlines", True),
    ],
)
def test_a_pattern_covers_a_whole_text(pattern: str, text: str, covered: bool) -> None:
    assert pattern_covers(pattern, text) is covered


def host(*values: str) -> dict[str, Any]:
    return {"Field": "host-header", "HostHeaderConfig": {"Values": list(values)}}


def path(*values: str) -> dict[str, Any]:
    return {"Field": "path-pattern", "PathPatternConfig": {"Values": list(values)}}


def method(*values: str) -> dict[str, Any]:
    return {"Field": "http-request-method", "HttpRequestMethodConfig": {"Values": list(values)}}


def header(name: str, *values: str) -> dict[str, Any]:
    return {"Field": "http-header", "HttpHeaderConfig": {"HttpHeaderName": name, "Values": list(values)}}


def query(*pairs: tuple[str | None, str]) -> dict[str, Any]:
    values = [{"Key": key, "Value": value} if key else {"Value": value} for key, value in pairs]
    return {"Field": "query-string", "QueryStringConfig": {"Values": values}}


def source(*blocks: str) -> dict[str, Any]:
    return {"Field": "source-ip", "SourceIpConfig": {"Values": list(blocks)}}


@pytest.mark.parametrize(
    ("condition", "holds"),
    [
        (host("link.getorcha.com"), True),  # without regard to case
        (host("LINK.GetOrcha.com"), True),
        (host("other.getorcha.com", "link.getorcha.com"), True),  # any one of the values
        (host("*.getorcha.com"), True),
        (host("getorcha.com"), False),
        ({"Field": "host-header", "Values": ["link.getorcha.com"]}, True),  # the older form
        ({"Field": "host-header", "Values": ["getorcha.com"]}, False),
        (path("/img/*"), True),
        (path("/img/Logo.???"), True),
        (path("/img/logo.png"), False),  # with its case
        (path("/img/Logo.png?version=V1"), False),  # the path alone, never the query string
        (path("/img"), False),
        ({"Field": "path-pattern", "Values": ["/img/*"]}, True),
        (method("GET", "HEAD"), True),
        (method("get"), False),
        (method("*"), False),  # no wildcards
        (header("user-agent", "*Chrome*", "*Safari*"), True),
        (header("User-Agent", "*chrome*"), True),
        (header("User-Agent", "Chrome"), False),
        (header("X-Env", "prod"), True),  # a header that is there twice: any of its values
        (header("X-Env", "test"), False),
        (header("X-Missing", "*"), False),
        (header("User-?gent", "*"), False),  # no wildcards in the name
        (query(("version", "v1")), True),
        (query(("version", "v2")), False),
        (query(("version", "v2"), ("version", "v1")), True),
        (query(("ver*", "v?")), True),
        (query((None, "v1")), True),  # any key
        (query((None, "version")), False),
        (query(("flag", "*")), True),
        (query(("note", r"a\*b")), True),
        (query(("version", r"\*")), False),  # escaped: the character itself
        (source("203.0.113.0/24"), True),
        (source("198.51.100.0/24"), False),  # X-Forwarded-For does not count
        (source("198.51.100.0/24", "203.0.113.9/32"), True),
        (source("2001:db8::/32"), False),
    ],
)
def test_a_condition_holds(condition: dict[str, Any], holds: bool) -> None:
    assert takes({"Conditions": [condition]}, REQUEST) is holds


def test_a_rule_takes_what_all_its_conditions_hold_for() -> None:
    assert takes({"Conditions": []}, REQUEST)
    assert takes({"Conditions": [host("link.getorcha.com"), path("/img/*"), method("GET")]}, REQUEST)
    assert not takes({"Conditions": [host("link.getorcha.com"), path("/api/*"), method("GET")]}, REQUEST)
    assert not takes({"Conditions": [header("X-Env", "stage"), header("X-Env", "test")]}, REQUEST)


def test_a_query_without_pairs_holds_nothing() -> None:
    assert not takes({"Conditions": [query((None, "*"))]}, replace(REQUEST, query=""))


@pytest.mark.parametrize(
    ("condition", "sentence"),
    [
        ({"Field": "cookie"}, "a condition on cookie, which the embedded AWS does not know"),
        ({"Field": "host-header", "HostHeaderConfig": {"RegexValues": ["a.*"]}}, "a regular expression on host-header"),
        ({"Field": "path-pattern", "RegexValues": ["^/a"], "Values": ["/"]}, "a regular expression on path-pattern"),
    ],
)
def test_a_condition_that_is_not_known_is_never_passed_over(condition: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        takes({"Conditions": [host("no.such.host"), condition]}, REQUEST)


def forward(**weights: int) -> dict[str, Any]:
    groups = [{"TargetGroupArn": arn, "Weight": weight} for arn, weight in weights.items()]
    return {"Type": "forward", "ForwardConfig": {"TargetGroups": groups}}


UNWEIGHED = [{"TargetGroupArn": "a"}, {"TargetGroupArn": "b"}]


@pytest.mark.parametrize(
    ("action", "turns"),
    [
        ({"Type": "forward", "TargetGroupArn": "a"}, "aaaa"),
        (forward(a=1), "aaaa"),
        (forward(a=1, b=3), "babbbabb"),
        (forward(a=2, b=2), "abab"),
        (forward(a=0, b=5), "bbbb"),
        ({"Type": "forward", "ForwardConfig": {"TargetGroups": UNWEIGHED}}, "ab"),
    ],
)
def test_target_groups_get_their_shares_by_weight(action: dict[str, Any], turns: str) -> None:
    weighted = WeightedTurns()
    assert [weighted.next(action) for _ in turns] == list(turns)


def test_no_weight_is_no_turn_and_actions_do_not_share_turns() -> None:
    weighted = WeightedTurns()
    assert weighted.next(forward(a=0, b=0)) is None
    assert [weighted.next(forward(a=1, b=1)), weighted.next(forward(a=1, c=1))] == ["a", "a"]
