"""The removal of what the file no longer has, where the rest cannot be planned since its platform is gone.

Terraform looks the platform up before it plans anything, and ends where a part of it is gone; so what has left the file
would stay for ever. Targeted at that alone it looks nothing up, since what leaves has no configuration:
https://developer.hashicorp.com/terraform/cli/commands/plan#resource-targeting
"""

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from edge.plan.errors import RefusedError
from edge.terraform.runner import Terraform

_MANAGED = "managed"


def leaving(configuration: Mapping[str, Any], state: Mapping[str, Any]) -> list[str]:
    """List what the state holds and the configuration has no more, by address; what only moves is none of it."""
    kept = {f"{type}.{name}" for type, named in configuration.get("resource", {}).items() for name in named}
    kept |= {str(move["from"]) for move in configuration.get("moved", ())}
    held = {
        f"{resource['type']}.{resource['name']}"
        for resource in state.get("resources", ())
        if resource.get("mode") == _MANAGED and resource.get("instances")
    }
    return sorted(held - kept)


def plan_leaving(terraform: Terraform, file: Path, gone: Sequence[str], addresses: Sequence[str]) -> dict[str, Any]:
    """Plan the removal of these addresses alone, and give the plan as JSON; `gone` says what is missing.

    Raises RefusedError, with what is missing, where nothing has left the file.
    """
    if not addresses:
        raise RefusedError("\n".join(gone))
    what = f"{len(addresses)} resources" if len(addresses) > 1 else addresses[0]
    print("\n".join(gone), file=sys.stderr)
    print(
        f"So only the removal of what has left the file is planned, {what}; the rest stays as it is.", file=sys.stderr
    )
    targets = (f"-target={address}" for address in addresses)
    terraform.plan(file, *targets, reported="Resource targeting is in effect")
    return terraform.show(file)
