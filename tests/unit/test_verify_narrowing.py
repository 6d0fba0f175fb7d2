"""Rules that look at more than host, path and method: which of them take ordinary clients away."""

from types import SimpleNamespace
from typing import Any

import pytest

from edge.verify.check import CheckFailedError
from edge.verify.severity import Severity
from edge.verify.standing import bypass, rules
from tests.unit.test_verify_standing import CONFIG, HEADER, LINK, SHORT, forward, ours, rule, signing_in, taken


def header(name: str, *values: str) -> dict[str, Any]:
    return {"Field": "http-header", "HttpHeaderConfig": {"HttpHeaderName": name, "Values": list(values)}}


def source(*ranges: str) -> dict[str, Any]:
    return {"Field": "source-ip", "SourceIpConfig": {"Values": list(ranges)}}


def query(value: str, key: str | None = None) -> dict[str, Any]:
    pair = {"Value": value} | ({"Key": key} if key else {})
    return {"Field": "query-string", "QueryStringConfig": {"Values": [pair]}}


def regex(field: str, pattern: str) -> dict[str, Any]:
    config = {"host-header": "HostHeaderConfig", "path-pattern": "PathPatternConfig"}[field]
    return {"Field": field, config: {"RegexValues": [pattern]}}


@pytest.mark.parametrize(
    "condition",
    [
        header("User-Agent", "*Mozilla*"),
        header("ACCEPT", "*"),
        header("Authorization", "Bearer *"),
        header("Cookie", "*"),
        source("0.0.0.0/1"),
        source("198.51.100.0/25", "198.51.100.128/25", "198.51.101.0/24"),
        source("2001:db8::/32"),
        query("*"),
        query("*", "code"),
        query("x", "STATE"),
        regex("path-pattern", "^/api/"),
    ],
)
def test_conditions_that_ordinary_clients_meet_take_them_away(condition: dict[str, Any]) -> None:
    assert "rule 2" in taken(rule(2, SHORT, more=[condition]))


@pytest.mark.parametrize(
    "conditions",
    [
        [header("X-Canary", "*")],
        [header("Cookie", "*canary=1*")],
        [source("198.51.100.7/32")],
        [source("10.0.0.0/8")],
        [query("1", "debug")],
        [query("v1", "version")],
        [source("0.0.0.0/1"), header("X-Canary", "1")],
        [header("User-Agent", "*"), source("198.51.100.0/28")],
    ],
)
def test_conditions_of_special_clients_are_worth_a_note(conditions: list[dict[str, Any]]) -> None:
    special = rule(2, SHORT, more=conditions)
    assert taken(special) == ""
    (note,) = rules.special(signing_in(), [special, *ours()])
    assert note.startswith(f"rule 2, for {SHORT}")
    assert list(rules.special(signing_in(), [rule(2, "shop.getorcha.com", more=conditions), *ours()])) == []
    everything = [special, *ours(), rule("default"), rule("default", port=80)]
    assert list(rules.special(signing_in(), everything)) == [note]


def test_a_special_rule_to_another_service_of_ours_is_worth_a_note_and_one_to_the_hosts_own_is_not() -> None:
    to_app, to_link = (
        rule(2, SHORT, more=[header("X-Canary", "1")], actions=[forward(group)]) for group in ("app", "link")
    )
    (note,) = rules.special(signing_in(), [to_app, *ours()])
    assert note.startswith(f"rule 2, for {SHORT}")
    assert list(rules.special(signing_in(), [to_link, *ours()])) == []


def test_a_host_by_a_regular_expression_is_looked_for() -> None:
    assert "rule 2" in taken(rule(2, more=[regex("host-header", r"^link\.")]))
    assert taken(rule(2, more=[regex("host-header", r"^shop\.")])) == ""
    assert "rule 2" in taken(rule(2, more=[regex("host-header", r"(unclosed")]))


def test_our_rule_asks_for_a_sign_in_that_the_file_does_not_have() -> None:
    asking = {"Type": "authenticate-oidc", "Order": 1, "AuthenticateOidcConfig": {}}
    changed = rule(20, f"{LINK} {SHORT}", actions=[asking, forward("link")])
    faults = list(rules.faults(signing_in(), [changed, *ours()[1:]]))
    assert [fault.severity for fault in faults] == [Severity.OUTAGE]
    assert "asks for a sign-in (authenticate-oidc), and the file has none for link" in faults[0].found


def differing(**changes: Any) -> str:
    asking = {"Type": "authenticate-cognito", "AuthenticateCognitoConfig": {**CONFIG, **changes}}
    found = [rule(30, "admin.getorcha.com", methods="POST", actions=[asking, forward("admin")])]
    groups = {"admin": frozenset({"v1-orcha-admin-tg"})}
    faults = bypass.faults(signing_in(), found, groups, pool_id="pool", clients={"admin": "client"})
    return "; ".join(fault.found for fault in faults)


def test_a_sign_in_has_the_files_session_and_client() -> None:
    assert differing() == ""
    assert "again after 60 s, not after 604800 s" in differing(SessionTimeout=60)
    assert "as client other, not client" in differing(UserPoolClientId="other")
    assert HEADER["Field"] == "http-header"


def test_a_group_with_another_port_and_our_targets_leads_to_the_service_too() -> None:
    targets = {
        "v1-orcha-admin-tg": {("i-1", 7777), ("i-2", 7777)},
        "metrics": {("i-2", 7777)},
        "v1-orcha-link-tg": {("i-1", 9999)},
    }
    found = bypass.behind(signing_in(), ["admin"], targets)
    assert found == {"admin": frozenset({"v1-orcha-admin-tg", "metrics"})}


def test_a_client_that_is_gone_hides_no_way_around(monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(_: str) -> dict[str, str]:
        raise CheckFailedError("there are 0 of user pool client", "")

    way_around = rule(2, "tools.getorcha.com", actions=[forward("admin")])
    monkeypatch.setattr(bypass, "read", lambda *_, **__: [way_around, *ours()])
    aws: Any = SimpleNamespace(
        sign_in=gone, user_pool=lambda: {"Id": "pool"}, target_groups=lambda _: [], target_health=lambda _: []
    )
    with pytest.raises(CheckFailedError, match=r"rule 2, for tools\.getorcha\.com, leads to admin"):
        bypass.bypass(signing_in(), "arn", aws=aws)
