"""HTTP: port 80 leads to HTTPS, and the service answers."""

import re
from collections.abc import Callable

import httpx
from httpx import codes

from edge.verify.check import Answered, CheckFailedError
from environments.watching import HealthCheck

Get = Callable[[str], httpx.Response]
"""Asks one URL; raises CheckFailedError where nothing answers."""

REDIRECTS = {301, 302, 303, 307, 308}
_PROBE = "from=orcha-verify"
_REASONS = {
    404: "look at the listener rules, or at the path",
    502: "see that the service listens on its port and speaks HTTP",
    503: "register healthy targets with the target group",
    504: "open the service's port in both security groups, and see that the service answers in time",
}


def redirect(host: str, path: str, get: Get) -> Answered[None]:
    """Ask port 80: it must lead to HTTPS on the same host, path and query."""
    answer = get(f"http://{host}{path}?{_PROBE}")
    advice = "let the listener on port 80 redirect to HTTPS with #{host}, #{path} and #{query}"
    if answer.status_code not in REDIRECTS:
        raise CheckFailedError(f"port 80 answers {answer.status_code}, and does not redirect to HTTPS", advice)
    location = answer.headers.get("location", "")
    target, wanted = url(location), httpx.URL(f"https://{host}{path}?{_PROBE}")
    same = (target.scheme, target.host, target.port, target.raw_path) == ("https", host, None, wanted.raw_path)
    if not same:
        raise CheckFailedError(f"port 80 redirects to {location or 'nowhere'}, not to {wanted}", advice)
    return Answered(f"{answer.status_code} to {location}", None)


def health(host: str, check: HealthCheck, get: Get) -> Answered[None]:
    """Ask the service's own health path; the answer must be one of those that make a target healthy."""
    asked = f"https://{host}{check.path}"
    status = get(asked).status_code
    if not accepts(check.matcher, status):
        raise CheckFailedError(f"{asked} answers {status}, not {check.matcher}", remedy(status))
    return Answered(f"{asked} answers {status}", None)


def answers(host: str, path: str, get: Get) -> Answered[None]:
    """Ask a path of which no answer is promised: any will do, but for one that says that nothing could answer."""
    asked = f"https://{host}{path}"
    status = get(asked).status_code
    if status >= codes.INTERNAL_SERVER_ERROR:
        raise CheckFailedError(f"{asked} answers {status}", remedy(status))
    return Answered(f"{asked} answers {status}", None)


def remedy(status: int) -> str:
    """Say what to do about a status that should have been another."""
    return _REASONS.get(status, "look at the service's own log")


def accepts(matcher: str, status: int) -> bool:
    """Tell whether a target group's matcher, such as `200,202` or `200-299`, takes a status."""
    ranges = (re.split("-", part) for part in matcher.split(","))
    return any(int(bounds[0]) <= status <= int(bounds[-1]) for bounds in ranges)


def url(text: str) -> httpx.URL:
    """Read a URL that somebody else wrote; what is none is empty."""
    try:
        return httpx.URL(text)
    except httpx.InvalidURL:
        return httpx.URL("")
