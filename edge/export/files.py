"""The files of an exported environment: one for each service, one for each part of the platform."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from edge.export import hcl

_SOURCE = "hashicorp/aws"
_HEAD = "# The environment {name}, written once by `edge export`. It is plain Terraform, and yours to edit."


def files(name: str, document: Mapping[str, Any], services: Collection[str]) -> dict[str, str]:
    """Write a synthesized configuration as files of Terraform's native syntax, by their names.

    Raises ValueError for what this syntax cannot hold.
    """
    texts = defaultdict(list)
    for file, text in _blocks(document, services):
        texts[file].append(text)
    return {file: "\n".join([_HEAD.format(name=name) + "\n", *texts[file]]) for file in sorted(texts)}


def _blocks(document: Mapping[str, Any], services: Collection[str]) -> Iterator[tuple[str, str]]:
    yield "terraform.tf", _terraform(document["terraform"])
    for kind, bodies in document["provider"].items():
        for body in bodies:
            yield "providers.tf", hcl.block("provider", [kind], body)
    found = [
        (_path(body), kind, type, name, body)
        for kind in ("data", "resource")
        for type, named in document.get(kind, {}).items()
        for name, body in named.items()
    ]
    for path, kind, type, name, body in sorted(found, key=lambda entry: entry[0]):
        yield _file(path, kind, services), f"# {', '.join(path)}\n" + hcl.block(kind, [type, name], body)
    for name, body in document.get("output", {}).items():
        yield "outputs.tf", hcl.block("output", [name], body, objects=frozenset({"value"}))
    for kind in ("moved", "import", "removed"):
        for body in document.get(kind, ()):
            yield f"{kind}.tf", hcl.block(kind, [], body)


def _terraform(settings: Mapping[str, Any]) -> str:
    providers = {name: {**wanted, "source": _SOURCE} for name, wanted in settings["required_providers"].items()}
    backends = {f'backend "{kind}"': body for kind, body in settings.get("backend", {}).items()}
    body = {"required_version": settings["required_version"], "required_providers": providers, **backends}
    return hcl.block("terraform", [], body, objects=frozenset({*providers, "assume_role"}))


def _path(body: Mapping[str, Any]) -> tuple[str, ...]:
    """Give where the construct stands below its stack, such as `link`, `certificate`, `request`."""
    return tuple(body["//"]["metadata"]["path"].split("/")[1:])


def _file(path: tuple[str, ...], kind: str, services: Collection[str]) -> str:
    if path[0] in services:
        return f"service_{path[0]}.tf"
    if path[0].startswith("zone_"):
        return "zones.tf"
    if path[0] == "platform":
        return f"platform_{path[1]}.tf"
    return "lookups.tf" if kind == "data" else f"{path[0]}.tf"
