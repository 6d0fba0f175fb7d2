"""The virtual environments and the Python packages in them: the project's, and that of the policy's checks."""

import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bootstrap.places import Places
from bootstrap.processes import Session, answer
from bootstrap.stamps import digest, sources

# Each is resolved from the requirement files that CONTRIBUTING.md names, with a SHA-256 of every file of every package.
PROJECT_LOCK = "project.txt"
DEPLOY_LOCK = "deploy.txt"
NODE_LOCK = "node.txt"
POLICY_LOCK = "policy.txt"

_ADVICE_VENV = (
    "Python could not make the virtual environment {}; install Python's venv module "
    "(on Debian and Ubuntu: apt install python3-venv) and run `make setup` again."
)
_ADVICE_PIP = (
    "pip could not install the Python packages; see its last lines above, check that this machine reaches its "
    "package index, and run `make setup` again."
)
# It has over 2,000 modules, of which a stack loads a few dozen: Python compiles these when they are first imported,
# which saves about 10 s. Everything else is compiled now, because some machines forbid Python to write bytecode.
_COMPILE_SECONDS = 600.0
_COMPILED_ON_USE = "/(cdktf_cdktf|cdktn)_provider_aws/"


@dataclass(frozen=True, kw_only=True)
class VirtualEnvironment:
    """A virtual environment: the `name` of its stamps, its folder, and the locks with all that it holds.

    `over` is a lock that is installed after the others, and replaces what they have in another version.
    """

    name: str
    folder: Path
    locks: Sequence[Path]
    over: Path | None = None

    @property
    def python(self) -> Path:
        """Its Python."""
        return self.folder / "bin" / "python"


def project(places: Places, locks: Sequence[str], over: str | None = None) -> VirtualEnvironment:
    """Describe `.venv`, with the named locks of the project, and that of an engine over them."""
    files = [places.locks / name for name in locks]
    return VirtualEnvironment(
        name="project", folder=places.venv, locks=files, over=places.locks / over if over else None
    )


def policy(places: Places) -> VirtualEnvironment:
    """Describe the environment of the policy's checks, whose packages want other versions than the project's."""
    return VirtualEnvironment(name="policy", folder=places.policy_venv, locks=[places.locks / POLICY_LOCK])


def install(session: Session, wanted: VirtualEnvironment) -> None:
    """Make a virtual environment hold what its locks name.

    Changed files are installed over what is there. An environment that was interrupted, moved, or made by another
    Python or by hand is replaced: a package that was half copied looks installed to pip.
    """
    stamps, venv, packages = session.stamps, f"{wanted.name}-venv", f"{wanted.name}-packages"
    made = digest(f"{sys.version_info.major}.{sys.version_info.minor}", str(wanted.folder))
    locks = [*wanted.locks, *([wanted.over] if wanted.over else [])]
    filled = digest(made, *locks, *sources())
    sound = stamps.holds(venv, made) and os.access(wanted.python, os.X_OK)
    if sound and stamps.holds(packages, filled):
        return
    session.refuse_others(wanted.folder)
    stamps.forget(venv)
    if not sound:
        _make(session, wanted)
    shown = wanted.folder.relative_to(session.places.root)
    names = " and ".join(str(file.relative_to(session.places.root)) for file in locks)
    sentence = f"Installing the Python packages of {names} into {shown}."
    waiting_for = "pip, which installs when it has downloaded everything"
    with session.step(sentence, waiting_for=waiting_for, into=wanted.folder):
        _pip(session, wanted, wanted.locks)
        if wanted.over:
            _pip(session, wanted, [wanted.over])
        _compile(session, wanted)
    stamps.keep(venv, made)
    stamps.keep(packages, filled)


def _make(session: Session, wanted: VirtualEnvironment) -> None:
    shown = wanted.folder.relative_to(session.places.root)
    with session.step(f"Making the virtual environment {shown}.", waiting_for="Python's venv"):
        options = ["-m", "venv", "--clear", str(wanted.folder)]
        session.run([base_python(), *options], environ=_environment(session), advice=_ADVICE_VENV.format(shown))


def _pip(session: Session, wanted: VirtualEnvironment, locks: Sequence[Path]) -> None:
    environ = _environment(session)
    chosen = [f"--requirement={file}" for file in locks]
    # What comes from an index is what the lock has a SHA-256 of, and runs no code of its own while it is installed.
    chosen += ["--require-hashes", "--only-binary=:all:"]
    options = ["--quiet", "--disable-pip-version-check", "--no-input", "--no-compile"]
    session.run([wanted.python, "-m", "pip", "install", *options, *chosen], environ=environ, advice=_ADVICE_PIP)


def _compile(session: Session, wanted: VirtualEnvironment) -> None:
    # Some packages carry files for other Pythons, which do not compile and are never imported: what fails is left.
    options = ["-q", "-j", "0", "-x", _COMPILED_ON_USE, str(wanted.folder / "lib")]
    environ, root = _environment(session), session.places.root
    answer([wanted.python, "-m", "compileall", *options], environ=environ, folder=root, seconds=_COMPILE_SECONDS)


def base_python() -> Path:
    """Return the Python that this one came from: a virtual environment must not be made by the Python inside it."""
    if sys.prefix == sys.base_prefix:
        return Path(sys.executable)
    return Path(sys.base_prefix, "bin", f"python{sys.version_info.major}.{sys.version_info.minor}")


def _environment(session: Session) -> dict[str, str]:
    """Leave out what would make pip look at, or install into, another place."""
    misleading = ("PYTHONPATH", "PYTHONHOME", "PIP_USER", "PIP_TARGET", "PIP_PREFIX", "__PYVENV_LAUNCHER__")
    return {name: value for name, value in session.environ.items() if name not in misleading}
