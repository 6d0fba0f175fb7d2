"""What a job reports of a plan and its review: its outputs, its summary, a comment, an issue."""

import json
from pathlib import Path
from typing import Any

from edge.pipeline import marked_comments
from edge.pipeline.api import Repository
from edge.pipeline.errors import GitHubError
from edge.pipeline.job import put, run_url
from edge.plan.folder import PlanFolder

_MAX_SUMMARY = 1_000_000  # bytes of UTF-8; a step's summary may have 1 MiB, and more is dropped as a whole
_SHORT_COMMIT = 12


def outputs(folder: PlanFolder) -> None:
    """Give the job the plan's digest, and whether it changes anything; raises RefusedError for a damaged plan."""
    seal = folder.read()
    changes = json.dumps(not folder.tfplan().changes_nothing)
    put("GITHUB_OUTPUT", f"digest={seal.digest}\nchanges={changes}\n")


def summary(folder: PlanFolder) -> None:
    """Show the whole review on the run's page, as far as there is room."""
    full = folder.path / "review-full.md"
    text = _read(full if full.is_file() else folder.path / "review.md")
    cut = text.encode("utf-8")[:_MAX_SUMMARY].decode("utf-8", errors="ignore")
    note = "" if cut == text else "\n\nThe rest is too long for this page; it stands in the run's artifact."
    put("GITHUB_STEP_SUMMARY", f"{cut}{note}\n")


def comment(repository: Repository, environment: str, folder: PlanFolder, *, number: int, commit: str) -> None:
    """Write an environment's one comment of a pull request again: the review, or that there is none for this commit."""
    mark = marked_comments.marker("review", environment)
    review = folder.path / "review.md"
    reported_by = f"[This run]({run_url()}), commit {commit[:_SHORT_COMMIT]}."
    if review.is_file():
        text = f"{_with_picture(folder, _read(review), reported_by, mark)}\n\n{reported_by}"
    else:
        text = f"### {environment}\n\nThere is no plan of {environment} yet: a step before it failed. {reported_by}"
    marked_comments.upsert_comment(repository, number, mark, text)


def issue(repository: Repository, environment: str, folder: PlanFolder) -> None:
    """Open, renew or close an environment's one issue, by whether AWS is as the configuration says.

    An output that changes keeps it open too: the state is not yet what the configuration gives.
    """
    review: dict[str, Any] = json.loads(_read(folder.path / "review.json"))
    mark = marked_comments.marker("drift", environment)
    reported_by = f"[This run]({run_url()})"
    if review["changes_nothing"] and not review["drift"]:
        closed = marked_comments.close_issues(
            repository, mark, f"{environment} is as its configuration says again. {reported_by}."
        )
        print(
            "\n".join(f"Closed issue {number}." for number in closed) or f"{environment} is as its configuration says."
        )
        return
    drifted, changes = len(review["drift"]), len(review["changes"]) + len(review["outputs"])
    title = f"{environment}: {drifted} drifted, {changes} to change"
    text = _fitting(_read(folder.path / "review.md"), reported_by, mark)
    number = marked_comments.upsert_issue(repository, mark, title=title, body=f"{text}\n\n{reported_by} planned again.")
    print(f"Issue {number} reports it: {title}.")


def _with_picture(folder: PlanFolder, review: str, after: str, mark: str) -> str:
    """Add the picture of a request's way where there is one, and room for all of it."""
    picture = folder.path / "review-picture.md"
    both = review + (_read(picture) if picture.is_file() else "")
    return both if _fitting(both, after, mark) == both else _fitting(review, after, mark)


def _fitting(text: str, after: str, mark: str) -> str:
    """Cut a text so that what follows it stands, whatever its length."""
    room = marked_comments.MAX_BODY - len(mark) - len(after) - 100
    return text if len(text) <= room else f"{text[:room]}\n\nThe rest stands in the run's artifact."


def _read(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except OSError as error:
        raise GitHubError(f"{file} cannot be read ({error.strerror}); review the plan first: edge review.") from None
