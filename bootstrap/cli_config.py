"""Terraform's CLI configuration: where providers come from.

Terraform takes the union of the versions that its installation methods offer, and so asks each of them: with `direct`
and no `exclude`, a machine without a network fails although the mirror holds the provider. Tried with Terraform 1.11.4.
"""

import json
from collections.abc import Mapping
from pathlib import Path

from bootstrap import mirrors, synthesis_engines
from bootstrap.mirrors import Mirror
from bootstrap.places import Places
from bootstrap.processes import Session
from bootstrap.release import platform_name
from bootstrap.stamps import write_whole
from bootstrap.terraform import Engine

# `cdktf diff` and `cdktf deploy` lock the provider for this platform, whatever the machine's own (cdktf-cli 0.21.0,
# terraform-cli.js, init).
_LOCKED_PLATFORM = "linux_amd64"
_USERS_FILES = {"Terraform": [".terraformrc"], "OpenTofu": [".tofurc", ".terraformrc"]}


def users_own(places: Places, environ: Mapping[str, str], *, brand: str) -> Path | None:
    """Return the user's CLI configuration where it settles where providers come from, None otherwise.

    That is the file that TF_CLI_CONFIG_FILE names, if it exists, or one at home with a `provider_installation` block,
    such as a company's network mirror: a configuration of the project's own would push it aside.
    """
    override = environ.get("TF_CLI_CONFIG_FILE")
    if override and Path(override).is_file() and Path(override).resolve() != places.cli_config:
        return Path(override).absolute()
    home = Path(environ.get("HOME") or Path.home())
    files = (home / name for name in _USERS_FILES[brand])
    return next((file for file in files if file.is_file() and "provider_installation" in _text(file)), None)


def _text(file: Path) -> str:
    return file.read_text(encoding="utf-8", errors="replace")


def mirror_for(places: Places, environ: Mapping[str, str], engine: Engine, *, platform: str = "") -> Mirror | None:
    """Find the mirror of the AWS provider for the engine's brand and a platform (default: this machine's).

    Its version is the one that the chosen bindings name. Raises SetupError where an unknown engine is set.
    """
    version = synthesis_engines.chosen(places, environ).provider_version
    folders = mirrors.candidates(environ=environ)
    address = mirrors.provider_address(engine.brand)
    return mirrors.find(folders, address=address, platform=platform or platform_name(), version=version)


def lock_mirror(places: Places, environ: Mapping[str, str], engine: Engine) -> Mirror | None:
    """Find the mirror from which `terraform providers lock` can serve cdktf, None where the registry has to."""
    return mirror_for(places, environ, engine, platform=_LOCKED_PLATFORM)


def render(*, mirror: Mirror | None, address: str, plugin_cache: Path) -> str:
    """Write the configuration: from the mirror alone where there is one, from the registry alone otherwise.

    Without the second Terraform would also look into the folders that it implies, of which one lies in its working
    folder (bootstrap/mirrors.py). An unpacked mirror is linked to, so a cache would only add a place where parallel
    runs could meet.
    """
    lines = ["# Written by bootstrap; every run writes it again.", "disable_checkpoint = true"]
    if mirror is None or not mirror.unpacked:
        # The output folder holds no lock file of an earlier run, and without one Terraform would pass the cache over.
        lines += [f"plugin_cache_dir = {_quoted(plugin_cache)}", "plugin_cache_may_break_dependency_lock_file = true"]
    if mirror is not None:
        lines += [
            "provider_installation {",
            "  filesystem_mirror {",
            f"    path    = {_quoted(mirror.folder)}",
            f"    include = [{_quoted(address)}]",
            "  }",
            "  direct {",
            f"    exclude = [{_quoted(address)}]",
            "  }",
            "}",
        ]
    else:
        lines += ["provider_installation {", "  direct {}", "}"]
    return "\n".join(lines) + "\n"


def _quoted(value: Path | str) -> str:
    return json.dumps(str(value), ensure_ascii=False)


def write(session: Session, engine: Engine) -> None:
    """Write `.tools/terraform.rc`, unless the user's own configuration says where providers come from."""
    places, environ = session.places, session.environ
    places.plugin_cache.mkdir(parents=True, exist_ok=True)  # Terraform refuses a cache that does not exist
    if users_own(places, environ, brand=engine.brand):
        return
    mirror = mirror_for(places, environ, engine)
    address = mirrors.provider_address(engine.brand)
    wanted = render(mirror=mirror, address=address, plugin_cache=places.plugin_cache)
    if places.cli_config.is_file() and _text(places.cli_config) == wanted:
        return
    source = f"the mirror {mirror.folder}" if mirror else "its registry"
    write_whole(places.cli_config, wanted)
    session.report(f"Wrote .tools/terraform.rc: the AWS provider comes from {source}.")
