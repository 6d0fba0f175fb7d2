"""One request at a time: moto's backends are plain dictionaries, and its server answers each request on a thread.

Two requests at once can meet in one dictionary ("dictionary changed size during iteration"). The one that is hit is
answered 500, sometimes after its change was made; the AWS SDK sends it again, and gets "already exists".
"""

import threading
from collections.abc import Iterable
from typing import TYPE_CHECKING

from embedded_aws.pure_reads import changes_nothing

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


class OneAtATime:
    """A WSGI application that lets one request after the other through to another application.

    `changes` counts the requests that may change something: not those of a client that only reads, known by a part of
    its User-Agent, nor those by which nobody changes anything. `turn` is held by the request that is answered.
    """

    def __init__(self, application: "WSGIApplication", *, reader: str | None = None) -> None:
        self.changes = 0
        self._application, self._reader = application, reader
        self.turn = threading.Lock()

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Answer one request; its whole body is made before the next request begins."""
        with self.turn:
            is_reader = self._reader is not None and self._reader in environ.get("HTTP_USER_AGENT", "")
            if not is_reader and not changes_nothing(environ):
                self.changes += 1
            body = self._application(environ, start_response)
            try:
                return list(body)
            finally:
                getattr(body, "close", lambda: None)()
