"""How every command ends: with which exit code, and with a sentence on standard error instead of a traceback.

This is the one place for both. A room raises BadInputError or FailedError, or an error of its own that is one of them,
and says in its message what is wrong and what to do; `ended` turns it into the exit code.
"""

import errno
import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import IntEnum
from types import FrameType

from edge.cli.waiting import begin
from embedded_aws.errors import LocalAwsError
from environments.faults import InvalidEnvironmentError


class Exit(IntEnum):
    """The exit codes of every command; a command that becomes another program ends with that program's own."""

    DONE = 0
    FAILED = 1
    BAD_INPUT = 2
    COMMAND_NOT_FOUND = 127  # as a shell: https://pubs.opengroup.org/onlinepubs/9799919799/utilities/V3_chap02.html
    INTERRUPTED = 130  # as a shell: 128 and the number of SIGINT


MEANINGS = {
    Exit.DONE: "done",
    Exit.FAILED: "something was found, or a step failed",
    Exit.BAD_INPUT: "bad input, and nothing was changed",
    Exit.COMMAND_NOT_FOUND: "`edge tool` found no such command",
    Exit.INTERRUPTED: "interrupted",
}


# What a disk or a file system says that no command can do anything about, with what its user can.
_OF_THE_MACHINE = {
    errno.ENOSPC: "free some space",
    errno.EDQUOT: "free some of your quota",
    errno.EFBIG: "raise the limit on the size of files (ulimit -f)",
    errno.EROFS: "use a place that you may write",
}


class BadInputError(Exception):
    """What a user wrote cannot be used; one line for each reason, with what to write instead."""


class FailedError(Exception):
    """What was asked for did not work; the message says which step failed, and what to do next."""


class TerminatedError(KeyboardInterrupt):
    """Somebody asked this process to end (SIGTERM or SIGHUP).

    As on Ctrl-C it is not an Exception: botocore takes any of those for a connection that failed, and asks again.
    """


def ended(action: Callable[[], int]) -> int:
    """Run a command to its exit code: its own, or that of the error that ended it, whose message is printed."""
    begin()
    try:
        with ending_cleanly():
            code = action()
            sys.stdout.flush()
    except (BadInputError, InvalidEnvironmentError) as error:
        print(error, file=sys.stderr)
        return Exit.BAD_INPUT
    except (FailedError, LocalAwsError) as error:
        print(error, file=sys.stderr)
        return Exit.FAILED
    except OSError as error:
        if error.errno not in _OF_THE_MACHINE:
            return _of_a_pipe(error)
        place = f"{error.filename} cannot be written" if error.filename else "A file cannot be written"
        print(f"{place} ({os.strerror(error.errno)}); {_OF_THE_MACHINE[error.errno]}.", file=sys.stderr)
        return Exit.FAILED
    except KeyboardInterrupt:
        return Exit.INTERRUPTED
    return code


def _of_a_pipe(error: OSError) -> int:
    """End quietly where nobody reads any more, as in `edge validate | head -1`; raise any other error again.

    https://docs.python.org/3/library/signal.html#note-on-sigpipe
    """
    if not isinstance(error, BrokenPipeError):
        raise error
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return Exit.FAILED


@contextmanager
def ending_cleanly() -> Iterator[None]:
    """Turn SIGTERM and SIGHUP into an exception, so that what was started is stopped as on Ctrl-C."""

    def end(number: int, _: FrameType | None) -> None:
        raise TerminatedError(signal.Signals(number).name)

    before = {number: signal.signal(number, end) for number in (signal.SIGTERM, signal.SIGHUP)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
