"""How long ACM takes over a certificate: by its name, set at the start or while the embedded AWS runs.

ACM issues within minutes of the proofs, one certificate sooner than another, and some never:
https://docs.aws.amazon.com/acm/latest/userguide/dns-validation.html. Here all come at once, unless one is delayed:

    EMBEDDED_AWS_CERTIFICATE_DELAYS='{"docs.prod.getorcha.com": 25}' edge embedded-aws prod
    curl -X PUT "$AWS_ENDPOINT_URL/embedded-aws/certificate-delays" -d '{"docs.prod.getorcha.com": null}'
"""

import json
from collections.abc import Mapping
from typing import Any

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

    def replace(self, text: str) -> Mapping[str, Seconds]:
        """Take other delays, for what is pending too, and give them; raises ValueError as the start does."""
        self._seconds = parse(text)
        return self._seconds

    def current(self) -> Mapping[str, Seconds]:
        """Give them as they are set."""
        return self._seconds

    def is_over(self, domain_name: str, *, waited_seconds: float) -> bool:
        """Tell whether a certificate that was requested so long ago may be issued."""
        seconds = self._seconds.get(domain_name, 0)
        return seconds is not None and waited_seconds >= seconds


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
