"""GitHub on loopback, as far as the workflows ask it: pages by links, comments, issues, labels, who a job is.

It answers as the REST API does: 401 without the token, 404 for what is not there, 422 for a body that is too long.
"""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar
from urllib.parse import parse_qs, unquote, urlsplit

from tests.support.github_pull_request import PullRequest, guarded

REPOSITORY = "orcha/edge"
TOKEN = "a-token-of-one-job"
BOT = {"login": "github-actions[bot]", "type": "Bot"}
PERSON = {"login": "ada", "type": "User"}
MAX_BODY = 65_536


@dataclass
class GitHub:
    """What the repository holds; tests fill it and look into it."""

    url: str = ""
    pull: PullRequest = field(default_factory=lambda: PullRequest(REPOSITORY))
    environments: dict[str, dict[str, Any]] = field(default_factory=lambda: {"prod": guarded()})
    main: str = "0123456789abcdef0123456789abcdef01234567"
    comments: list[dict[str, Any]] = field(default_factory=list)
    issues: list[dict[str, Any]] = field(default_factory=list)
    pulls_of_commits: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    broken: bool = False

    @property
    def environ(self) -> dict[str, str]:
        """What a runner would tell a job of it."""
        return {
            "GITHUB_API_URL": self.url,
            "GITHUB_SERVER_URL": "https://github.test",
            "GITHUB_REPOSITORY": REPOSITORY,
            "GITHUB_RUN_ID": "4711",
            "GITHUB_SHA": "0123456789abcdef0123456789abcdef01234567",
            "GITHUB_TOKEN": TOKEN,
            "ACTIONS_ID_TOKEN_REQUEST_URL": f"{self.url}/token?api-version=2.0",
            "ACTIONS_ID_TOKEN_REQUEST_TOKEN": TOKEN,
        }

    def setting(self, path: list[str]) -> dict[str, Any] | None:
        """Give what main is, and how an environment is guarded; None for what else is asked."""
        match path:
            case ["git", "ref", "heads", "main"]:
                return {"object": {"sha": self.main}}
            case ["environments", name] if name in self.environments:
                return self.environments[name]
            case ["environments", name, "deployment-branch-policies"] if name in self.environments:
                return {"branch_policies": self.environments[name]["branches"]}
        return None

    def comment(self, body: str, user: dict[str, str] = BOT) -> dict[str, Any]:
        made = {"id": 1000 + len(self.comments), "body": body, "user": user}
        self.comments.append(made)
        return made

    def issue(self, body: str, user: dict[str, str] = BOT, title: str = "") -> dict[str, Any]:
        number = 10 + len(self.issues)
        made = {"number": number, "title": title, "body": body, "user": user, "state": "open", "said": []}
        self.issues.append(made)
        return made


@contextmanager
def serve() -> Iterator[GitHub]:
    """Run it on a free port of loopback until the end."""
    github = GitHub()

    class Handler(_Handler):
        state = github

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    github.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield github
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    state: ClassVar[GitHub]

    def do_GET(self) -> None:
        self._route()

    def do_POST(self) -> None:
        self._route()

    def do_PATCH(self) -> None:
        self._route()

    def do_DELETE(self) -> None:
        self._route()

    def log_message(self, *_: Any) -> None:
        """Stay silent."""

    def _route(self) -> None:
        split = urlsplit(self.path)
        content = json.loads(self.rfile.read(int(self.headers.get("Content-Length") or 0)) or b"{}")
        self.state.asked.append(f"{self.command} {split.path}")
        if self.headers["Authorization"] != f"Bearer {TOKEN}":
            self._answer(401, {"message": "Bad credentials"})
        elif self.state.broken:
            self._answer(502, {"message": "Server Error"})
        elif len(content.get("body", "")) > MAX_BODY:
            self._answer(422, {"message": "Validation Failed"})
        elif split.path == "/token":
            self._answer(200, {"value": f"who-i-am-for-{parse_qs(split.query)['audience'][0]}"})
        else:
            self._repository(split.path.removeprefix(f"/repos/{REPOSITORY}/").split("/"), content, split.query)

    def _repository(self, path: list[str], content: dict[str, Any], query: str) -> None:
        if self.command == "GET":
            self._read(path, query)
        else:
            self._write(path, content)

    def _read(self, path: list[str], query: str) -> None:
        found = self.state.pull.read(path, parse_qs(query))
        if isinstance(found, list):
            self._page(found, query)
        elif found is not None or (found := self.state.setting(path)) is not None:
            self._answer(200, found)
        else:
            self._read_issues(path, query)

    def _read_issues(self, path: list[str], query: str) -> None:
        match path:
            case ["issues"]:
                self._page([issue for issue in self.state.issues if issue["state"] == "open"], query)
            case ["issues", _, "comments"]:
                self._page(self.state.comments, query)
            case ["commits", sha, "pulls"]:
                self._page(self.state.pulls_of_commits.get(sha, []), query)
            case _:
                self._answer(404, {"message": "Not Found"})

    def _write(self, path: list[str], content: dict[str, Any]) -> None:
        match [self.command, *path]:
            case ["POST", "issues"]:
                self._answer(201, self.state.issue(content["body"], title=content["title"]))
            case ["POST", "issues", number, "comments"]:
                self._add_comment(int(number), content["body"])
            case ["PATCH", "issues", "comments", number]:
                self._change([comment for comment in self.state.comments if comment["id"] == int(number)], content)
            case ["DELETE", "issues", "7", "labels", name] if unquote(name) in self.state.pull.labels:
                self.state.pull.take_label_off(unquote(name), by=BOT)
                self._answer(200, [])
            case ["PATCH", "issues", number]:
                self._change([issue for issue in self.state.issues if issue["number"] == int(number)], content)
            case _:
                self._answer(404, {"message": "Not Found"})

    def _add_comment(self, number: int, body: str) -> None:
        for issue in self.state.issues:
            if issue["number"] == number:
                issue["said"].append(body)
        self._answer(201, self.state.comment(body))

    def _change(self, found: list[dict[str, Any]], content: dict[str, Any]) -> None:
        for thing in found:
            thing.update(content)
        self._answer(200, found[0]) if found else self._answer(404, {"message": "Not Found"})

    def _page(self, things: list[dict[str, Any]], query: str) -> None:
        given = {name: values[0] for name, values in parse_qs(query).items()}
        size, number = int(given["per_page"]), int(given.get("page", "1"))
        path = urlsplit(self.path).path
        rest = "".join(f"&{name}={value}" for name, value in given.items() if name not in {"per_page", "page"})
        after = f'<{self.state.url}{path}?per_page={size}&page={number + 1}{rest}>; rel="next"'
        links = {"Link": after} if len(things) > number * size else {}
        self._answer(200, things[(number - 1) * size : number * size], links)

    def _answer(self, status: int, content: Any, headers: dict[str, str] | None = None) -> None:
        body = json.dumps(content).encode()
        self.send_response(status)
        for name, value in {
            "Content-Type": "application/json",
            "Content-Length": str(len(body)),
            **(headers or {}),
        }.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)
