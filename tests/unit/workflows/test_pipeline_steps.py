"""`edge pipeline`: labels, comments, issues and summaries, against a GitHub on loopback."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from edge.__main__ import main
from tests.support.github_server import MAX_BODY, PERSON, GitHub, serve

MARK = "<!-- orcha-edge review: prod -->"
DRIFT = "<!-- orcha-edge drift: prod -->"
SHA = "0123456789abcdef0123456789abcdef01234567"
PULL_REQUEST = ("--pull-request", "7", "--commit", SHA)


@pytest.fixture
def github(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[GitHub]:
    with serve() as github:
        for name, value in github.environ.items():
            monkeypatch.setenv(name, value)
        for name in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY"):
            monkeypatch.setenv(name, str(tmp_path / name))
        yield github


def review(folder: Path, text: str = "Nothing changes.", *, drift: int = 0, changes: int = 0, outputs: int = 0) -> str:
    folder.mkdir(exist_ok=True)
    (folder / "review.md").write_text(text, encoding="utf-8")
    content = {
        "changes_nothing": not changes and not outputs,
        "drift": [{}] * drift,
        "changes": [{}] * changes,
        "outputs": ["output LinkUrl changes"] * outputs,
    }
    (folder / "review.json").write_text(json.dumps(content), encoding="utf-8")
    return str(folder)


def output(tmp_path: Path) -> str:
    return (tmp_path / "GITHUB_OUTPUT").read_text(encoding="utf-8")


# Labels; tests/unit/workflows/test_label_attacks.py has those that do not count


HASH, OTHER = "4wz2k7bqn3yfxa5t", "abcdefgh234567ab"


def test_the_labels_of_a_pull_request_accept_what_was_seen(github: GitHub, tmp_path: Path) -> None:
    for name in ("bug", f"accept prod {HASH}", "accepted", f"accept staging {OTHER}"):
        github.pull.set_label(name)
    assert main(["pipeline", "accepted", "prod", "--pull-request", "7"]) == 0
    assert output(tmp_path) == f"accepted={HASH}\n"


def test_without_labels_nothing_is_accepted(github: GitHub, tmp_path: Path) -> None:
    assert main(["pipeline", "accepted", "prod", "--pull-request", "7"]) == 0
    assert output(tmp_path) == "accepted=\n"
    assert github.asked == ["GET /repos/orcha/edge/pulls/7"]


NOTHING_KNOWN = ("$(id)", "A:b;reboot", "prod a b", "--help", "", "`id`", f"prod {HASH}\n{OTHER}", "${{ x }}", "*")
NEARLY = ("REPLACE:aws_lb.edge", HASH, f"prod {HASH}0", f"prod {HASH[1:]}", f"prod {HASH.upper()}", f"Prod {HASH}")


@pytest.mark.parametrize("text", [*NOTHING_KNOWN, *NEARLY])
def test_a_label_that_accepts_nothing_known_is_refused_and_runs_nothing(
    github: GitHub, text: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    github.pull.set_label(f"accept {text}")
    assert main(["pipeline", "accepted", "prod", "--pull-request", "7"]) == 1
    assert "accepts no risk; set it as the review writes it" in capsys.readouterr().err
    assert not (tmp_path / "GITHUB_OUTPUT").exists()


def test_a_commit_has_the_labels_of_the_pull_request_that_it_merged(github: GitHub, tmp_path: Path) -> None:
    github.pull.set_label(f"accept prod {HASH}")
    github.pull.merge("2026-01-02T00:00:00Z")
    merged = {"merged_at": github.pull.merged_at}
    github.pulls_of_commits[SHA] = [
        {"merged_at": None, "merge_commit_sha": SHA, "number": 8},
        {**merged, "merge_commit_sha": "f" * 40, "number": 8},
        {**merged, "merge_commit_sha": SHA, "number": 7},
    ]
    assert main(["pipeline", "accepted", "prod", "--commit", SHA, "--hashes", f" {OTHER} {HASH}"]) == 0
    assert output(tmp_path) == f"accepted={HASH} {OTHER}\n"


@pytest.mark.parametrize("typed", ["REPLACE:aws_lb.edge", HASH[1:], f"{HASH}0", "--all"])
def test_what_is_typed_is_a_hash(github: GitHub, typed: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["pipeline", "accepted", "prod", f"--hashes={typed}"]) == 1
    assert f"{typed!r} is not the hash of a risk; write the last word of its label" in capsys.readouterr().err
    assert github.asked == []


def test_labels_that_are_older_than_the_newest_push_are_removed(
    github: GitHub, capsys: pytest.CaptureFixture[str]
) -> None:
    kept = [f"accept staging {OTHER}", "bug", f"accept prod {OTHER}"]
    github.pull.set_label(f"accept prod {HASH}", at="2026-01-01T12:00:00Z")
    for name in kept:
        github.pull.set_label(name)
    assert main(["pipeline", "drop", "prod", "--pull-request", "7"]) == 0
    assert github.pull.labels == kept
    assert f"Removed the label 'accept prod {HASH}'" in capsys.readouterr().out
    assert main(["pipeline", "drop", "prod", "--pull-request", "7"]) == 0
    assert capsys.readouterr().out == "No label was set before the newest push.\n"


# Comments


def test_a_pull_request_has_one_comment_for_each_environment(github: GitHub, tmp_path: Path) -> None:
    prod, staging = review(tmp_path / "prod", "First."), review(tmp_path / "staging", "Other.")
    for environment, folder in (("prod", prod), ("staging", staging), ("prod", review(tmp_path / "prod", "Second."))):
        assert main(["pipeline", "comment", environment, *PULL_REQUEST, "--plan", folder]) == 0
    bodies = [comment["body"] for comment in github.comments]
    assert [body.splitlines()[:2] for body in bodies] == [
        [MARK, "Second."],
        ["<!-- orcha-edge review: staging -->", "Other."],
    ]
    assert "commit 0123456789ab" in bodies[0]
    assert "https://github.test/orcha/edge/actions/runs/4711" in bodies[0]


def test_the_comment_is_found_behind_many_and_nobody_elses_is_touched(github: GitHub, tmp_path: Path) -> None:
    quoted = github.comment(f"{MARK}\nI quote it.", PERSON)
    inside = github.comment(f"It begins with {MARK}.")
    for number in range(220):
        github.comment(f"Comment {number}.", PERSON)
    ours = github.comment(f"{MARK}\nOld.")
    folder = review(tmp_path / "prod", "New.")
    assert main(["pipeline", "comment", "prod", *PULL_REQUEST, "--plan", folder]) == 0
    assert "New." in ours["body"]
    assert (quoted["body"], inside["body"]) == (f"{MARK}\nI quote it.", f"It begins with {MARK}.")
    assert len(github.comments) == 223


@pytest.mark.parametrize(("characters", "is_drawn"), [(100, True), (65_400, False), (200_000, False)])
def test_the_comment_ends_with_the_whole_picture_or_none(
    characters: int, is_drawn: bool, github: GitHub, tmp_path: Path
) -> None:
    folder = review(tmp_path / "prod", "x" * characters)
    (tmp_path / "prod" / "review-picture.md").write_text("\n```mermaid\nflowchart LR\n```\n", encoding="utf-8")
    assert main(["pipeline", "comment", "prod", *PULL_REQUEST, "--plan", folder]) == 0
    (comment,) = github.comments
    assert ("\n```mermaid\nflowchart LR\n```\n" in comment["body"]) is is_drawn
    assert ("mermaid" in comment["body"]) is is_drawn
    assert "commit 0123456789ab" in comment["body"]


def test_without_a_review_the_comment_says_that_there_is_none(github: GitHub, tmp_path: Path) -> None:
    """Else the comment of an earlier commit would stand as if it were this one's."""
    github.comment(f"{MARK}\nNothing changes.")
    assert main(["pipeline", "comment", "prod", *PULL_REQUEST, "--plan", str(tmp_path / "nothing")]) == 0
    (comment,) = github.comments
    assert "There is no plan of prod yet: a step before it failed." in comment["body"]
    assert "Nothing changes" not in comment["body"]


@pytest.mark.parametrize("character", ["x", "é", "😀"])
def test_a_review_that_is_too_long_is_cut_and_says_so(github: GitHub, tmp_path: Path, character: str) -> None:
    folder = review(tmp_path / "prod", character * 70_000)
    assert main(["pipeline", "comment", "prod", *PULL_REQUEST, "--plan", folder]) == 0
    (comment,) = github.comments
    assert len(comment["body"]) <= MAX_BODY
    assert "The rest stands in the run's artifact." in comment["body"]
    assert "commit 0123456789ab" in comment["body"]


# Issues


def test_an_environment_has_one_issue_while_it_differs(github: GitHub, tmp_path: Path) -> None:
    github.issue(f"{DRIFT}\nQuoted.", PERSON)
    github.issue("<!-- orcha-edge drift: staging -->\nAnother environment's.")
    github.issue(f"{DRIFT}\nA pull request.")["pull_request"] = {}
    others = [dict(issue) for issue in github.issues]
    for drift in (1, 2):
        folder = review(tmp_path / "prod", f"{drift} drifted.", drift=drift, changes=1)
        assert main(["pipeline", "issue", "prod", "--plan", folder]) == 0
    assert github.issues[:3] == others
    (ours,) = github.issues[3:]
    assert ours["title"] == "prod: 2 drifted, 1 to change"
    assert ours["body"].startswith(f"{DRIFT}\n2 drifted.")

    assert main(["pipeline", "issue", "prod", "--plan", review(tmp_path / "prod")]) == 0
    assert (ours["state"], ours["state_reason"]) == ("closed", "completed")
    assert ours["said"] == [
        "prod is as its configuration says again. [This run](https://github.test/orcha/edge/actions/runs/4711)."
    ]
    assert github.issues[:3] == others


@pytest.mark.parametrize(("drift", "changes", "outputs"), [(1, 0, 0), (0, 1, 0), (0, 0, 1)])
def test_an_issue_stays_open_while_anything_differs(
    github: GitHub, tmp_path: Path, drift: int, changes: int, outputs: int
) -> None:
    issue = github.issue(f"{DRIFT}\nOld.")
    folder = review(tmp_path / "prod", drift=drift, changes=changes, outputs=outputs)
    assert main(["pipeline", "issue", "prod", "--plan", folder]) == 0
    assert issue["state"] == "open"
    assert issue["title"] == f"prod: {drift} drifted, {changes + outputs} to change"


def test_a_closed_issue_is_not_opened_again_but_followed_by_another(github: GitHub, tmp_path: Path) -> None:
    github.issue(f"{DRIFT}\nOld.")["state"] = "closed"
    assert main(["pipeline", "issue", "prod", "--plan", review(tmp_path / "prod", changes=1)]) == 0
    assert [issue["state"] for issue in github.issues] == ["closed", "open"]


def test_where_nothing_differs_no_issue_is_opened(github: GitHub, tmp_path: Path) -> None:
    assert main(["pipeline", "issue", "prod", "--plan", review(tmp_path / "prod")]) == 0
    assert github.issues == []


# The summary


def test_the_summary_is_the_full_review(github: GitHub, tmp_path: Path) -> None:
    folder = review(tmp_path / "prod", "Short.")
    assert main(["pipeline", "summary", "prod", "--plan", folder]) == 0
    (tmp_path / "prod" / "review-full.md").write_text("Full.", encoding="utf-8")
    assert main(["pipeline", "summary", "prod", "--plan", folder]) == 0
    assert (tmp_path / "GITHUB_STEP_SUMMARY").read_text(encoding="utf-8") == "Short.\nFull.\n"
    assert github.asked == []


def test_a_summary_stays_below_what_github_drops(github: GitHub, tmp_path: Path) -> None:
    assert main(["pipeline", "summary", "prod", "--plan", review(tmp_path / "prod", "€" * 400_000)]) == 0
    summary = (tmp_path / "GITHUB_STEP_SUMMARY").read_text(encoding="utf-8")
    assert 1_000_000 < len(summary.encode()) < 1_048_576
    assert summary.endswith("it stands in the run's artifact.\n")
    assert github.asked == []


# What goes wrong


def test_an_error_of_github_is_one_sentence(
    github: GitHub, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = review(tmp_path / "prod")
    command = ["pipeline", "comment", "prod", *PULL_REQUEST, "--plan", folder]

    def printed() -> str:
        assert main(command) == 1
        text = capsys.readouterr().err
        assert text.count("\n") == 1
        return text

    github.broken = True
    assert printed().endswith("/issues/7/comments and answered 502 Server Error; run the job again.\n")
    monkeypatch.setenv("GITHUB_TOKEN", "another")
    assert "answered 401 Bad credentials; give the step GITHUB_TOKEN." in printed()
    monkeypatch.setenv("GITHUB_API_URL", "http://127.0.0.1:9")
    assert "and did not answer (" in printed()
    monkeypatch.delenv("GITHUB_TOKEN")
    assert printed() == "GITHUB_TOKEN is not set; run this in a GitHub workflow, or set it by hand.\n"


def test_a_plan_that_is_not_there_is_bad_input(
    github: GitHub, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["pipeline", "outputs", "prod", "--plan", str(tmp_path / "nothing")]) == 2
    assert "is not a folder; make the plan first" in capsys.readouterr().err
    assert main(["pipeline", "summary", "prod", "--plan", str(tmp_path / "nothing")]) == 1
    assert "review the plan first" in capsys.readouterr().err
    assert github.asked == []
