"""The first run of the app, so that the user's first one is fast."""

import subprocess
import tempfile

from bootstrap import synthesis_engines
from bootstrap.environment import command_environment
from bootstrap.processes import Session
from bootstrap.progress import say
from bootstrap.stamps import digest, sources
from bootstrap.terraform import Engine

_TIMEOUT_SECONDS = 600.0


def warm(session: Session, engine: Engine) -> None:
    """Run `main.py` once into a folder that is thrown away: jsii unpacks its packages, Python compiles the bindings.

    A failure here does not fail the set-up, because the user's environment files may be at fault: what the app printed
    is shown, and the next run tries again.
    """
    places = session.places
    app = places.root / "main.py"
    engine_set = synthesis_engines.chosen(places, session.environ).name
    locks = sorted(places.locks.rglob("*.txt"))
    wanted = digest(*locks, engine_set, str(places.root), *sources())
    if session.stamps.holds("warm", wanted) or not app.is_file():
        return
    step = session.step("Running main.py once, to warm the caches.", waiting_for="the first synthesis")
    with step, tempfile.TemporaryDirectory() as folder:
        environ = command_environment(places, session.environ, engine) | {"CDKTF_OUTDIR": folder}
        environ.pop("PYTHONDONTWRITEBYTECODE", None)
        # main.py refuses those that change what Terraform plans; here no Terraform follows.
        environ = {
            name: value for name, value in environ.items() if not name.startswith(("TF_WORKSPACE", "TF_CLI_ARGS"))
        }
        failure = _failure(session, environ)
    if failure is None:
        session.stamps.keep("warm", wanted)
        return
    say(f"{failure}\nmain.py failed, as shown above, and everything is installed; fix it and run `make setup` again.")


def _failure(session: Session, environ: dict[str, str]) -> str | None:
    """Run the app; return what it printed where it failed, None where it did not."""
    try:
        code, printed = session.attempt([session.places.python, "main.py"], environ=environ, seconds=_TIMEOUT_SECONDS)
    except (OSError, subprocess.TimeoutExpired) as error:
        return str(error)
    return printed.rstrip() if code != 0 else None
