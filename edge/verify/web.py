"""HTTP: port 80 leads to HTTPS, the service answers, and a service with login sends to its sign-in."""

import re
from collections.abc import Callable

import httpx

from edge.verify.aws_client import AwsClient
from edge.verify.check import Answered, CheckFailedError
from environments.schema import HealthCheck

Get = Callable[[str], httpx.Response]
"""Asks one URL; raises CheckFailedError where nothing answers."""

_REDIRECTS = {301, 302, 303, 307, 308}
_PROBE = "from=orcha-verify"
# https://docs.aws.amazon.com/elasticloadbalancing/latest/application/listener-authenticate-users.html
_CALLBACK_PATH = "/oauth2/idpresponse"
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
    if answer.status_code not in _REDIRECTS:
        raise CheckFailedError(f"port 80 answers {answer.status_code}, and does not redirect to HTTPS", advice)
    location = answer.headers.get("location", "")
    target, wanted = _url(location), httpx.URL(f"https://{host}{path}?{_PROBE}")
    same = (target.scheme, target.host, target.port, target.raw_path) == ("https", host, None, wanted.raw_path)
    if not same:
        raise CheckFailedError(f"port 80 redirects to {location or 'nowhere'}, not to {wanted}", advice)
    return Answered(f"{answer.status_code} to {location}", None)


def health(host: str, check: HealthCheck, get: Get) -> Answered[None]:
    """Ask the service's own health path; the answer must be one of those that make a target healthy."""
    url = f"https://{host}{check.path}"
    status = get(url).status_code
    if not accepts(check.matcher, status):
        raise CheckFailedError(f"{url} answers {status}, not {check.matcher}", remedy(status))
    return Answered(f"{url} answers {status}", None)


def remedy(status: int) -> str:
    """Say what to do about a status that should have been another."""
    return _REASONS.get(status, "look at the service's own log")


def accepts(matcher: str, status: int) -> bool:
    """Tell whether a target group's matcher, such as `200,202` or `200-299`, takes a status."""
    ranges = (re.split("-", part) for part in matcher.split(","))
    return any(int(each[0]) <= status <= int(each[-1]) for each in ranges)


def sign_in(host: str, path: str, get: Get, *, name: str, aws: AwsClient) -> Answered[None]:
    """Ask without a session: the load balancer must send to the user pool's domain, as the right client, and back."""
    expected = aws.sign_in(name)
    callback = f"https://{host}{_CALLBACK_PATH}"
    if callback not in expected["callbacks"]:
        found = f"the user pool client takes no callback {callback}"
        raise CheckFailedError(found, "add it to the client's CallbackURLs; deploy again")
    answer = get(f"https://{host}{path}")
    location = _url(answer.headers.get("location", ""))
    if answer.status_code not in _REDIRECTS:
        advice = "put authenticate-cognito before forward in the listener rule; deploy again"
        raise CheckFailedError(f"it answers {answer.status_code}, and asks for no sign-in", advice)
    query = location.params
    wrong = [
        f"{what} {found or 'nothing'}, not {wanted}"
        for what, found, wanted in (
            ("domain", location.host, expected["domain"]),
            ("path", location.path, "/oauth2/authorize"),
            ("client_id", query.get("client_id"), expected["client_id"]),
            ("redirect_uri", query.get("redirect_uri"), callback),
            ("response_type", query.get("response_type"), "code"),
        )
        if found != wanted
    ]
    if wrong:
        advice = "correct the rule's authenticate-cognito action; deploy again"
        raise CheckFailedError(f"the sign-in has the wrong {'; '.join(wrong)}", advice)
    return Answered(f"{answer.status_code} to {location.host} as client {expected['client_id']}", None)


def _url(text: str) -> httpx.URL:
    """Read a URL that somebody else wrote; what is none is empty."""
    try:
        return httpx.URL(text)
    except httpx.InvalidURL:
        return httpx.URL("")
