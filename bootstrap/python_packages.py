"""The virtual environments and the Python packages in them: the project's, and that of the policy's checks."""

import os
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from bootstrap.places import Places
from bootstrap.processes import Session
from bootstrap.stamps import digest, sources

# Each is resolved from the requirement files that CONTRIBUTING.md names, with a SHA-256 of every file of every package.
PROJECT_LOCK = "project.txt"
DEPLOY_LOCK = "deploy.txt"
NODE_LOCK = "node.txt"
# Python 3.11 brings a pip that takes 20 s to find the packages of the project's lock, where this one takes 7.
PIP_LOCK = "pip.txt"
POLICY_LOCK = "policy.txt"

_NAMES = {PIP_LOCK: "a newer pip", NODE_LOCK: "Node.js"}

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

    Of these `first` are installed before the others: pip, which installs them, and Node.js, for which npm waits. `over`
    comes after them: it replaces what they have in another version.
    """

    name: str
    folder: Path
    locks: Sequence[Path]
    first: Sequence[Path] = ()
    over: Path | None = None

    @property
    def python(self) -> Path:
        """Its Python."""
        return self.folder / "bin" / "python"

    @property
    def all_locks(self) -> list[Path]:
        """Every lock."""
        return [*self.first, *self.locks, *([self.over] if self.over else [])]

    @property
    def _made(self) -> str:
        return digest(f"{sys.version_info.major}.{sys.version_info.minor}", str(self.folder))

    @property
    def stamps(self) -> dict[str, str]:
        """What is written when it is made, and when it is filled: the stamps' names, with what each is of."""
        made = self._made
        return {f"{self.name}-venv": made, f"{self.name}-packages": digest(made, *self.all_locks, *sources())}

    def is_sound(self, session: Session) -> bool:
        """Say whether nothing interrupted it, moved it, or made it with another Python."""
        return session.stamps.holds(f"{self.name}-venv", self._made) and os.access(self.python, os.X_OK)

    def is_complete(self, session: Session) -> bool:
        """Say whether it is sound and holds what the locks name."""
        return self.is_sound(session) and all(session.stamps.holds(*stamp) for stamp in self.stamps.items())


def project(places: Places, lock: str, *, node: bool, over: str | None = None) -> VirtualEnvironment:
    """Describe `.venv`, with the named lock of the project, that of Node.js if needed, and that of an engine."""
    return VirtualEnvironment(
        name="project",
        folder=places.venv,
        locks=[places.locks / lock],
        first=[places.locks / name for name in (PIP_LOCK, *([NODE_LOCK] if node else []))],
        over=places.locks / over if over else None,
    )


def policy(places: Places) -> VirtualEnvironment:
    """Describe the environment of the policy's checks, whose packages want other versions than the project's."""
    first, own = places.locks / PIP_LOCK, places.locks / POLICY_LOCK
    return VirtualEnvironment(name="policy", folder=places.policy_venv, locks=[own], first=[first])


def install(session: Session, wanted: VirtualEnvironment) -> None:
    """Make a virtual environment hold what its locks name."""
    make(session, wanted)
    fill(session, wanted)


def make(session: Session, wanted: VirtualEnvironment) -> None:
    """Make a virtual environment ready to be filled, with what others wait for.

    One that was interrupted, moved, or made by another Python or by hand is replaced: a package that was half copied
    looks installed to pip.
    """
    if wanted.is_complete(session):
        return
    session.refuse_others(wanted.folder)
    sound = wanted.is_sound(session)
    session.stamps.forget(f"{wanted.name}-venv")
    if not sound:
        _make(session, wanted)
    if wanted.first:
        shown = wanted.folder.relative_to(session.places.root)
        names = " and ".join(_NAMES[file.name] for file in wanted.first)
        with session.step(f"Installing {names} into {shown}.", waiting_for="pip", into=wanted.folder):
            _pip(session, wanted, wanted.first)


def fill(session: Session, wanted: VirtualEnvironment) -> None:
    """Install what the locks name; changed files are installed over what is there. `make` comes before it."""
    if wanted.is_complete(session):
        return
    shown = wanted.folder.relative_to(session.places.root)
    files = [file for file in wanted.all_locks if file not in wanted.first]
    names = " and ".join(str(file.relative_to(session.places.root)) for file in files)
    sentence = f"Installing the Python packages of {names} into {shown}."
    waiting_for = "pip, which installs when it has downloaded everything"
    with session.step(sentence, waiting_for=waiting_for, into=wanted.folder):
        _pip(session, wanted, wanted.locks)
        if wanted.over:
            _pip(session, wanted, [wanted.over])
        _compile(session, wanted)
    for stamp in wanted.stamps.items():
        session.stamps.keep(*stamp)


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
    with suppress(OSError, subprocess.TimeoutExpired):
        command: list[str | Path] = [wanted.python, "-m", "compileall", *options]
        session.attempt(command, environ=_environment(session), seconds=_COMPILE_SECONDS)


def base_python() -> Path:
    """Return the Python that this one came from: a virtual environment must not be made by the Python inside it."""
    if sys.prefix == sys.base_prefix:
        return Path(sys.executable)
    return Path(sys.base_prefix, "bin", f"python{sys.version_info.major}.{sys.version_info.minor}")


def _environment(session: Session) -> dict[str, str]:
    """Leave out what would make pip look at, or install into, another place."""
    misleading = ("PYTHONPATH", "PYTHONHOME", "PIP_USER", "PIP_TARGET", "PIP_PREFIX", "__PYVENV_LAUNCHER__")
    return {name: value for name, value in session.environ.items() if name not in misleading}
