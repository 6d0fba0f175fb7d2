"""Which risks were accepted, by the labels of a pull request: `accept REPLACE:aws_lb.edge`.

A label's text goes on to a command, so only the characters of a risk's id, or of its short form, pass; another label of
that kind is reported.
"""

import re
from collections.abc import Iterable, Sequence
from typing import Any

from edge.pipeline.api import Repository
from edge.pipeline.errors import GitHubError
from edge.review.findings import LABEL_START

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:#/-]*")


def of_labels(labels: Iterable[str]) -> list[str]:
    """Give the ids that labels accept, sorted; raises GitHubError for a label that accepts what is not an id."""
    return of_ids(label.removeprefix(LABEL_START).strip() for label in labels if label.startswith(LABEL_START))


def of_ids(ids: Iterable[str]) -> list[str]:
    """Give ids that are well formed, each once, sorted; raises GitHubError for others."""
    found = sorted(set(ids))
    wrong = [finding for finding in found if not _ID.fullmatch(finding)]
    if wrong:
        raise GitHubError(
            f"{wrong[0]!r} is not the id of a risk; write it as the review does, such as REPLACE:aws_lb.edge."
        )
    return found


def of_pull_request(repository: Repository, number: int) -> list[str]:
    """Give the ids that a pull request's labels accept, as they are now."""
    return of_labels(_names(repository.get(f"issues/{number}")))


def of_commit(repository: Repository, sha: str) -> list[str]:
    """Give the ids that were accepted on the pull requests whose merge made a commit; none for a direct push."""
    pulls = repository.every(f"commits/{sha}/pulls")
    merged: Sequence[dict[str, Any]] = [pull for pull in pulls if pull["merged_at"] and pull["merge_commit_sha"] == sha]
    return of_labels(label for pull in merged for label in _names(pull))


def _names(thing: dict[str, Any]) -> list[str]:
    return [str(label["name"]) for label in thing["labels"]]
