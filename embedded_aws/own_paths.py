"""What the embedded AWS answers about itself, beside AWS: paths of its own, each with the methods that it takes."""

import json
from collections.abc import Callable, Iterable, Mapping
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

Method = Callable[[str], Any]
"""Takes a request's body and gives what becomes JSON; raises ValueError with one sentence for a wrong body."""


class OwnPaths:
    """A WSGI application before another one, that answers its own paths: path -> HTTP method -> what answers."""

    def __init__(self, application: "WSGIApplication", paths: Mapping[str, Mapping[str, Method]]) -> None:
        self._application, self._paths = application, paths

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Answer a request, or let the other application do so."""
        methods = self._paths.get(environ["PATH_INFO"])
        if methods is None:
            return self._application(environ, start_response)
        status, answer = _answer(methods, environ)
        start_response(f"{status.value} {status.phrase}", [("Content-Type", "application/json")])
        return [json.dumps(answer).encode()]


def _answer(methods: Mapping[str, Method], environ: "WSGIEnvironment") -> tuple[HTTPStatus, Any]:
    name = environ["REQUEST_METHOD"]
    if name not in methods:
        return HTTPStatus.METHOD_NOT_ALLOWED, {"message": f"{name} is not known here; use {' or '.join(methods)}"}
    body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0)).decode(errors="replace")
    try:
        return HTTPStatus.OK, methods[name](body)
    except ValueError as error:
        return HTTPStatus.BAD_REQUEST, {"message": str(error)}
