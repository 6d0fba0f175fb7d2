"""Folders of this machine that already hold the AWS provider: Terraform's "filesystem mirrors".

Layouts and places: https://developer.hashicorp.com/terraform/cli/config/config-file#provider-installation, sections
"filesystem_mirror" and "Implied Local Mirror Directories".
"""

import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

# A provider without a host, which is how cdktf writes it, comes from the registry of the program's brand.
_REGISTRIES = {"Terraform": "registry.terraform.io", "OpenTofu": "registry.opentofu.org"}
LOCAL_SOFTWARE = Path("/opt")
SHARED_DATA = "/usr/local/share:/usr/share"  # the XDG default


@dataclass(frozen=True)
class Mirror:
    """A filesystem mirror that holds the wanted AWS provider; `unpacked` where nothing has to be unzipped."""

    folder: Path
    unpacked: bool


def provider_address(brand: str) -> str:
    """Write the AWS provider in full, as `Terraform` or `OpenTofu` understands it."""
    return f"{_REGISTRIES[brand]}/hashicorp/aws"


def mirror_in(folder: Path, *, address: str, platform: str, version: str) -> Mirror | None:
    """Return the folder as a mirror, None unless it holds the version for the platform.

    A mirror with only other versions is none: on a machine without a network it would hide the reason of the failure.
    """
    packages = folder / address
    kind = address.rpartition("/")[2]
    unpacked = packages / version / platform
    if any(unpacked.glob(f"terraform-provider-{kind}*")):
        return Mirror(folder, unpacked=True)
    if (packages / f"terraform-provider-{kind}_{version}_{platform}.zip").is_file():
        return Mirror(folder, unpacked=False)
    return None


def find(folders: Iterable[Path], *, address: str, platform: str, version: str) -> Mirror | None:
    """Return the first of the folders that is a mirror of the provider's version, None without one."""
    found = (mirror_in(folder, address=address, platform=platform, version=version) for folder in folders)
    return next((mirror for mirror in found if mirror), None)


def candidates(*, environ: Mapping[str, str], system: str = sys.platform) -> list[Path]:
    """List the folders to look in: those directly under /opt, then Terraform's implied mirrors of this system.

    `system` is as in `sys.platform`. Terraform would also take `terraform.d/plugins` of its working folder; a change of
    the project's files could put a provider of its own there, so that is no source.
    """
    home = Path(environ.get("HOME") or Path.home())
    data = {
        "darwin": [
            home / "Library/Application Support/io.terraform",
            Path("/Library/Application Support/io.terraform"),
        ],
    }.get(system, [folder / "terraform" for folder in _data_folders(home, environ)])
    implied = [home / ".terraform.d", *data]
    return [*_subfolders(LOCAL_SOFTWARE), *(folder / "plugins" for folder in implied)]


def _data_folders(home: Path, environ: Mapping[str, str]) -> list[Path]:
    """List the XDG data folders: https://specifications.freedesktop.org/basedir-spec/latest/."""
    own = environ.get("XDG_DATA_HOME") or str(home / ".local/share")
    shared = environ.get("XDG_DATA_DIRS") or SHARED_DATA
    return [Path(folder) for folder in (own, *shared.split(":")) if folder]


def _subfolders(folder: Path) -> list[Path]:
    try:
        return sorted(entry for entry in folder.iterdir() if entry.is_dir())
    except OSError:
        return []
