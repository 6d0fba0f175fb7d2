"""Attacks by labels: each sets one that would accept a risk, and none counts."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from edge.__main__ import main
from tests.support.github_pull_request import ADA, BEA, BOT_OF_ACTIONS, HEAD, LATER, PUSHED, PullRequest
from tests.support.github_server import GitHub, serve

HASH = "4wz2k7bqn3yfxa5t"
LABEL = f"accept prod {HASH}"
MALLORY = {"login": "mallory", "type": "User"}
MUCH_LATER = "2026-01-01T13:00:00Z"
Attack = Callable[[PullRequest], object]


def by_the_author_in_capitals(pull: PullRequest) -> None:
    pull.author = {"login": "Ada", "type": "User"}
    pull.set_label(LABEL, by={"login": "ADA", "type": "User"})


def by_whoever_pushed_to_it(pull: PullRequest) -> None:
    pull.push("2026-01-01T11:00:00Z", by=BEA, after="1" * 40)
    pull.set_label(LABEL, by=BEA)


def by_whoever_wrote_a_commit(pull: PullRequest) -> None:
    pull.commits.append({"author": BEA, "committer": ADA})
    pull.set_label(LABEL, by=BEA)


def by_whoever_committed(pull: PullRequest) -> None:
    pull.commits.append({"author": None, "committer": BEA})
    pull.set_label(LABEL, by=BEA)


def by_the_author_of_a_late_commit(pull: PullRequest) -> None:
    """On the second page of the commits."""
    pull.commits += [{"author": ADA, "committer": None}] * 120 + [{"author": BEA, "committer": None}]
    pull.set_label(LABEL, by=BEA)


def with_the_right(permission: str | None) -> Attack:
    def attack(pull: PullRequest) -> None:
        if permission:
            pull.permissions["mallory"] = permission
        pull.set_label(LABEL, by=MALLORY)

    return attack


def set_before_the_push(pull: PullRequest) -> None:
    pull.set_label(LABEL, at="2026-01-01T11:59:59Z")


def set_in_the_second_of_the_push(pull: PullRequest) -> None:
    pull.set_label(LABEL, at=PUSHED)


def pushed_again(kind: str) -> Attack:
    def attack(pull: PullRequest) -> None:
        pull.set_label(LABEL)
        pull.push(MUCH_LATER, kind=kind)

    return attack


def pushed_with_an_old_date(pull: PullRequest) -> None:
    """The dates of commits are whatever their author writes; the push has one of GitHub's."""
    pull.set_label(LABEL)
    pull.commits.append({"author": ADA, "committer": ADA, "commit": {"committer": {"date": "2020-01-01T00:00:00Z"}}})
    pull.push(MUCH_LATER)


def pushed_in_another_time_zone(pull: PullRequest) -> None:
    pull.set_label(LABEL, at="2026-01-01T13:30:00+02:00")


def pushed_behind_many_activities(pull: PullRequest) -> None:
    """The push stands on the second page of the list."""
    pull.set_label(LABEL)
    pull.activities.clear()
    pull.push(MUCH_LATER)
    for _ in range(150):
        pull.push("2026-01-01T10:00:00Z", after="2" * 40)


def unknown_push(pull: PullRequest) -> None:
    pull.activities.clear()
    pull.set_label(LABEL)


def a_commit_that_no_push_brought(pull: PullRequest) -> None:
    pull.head = "e" * 40
    pull.set_label(LABEL)


def a_branch_that_was_deleted_and_made_again(pull: PullRequest) -> None:
    pull.set_label(LABEL)
    pull.push("2026-01-01T12:30:00Z", kind="branch_deletion", after="0" * 40)
    pull.push(MUCH_LATER, kind="branch_creation")


def from_a_fork(pull: PullRequest) -> None:
    pull.head_repository = "mallory/edge"
    pull.set_label(LABEL)


def from_a_fork_that_is_gone(pull: PullRequest) -> None:
    pull.head_repository = None
    pull.set_label(LABEL)


def another_label_renamed(pull: PullRequest) -> None:
    """Bea set `nice`; somebody gave that label the name of an acceptance."""
    pull.set_label("nice")
    pull.labels[:] = [LABEL]


def taken_off_and_set_again_by_the_author(pull: PullRequest) -> None:
    pull.set_label(LABEL)
    pull.take_label_off(LABEL, at="2026-01-01T12:00:02Z")
    pull.set_label(LABEL, by=ADA, at="2026-01-01T12:00:03Z")


def taken_off_and_not_set_again(pull: PullRequest) -> None:
    pull.set_label(LABEL)
    pull.take_label_off(LABEL, at="2026-01-01T12:00:02Z")
    pull.labels.append(LABEL)


def events_out_of_order(pull: PullRequest) -> None:
    """The list may come in any order: what counts is when the label was set last."""
    pull.set_label(LABEL, by=ADA, at=MUCH_LATER)
    pull.set_label(LABEL, at=LATER)
    pull.labels.pop()


def by_an_app_in_beas_name(pull: PullRequest) -> None:
    pull.set_label(LABEL, performed_via_github_app={"slug": "helper"})


def by_a_bot_that_may_write(pull: PullRequest) -> None:
    pull.permissions["github-actions[bot]"] = "write"
    pull.set_label(LABEL, by=BOT_OF_ACTIONS)


def of(label: str) -> Attack:
    return lambda pull: pull.set_label(label)


ATTACKS: dict[str, Attack] = {
    "by the author": lambda pull: pull.set_label(LABEL, by=ADA),
    "by the author, in capitals": by_the_author_in_capitals,
    "by who pushed to it": by_whoever_pushed_to_it,
    "by who wrote a commit of it": by_whoever_wrote_a_commit,
    "by who committed": by_whoever_committed,
    "by who wrote a commit on the second page": by_the_author_of_a_late_commit,
    "by somebody with triage, whom GitHub gives as read": with_the_right("read"),
    "by somebody without a right": with_the_right("none"),
    "by a stranger": with_the_right(None),
    "by a deleted account": lambda pull: pull.set_label(LABEL, by=None),
    "by the workflows' own token": lambda pull: pull.set_label(LABEL, by=BOT_OF_ACTIONS),
    "by a bot that may write": by_a_bot_that_may_write,
    "by an app in a person's name": by_an_app_in_beas_name,
    "before the newest push": set_before_the_push,
    "in the second of the push": set_in_the_second_of_the_push,
    "before it, in another time zone": pushed_in_another_time_zone,
    "then a push": pushed_again("push"),
    "then a forced push": pushed_again("force_push"),
    "then a merge into the branch": pushed_again("pr_merge"),
    "then a push of a commit with an old date": pushed_with_an_old_date,
    "then a push that is on the second page": pushed_behind_many_activities,
    "then the branch deleted and made again": a_branch_that_was_deleted_and_made_again,
    "a push that GitHub does not know": unknown_push,
    "a commit that no push brought": a_commit_that_no_push_brought,
    "from a fork": from_a_fork,
    "from a fork that is gone": from_a_fork_that_is_gone,
    "another label, renamed": another_label_renamed,
    "taken off, and set again by the author": taken_off_and_set_again_by_the_author,
    "taken off, by an answer that is late": taken_off_and_not_set_again,
    "set last by the author, in a list out of order": events_out_of_order,
    "of another environment": of(f"accept staging {HASH}"),
    "of an environment with a longer name": of(f"accept prod-eu {HASH}"),
    "of an environment with a shorter name": of(f"accept pro {HASH}"),
}
REFUSED: dict[str, Attack] = {
    "with an id, as labels once were": of("accept REPLACE:aws_lb.edge"),
    "with a short id": of("accept DESTROY:#ba1ef9200143"),
    "of every environment": of(f"accept * {HASH}"),
    "of two environments": of(f"accept prod staging {HASH}"),
    "with a short hash": of(f"accept prod {HASH[:12]}"),
    "with a pattern": of("accept prod ????????????????"),
    "with a second line": of(f"{LABEL}\nREPLACE:aws_lb.edge"),
    "with an option": of(f"{LABEL} --accept=x"),
    "with a command": of("accept prod $(id)"),
}


@pytest.fixture
def github(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[GitHub]:
    with serve() as github:
        for name, value in github.environ.items():
            monkeypatch.setenv(name, value)
        monkeypatch.setenv("GITHUB_OUTPUT", str(tmp_path / "output"))
        yield github


def accepted(tmp_path: Path) -> str:
    return (tmp_path / "output").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ATTACKS)
def test_a_label_that_does_not_count_accepts_nothing(
    name: str, github: GitHub, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ATTACKS[name](github.pull)
    assert main(["pipeline", "accepted", "prod", "--pull-request", "7"]) == 0
    assert accepted(tmp_path) == "accepted=\n"
    printed = capsys.readouterr().out
    is_of_prod = any(label == LABEL for label in github.pull.labels)
    assert ("does not count: " in printed) is is_of_prod


@pytest.mark.parametrize("name", REFUSED)
def test_a_label_that_accepts_nothing_known_stops_the_job(name: str, github: GitHub, tmp_path: Path) -> None:
    REFUSED[name](github.pull)
    assert main(["pipeline", "accepted", "prod", "--pull-request", "7"]) == 1
    assert not (tmp_path / "output").exists()


@pytest.mark.parametrize(
    "setting",
    [
        lambda pull: pull.set_label(LABEL),
        lambda pull: pull.set_label(LABEL, by={"login": "root", "type": "User"}),
        lambda pull: pull.set_label(LABEL, at="2026-01-01T14:00:01+02:00"),
        lambda pull: (pull.set_label(LABEL, by=ADA, at=PUSHED), pull.labels.pop(), pull.set_label(LABEL)),
        lambda pull: (pull.set_label(LABEL), pull.push(MUCH_LATER, kind="branch_deletion", after="0" * 40)),
        lambda pull: (pull.set_label(LABEL), pull.merge(LATER), pull.push(MUCH_LATER, after="3" * 40)),
        lambda pull: (pull.merge(LATER), pull.set_label(LABEL, at=MUCH_LATER)),
    ],
)
def test_a_label_counts_that_somebody_else_set_after_the_newest_push(
    setting: Attack, github: GitHub, tmp_path: Path
) -> None:
    """Else every attack above could be blocked by a rule that lets nothing pass; the sixth's branch lives on."""
    setting(github.pull)
    assert github.pull.head == HEAD
    assert main(["pipeline", "accepted", "prod", "--pull-request", "7"]) == 0
    assert accepted(tmp_path) == f"accepted={HASH}\n"


def test_there_are_enough_attacks() -> None:
    assert len(ATTACKS) + len(REFUSED) >= 40
