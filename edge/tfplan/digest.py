"""What a plan is, in one line: a digest of all that is applied, the plan and the configuration it was made from.

Two plans with one digest are of the same configuration, change the same resources in the same way, and set the same
outputs. When they were made, and what they met beside that, is left out. The synthesized configuration counts too: what
Terraform's JSON of a plan never shows, such as the backend, a `lifecycle` or an ephemeral resource, is applied as well.
"""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from edge.tfplan.blocks import blocks

_PARTS = ("configuration", "output_changes", "resource_changes")
# Sets that Terraform writes as lists, in an order that means nothing:
# https://developer.hashicorp.com/terraform/internals/json-format
_SETS = {"references", "replace_paths"}


def digest_of(plan: Mapping[str, Any], configuration: Mapping[str, Any] | None = None) -> str:
    """Digest a plan, as `terraform show -json` gives it: "sha256:" and 64 hexadecimal digits.

    Covers `configuration`, `resource_changes` and `output_changes`; a part that is missing counts as empty. With the
    synthesized `configuration` that was planned, every block of it counts as well.
    """
    parts: dict[str, Any] = {part: plan.get(part) or None for part in _PARTS}
    if configuration is not None:
        parts["synthesized"] = blocks(configuration)
    return digest_of_json(parts)


def digest_of_json(value: Any) -> str:
    """Digest any JSON value, whatever the order of its keys and of its sets."""
    return digest_of_bytes(_canonical(_ordered(value)).encode("ascii"))


def digest_of_bytes(content: bytes) -> str:
    """Digest a file's content."""
    return f"sha256:{hashlib.sha256(content).hexdigest()}"


def _canonical(value: Any) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False)


def _ordered(value: Any, *, is_set: bool = False) -> Any:
    if isinstance(value, Mapping):
        return {key: _ordered(entry, is_set=key in _SETS) for key, entry in value.items()}
    if isinstance(value, list):
        inner = [_ordered(entry) for entry in value]
        return sorted(inner, key=_canonical) if is_set else inner
    return value
