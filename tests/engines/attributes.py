"""The attributes of every type that modules/ makes or looks up, as the bindings of each engine have them.

The default's are written down whole, the others' as what comes and what goes: the shape of another provider's plans
(tests/engines/provider_six.py). `python -m tests.engines` writes those of the engine that is set.
"""

import inspect
import json
from pathlib import Path
from typing import Any

from imports import aws, aws_platform, engine
from imports.terraform import TerraformDataSource, TerraformResource

FILE = Path(__file__).with_name("attributes.json")
# Of the classes and not of the provider's types.
_META = {name for kind in (TerraformResource, TerraformDataSource) for name in dir(kind)}


def of_the_bindings() -> dict[str, list[str]]:
    """Ask the bindings that are installed: each type, as Terraform calls it, with its attributes."""
    found = {}
    for module in (aws, aws_platform):
        for name in module.__all__:
            kind: Any = getattr(module, name)
            if {TerraformResource, TerraformDataSource} & {*getattr(kind, "__mro__", ())}:
                prefix = "data." if TerraformDataSource in kind.__mro__ else ""
                found[prefix + str(kind.TF_RESOURCE_TYPE)] = _attributes(kind)
    return dict(sorted(found.items()))


def _attributes(kind: Any) -> list[str]:
    arguments = inspect.signature(kind.__init__).parameters.values()
    names = {argument.name for argument in arguments if argument.kind is argument.KEYWORD_ONLY}
    names |= {name for name, member in vars(kind).items() if isinstance(member, property)}
    inputs = {name for name in names if name.endswith("_input") and name.removesuffix("_input") in names}
    return sorted(names - inputs - _META - {"connection", "count", "for_each", "lifecycle", "provisioners"})


def stored() -> dict[str, dict[str, Any]]:
    """Read what is written down."""
    content: dict[str, dict[str, Any]] = json.loads(FILE.read_text(encoding="utf-8"))
    return content


def of(name: str) -> dict[str, list[str]]:
    """Give what is written down of an engine, whole."""
    content = stored()
    default: dict[str, list[str]] = content[engine.DEFAULT.name]
    if name == engine.DEFAULT.name:
        return default
    changes = content[name]
    return {
        kind: sorted({*names, *changes.get(kind, {}).get("new", [])} - set(changes.get(kind, {}).get("gone", [])))
        for kind, names in default.items()
    }


def write(name: str) -> None:
    """Write those of the bindings that are installed down as the named engine's; the default's must stand already."""
    found = of_the_bindings()
    content = stored() if FILE.is_file() else {}
    if name == engine.DEFAULT.name:
        content[name] = found
    else:
        default: dict[str, list[str]] = content[engine.DEFAULT.name]
        content[name] = {
            kind: {"new": new, "gone": gone}
            for kind, names in found.items()
            if (new := sorted(set(names) - set(default[kind]))) + (gone := sorted(set(default[kind]) - set(names)))
        }
    ordered = {known: content[known] for known in engine.ENGINES if known in content}
    FILE.write_text(_written(ordered), encoding="utf-8")


def _written(content: dict[str, dict[str, Any]]) -> str:
    """Write JSON with a line for each type, so that a difference can be read."""
    engines = []
    for name, kinds in content.items():
        rows = ",\n".join(f"    {json.dumps(kind)}: {json.dumps(found)}" for kind, found in kinds.items())
        engines.append(f"  {json.dumps(name)}: {{\n{rows}\n  }}")
    return "{\n" + ",\n".join(engines) + "\n}\n"
