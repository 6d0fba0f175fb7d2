"""How long ACM takes over a certificate: by its name, set at the start or while the embedded AWS runs.

ACM issues within minutes of the proofs, one certificate sooner than another, and some never:
https://docs.aws.amazon.com/acm/latest/userguide/dns-validation.html. Here all come at once, unless one is delayed:

    EMBEDDED_AWS_CERTIFICATE_DELAYS='{"docs.prod.getorcha.com": 25}' edge embedded-aws prod
    curl -X PUT "$AWS_ENDPOINT_URL/embedded-aws/certificate-delays" -d '{"docs.prod.getorcha.com": null}'
"""

import json
from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

VARIABLE = "EMBEDDED_AWS_CERTIFICATE_DELAYS"
PATH = "/embedded-aws/certificate-delays"
_WANTED = (
    'a JSON object of a certificate\'s domain name -> seconds from its request, or null for never, as {"a.com": 25}'
)

Seconds = float | None


class CertificateDelays:
    """The seconds from a certificate's request until it can be issued, by its domain name; None for never."""

    def __init__(self, text: str = "{}") -> None:
        """Read the delays of the start; raises ValueError with one sentence."""
        self._seconds = parse(text)

    def replace(self, text: str) -> None:
        """Take other delays, for certificates that are pending too; raises ValueError as the start does."""
        self._seconds = parse(text)

    def is_over(self, domain_name: str, *, waited_seconds: float) -> bool:
        """Tell whether a certificate that was requested so long ago may be issued."""
        seconds = self._seconds.get(domain_name, 0)
        return seconds is not None and waited_seconds >= seconds

    def as_json(self) -> str:
        """Give them as they are set."""
        return json.dumps(self._seconds)


def parse(text: str) -> dict[str, Seconds]:
    """Read delays; raises ValueError with one sentence."""
    try:
        found = json.loads(text)
    except ValueError:
        found = None
    if not isinstance(found, dict) or not all(map(_is_delay, found.values())):
        raise ValueError(f"{text!r} are no certificate delays; give {_WANTED}")
    return found


def _is_delay(value: Any) -> bool:
    return value is None or (isinstance(value, int | float) and not isinstance(value, bool) and value >= 0)


class SettableDelays:
    """A WSGI application before another one, that answers `PATH`: GET reads the delays, PUT replaces them."""

    def __init__(self, application: "WSGIApplication", delays: CertificateDelays) -> None:
        self._application, self._delays = application, delays

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Answer a request, or let the other application do so."""
        if environ["PATH_INFO"] != PATH:
            return self._application(environ, start_response)
        status, body = self._answer(environ)
        start_response(f"{status.value} {status.phrase}", [("Content-Type", "application/json")])
        return [body.encode()]

    def _answer(self, environ: Mapping[str, Any]) -> tuple[HTTPStatus, str]:
        method = environ["REQUEST_METHOD"]
        if method not in ("GET", "PUT"):
            return HTTPStatus.METHOD_NOT_ALLOWED, json.dumps({"message": f"{method} is not known here; use GET or PUT"})
        if method == "PUT":
            text = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0)).decode(errors="replace")
            try:
                self._delays.replace(text)
            except ValueError as error:
                return HTTPStatus.BAD_REQUEST, json.dumps({"message": str(error)})
        return HTTPStatus.OK, self._delays.as_json()
