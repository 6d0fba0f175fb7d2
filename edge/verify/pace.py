"""How fast AWS takes calls that read: more than that it refuses, and a refused call fails its check."""

import threading
import time
from collections.abc import Callable
from urllib.parse import urlsplit

# For each account and region: the calls that it takes at once, and those that it takes in each second after them.
# https://docs.aws.amazon.com/elasticloadbalancing/latest/userguide/elb-api-throttling.html (non-mutating actions)
# https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/DNSLimitations.html (API requests)
_TAKEN = {"elbv2": (40, 10), "route53": (5, 5)}
_AWS = (".amazonaws.com", ".amazonaws.com.cn", ".api.aws", ".api.amazonwebservices.com.cn")


class Pace:
    """Lets calls of several threads through: so many at once, and from then on so many in a second."""

    def __init__(
        self,
        at_once: int,
        per_second: int,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._between_seconds, self._ahead_seconds = 1 / per_second, (at_once - 1) / per_second
        self._clock, self._sleep = clock, sleep
        self._turn, self._next_at = threading.Lock(), clock()

    def wait(self) -> None:
        """Wait for the turn of one call."""
        with self._turn:
            now = self._clock()
            at = max(self._next_at, now)
            self._next_at = at + self._between_seconds
        self._sleep(max(at - self._ahead_seconds - now, 0))


def pace_of(service: str, endpoint: str) -> Pace | None:
    """Give the pace of a service where its endpoint is AWS's, and None where nobody counts."""
    host = urlsplit(endpoint).hostname or ""
    return Pace(*_TAKEN[service]) if service in _TAKEN and host.endswith(_AWS) else None
