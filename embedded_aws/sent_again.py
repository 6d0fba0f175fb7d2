"""A request that is sent again is answered as it was the first time.

Go's HTTP client now and then drops a connection just as the answer arrives (one in about 2,000 was measured), and the
AWS SDK sends its request again, under the same invocation's id. What it made already would then be refused as a
duplicate: "PriorityInUse", or a record that exists. That is this server's place, on loopback with a connection for each
request, and nothing that a deploy on AWS would meet as often.
"""

from collections import OrderedDict
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

_REMEMBERED = 512
_SERVER_ERROR = "5"  # begins the status with which the sender is right to ask again

_Answer = tuple[str, list[tuple[str, str]], bytes]


class SentAgain:
    """A WSGI application that gives the answers of another one, and the same answer to the same call of an SDK.

    A call is known by its id, which is the same for all attempts, in all SDKs:
    https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html
    One request at a time must come here.
    """

    def __init__(self, application: "WSGIApplication") -> None:
        self._application = application
        self._answers: OrderedDict[str, _Answer] = OrderedDict()

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Answer a request, or repeat its answer."""
        call = environ.get("HTTP_AMZ_SDK_INVOCATION_ID", "")
        if call in self._answers:
            environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
            status, headers, body = self._answers[call]
        else:
            status, headers, body = self._ask(environ)
            if call and not status.startswith(_SERVER_ERROR):
                self._remember(call, (status, headers, body))
        start_response(status, headers)
        return [body]

    def _ask(self, environ: "WSGIEnvironment") -> _Answer:
        started: list[tuple[str, list[tuple[str, str]]]] = []

        def start(status: str, headers: list[tuple[str, str]], *_: Any) -> Any:
            started.append((status, headers))

        parts = self._application(environ, start)
        try:
            body = b"".join(parts)
        finally:
            getattr(parts, "close", lambda: None)()
        status, headers = started[-1]
        return status, headers, body

    def _remember(self, call: str, answer: _Answer) -> None:
        self._answers[call] = answer
        while len(self._answers) > _REMEMBERED:
            self._answers.popitem(last=False)
