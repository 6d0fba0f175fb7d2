"""Whose acceptance counts, and since when: somebody else's who may write, set after the newest push.

GitHub's timeline says who set a label and when
(https://docs.github.com/en/rest/using-the-rest-api/issue-event-types#labeled), its list of activities who pushed to a
branch and when (https://docs.github.com/en/rest/repos/repos#list-repository-activities). The dates in commits count for
nothing, since whoever makes a commit writes them.
"""

import datetime
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

from edge.pipeline.api import Repository

# What may push to a branch; `maintain` is given as write: https://docs.github.com/en/rest/collaborators/collaborators
_MAY_WRITE = frozenset({"admin", "write"})
_REMOVAL = "branch_deletion"


@dataclass(frozen=True)
class Evidence:
    """What GitHub knows of a pull request: who set its labels, who made it, when it was pushed, who may write.

    `pushed` is the time of the newest push, None where GitHub knows none that brought the commit under review.
    """

    from_fork: bool
    settings: Mapping[str, Mapping[str, Any]]
    makers: frozenset[str]
    pushed: datetime.datetime | None
    may_write: frozenset[str]

    @classmethod
    def of(cls, repository: Repository, pull: Mapping[str, Any]) -> Self:
        """Ask GitHub; raises GitHubError."""
        number, head = int(pull["number"]), pull["head"]
        from_fork = (head["repo"] or {}).get("full_name") != repository.name
        settings = _settings(list(repository.every(f"issues/{number}/timeline")))
        pushes = [] if from_fork else _pushes(repository, pull)
        commits = list(repository.every(f"pulls/{number}/commits"))
        setters = sorted({_login(event) for event in settings.values()} - {""})
        return cls(
            from_fork=from_fork,
            settings=settings,
            makers=_makers(pull, pushes, commits),
            pushed=_newest(pushes, str(head["sha"])),
            may_write=frozenset(login for login in setters if _may_write(repository, login)),
        )

    def refusal(self, label: str) -> str | None:
        """Say why a label does not count, as the end of a sentence; None where it does."""
        return next(self._reasons(label), None)

    def _reasons(self, label: str) -> Iterator[str]:
        event = self.settings.get(label, {})
        login = _login(event)
        if self.from_fork:
            yield "the change comes from a fork; push it to a branch of this repository"
        if not event:
            yield "GitHub does not say who set it; set it again"
        if not login or event["actor"].get("type") != "User" or event.get("performed_via_github_app"):
            yield "no person set it"
        if login in self.makers:
            yield f"{login} set it, who made the change or a part of it; somebody else must"
        if login not in self.may_write:
            yield f"{login} set it, who may not write to this repository"
        if self.pushed is None:
            yield "GitHub does not say when the change was pushed; run the job again"
        if self.is_stale(label):
            yield "it was set before the newest push; read the review again, and set the label that it names"

    def is_stale(self, label: str) -> bool:
        """Say whether a label was set before the newest push, or in the same second."""
        event = self.settings.get(label)
        return event is not None and self.pushed is not None and _time(event["created_at"]) <= self.pushed


def _settings(timeline: Sequence[Mapping[str, Any]]) -> dict[str, Mapping[str, Any]]:
    """Give the event that set each label last, without those that were taken off since."""
    found: dict[str, Mapping[str, Any]] = {}
    for event in sorted(
        (event for event in timeline if event.get("event") in ("labeled", "unlabeled")),
        key=lambda event: _time(event["created_at"]),
    ):
        name = str(event["label"]["name"])
        if event["event"] == "labeled":
            found[name] = event
        else:
            found.pop(name, None)
    return found


def _pushes(repository: Repository, pull: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """List what brought commits to the branch; of a merged pull request only what came before the merge."""
    activities = repository.every("activity", ref=f"refs/heads/{pull['head']['ref']}")
    merged = _time(pull["merged_at"]) if pull["merged_at"] else None
    return [
        activity
        for activity in activities
        if activity["activity_type"] != _REMOVAL and (merged is None or _time(activity["timestamp"]) <= merged)
    ]


def _newest(pushes: Sequence[Mapping[str, Any]], sha: str) -> datetime.datetime | None:
    newest = max(pushes, key=lambda push: _time(push["timestamp"]), default=None)
    is_known = newest is not None and any(push["after"] == sha for push in pushes)
    return _time(newest["timestamp"]) if newest is not None and is_known else None


def _makers(
    pull: Mapping[str, Any], pushes: Sequence[Mapping[str, Any]], commits: Sequence[Mapping[str, Any]]
) -> frozenset[str]:
    """Name everybody who had a hand in a change: who opened it, who pushed, who wrote and committed its commits."""
    people = [pull.get("user"), *(push.get("actor") for push in pushes)]
    people += [commit.get(role) for commit in commits for role in ("author", "committer")]
    return frozenset(str(person["login"]).lower() for person in people if person)


def _may_write(repository: Repository, login: str) -> bool:
    answer = repository.find(f"collaborators/{login}/permission")
    return answer is not None and answer.get("permission") in _MAY_WRITE


def _login(event: Mapping[str, Any]) -> str:
    return str((event.get("actor") or {}).get("login", "")).lower()


def _time(text: str) -> datetime.datetime:
    return datetime.datetime.fromisoformat(text)
