"""Clients of AWS whose calls are noted, for threads that ask at once."""

import threading
from typing import Any

from edge.aws.sessions import ClientOf
from edge.verify.pace import pace_of
from edge.verify.requests import Requests


class NotedClients:
    """Gives clients, each of which notes what it sends among the requests of the thread that calls it, and keeps pace.

    Threads may share a client, but must not make any at once:
    https://docs.aws.amazon.com/boto3/latest/guide/clients.html#multithreading-or-multiprocessing-with-clients
    """

    def __init__(self, client_of: ClientOf, requests: Requests) -> None:
        self._client_of, self._requests = client_of, requests
        self._made: dict[tuple[str, str, str], Any] = {}
        self._turn = threading.Lock()

    def client(self, service: str, account_id: str, region: str) -> Any:
        """Give the client of a service in an account and a region; it is made once."""
        key = (service, account_id, region)
        with self._turn:
            if key not in self._made:
                self._made[key] = self._make(*key)
            return self._made[key]

    def _make(self, service: str, account_id: str, region: str) -> Any:
        client = self._client_of(service, account_id, region)
        pace = pace_of(service, client.meta.endpoint_url)

        def note(model: Any, **_: Any) -> None:
            self._requests.note(f"aws {service} {model.name} in {account_id}")
            if pace is not None:
                pace.wait()

        # Clients are kept by whoever made them: this run's handler takes the place of an earlier run's.
        client.meta.events.unregister("before-call", unique_id="orcha-verify")
        client.meta.events.register("before-call", note, unique_id="orcha-verify")
        return client


def every(client: Any, operation: str, key: str, **arguments: Any) -> list[dict[str, Any]]:
    """Call an operation for all pages of its answer, and give what stands under a key of them."""
    return [item for page in client.get_paginator(operation).paginate(**arguments) for item in page[key]]
