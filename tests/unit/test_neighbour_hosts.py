"""What hosts of others answered before a change of ours, compared with what they answer after it."""

from collections.abc import Callable
from typing import Any

import pytest

from edge.aws.neighbours.model import ForeignRule, Neighbours
from edge.cli.exits import Exit
from edge.plan import neighbour_answers
from edge.plan.errors import RefusedError
from edge.plan.neighbour_answers import beside_neighbours
from edge.verify.check import CheckFailedError
from edge.verify.neighbour_hosts import Answer, Question, differences, questions
from tests.support.files import environment, prod

SHOP = Question("shop.getorcha.com", "/", "rule 15")
GOOD = Answer(200, names=("*.getorcha.com",), is_trusted=True)


def rule(*hosts: str, paths: tuple[str, ...] = (), priority: int = 15, **more: Any) -> ForeignRule:
    settings = {"methods": (), "asks_more": False, "target": "x", "made_by": "", **more}
    return ForeignRule(arn="arn", priority=priority, hosts=hosts, paths=paths, **settings)


def test_each_host_and_path_of_each_rule_is_asked_once() -> None:
    found = questions(
        [
            rule("shop.getorcha.com", "*.shop.getorcha.com", paths=("/api/*", "/v?/x")),
            rule("shop.getorcha.com", paths=("/api/*",), priority=16),
            rule(paths=("/everywhere",), priority=17),
            rule("docs.getorcha.com", priority=18),
        ]
    )
    assert [(question.host, question.path) for question in found] == [
        ("docs.getorcha.com", "/"),
        ("orcha-verify.shop.getorcha.com", "/api/"),
        ("orcha-verify.shop.getorcha.com", "/va/x"),
        ("shop.getorcha.com", "/api/"),
        ("shop.getorcha.com", "/va/x"),
    ]


def changed(**changes: Any) -> Answer:
    return Answer(**{**vars(GOOD), **changes})


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        (GOOD, GOOD, ""),
        (GOOD, changed(status=204), ""),
        (GOOD, changed(status=502), "shop.getorcha.com/ (rule 15) answered 200, and now 502"),
        (GOOD, changed(status=404), "answered 200, and now 404"),
        (changed(status=404), GOOD, "answered 404, and now 200"),
        (GOOD, changed(status=None, reason="timed out"), "answered 200, and now nothing: timed out"),
        (changed(status=503), changed(status=502), ""),
        (changed(status=503), GOOD, ""),
        (changed(status=None), GOOD, ""),
        (changed(status=302, location="https://a/x"), changed(status=302, location="https://a/x"), ""),
        (
            changed(status=302, location="https://a/x"),
            changed(status=302, location="https://b/x"),
            "led to https://a/x",
        ),
        (changed(status=302, location="https://a/"), changed(status=302), "now leads to nowhere"),
        (GOOD, changed(names=("link.getorcha.com",), is_trusted=False), "which clients do not take for it"),
        (GOOD, changed(names=("shop.getorcha.com",)), "has a certificate for shop.getorcha.com now"),
        (changed(is_trusted=False), changed(is_trusted=True), ""),
    ],
)
def test_what_is_otherwise_is_said(before: Answer, after: Answer, words: str) -> None:
    found = "".join(differences({SHOP: before}, {SHOP: after}).values())
    assert words in found
    assert bool(found) == bool(words)


class Folder:
    """A plan's folder that knows some rules of neighbours."""

    def __init__(self, *rules: ForeignRule) -> None:
        self.neighbours = Neighbours(rules=rules)

    def surveyed(self) -> Neighbours:
        return self.neighbours


Answering = Callable[..., list[list[str]]]


@pytest.fixture
def answering(monkeypatch: pytest.MonkeyPatch) -> Answering:
    """Let the neighbours give these answers, one after the other; gives what is asked each time."""

    def give(*answers: Answer, address: str = "192.0.2.1") -> list[list[str]]:
        waiting, asked = list(answers), list[list[str]]()

        def ask(which: tuple[Question, ...], *_: Any, **__: Any) -> dict[Question, Answer]:
            asked.append([question.host for question in which])
            answer = waiting.pop(0)
            return dict.fromkeys(which, answer)

        def found(_: Any) -> str:
            if not address:
                raise CheckFailedError("it has no address here", "")
            return address

        monkeypatch.setattr(neighbour_answers, "ask", ask)
        monkeypatch.setattr(neighbour_answers, "_demand_reachable", lambda *_: None)
        monkeypatch.setattr(neighbour_answers, "address_of", found)
        return asked

    return give


def apply(*rules: ForeignRule, code: int = Exit.DONE) -> int:
    folder: Any = Folder(*rules)
    return beside_neighbours(folder, environment(prod()), lambda: code, sleep=lambda _: None)


def test_without_neighbours_nothing_is_asked(answering: Answering, capsys: pytest.CaptureFixture[str]) -> None:
    assert answering() == []
    assert apply() == Exit.DONE
    assert capsys.readouterr().err == ""


def test_neighbours_that_answer_as_before_are_counted(answering: Answering, capsys: pytest.CaptureFixture[str]) -> None:
    asked = answering(GOOD, GOOD)
    assert apply(rule("shop.getorcha.com")) == Exit.DONE
    assert asked == [["shop.getorcha.com"]] * 2
    assert capsys.readouterr().err == "Hosts and paths of others that answer as before: 1 of 1.\n"


def test_one_that_answers_otherwise_fails_the_deploy_that_was_applied(
    answering: Answering, capsys: pytest.CaptureFixture[str]
) -> None:
    bad = changed(status=502)
    asked = answering(GOOD, bad, bad, bad, bad)
    assert apply(rule("shop.getorcha.com")) == Exit.FAILED
    assert len(asked) == 5
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith(
        "NEIGHBOUR shop.getorcha.com/ (rule 15) answered 200, and now 502; see which rule takes it: "
    )


def test_one_that_recovers_in_a_few_seconds_is_no_fault(answering: Answering) -> None:
    answering(GOOD, changed(status=502), GOOD)
    assert apply(rule("shop.getorcha.com")) == Exit.DONE


def test_a_failed_apply_is_compared_too_and_stays_failed(
    answering: Answering, capsys: pytest.CaptureFixture[str]
) -> None:
    answering(*([GOOD] + [changed(status=502)] * 4))
    assert apply(rule("shop.getorcha.com"), code=Exit.FAILED) == Exit.FAILED
    assert "NEIGHBOUR" in capsys.readouterr().err

    def refused() -> int:
        raise RefusedError("the plan is stale")

    answering(*([GOOD] + [changed(status=502)] * 4))
    folder: Any = Folder(rule("shop.getorcha.com"))
    with pytest.raises(RefusedError):
        beside_neighbours(folder, environment(prod()), refused, sleep=lambda _: None)
    assert "NEIGHBOUR" in capsys.readouterr().err


def test_where_nobody_can_be_asked_it_is_said_and_the_plan_is_applied(
    answering: Answering, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = answering(address="")
    assert apply(rule("shop.getorcha.com")) == Exit.DONE
    assert asked == []
    assert "of others were not asked before the apply (1): it has no address" in capsys.readouterr().err


def test_a_load_balancer_that_is_not_reached_is_asked_once(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asked: list[int] = []

    def ask(which: tuple[Question, ...], *_: Any, **__: Any) -> dict[Question, Answer]:
        asked.append(len(which))
        return dict.fromkeys(which, Answer(None, "no answer from 192.0.2.1:443"))

    monkeypatch.setattr(neighbour_answers, "ask", ask)
    monkeypatch.setattr(neighbour_answers, "address_of", lambda _: "192.0.2.1")
    assert apply(rule("a.getorcha.com", "b.getorcha.com")) == Exit.DONE
    assert asked == [1]
    assert "of others were not asked before the apply (2): no answer" in capsys.readouterr().err


def test_of_very_many_the_first_are_asked(answering: Answering, capsys: pytest.CaptureFixture[str]) -> None:
    (before, after) = answering(GOOD, GOOD), 200
    assert apply(rule(*(f"h{number}.getorcha.com" for number in range(300)))) == Exit.DONE
    assert [len(hosts) for hosts in before] == [after, after]
    assert "Of 300 hosts and paths of others the first 200 are asked." in capsys.readouterr().err
