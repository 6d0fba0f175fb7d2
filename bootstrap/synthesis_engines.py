"""Which engine synthesizes, and what set-up installs for it: its lock, and the AWS provider that its bindings name.

The setting is read as the synthesis reads it (imports/engine.py), which set-up cannot import; a test compares the two.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from bootstrap.places import Places
from bootstrap.processes import SetupError

SETTING = "EDGE_ENGINE"
_KEY = "engine"


@dataclass(frozen=True)
class SynthesisEngine:
    """An engine: its name, the version of the AWS provider in its bindings, and its lock, None for the default's."""

    name: str
    provider_version: str
    lock: str | None


# The versions of the provider are what the bindings write into the configuration; a test compares the installed ones.
DEFAULT = SynthesisEngine("cdktf", "5.100.0", None)
ENGINES = {
    engine.name: engine
    for engine in (
        DEFAULT,
        SynthesisEngine("cdktf-aws6", "6.25.0", "engines/cdktf-aws6.txt"),
        SynthesisEngine("cdktn", "6.69.1", "engines/cdktn.txt"),
    )
}


def chosen(places: Places, environ: Mapping[str, str]) -> SynthesisEngine:
    """Give the engine that is set, in the environment or else in cdktf.json. Raises SetupError for an unknown one."""
    name, place = environ.get(SETTING), SETTING
    if not name:
        name, place = _of_project(places), f"cdktf.json: context.{_KEY}"
    if name not in ENGINES:
        raise SetupError(f"{place}: {name} is not an engine; write one of {', '.join(ENGINES)}")
    return ENGINES[name]


def _of_project(places: Places) -> str:
    try:
        context = json.loads((places.root / "cdktf.json").read_bytes()).get("context", {})
    except (OSError, ValueError):
        return DEFAULT.name
    return str(context.get(_KEY, DEFAULT.name))
