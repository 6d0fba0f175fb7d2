"""The run of checks: nothing passes without a request, what fails is tried again, what cannot be asked says why."""

import json
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest
from botocore.exceptions import NoCredentialsError

from edge.__main__ import main
from edge.verify.check import Answered, CheckFailedError, Outcome, Result, Run
from edge.verify.endpoints import Endpoint, Settings, SettingsError, settings_from
from edge.verify.report import line, summary
from edge.verify.requests import Requests
from edge.verify.severity import Severity


class Clock:
    """A clock that only sleeping moves."""

    def __init__(self) -> None:
        self.now, self.slept = 0.0, list[float]()

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


def run_of(requests: Requests, *, wait_seconds: float = 0) -> tuple[Run, Clock]:
    clock = Clock()
    return Run(requests, wait_seconds=wait_seconds, sleep=clock.sleep, clock=lambda: clock.now), clock


class Service:
    """Something that fails some times, and answers from then on; every question is a request."""

    def __init__(self, requests: Requests, *, failures: int) -> None:
        self.requests, self.failures = requests, failures

    def question(self) -> Answered[int]:
        self.requests.note("http GET somewhere")
        self.failures -= 1
        if self.failures >= 0:
            raise CheckFailedError("it answers 503", "wait")
        return Answered("it answers 200", 200)


def test_it_says_what_it_waits_for_at_least_every_ten_seconds() -> None:
    requests, clock, heard = Requests(), Clock(), list[tuple[float, str]]()
    run = Run(
        requests,
        wait_seconds=60,
        on_wait=lambda text: heard.append((clock.now, text)),
        sleep=clock.sleep,
        clock=lambda: clock.now,
    )
    run.ask("link", "health", Service(requests, failures=100).question)
    assert heard[0] == (0, "link: health: it answers 503; asked again, for up to 60 s")
    times = [time for time, _ in heard]
    assert len(times) == len(set(times)) < len(clock.slept)
    assert max(later - earlier for earlier, later in pairwise([*times, clock.now])) <= 10


def test_what_passes_at_once_waits_for_nothing() -> None:
    requests, heard = Requests(), list[str]()
    Run(requests, wait_seconds=60, on_wait=heard.append).ask("a", "health", Service(requests, failures=0).question)
    assert heard == []


def test_a_check_that_passes_without_a_request_is_a_mistake_of_ours() -> None:
    run, _ = run_of(Requests())
    with pytest.raises(AssertionError, match="passed without a request"):
        run.ask("link", "health", lambda: Answered("fine", None))


def test_every_result_lists_its_own_requests() -> None:
    requests = Requests()
    run, _ = run_of(requests, wait_seconds=60)
    run.ask("a", "health", Service(requests, failures=0).question)
    run.ask("b", "health", Service(requests, failures=2).question)
    assert [len(result.requests) for result in run.results] == [1, 3]


@pytest.mark.parametrize(
    ("failures", "wait_seconds", "slept", "passed"),
    [
        (0, 0, [], True),
        (1, 0, [], False),
        (3, 60, [0.5, 1, 2], True),
        (99, 20, [0.5, 1, 2, 4, 8], False),
    ],
)
def test_what_fails_is_asked_again_with_growing_pauses(
    failures: int, wait_seconds: float, slept: list[float], passed: bool
) -> None:
    requests = Requests()
    run, clock = run_of(requests, wait_seconds=wait_seconds)
    outcome = run.ask("link", "health", Service(requests, failures=failures).question)
    assert (outcome.passed, clock.slept) == (passed, slept)


def test_the_waiting_is_bounded_over_all_checks() -> None:
    requests = Requests()
    run, clock = run_of(requests, wait_seconds=10)
    for _ in range(20):
        run.ask("link", "health", Service(requests, failures=99).question)
    assert clock.now <= 10


def test_what_builds_on_a_failed_check_is_not_asked_and_names_the_first() -> None:
    requests = Requests()
    run, _ = run_of(requests)
    first: Outcome[int] = run.ask("link.getorcha.com", "resolves", Service(requests, failures=1).question)
    second = run.ask("link.getorcha.com", "TLS", Service(requests, failures=0).question, after=[first])
    third = run.ask("link.getorcha.com", "health", Service(requests, failures=0).question, after=[second])
    for outcome in (second, third):
        assert outcome.result.outcome == "not asked"
        assert outcome.result.detail == "not asked: link.getorcha.com: resolves did not pass"
        assert outcome.result.requests == ()
    assert summary(run.results, name="prod", seconds=1).startswith("prod does not serve: 0 of 3 checks passed")
    with pytest.raises(ValueError, match="resolves has no value"):
        _ = first.value


def test_missing_credentials_are_reported_in_one_line_and_at_once() -> None:
    requests = Requests()
    run, clock = run_of(requests, wait_seconds=60)

    def question() -> Answered[None]:
        requests.note("aws acm")
        raise NoCredentialsError

    run.ask("link", "certificates", question)
    assert clock.slept == []
    assert line(run.results[0]) == (
        "FAILED link: certificates: AWS did not answer: Unable to locate credentials; sign in to the account again, "
        "or ask for the permission to read it [latent]"
    )


@pytest.mark.parametrize(
    ("variables", "found"),
    [
        ({"ORCHA_VERIFY_DNS": "nowhere"}, 'ORCHA_VERIFY_DNS: "nowhere" is not an address with a port'),
        (
            {"ORCHA_VERIFY_DNS": "127.0.0.1:domain"},
            'ORCHA_VERIFY_DNS: "127.0.0.1:domain" is not an address with a port',
        ),
        ({"ORCHA_VERIFY_CA_FILE": "missing.pem"}, "ORCHA_VERIFY_CA_FILE: there is no file missing.pem"),
        ({"ORCHA_VERIFY_ROUTES": "missing.json"}, "ORCHA_VERIFY_ROUTES: there is no file missing.json"),
    ],
)
def test_settings_that_cannot_be_used_are_named(
    variables: dict[str, str],
    found: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(SettingsError) as caught:
        settings_from(variables)
    assert str(caught.value).startswith(found)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert main(["verify", "prod"]) == 2
    output, errors = capsys.readouterr()
    assert (output, errors.count("\n")) == ("", 1)


def test_connections_go_where_the_routes_say(tmp_path: Path) -> None:
    routes = tmp_path / "routes.json"
    routes.write_text(json.dumps({"192.0.2.1:443": "127.0.0.1:4430"}), encoding="utf-8")
    settings = Settings(Endpoint("127.0.0.1", 53), routes=routes)
    assert settings.way_to(Endpoint("192.0.2.1", 443)) == Endpoint("127.0.0.1", 4430)
    assert settings.way_to(Endpoint("192.0.2.2", 443)) == Endpoint("192.0.2.2", 443)
    assert Settings(Endpoint("127.0.0.1", 53)).way_to(Endpoint("192.0.2.1", 443)) == Endpoint("192.0.2.1", 443)


def test_an_unknown_environment_ends_with_2_and_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verify", "nowhere"]) == 2
    output, errors = capsys.readouterr()
    assert (output, errors.count("\n")) == ("", 1)
    assert 'has no environment "nowhere"; choose one of prod' in errors


@pytest.mark.parametrize("wait", ["-5", "nan", "inf", "soon"])
def test_a_wait_that_is_no_time_is_bad_input(wait: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verify", "prod", f"--wait={wait}"]) == 2
    assert f"argument --wait: {wait} is not a number of seconds" in capsys.readouterr().err


def failing(severity: Severity | None) -> Callable[[], Answered[None]]:
    def question() -> Answered[None]:
        raise CheckFailedError("it is so", "change it", severity)

    return question


@pytest.mark.parametrize(
    ("check", "raised", "expected", "ending"),
    [
        ("health", None, Severity.OUTAGE, "prod does not serve"),
        ("redirect", None, Severity.PART, "prod serves in part"),
        ("redirect", Severity.SECURITY, Severity.SECURITY, "prod serves, with faults"),
        ("renewal", None, Severity.LATENT, "prod serves, with faults"),
    ],
)
def test_a_result_is_as_bad_as_its_check_or_as_what_was_found(
    check: str, raised: Severity | None, expected: Severity, ending: str
) -> None:
    run, _ = run_of(Requests())
    run.ask("link", check, failing(raised))
    (result,) = run.results
    assert result.severity is expected
    assert line(result) == f"FAILED link: {check}: it is so; change it [{expected}]"
    assert json.loads(json.dumps(result.as_json()))["severity"] == expected
    sentence = summary(run.results, name="prod", seconds=1)
    assert (
        sentence == f"{ending}: 0 of 1 checks passed, in 1.0 s; not passed: 1 {expected}; begin with the first FAILED."
    )


def test_what_is_not_asked_counts_with_its_own_checks_severity() -> None:
    run, _ = run_of(Requests())
    first = run.ask("alb", "load balancer", failing(None))
    run.ask("alb", "bypass", failing(None), after=[first])
    assert [result.severity for result in run.results] == [Severity.OUTAGE, Severity.SECURITY]
    assert line(run.results[1]) == "-      alb: bypass: not asked: alb: load balancer did not pass [security]"


def test_a_note_is_shown_and_is_no_failure() -> None:
    requests = Requests()
    run, _ = run_of(requests)

    def question() -> Answered[None]:
        requests.note("aws cloudwatch DescribeAlarms")
        return Answered("5 alarms", None, ("one is firing",))

    run.ask("link", "alarms", question)
    assert line(run.results[0]) == "ok     link: alarms: 5 alarms; note: one is firing"
    assert run.results[0].as_json()["notes"] == ("one is firing",)


def test_a_severity_that_is_none_is_refused_in_one_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verify", "prod", "--only", "outage,worse"]) == 2
    expected = (
        "outage,worse is not a list of severities; write one or more of outage, security, part, latent, operations"
    )
    assert expected in " ".join(capsys.readouterr().err.split())


def test_the_sentence_names_the_command_that_lines_ask_for() -> None:
    remedies = ("make it an alias; deploy again", "remove it")
    results = [Result("h", "records", "failed", "x", remedy, (), Severity.PART) for remedy in remedies]
    both, other = (summary(found, name="prod", seconds=1) for found in (results, results[1:]))
    assert both.endswith('begin with the first FAILED; where a line says "deploy again": edge deploy prod.')
    assert other.endswith("begin with the first FAILED.")
