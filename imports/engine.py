"""Which engine synthesizes: CDKTF, CDKTF with newer bindings, or CDK Terrain, which carries CDKTF on.

One setting chooses: the variable EDGE_ENGINE, else `engine` in the context of cdktf.json. The modules name CDKTF's
packages whatever engine is chosen (imports/lazy.py lets the chosen ones answer), so that one code serves them all.
docs/engines.md compares what they synthesize.
"""

import importlib.util
import json
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

SETTING = "EDGE_ENGINE"
_PROJECT_FILE = Path(__file__).absolute().parents[1] / "cdktf.json"
_KEY = "engine"


class EngineError(ImportError):
    """No such engine, or its packages are not installed; the message is one sentence with the next action."""

    def __init__(self, message: str) -> None:
        super().__init__(message, name=_KEY)  # by which main.py knows it: nothing of this package was imported then


@dataclass(frozen=True, kw_only=True)
class Engine:
    """An engine: its two packages as Python imports them, and the distribution that pins AWS's resources."""

    name: str
    core: str
    bindings: str
    distribution: str
    version: str


# The versions are those of requirements.txt and requirements-engines/; a test compares them.
_CDKTF = {"core": "cdktf", "bindings": "cdktf_cdktf_provider_aws", "distribution": "cdktf-cdktf-provider-aws"}
_CDKTN = {"core": "cdktn", "bindings": "cdktn_provider_aws", "distribution": "cdktn-provider-aws"}
DEFAULT = Engine(name="cdktf", version="20.1.0", **_CDKTF)
ENGINES = {
    engine.name: engine
    for engine in (
        DEFAULT,
        Engine(name="cdktf-aws6", version="21.22.1", **_CDKTF),
        Engine(name="cdktn", version="25.8.1", **_CDKTN),
    )
}


def chosen(environ: Mapping[str, str], file: Path = _PROJECT_FILE) -> Engine:
    """Give the engine that is set, in the environment or else in cdktf.json. Raises EngineError for an unknown one."""
    name, place = environ.get(SETTING), SETTING
    if not name:
        name, place = _of_project(file), f"{file.name}: context.{_KEY}"
    if name not in ENGINES:
        raise EngineError(f"{place}: {name} is not an engine; write one of {', '.join(ENGINES)}")
    return ENGINES[name]


def _of_project(file: Path) -> str:
    try:
        context = json.loads(file.read_bytes()).get("context", {})
    except (OSError, ValueError):  # without the file, or with one that cdktf itself refuses, nothing is chosen
        return DEFAULT.name
    return str(context.get(_KEY, DEFAULT.name))


def check_installed(engine: Engine) -> None:
    """Refuse an engine whose bindings are missing, or are there in another version, which names another provider.

    Raises EngineError.
    """
    try:
        installed = version(engine.distribution)
    except PackageNotFoundError:
        installed = None
    if installed == engine.version and importlib.util.find_spec(engine.core):
        return
    found = f"{installed} is installed" if installed else "it is not installed"
    raise EngineError(
        f"The engine {engine.name} needs {engine.distribution} {engine.version}, and {found}; "
        f"run `make setup` with the same {SETTING} and cdktf.json"
    )
