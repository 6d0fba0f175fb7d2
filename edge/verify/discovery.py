"""OAuth discovery: the authorization server's metadata by RFC 8414."""

import json
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

from httpx import codes

from edge.verify.check import Answered, CheckFailedError
from edge.verify.severity import Severity
from edge.verify.web import Get, remedy
from environments.oauth import DISCOVERY_PATH

_IMPLICIT = "implicit"
_WITHOUT_AUTHORIZATION = {"client_credentials", "password", "refresh_token"}
# RFC 8414 section 2: what the grants default to where the document does not say.
_DEFAULT_GRANTS = ["authorization_code", _IMPLICIT]


def discovery(
    host: str, get: Get, *, issuer: str, canonical: Any = None, is_trusted: Callable[[str], bool] = lambda _: True
) -> Answered[dict[str, Any]]:
    """Ask a host for the document, which must be right; the value is the document.

    One issuer cannot be two hosts: `issuer` is the canonical host's URL, and the other hosts must serve the same
    document as the canonical one, given as `canonical`. `is_trusted` tells whether an endpoint's host may get codes
    and credentials of its users.
    """
    url = f"https://{host}{DISCOVERY_PATH}"
    answer = get(url)
    if answer.status_code != codes.OK:
        found = f"{url} answers {answer.status_code}, not 200 (RFC 8414 section 3.2)"
        missing = answer.status_code == codes.NOT_FOUND
        advice = "let the service answer this path, or set oauth_discovery = false"
        raise CheckFailedError(found, advice if missing else remedy(answer.status_code))
    media_type = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type != "application/json":
        found = f"{url} is {media_type or 'of no type'}, not application/json (RFC 8414 section 3.2)"
        raise CheckFailedError(found, "correct the Content-Type that the service sends")
    document = parsed(url, answer.text, rule="RFC 8414 section 3.2", remedy="correct what the service sends")
    if problems := list(faults(document, issuer=issuer)):
        raise CheckFailedError("; ".join(problems), f"correct the metadata that the service sends for {host}")
    if foreign := [f"{name} {url}" for name, url in _endpoints(document) if not is_trusted(_host(url))]:
        found = f"{', '.join(foreign)} leads clients, with codes and credentials, to a foreign domain"
        raise CheckFailedError(found, f"correct the metadata that the service sends for {host}", Severity.SECURITY)
    if canonical is not None and document != canonical:
        found = f"{url} is another document than {issuer}{DISCOVERY_PATH}"
        raise CheckFailedError(found, "let the service send one document, whatever the host")
    return Answered(f"{url}: issuer {document['issuer']}", document)


def parsed(url: str, text: str, *, rule: str, remedy: str) -> dict[str, Any]:
    """Read a document that must be a JSON object by some rule."""
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        document = None
    if not isinstance(document, dict):
        raise CheckFailedError(f"{url} holds no JSON object ({rule})", remedy)
    return document


def faults(document: dict[str, Any], *, issuer: str) -> Iterator[str]:
    """Find what RFC 8414 does not allow in a document: one phrase for each fault."""
    yield from _required(document)
    found = document.get("issuer", issuer)
    if found != issuer:
        yield f'issuer is "{found}", not "{issuer}" (section 3.3 demands the same characters)'
    for name, value in _endpoints(document):
        if not (isinstance(value, str) and _is_https(value)):
            yield f'{name} is "{value}", not a URL with https (section 2)'
    if isinstance(found, str) and not _is_plain(found):
        yield f'issuer "{found}" is not https without query and fragment (section 2)'


def _endpoints(document: dict[str, Any]) -> list[tuple[str, str]]:
    """List the URLs to which clients send what is secret, or from which they take keys (section 2)."""
    return [(name, value) for name, value in document.items() if name == "jwks_uri" or name.endswith("_endpoint")]


def _host(url: str) -> str:
    """Give the host of a URL."""
    return (urlsplit(url).hostname or "").lower()


def _required(document: dict[str, Any]) -> Iterator[str]:
    grants = document.get("grant_types_supported", _DEFAULT_GRANTS)
    required = ["issuer", "response_types_supported"]
    if not set(grants) <= _WITHOUT_AUTHORIZATION:
        required.append("authorization_endpoint")
    if set(grants) != {_IMPLICIT}:
        required.append("token_endpoint")
    for name in required:
        if not document.get(name):
            yield f"{name} is missing (section 2 requires it)"
    if not isinstance(document.get("response_types_supported", []), list):
        yield "response_types_supported is not a list (section 2)"


def _is_https(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:  # brackets around what is no IPv6 address
        return False
    return parts.scheme == "https" and bool(parts.netloc)


def _is_plain(issuer: str) -> bool:
    return _is_https(issuer) and not urlsplit(issuer).query and not urlsplit(issuer).fragment
