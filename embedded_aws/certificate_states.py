"""The end of a certificate: one that expires, or that ACM gives up, when somebody says so while the embedded AWS runs.

ACM ends a certificate after a year without a renewal, and one that it could not prove at once; neither comes back:
https://docs.aws.amazon.com/acm/latest/userguide/troubleshooting-failed.html. Here it takes a request:

    curl -X PUT "$AWS_ENDPOINT_URL/embedded-aws/certificate-states" -d '{"link.prod.getorcha.com": "EXPIRED"}'
"""

import json
from collections.abc import Callable

PATH = "/embedded-aws/certificate-states"
ENDS = ("EXPIRED", "FAILED", "REVOKED")

End = Callable[[str, str], int]
"""Ends all certificates that stand over a domain name, the first of their names; gives how many those are."""


def ending(end: End, text: str) -> dict[str, int]:
    """End what a request's body names, and give how many certificates each name had; what comes later is not touched.

    Raises ValueError with one sentence where the body names no ends.
    """
    try:
        states = json.loads(text)
    except ValueError:
        states = None
    if not isinstance(states, dict) or any(state not in ENDS for state in states.values()):
        raise ValueError(
            f"{text!r} ends no certificate; give a JSON object of domain names and one of {', '.join(ENDS)}"
        )
    return {name: end(name, state) for name, state in states.items()}
