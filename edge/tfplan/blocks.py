"""A synthesized configuration as its blocks: one for each address, so that two configurations can be compared."""

import json
from collections.abc import Iterator, Mapping
from pathlib import PurePath
from typing import Any

# CDKTF's own notes, such as the path of a construct; Terraform ignores them:
# https://developer.hashicorp.com/terraform/language/syntax/json#comment-properties
COMMENT = "//"
_BY_TYPE_AND_NAME = ("resource", "data", "ephemeral")
_BY_NAME = ("output", "terraform", "check", "locals", "variable", "module")
_BY_ALIAS = ("provider",)


def portable(configuration: Mapping[str, Any]) -> dict[str, Any]:
    """Give a configuration as any machine synthesizes it: a local state's path without this machine's folders."""
    local: Any = configuration
    for key in ("terraform", "backend", "local"):
        local = local.get(key) if isinstance(local, Mapping) else None
    if not isinstance(local, Mapping) or "path" not in local:
        return dict(configuration)
    backend = {"local": {**local, "path": PurePath(local["path"]).name}}
    return {**configuration, "terraform": {**configuration["terraform"], "backend": backend}}


def blocks(configuration: Mapping[str, Any]) -> dict[str, Any]:
    """Give every block of a configuration by its address, without CDKTF's comments.

    `aws_lb.edge`, `data.aws_lb.edge`, `provider.aws.prod`, `output.LinkUrl`, `terraform.backend`; blocks without an
    address, such as `moved`, stand under the name of their kind. What is not understood stands whole, so that a
    comparison never loses it.
    """
    return dict(_blocks(portable(configuration)))


def differences(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    """List the addresses of the blocks in which two configurations differ, sorted."""
    before, after = blocks(old), blocks(new)
    return sorted(address for address in before.keys() | after.keys() if not _same(before, after, address))


def _same(before: Mapping[str, Any], after: Mapping[str, Any], address: str) -> bool:
    """Compare as JSON does, in which true is not 1 and a missing block is not null."""
    if (address in before) != (address in after):
        return False
    return json.dumps(before[address], sort_keys=True) == json.dumps(after[address], sort_keys=True)


def _blocks(configuration: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for kind, content in configuration.items():
        if kind == COMMENT:
            continue
        if kind in _BY_TYPE_AND_NAME and isinstance(content, Mapping):
            yield from _by_type_and_name("" if kind == "resource" else f"{kind}.", content)
        elif kind in _BY_NAME and isinstance(content, Mapping):
            yield from ((f"{kind}.{name}", _bare(block)) for name, block in content.items() if name != COMMENT)
        elif kind in _BY_ALIAS and isinstance(content, Mapping):
            yield from _by_alias(kind, content)
        else:
            yield kind, _bare(content)


def _by_type_and_name(prefix: str, content: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for type_, named in content.items():
        if isinstance(named, Mapping):
            yield from ((f"{prefix}{type_}.{name}", _bare(block)) for name, block in named.items())
        else:
            yield f"{prefix}{type_}", named


def _by_alias(kind: str, content: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Give providers by their aliases; two of one alias stand together, since Terraform refuses them anyway."""
    for name, configured in content.items():
        found: dict[str, list[Any]] = {}
        for block in configured if isinstance(configured, list) else [configured]:
            alias = block.get("alias") if isinstance(block, Mapping) else None
            found.setdefault(f"{kind}.{name}.{alias}" if alias else f"{kind}.{name}", []).append(_bare(block))
        yield from ((address, same[0] if len(same) == 1 else same) for address, same in found.items())


def _bare(value: Any) -> Any:
    """Leave a block's own comment out, not deeper ones: in an attribute's value Terraform evaluates the key."""
    return {key: content for key, content in value.items() if key != COMMENT} if isinstance(value, Mapping) else value
