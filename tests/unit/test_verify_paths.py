"""Verification of services that share a host by paths: each is asked at its own, and whoever takes one is named."""

from typing import Any, cast

import httpx
import pytest

from edge.verify import routing, shell_commands, web
from edge.verify.asked_paths import AskedPath
from edge.verify.aws_client import AwsClient
from edge.verify.check import CheckFailedError, Result
from edge.verify.endpoints import Endpoint, Settings
from edge.verify.severity import Severity
from tests.support.files import environment, prod

LINK = "link.prod.getorcha.com"
API = AskedPath(f"{LINK}/api/*", "/api/", is_health=False)
WHOLE = AskedPath(LINK, "/health?deep=1", is_health=True)


def rule(priority: str, group: str, *paths: str, host: str | None = LINK) -> dict[str, Any]:
    conditions: list[dict[str, Any]] = (
        [{"Field": "host-header", "HostHeaderConfig": {"Values": [host]}}] if host else []
    )
    conditions += [{"Field": "path-pattern", "PathPatternConfig": {"Values": list(paths)}}] if paths else []
    return {
        "Priority": priority,
        "Conditions": conditions,
        "Actions": [{"Type": "forward", "TargetGroupArn": group}],
    }


class Listener:
    """AWS with one listener; a target group's ARN is its name."""

    def __init__(self, *rules: dict[str, Any]) -> None:
        self._rules = [*rules, {**rule("default", "nobody", host=None), "Actions": [{"Type": "fixed-response"}]}]

    def rules(self, _arn: str, *, port: int) -> list[dict[str, Any]]:
        assert port == 443
        return self._rules

    def target_group(self, arn: str) -> dict[str, Any]:
        return {"TargetGroupName": arn, "Port": 8888}


def route(asked: AskedPath, group: str, *rules: dict[str, Any]) -> str:
    aws = cast("AwsClient", Listener(*rules))
    return routing.route(LINK, asked, group_name=group, port=8888, load_balancer_arn="arn", aws=aws).detail


def test_each_path_has_its_own_rule() -> None:
    rules = (rule("15", "api", "/api/*"), rule("20", "link"))
    assert route(API, "api", *rules) == "rule 15 forwards to api, port 8888"
    assert route(WHOLE, "link", *rules) == "rule 20 forwards to link, port 8888"


def test_a_query_is_no_part_of_a_path() -> None:
    assert route(WHOLE, "link", rule("20", "link", "/health")) == "rule 20 forwards to link, port 8888"


@pytest.mark.parametrize(
    ("rules", "found"),
    [
        ([rule("5", "other", "/api/*"), rule("15", "api", "/api/*")], "rule 5 takes {} first and forwards to other"),
        ([rule("15", "api", "/API/*"), rule("20", "link")], "rule 20 takes {} first and forwards to link"),
        ([rule("15", "api", "/v2/*")], "no listener rule takes {}"),
    ],
)
def test_a_path_that_another_rule_takes_is_named(rules: list[dict[str, Any]], found: str) -> None:
    with pytest.raises(CheckFailedError) as error:
        route(API, "api", *rules)
    assert error.value.found.startswith(found.format(f"{LINK}/api/*"))


@pytest.mark.parametrize(("status", "passes"), [(200, True), (301, True), (401, True), (404, True), (502, False)])
def test_any_answer_of_the_service_will_do_where_none_is_promised(status: int, passes: bool) -> None:
    asked: list[str] = []

    def get(url: str) -> httpx.Response:
        asked.append(url)
        return httpx.Response(status)

    if passes:
        assert web.answers(LINK, "/api/", get).detail == f"https://{LINK}/api/ answers {status}"
    else:
        with pytest.raises(CheckFailedError, match=f"answers {status}"):
            web.answers(LINK, "/api/", get)
    assert asked == [f"https://{LINK}/api/"]


def test_the_lines_for_a_shell_ask_each_service_at_its_own_paths() -> None:
    content = prod()
    content["services"]["api"] = {"port": 8888, "priority": 15, "hosts": [LINK], "paths": ["/api/*", "/it's?"]}
    settings = Settings(Endpoint("127.0.0.1", 53))
    resolved = Result(LINK, "resolves", "passed", f"{LINK} -> 192.0.2.1", "", (), Severity.OUTAGE)
    lines = list(shell_commands.lines(environment(content), settings, [resolved]))
    asked = [line.partition(":443:192.0.2.1:443 ")[2] for line in lines if line.startswith("curl ")]
    assert f"https://{LINK}/health" in asked
    assert asked[-2:] == [f"https://{LINK}/api/", f"""'https://{LINK}/it'"'"'sa'"""]
