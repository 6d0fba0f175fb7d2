"""Whether AWS's clients, and Terraform's provider, are sent to an embedded AWS on this machine instead of AWS.

`edge demo --keep` prints variables to export. They outlive it in the shell, and everything that asks AWS reads them:
https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html
"""

import socket
from collections.abc import Mapping
from ipaddress import ip_address
from urllib.parse import urlsplit

from edge.cli.exits import BadInputError
from embedded_aws.data_plane.variables import PREFIX

ENDPOINT = "AWS_ENDPOINT_URL"
_SECONDS = 2.0  # a machine answers itself at once, or says that nobody listens


def embedded(environ: Mapping[str, str]) -> str | None:
    """Give the address of the embedded AWS that is asked in the place of AWS; None where AWS is."""
    url = environ.get(ENDPOINT, "")
    return url if _is_loopback(urlsplit(url).hostname or "") else None


def demand_that_it_runs(environ: Mapping[str, str]) -> None:
    """Raise BadInputError where this shell names an embedded AWS that has ended, with the way back to AWS."""
    url = embedded(environ)
    if url is None:
        return
    place = urlsplit(url)
    try:
        socket.create_connection((place.hostname or "", place.port or 80), timeout=_SECONDS).close()
    except OSError:
        names = " ".join(sorted(name for name in environ if name.startswith(("AWS_", PREFIX))))
        raise BadInputError(
            f"{ENDPOINT}: nothing answers at {url}; the embedded AWS that this shell was set up for has ended. To "
            f"reach AWS, run `unset {names}`; for another embedded AWS, run `edge demo --keep`."
        ) from None


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False
