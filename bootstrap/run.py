"""Set-up's steps in their order."""

import errno
import fcntl
import os
import signal
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial

from bootstrap import cli_config, command, node, python_packages, synthesis_engines, terraform, warm
from bootstrap.places import HERE, Places
from bootstrap.processes import FULL, Session, SetupError, UnusableError
from bootstrap.progress import progress, say

_INTERRUPTED = 130  # what a shell answers for a program that Ctrl-C ended
_UNUSABLE = 2
_NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
ENGINE_OPTIONAL = "--engine-optional"
POLICY = "--policy"
DEPLOY = "--deploy"
_KNOWN = (ENGINE_OPTIONAL, POLICY, DEPLOY)
_ASKING = {"-h", "--help"}
_USAGE = """usage: python3 -m bootstrap [--deploy] [--policy] [--engine-optional]

Install what the project needs, below its folder. A second run does nothing.

  --deploy           only what a deploy needs: no tests, nothing of npm's
  --policy           checkov too, for `edge scan`
  --engine-optional  a missing Terraform is reported, and no failure

exit codes: 0 set up, 1 something could not be installed, 2 bad input, 130
interrupted"""


class EngineMissingError(SetupError):
    """There is no Terraform and none could be fetched; everything else is set up."""


def set_up(session: Session, *, policy: bool = False, deploy: bool = False) -> None:
    """Bring the clone up to date, doing only what has changed since the last run; with `policy`, its checks as well.

    With `deploy` it holds only what plans, reviews, deploys and verifies: no tests, no embedded AWS, nothing of npm's.
    Raises `SetupError`, and at its end `EngineMissingError` where everything but Terraform could be had.
    """
    if not deploy:
        node.demand_own_folder(session)
    machine_node = node.on_machine(session)
    lock = python_packages.DEPLOY_LOCK if deploy else python_packages.PROJECT_LOCK
    over = synthesis_engines.chosen(session.places, session.environ).lock
    wanted = python_packages.project(session.places, lock, node=machine_node is None, over=over)
    python_packages.make(session, wanted)
    node.link(session, machine_node)
    filling = partial(python_packages.fill, session, wanted)
    if deploy:
        filling()
    else:  # pip and npm share the processors: pip mostly takes one, and npm waits for its registry
        session.programs.side_by_side(filling, partial(node.install_packages, session))
    command.write(session)
    if policy:
        python_packages.install(session, python_packages.policy(session.places))
    try:
        engine = terraform.choose(session)
    except SetupError as error:
        raise EngineMissingError(str(error)) from error
    cli_config.write(session, engine)
    warm.warm(session, engine)


@contextmanager
def _alone(places: Places) -> Iterator[int]:
    """Wait until no other set-up works in this clone; the lock is the open file that is yielded, and ends with it."""
    try:
        places.tools.mkdir(exist_ok=True)
        opened = (places.tools / "setup.lock").open("w")
    except OSError as error:
        problem = f"{error.filename} cannot be written ({error.strerror}); set-up installs below its own folder"
        raise UnusableError(f"{problem}, so give it a checkout that you may write.") from None
    with opened as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("Another set-up is at work in this clone; waiting for it to finish.")
            with progress("the other set-up", None, places.root):
                fcntl.flock(lock, fcntl.LOCK_EX)
        yield lock.fileno()


def command_line(arguments: Sequence[str]) -> int:
    """Set this clone up as the arguments say; one that is not known is refused, and --help explains them."""
    unknown = [argument for argument in arguments if argument not in _KNOWN]
    if _ASKING.intersection(unknown):
        print(_USAGE)
        return 0
    if unknown:
        say(f"Set-up does not take {' '.join(unknown)}; `python3 -m bootstrap --help` lists what it takes.")
        return _UNUSABLE
    return main(arguments=arguments)


def main(places: Places = HERE, environ: Mapping[str, str] = os.environ, arguments: Sequence[str] = ()) -> int:
    """Set the clone up; return the exit code: 0, 1 with a reason on stderr, 2 where it cannot begin, 130 after Ctrl-C.

    With `--engine-optional` a missing Terraform is reported and is not a failure; with `--policy` the tools of the scan
    are set up too; with `--deploy` nothing that a deploy does not need is.
    """
    session = Session(places, environ)
    started = time.monotonic()
    # What stops a job, or closes a terminal, shall end the programs that run just as Ctrl-C does.
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.default_int_handler)
    try:
        with _alone(places) as lock:
            session.held = (lock,)
            set_up(session, policy=POLICY in arguments, deploy=DEPLOY in arguments)
    except EngineMissingError as error:
        say(str(error))
        return 0 if ENGINE_OPTIONAL in arguments else 1
    except SetupError as error:
        say(str(error))
        return _UNUSABLE if isinstance(error, UnusableError) else 1
    except OSError as error:
        if error.errno not in _NO_ROOM:
            raise
        say(f"{error.filename or places.root}: {FULL}")
        return 1
    except KeyboardInterrupt:
        say("\nSet-up was interrupted; run `make setup` again, and it does the unfinished step again.")
        return _INTERRUPTED
    took = f"done in {time.monotonic() - started:.0f} s" if session.steps else "complete; nothing has changed"
    say(f"Set-up is {took}.")
    return 0
