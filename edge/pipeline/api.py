"""GitHub's REST API, as far as the workflows use it (https://docs.github.com/en/rest)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Self
from urllib.parse import quote

import httpx

from edge.pipeline.errors import GitHubError
from edge.pipeline.job import runner_variable

_VERSION = "2022-11-28"
_PER_PAGE = 100
_TIMEOUT = httpx.Timeout(30.0)
_REMEDIES = {
    401: "give the step GITHUB_TOKEN",
    403: "give the job the permission that it needs, or wait for the rate limit to pass",
    404: "check the number, and that the job may read it",
    410: "turn the repository's issues on",
}


@dataclass(frozen=True)
class Repository:
    """One repository as the job's token sees it. Methods raise GitHubError."""

    client: httpx.Client
    name: str

    @classmethod
    def of_this_job(cls) -> Self:
        """Give the repository in which this job runs, by GITHUB_API_URL, GITHUB_REPOSITORY and GITHUB_TOKEN."""
        headers = {
            "Accept": "application/vnd.github+json",
            "Authorization": f"Bearer {runner_variable('GITHUB_TOKEN')}",
            "X-GitHub-Api-Version": _VERSION,
        }
        transport = httpx.HTTPTransport(retries=2)  # of connecting only, so that nothing is posted twice
        client = httpx.Client(
            base_url=runner_variable("GITHUB_API_URL"), headers=headers, timeout=_TIMEOUT, transport=transport
        )
        return cls(client, runner_variable("GITHUB_REPOSITORY"))

    def get(self, path: str) -> Any:
        """Ask for one thing below the repository."""
        return self._ask("GET", f"/repos/{self.name}/{path}").json()

    def find(self, path: str) -> Any:
        """Ask for one thing below the repository; None where GitHub has no such thing."""
        answer = self._ask("GET", f"/repos/{self.name}/{path}", may_be_missing=True)
        return answer.json() if answer.is_success else None

    def every(self, path: str, **query: str) -> Iterator[dict[str, Any]]:
        """Go over a list, page by page, by the links that the answers give."""
        url: str | None = f"/repos/{self.name}/{path}"
        parameters: Mapping[str, str] | None = {**query, "per_page": str(_PER_PAGE)}
        while url:
            answer = self._ask("GET", url, params=parameters)
            yield from answer.json()
            url, parameters = answer.links.get("next", {}).get("url"), None

    def post(self, path: str, content: Mapping[str, Any]) -> Any:
        """Make something."""
        return self._ask("POST", f"/repos/{self.name}/{path}", json=dict(content)).json()

    def patch(self, path: str, content: Mapping[str, Any]) -> Any:
        """Change something."""
        return self._ask("PATCH", f"/repos/{self.name}/{path}", json=dict(content)).json()

    def delete(self, path: str, name: str) -> None:
        """Remove a thing by its name, whatever that holds; also where it is gone already."""
        self._ask("DELETE", f"/repos/{self.name}/{path}/{quote(name, safe='')}", may_be_missing=True)

    def _ask(self, method: str, url: str, *, may_be_missing: bool = False, **options: Any) -> httpx.Response:
        try:
            answer = self.client.request(method, url, **options)
        except httpx.HTTPError as error:
            raise GitHubError(
                f"GitHub was asked {method} {url} and did not answer ({error}); run the job again."
            ) from None
        if answer.is_success or (may_be_missing and answer.status_code == httpx.codes.NOT_FOUND):
            return answer
        remedy = _REMEDIES.get(answer.status_code, "run the job again")
        answered = f"{answer.status_code} {_message(answer)}".strip()
        raise GitHubError(f"GitHub was asked {method} {answer.request.url.path} and answered {answered}; {remedy}.")


def _message(answer: httpx.Response) -> str:
    try:
        content = answer.json()
    except ValueError:
        return answer.reason_phrase
    return str(content.get("message", "")) if isinstance(content, dict) else answer.reason_phrase
