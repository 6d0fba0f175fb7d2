"""Comments and issues that a workflow finds again by a hidden marker, and replaces instead of adding another.

Only what a bot wrote and what begins with the marker is ours: anybody can quote a marker.
"""

from typing import Any

from edge.pipeline.api import Repository

MAX_BODY = 65_536  # characters, of an issue's or a comment's body: GitHub answers 422 for more


def marker(kind: str, environment: str) -> str:
    """Give the line, invisible on the page, by which a text is found again."""
    return f"<!-- orcha-edge {kind}: {environment} -->"


def upsert_comment(repository: Repository, number: int, mark: str, body: str) -> None:
    """Write the one comment of a pull request that has this marker."""
    content = {"body": _marked(mark, body)}
    for comment in repository.every(f"issues/{number}/comments"):
        if _is_ours(comment, mark):
            repository.patch(f"issues/comments/{comment['id']}", content)
            return
    repository.post(f"issues/{number}/comments", content)


def upsert_issue(repository: Repository, mark: str, *, title: str, body: str) -> int:
    """Open the one issue that has this marker, or replace the open one; give its number."""
    content = {"title": title, "body": _marked(mark, body)}
    for issue in _open_issues(repository, mark):
        repository.patch(f"issues/{issue['number']}", content)
        return int(issue["number"])
    return int(repository.post("issues", content)["number"])


def close_issues(repository: Repository, mark: str, reason: str) -> list[int]:
    """Close every open issue that has this marker, with a comment that says why; give their numbers."""
    found = _open_issues(repository, mark)
    for issue in found:
        repository.post(f"issues/{issue['number']}/comments", {"body": reason})
        repository.patch(f"issues/{issue['number']}", {"state": "closed", "state_reason": "completed"})
    return [int(issue["number"]) for issue in found]


def _open_issues(repository: Repository, mark: str) -> list[dict[str, Any]]:
    issues = repository.every("issues", state="open", sort="created", direction="asc")
    return [issue for issue in issues if "pull_request" not in issue and _is_ours(issue, mark)]


def _is_ours(thing: dict[str, Any], mark: str) -> bool:
    is_bot = (thing.get("user") or {}).get("type") == "Bot"
    return is_bot and (thing.get("body") or "").startswith(mark)


def _marked(mark: str, body: str) -> str:
    text = f"{mark}\n{body}"
    if len(text) <= MAX_BODY:
        return text
    cut = "\n\nThe rest is too long for GitHub; it stands in the run's artifact."
    return text[: MAX_BODY - len(cut)] + cut
