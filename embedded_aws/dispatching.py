"""Which of moto's services a request is for, worked out once for each host name.

For every request moto lists the folders of its own package and tries the patterns of all its services in turn, which
takes longer than most of its answers. Both are the same for as long as a process lives.
"""

from collections.abc import Callable
from functools import cache
from typing import Any

from moto.moto_server.werkzeug_app import DomainDispatcherApplication

from embedded_aws.corrections.patching import replace


def keep() -> None:
    """Let moto keep what it has worked out; raises AttributeError where moto has changed."""
    replace(DomainDispatcherApplication, "get_backend_for_host", _kept)


def _kept(original: Callable[[Any, str | None], Any]) -> Callable[[Any, str | None], Any]:
    service_of = cache(original)

    def get_backend_for_host(self: DomainDispatcherApplication, host: str | None) -> Any:
        return service_of(self, host)

    return get_backend_for_host
