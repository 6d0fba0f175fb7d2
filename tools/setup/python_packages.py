"""The virtual environment and the Python packages in it."""

import os
import sys
from collections.abc import Sequence
from pathlib import Path

from tools.setup.processes import Session, answer
from tools.setup.stamps import digest, sources

_ADVICE_VENV = (
    "Python could not make the virtual environment .venv; install Python's venv module "
    "(on Debian and Ubuntu: apt install python3-venv) and run `make setup` again."
)
_ADVICE_PIP = (
    "pip could not install the Python packages; see its last lines above, check that this machine reaches its "
    "package index, and run `make setup` again."
)
# It has over 2,000 modules, of which a stack loads a few dozen: Python compiles these when they are first imported,
# which saves about 10 s. Everything else is compiled now, because some machines forbid Python to write bytecode.
_COMPILE_SECONDS = 600.0
_COMPILED_ON_USE = "/cdktf_cdktf_provider_aws/"


def install(session: Session, requirements: Sequence[str]) -> None:
    """Make `.venv` hold what the requirement files name, within `constraints.txt` where that exists.

    Changed files are installed over what is there. A `.venv` that was interrupted, moved, or made by another Python or
    by hand is made anew: a package that was half copied looks installed to pip.
    """
    places, stamps = session.places, session.stamps
    files = [places.root / name for name in requirements]
    constraints = places.root / "constraints.txt"
    foundation = digest(f"{sys.version_info.major}.{sys.version_info.minor}", str(places.root))
    packages = digest(foundation, *files, *places.root.glob("requirements*.txt"), constraints, *sources())
    sound = stamps.holds("venv", foundation) and os.access(places.python, os.X_OK)
    if sound and stamps.holds("packages", packages):
        return
    stamps.forget("venv")
    if not sound:
        _make(session)
    with session.step(f"Installing the Python packages of {' and '.join(requirements)} into .venv."):
        _pip(session, files, constraints)
    stamps.keep("venv", foundation)
    stamps.keep("packages", packages)


def _make(session: Session) -> None:
    with session.step("Making the virtual environment .venv."):
        options = ["-m", "venv", "--clear", str(session.places.venv)]
        session.run([base_python(), *options], environ=_environment(session), advice=_ADVICE_VENV)


def _pip(session: Session, files: Sequence[Path], constraints: Path) -> None:
    python, environ = session.places.python, _environment(session)
    chosen = [f"--requirement={file}" for file in files]
    chosen += [f"--constraint={constraints}"] if constraints.is_file() else []
    options = ["--quiet", "--disable-pip-version-check", "--no-input", "--no-compile"]
    session.run([python, "-m", "pip", "install", *options, *chosen], environ=environ, advice=_ADVICE_PIP)
    # Some packages carry files for other Pythons, which do not compile and are never imported: what fails is left.
    options = ["-q", "-j", "0", "-x", _COMPILED_ON_USE, str(session.places.venv / "lib")]
    answer(
        [python, "-m", "compileall", *options], environ=environ, folder=session.places.root, seconds=_COMPILE_SECONDS
    )


def base_python() -> Path:
    """Return the Python that this one came from: a virtual environment must not be made by the Python inside it."""
    if sys.prefix == sys.base_prefix:
        return Path(sys.executable)
    return Path(sys.base_prefix, "bin", f"python{sys.version_info.major}.{sys.version_info.minor}")


def _environment(session: Session) -> dict[str, str]:
    """Leave out what would make pip look at, or install into, another place than `.venv`."""
    misleading = ("PYTHONPATH", "PYTHONHOME", "PIP_USER", "PIP_TARGET", "PIP_PREFIX", "__PYVENV_LAUNCHER__")
    return {name: value for name, value in session.environ.items() if name not in misleading}
