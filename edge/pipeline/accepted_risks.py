"""Which risks were accepted by labels: `accept prod 4wz2k7bqn3yfxa5t`.

A label names the environment and a hash of what the review showed there (edge/review/acceptance.py), so it holds for
that and for nothing else. Its text goes on to a command: only that form passes, another that begins so is reported.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from edge.pipeline.acceptances import Evidence
from edge.pipeline.api import Repository
from edge.pipeline.errors import GitHubError
from edge.review.labels import LABEL_START, shown_in_label

_HASH = re.compile(r"[a-z2-7]{16}")
_LABEL = re.compile(rf"{re.escape(LABEL_START)}(?P<environment>[a-z0-9-]+) (?P<hash>[a-z2-7]{{16}})")


@dataclass(frozen=True)
class Label:
    """One label that accepts a risk: its `text`, and the hash of what was seen."""

    text: str
    hash: str


@dataclass(frozen=True)
class Accepted:
    """The hashes that count, and a sentence for each label of the environment that does not; `stale` came too early."""

    hashes: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()
    stale: tuple[str, ...] = ()


def labels_of(names: Iterable[str], environment: str) -> list[Label]:
    """Give the labels that accept a risk of an environment; raises GitHubError for one that accepts nothing known."""
    found = []
    for name in sorted(set(names)):
        if not name.startswith(LABEL_START):
            continue
        match = _LABEL.fullmatch(name)
        if match is None:
            raise GitHubError(
                f"The label {name!r} accepts no risk; set it as the review writes it: {LABEL_START}ENVIRONMENT HASH."
            )
        if match["environment"] == shown_in_label(environment):
            found.append(Label(name, match["hash"]))
    return found


def of_hashes(text: str) -> list[str]:
    """Give the hashes that somebody typed, between spaces, each once; raises GitHubError for what is not one."""
    found = sorted(set(text.split()))
    wrong = [item for item in found if not _HASH.fullmatch(item)]
    if wrong:
        raise GitHubError(
            f"{wrong[0]!r} is not the hash of a risk; write the last word of its label, 16 letters and digits."
        )
    return found


def of_pull_request(repository: Repository, number: int, environment: str) -> Accepted:
    """Give what a pull request's labels accept of an environment, as they are now."""
    pull = repository.get(f"pulls/{number}")
    labels = labels_of((str(label["name"]) for label in pull["labels"]), environment)
    if not labels:
        return Accepted()
    evidence = Evidence.of(repository, pull)
    refused = {label: evidence.refusal(label.text) for label in labels}
    return Accepted(
        hashes=tuple(label.hash for label, reason in refused.items() if reason is None),
        refused=tuple(
            f"The label {label.text!r} does not count: {reason}." for label, reason in refused.items() if reason
        ),
        stale=tuple(label.text for label in labels if evidence.is_stale(label.text)),
    )


def of_commit(repository: Repository, sha: str, environment: str) -> Accepted:
    """Give what was accepted on the pull requests whose merge made a commit; nothing for a direct push."""
    pulls = repository.every(f"commits/{sha}/pulls")
    merged: Sequence[dict[str, Any]] = [pull for pull in pulls if pull["merged_at"] and pull["merge_commit_sha"] == sha]
    parts = [of_pull_request(repository, int(pull["number"]), environment) for pull in merged]
    return Accepted(
        hashes=tuple(item for part in parts for item in part.hashes),
        refused=tuple(sentence for part in parts for sentence in part.refused),
    )


def drop_stale(repository: Repository, number: int, environment: str) -> list[str]:
    """Take the environment's labels off a pull request that were set before its newest push; give their names."""
    stale = of_pull_request(repository, number, environment).stale
    for name in stale:
        repository.delete(f"issues/{number}/labels", name)
    return list(stale)
