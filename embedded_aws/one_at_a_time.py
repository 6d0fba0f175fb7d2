"""One request at a time: moto's backends are plain dictionaries, and its server answers each request on a thread.

Two requests at once can meet in one dictionary ("dictionary changed size during iteration"). The one that is hit is
answered 500, sometimes after its change was made; the AWS SDK sends it again, and gets "already exists".
"""

import re
import threading
from collections import OrderedDict
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

_REMEMBERED_CALLS = 512


class OneAtATime:
    """A WSGI application that lets one request after the other through to another application.

    `changes` counts the requests, without those of a client that only reads, known by a part of its User-Agent. `turn`
    is held by the request that is answered. A request that a client sends again is reported on standard error with what
    its attempt before was answered: what follows from a reply that was lost is hard to explain otherwise.
    """

    def __init__(self, application: "WSGIApplication", *, reader: str | None = None) -> None:
        self.changes = 0
        self._application, self._reader = application, reader
        self.turn = threading.Lock()
        self._answers: OrderedDict[str, str] = OrderedDict()

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Answer one request; its whole body is made before the next request begins."""
        with self.turn:
            if self._reader is None or self._reader not in environ.get("HTTP_USER_AGENT", ""):
                self.changes += 1
            body = self._application(environ, self._remembering(environ, start_response))
            try:
                return list(body)
            finally:
                getattr(body, "close", lambda: None)()

    def _remembering(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> "StartResponse":
        """Report an attempt that is not the first, and remember what this one is answered.

        Both headers are the same in all SDKs:
        https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html
        """
        call = environ.get("HTTP_AMZ_SDK_INVOCATION_ID", "")
        before = self._answers.pop(call, None)
        if before is not None and not re.search(r"\battempt=1\b", environ.get("HTTP_AMZ_SDK_REQUEST", "attempt=1")):
            scope = re.search(r"Credential=[^,]*/([^/]+)/aws4_request", environ.get("HTTP_AUTHORIZATION", ""))
            name = environ.get("HTTP_X_AMZ_TARGET") or f"{environ.get('REQUEST_METHOD')} {environ.get('PATH_INFO')}"
            service = f"{scope[1]} " if scope else ""
            environ["wsgi.errors"].write(f"sent again: {service}{name}; the attempt before was answered {before}\n")

        def remember(status: str, *arguments: Any) -> Any:
            if call:
                self._answers[call] = status
                while len(self._answers) > _REMEMBERED_CALLS:
                    self._answers.popitem(last=False)
            return start_response(status, *arguments)

        return remember
