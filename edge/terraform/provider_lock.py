"""The exact provider: what `terraform init` may install is what the repository's lock has a checksum of.

https://developer.hashicorp.com/terraform/language/files/dependency-lock
"""

import os
import sys
from pathlib import Path

from bootstrap import synthesis_engines
from bootstrap.places import HERE
from bootstrap.release import platform_name
from edge.terraform.errors import EngineError
from edge.terraform.runner import Terraform
from edge.terraform.toolchain import engine_version

LOCK = HERE.root / ".terraform.lock.hcl"
# A lock does not say which of its checksums is of which platform; a test compares the number of them with this.
LOCKED_PLATFORMS = frozenset({"linux_amd64"})
_BRAND = "Terraform"  # OpenTofu has the provider from a registry of its own, under another address
_MISMATCH = "checksums previously recorded"


def init(terraform: Terraform) -> None:
    """Fetch the provider that the lock names, and no other, and reach the state; raises EngineError.

    On a platform, or by a brand, that the lock has no checksum of, the registry's signature alone stands for the
    provider, and a line on standard error says so.
    """
    if not is_locked():
        print(
            f"{LOCK.name} has no checksum of the provider {_described()}: its registry's "
            "signature alone is checked. To record one, see docs/commands.md, The provider.",
            file=sys.stderr,
        )
        terraform.lock.unlink(missing_ok=True)
        terraform.init()
        return
    terraform.lock.write_bytes(LOCK.read_bytes())
    try:
        terraform.init("-lockfile=readonly")
    except EngineError as error:
        if _MISMATCH not in str(error):
            raise
        raise EngineError(
            f"{error}\nThe provider is not the one that {LOCK.name} has a checksum of; find out where it comes from "
            "before you use it."
        ) from None


def lay_beside(folder: Path) -> None:
    """Lay the lock where another tool is about to run `terraform init`, which then asks nobody to make one."""
    if is_locked():
        folder.mkdir(parents=True, exist_ok=True)
        (folder / LOCK.name).write_bytes(LOCK.read_bytes())


def is_locked() -> bool:
    """Tell whether the lock has a checksum for this machine, its Terraform, and the provider of the engine that is set.

    The engine is that of this checkout: a configuration that comes from elsewhere cannot take the checksum away.
    """
    return engine_version().startswith(_BRAND) and platform_name() in LOCKED_PLATFORMS and is_of_the_engine()


def is_of_the_engine() -> bool:
    """Tell whether the lock is of the provider whose bindings the engine that is set has."""
    return synthesis_engines.chosen(HERE, os.environ) == synthesis_engines.DEFAULT


def _described() -> str:
    engine = synthesis_engines.chosen(HERE, os.environ)
    bindings = "" if is_of_the_engine() else f" in version {engine.provider_version}, which {engine.name} names,"
    return f"{bindings} for {platform_name()} and {engine_version()}".strip()
