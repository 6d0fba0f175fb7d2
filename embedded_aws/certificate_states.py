"""The end of a certificate: one that expires, or that ACM gives up, when somebody says so while the embedded AWS runs.

ACM ends a certificate after a year without a renewal, and one that it could not prove at once; neither comes back:
https://docs.aws.amazon.com/acm/latest/userguide/troubleshooting-failed.html. Here it takes a request:

    curl -X PUT "$AWS_ENDPOINT_URL/embedded-aws/certificate-states" -d '{"link.prod.getorcha.com": "EXPIRED"}'
"""

import json
from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

PATH = "/embedded-aws/certificate-states"
ENDS = ("EXPIRED", "FAILED", "REVOKED")

End = Callable[[str, str], int]
"""Ends all certificates that stand over a domain name, the first of their names; gives how many those are."""


class SettableStates:
    """A WSGI application before another one, that answers PUT at `PATH`; what is requested later is not touched."""

    def __init__(self, application: "WSGIApplication", end: End) -> None:
        self._application, self._end = application, end

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Answer a request, or let the other application do so."""
        if environ["PATH_INFO"] != PATH:
            return self._application(environ, start_response)
        text = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0)).decode(errors="replace")
        status, answer = self._put(text) if environ["REQUEST_METHOD"] == "PUT" else _NOT_ALLOWED
        start_response(f"{status.value} {status.phrase}", [("Content-Type", "application/json")])
        return [json.dumps(answer).encode()]

    def _put(self, text: str) -> tuple[HTTPStatus, dict[str, int | str]]:
        try:
            states = json.loads(text)
        except ValueError:
            states = None
        if not isinstance(states, dict) or any(state not in ENDS for state in states.values()):
            message = f"{text!r} ends no certificate; give a JSON object of domain names and one of {', '.join(ENDS)}"
            return HTTPStatus.BAD_REQUEST, {"message": message}
        return HTTPStatus.OK, {name: self._end(name, state) for name, state in states.items()}


_NOT_ALLOWED: tuple[HTTPStatus, dict[str, int | str]] = (
    HTTPStatus.METHOD_NOT_ALLOWED,
    {"message": "a certificate is ended by PUT, and ACM says what became of it"},
)
