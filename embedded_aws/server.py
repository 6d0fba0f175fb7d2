"""The embedded AWS's own process: moto with its corrections, served on loopback, with a bounded life.

    python -m embedded_aws.server --port 0 --zones '{"getorcha.com": "222222222222"}' --lifetime-seconds 7200

It prints one line of JSON, `{"url": …, "folder": …, "plane": …}`, when it accepts connections; `plane` holds the
variables that lead to its data plane, and is empty without `--plane`. The folder is its own, readable by
this user alone, and goes with it. It ends after its lifetime, on SIGTERM or Ctrl-C, and, unless `--keep` is given, when
its standard input ends or speaks: a pipe from the parent, so that no death of the parent leaves it behind. A copy of it
(embedded_aws/copies.py) ends by the same three.
"""

import argparse
import importlib
import json
import os
import select
import signal
import sys
import tempfile
import threading
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from moto.moto_server.werkzeug_app import DomainDispatcherApplication, MotoRequestHandler, create_backend_app
from werkzeug.serving import BaseWSGIServer, make_server

from embedded_aws import certificate_delays, certificate_states, copies, corrections, dispatching
from embedded_aws.certificate_delays import VARIABLE, CertificateDelays
from embedded_aws.corrections import certificate_ends
from embedded_aws.data_plane import start as plane
from embedded_aws.data_plane.applications import Answers
from embedded_aws.data_plane.aws_reader import USER_AGENT
from embedded_aws.data_plane.start import PlaneOptions
from embedded_aws.one_at_a_time import OneAtATime
from embedded_aws.own_paths import OwnPaths
from embedded_aws.sent_again import SentAgain

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

_POLL_SECONDS = 0.05
_HOST = "127.0.0.1"
DEFAULT_LIFETIME_SECONDS = 7200


class QuietRequestHandler(MotoRequestHandler):
    """Serves without a line for each request; errors still reach standard error."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Log nothing."""


def main(arguments: list[str] | None = None) -> None:
    """Serve until the end of life, the parent's end or a signal."""
    options = _parser().parse_args(arguments)
    delays = _delays()
    corrections.apply(options.zones, delays)
    dispatching.keep()
    ends = [] if options.keep else [sys.stdin.fileno()]
    moto = OneAtATime(SentAgain(DomainDispatcherApplication(create_backend_app)), reader=USER_AGENT)

    def serve_copy(say: Callable[[str], None]) -> None:
        signals = _signals()  # those of the first process would wake that one
        server = _serving(application, port=0)
        say(f"http://{_HOST}:{server.port}")
        select.select([signals, *ends], [], [], options.lifetime_seconds)

    def end(domain: str, state: str) -> int:
        with moto.turn:
            return certificate_ends.end(domain, state)

    signals = _signals()
    copier = copies.Copies(turn=moto.turn, serve=serve_copy)
    application = OwnPaths(
        moto,
        {
            certificate_delays.PATH: {"GET": lambda _: delays.current(), "PUT": delays.replace},
            certificate_states.PATH: {"PUT": lambda body: certificate_states.ending(end, body)},
            copies.PATH: {"POST": lambda _: copier.make()},
        },
    )
    with tempfile.TemporaryDirectory(prefix="orcha-local-aws-") as folder:
        server = _serving(application, port=options.port)
        hello = {"url": f"http://{_HOST}:{server.port}", "folder": folder, "plane": {}}
        if options.plane:
            hello["plane"] = plane.start(
                options.plane,
                url=f"http://{_HOST}:{server.port}",
                zones=options.zones,
                folder=Path(folder),
                changes=lambda: moto.changes,
                again=partial(_answers, options.plane.environments),
            )
        _say(hello)
        select.select([signals, *ends], [], [], options.lifetime_seconds)
        server.shutdown()


def _answers(names: Sequence[str]) -> Answers:
    """Ask the files again; they are read by what a server needs for nothing else, and which takes long to load."""
    answers: Answers = importlib.import_module("embedded_aws.service_answers").answers_now(names)
    return answers


def _serving(application: "WSGIApplication", *, port: int) -> BaseWSGIServer:
    """Serve from now on, in a thread."""
    server = make_server(
        _HOST,
        port,
        application,
        threaded=True,  # so that a connection kept open by one client does not hold up the others
        request_handler=QuietRequestHandler,
    )
    threading.Thread(target=server.serve_forever, args=(_POLL_SECONDS,), daemon=True).start()
    return server


def _delays() -> CertificateDelays:
    try:
        return CertificateDelays(os.environ.get(VARIABLE, "{}"))
    except ValueError as error:
        sys.exit(f"{VARIABLE}: {error}.")


def _signals() -> int:
    """Give a file descriptor that becomes readable on SIGTERM or Ctrl-C.

    An event that a handler sets is not enough: where the kernel hands the signal to a thread that serves a request,
    nothing wakes the main thread, in which Python runs its handlers.
    """
    readable, writable = os.pipe()
    os.set_blocking(writable, False)
    signal.set_wakeup_fd(writable)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: None)
    return readable


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m embedded_aws.server", description=__doc__.splitlines()[0])
    parser.add_argument("--port", type=int, default=0, help="the TCP port on 127.0.0.1; 0 takes a free one")
    parser.add_argument("--zones", type=json.loads, default={}, help="JSON of hosted zone -> account id")
    parser.add_argument("--lifetime-seconds", type=float, default=DEFAULT_LIFETIME_SECONDS, help="end after this time")
    parser.add_argument("--plane", type=PlaneOptions.parse, help="JSON of what the data plane serves; without it, none")
    parser.add_argument("--keep", action="store_true", help="outlive the parent; the lifetime still bounds it")
    return parser


def _say(hello: dict[str, Any]) -> None:
    """Say where it serves; whatever moto prints later goes to standard error."""
    print(json.dumps(hello), flush=True)
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())


if __name__ == "__main__":
    main()
    os._exit(0)  # freeing all that moto holds would take half a second more
