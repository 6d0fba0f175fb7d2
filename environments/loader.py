"""Read environment files: TOML to typed models, with every fault of every file at once."""

import os
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from environments import beside, compose, imports_file, released_file, rules, toml_files
from environments.checked import Environment
from environments.faults import Fault, InvalidEnvironmentError
from environments.platforms import ManagedPlatform
from environments.rules import between_files
from environments.salvage import salvage
from environments.schema import EnvironmentFile
from environments.text import listed

ENVIRONMENTS_DIR = "ENVIRONMENTS_DIR"
_PROJECT = Path(__file__).absolute().parents[1]  # whose compose file is run where none stands beside the folder


def load_all() -> tuple[Environment, ...]:
    """Load every environment of the folder, in the order of their names.

    Raises InvalidEnvironmentError with all faults of all files.
    """
    files = _files()
    orphans = beside.without_environment(_folder(), _display)
    environments = _load_files(files, orphans)
    faults = between_files.faults(
        {_display(file): environment for file, environment in zip(files, environments, strict=True)}
    )
    if faults:
        raise InvalidEnvironmentError(faults)
    return environments


def ports_are_compared() -> bool:
    """Tell whether there is a compose file beside the folder, with whose ports the services' are compared."""
    return compose.compose_file(_folder()) is not None


def names() -> tuple[str, ...]:
    """List the environments that have a file, whether or not it is right.

    Raises InvalidEnvironmentError where the folder cannot be read or holds none.
    """
    return tuple(file.stem for file in _files())


def load(names: Sequence[str]) -> tuple[Environment, ...]:
    """Load the named environments, in the order given.

    Raises InvalidEnvironmentError with all faults of their files, or for a name that has no file.
    """
    files = {file.stem: file for file in _files()}
    unknown = [
        Fault(_display(_folder()), "", f'has no environment "{name}"; choose one of {listed(files)}')
        for name in names
        if name not in files
    ]
    if unknown:
        raise InvalidEnvironmentError(unknown)
    return _load_files([files[name] for name in names])


def load_former(file: Path) -> Environment | None:
    """Load an earlier version of an environment's file, from another checkout; None where this code does not take it.

    What stands beside it there, such as a compose file, is not read.
    """
    try:
        return (
            Environment.of(_load_file(file, None), compose_file="", imports={}, released={}) if file.is_file() else None
        )
    except InvalidEnvironmentError:
        return None


def compose_file_of_instances() -> Path:
    """Find the compose file that instances made here run: the one beside the folder, else this project's own."""
    return compose.compose_file(_folder()) or _PROJECT / compose.COMPOSE_FILE


def file_of(name: str) -> Path:
    """Give the path of an environment's file, whether or not it exists."""
    return _folder() / f"{name}.toml"


def compose_file_beside() -> Path | None:
    """Find the compose file beside the folder of environments, or None."""
    return compose.compose_file(_folder())


def shown_file(name: str) -> str:
    """Write the path of an environment's file as the user would type it."""
    return _display(file_of(name))


def file_of_imports(name: str) -> Path:
    """Give the place of an environment's imports file, whether or not there is one."""
    return imports_file.imports_file(_folder() / f"{name}.toml")


def file_of_released(name: str) -> Path:
    """Give the place of what an environment lets go, whether or not there is such a file."""
    return released_file.released_file(_folder() / f"{name}.toml")


def shown_released(name: str) -> str:
    """Write that place as the user would type it."""
    return _display(file_of_released(name))


def shown_imports(name: str) -> str:
    """Write that place as the user would type it."""
    return _display(file_of_imports(name))


def _folder() -> Path:
    """Find the folder of environment files: ENVIRONMENTS_DIR, by default the one of this package."""
    return Path(os.environ.get(ENVIRONMENTS_DIR) or Path(__file__).parent)


def _files() -> list[Path]:
    folder = _folder()
    try:
        files = sorted(
            file for file in folder.iterdir() if file.suffix == ".toml" and not file.name.endswith(beside.SUFFIXES)
        )
    except OSError as error:
        fault = Fault(_display(folder), "", f"cannot be read: {error.strerror}; set {ENVIRONMENTS_DIR} to a folder")
        raise InvalidEnvironmentError([fault]) from None
    if not files:
        fault = Fault(_display(folder), "", "holds no environment file; add one, such as prod.toml")
        raise InvalidEnvironmentError([fault])
    return files


def _load_files(files: Iterable[Path], others: Iterable[Fault] = ()) -> tuple[Environment, ...]:
    """Load some files; raises InvalidEnvironmentError with all of their faults, and with others that are known."""
    right: list[EnvironmentFile] = []
    imports: list[dict[str, str]] = []
    released: list[dict[str, tuple[str, ...]]] = []
    published, faults = _published_ports()
    is_readable = not faults
    faults += others
    for file in files:
        services: Collection[str] = ()
        with _kept(faults):
            right.append(_load_file(file, published))
            services = right[-1].services
        with _kept(faults):
            imports.append(beside.taken_over(file, _display))
        with _kept(faults):
            released.append(beside.let_go(file, _display, services))
    compose_file = ""
    if is_readable and any(isinstance(file.platform, ManagedPlatform) for file in right):
        with _kept(faults):
            compose_file = _compose_text()
    if faults:
        raise InvalidEnvironmentError(faults)
    return tuple(
        Environment.of(file, compose_file=compose_file, imports=taken, released=let_go)
        for file, taken, let_go in zip(right, imports, released, strict=True)
    )


@contextmanager
def _kept(faults: list[Fault]) -> Iterator[None]:
    try:
        yield
    except InvalidEnvironmentError as error:
        faults.extend(error.faults)


def _compose_text() -> str:
    """Read what instances made here run."""
    file = compose_file_of_instances()
    try:
        return compose.text_for_user_data(file)
    except compose.ComposeFileError as error:
        raise InvalidEnvironmentError([Fault(_display(file), "", str(error))]) from None


def _published_ports() -> tuple[frozenset[int] | None, list[Fault]]:
    """Read the ports of the compose file beside the folder, once for all files; None where there is none."""
    file = compose.compose_file(_folder())
    if file is None:
        return None, []
    try:
        return compose.published_ports(file), []
    except compose.ComposeFileError as error:
        return None, [Fault(_display(file), "", str(error))]


def _load_file(file: Path, published_ports: frozenset[int] | None) -> EnvironmentFile:
    salvaged = salvage(toml_files.read(file, _display(file)), name=file.stem, file=_display(file))
    faults = list(salvaged.faults)
    if salvaged.environment is not None:
        crossing = rules.faults(salvaged.environment, _display(file), published_ports=published_ports)
        faults += [fault for fault in crossing if not salvaged.doubts(fault)]
    if faults or salvaged.environment is None:
        raise InvalidEnvironmentError(faults)
    return salvaged.environment


def _display(path: Path) -> str:
    """Write a path as the user would type it: relative to where they stand, if it lies below."""
    try:
        return str(path.absolute().relative_to(Path.cwd()))
    except ValueError:
        return str(path)
