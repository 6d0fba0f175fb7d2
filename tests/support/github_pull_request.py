"""One pull request as GitHub's REST API shows it: who opened it, who pushed when, who set which label when."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

ADA = {"login": "ada", "type": "User"}  # opens pull requests
BEA = {"login": "bea", "type": "User"}  # may write, and reviews
BOT_OF_ACTIONS = {"login": "github-actions[bot]", "type": "Bot"}
PUSHED = "2026-01-01T12:00:00Z"
LATER = "2026-01-01T12:00:01Z"
HEAD = "89abcdef" * 5


@dataclass
class PullRequest:
    """Number 7, of ada's branch `change`; a test changes what it is about."""

    repository: str
    labels: list[str] = field(default_factory=list)
    author: dict[str, str] = field(default_factory=lambda: dict(ADA))
    head_repository: str | None = ""
    head: str = HEAD
    branch: str = "change"
    merged_at: str | None = None
    timeline: list[dict[str, Any]] = field(default_factory=list)
    activities: list[dict[str, Any]] = field(default_factory=list)
    commits: list[dict[str, Any]] = field(default_factory=lambda: [{"author": dict(ADA), "committer": None}])
    permissions: dict[str, str] = field(default_factory=lambda: {"ada": "write", "bea": "write", "root": "admin"})

    def __post_init__(self) -> None:
        self.push(PUSHED)

    def push(self, at: str, *, by: dict[str, str] | None = ADA, after: str = HEAD, kind: str = "push") -> None:
        self.activities.insert(0, {"activity_type": kind, "timestamp": at, "actor": by, "after": after})

    def merge(self, at: str) -> None:
        self.merged_at = at

    def set_label(self, name: str, *, by: dict[str, str] | None = BEA, at: str = LATER, **more: Any) -> None:
        self.labels.append(name)
        event = {"event": "labeled", "label": {"name": name}, "actor": by, "created_at": at}
        self.timeline.append(event | {"performed_via_github_app": None} | more)

    def take_label_off(self, name: str, *, by: dict[str, str] = BEA, at: str = LATER) -> None:
        self.labels.remove(name)
        self.timeline.append({"event": "unlabeled", "label": {"name": name}, "actor": by, "created_at": at})

    def read(self, path: list[str], query: Mapping[str, list[str]]) -> list[dict[str, Any]] | dict[str, Any] | None:
        """Give what GitHub answers of it: a list page by page, or one thing; None for what is not of it."""
        match path:
            case ["pulls", "7"]:
                return self.as_json()
            case ["issues", "7", "timeline"]:
                return self.timeline
            case ["pulls", "7", "commits"]:
                return self.commits
            case ["activity"]:
                return self.activities if f"refs/heads/{self.branch}" in query["ref"] else []
            case ["collaborators", login, "permission"] if login in self.permissions:
                return {"permission": self.permissions[login]}
        return None

    def as_json(self) -> dict[str, Any]:
        name = self.repository if self.head_repository == "" else self.head_repository
        return {
            "number": 7,
            "user": self.author,
            "labels": [{"name": label} for label in self.labels],
            "merged_at": self.merged_at,
            "head": {"ref": self.branch, "sha": self.head, "repo": {"full_name": name} if name else None},
        }


def guarded() -> dict[str, Any]:
    """An environment as docs/pipeline.md wants it."""
    return {
        "protection_rules": [
            {"type": "branch_policy"},
            {"type": "required_reviewers", "prevent_self_review": True, "reviewers": [{"type": "Team"}]},
        ],
        "deployment_branch_policy": {"protected_branches": False, "custom_branch_policies": True},
        "branches": [{"name": "main", "type": "branch"}],
    }
