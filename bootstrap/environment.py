"""The environment variables for programs that run cdktf, Terraform, npx or the project's Python."""

import os
import shlex
from collections.abc import Mapping

from bootstrap import cli_config
from bootstrap.places import Places
from bootstrap.terraform import Engine

_SWITCHES = {
    "CHECKPOINT_DISABLE": "1",  # Terraform's version check, and cdktf's usage reports (@cdktf/commons, checkpoint.js)
    "DISABLE_VERSION_CHECK": "1",  # cdktf's `npm view cdktf-cli version` (@cdktf/commons, environment.js)
}


def command_environment(places: Places, base: Mapping[str, str], engine: Engine) -> dict[str, str]:
    """Add to `base` what makes a program find the project's own tools, and these their settings.

    `.tools/bin` stands first: its `node` is the binary, where that in `.venv/bin` may be a Python script around it.
    """
    folders = [places.bin, places.venv / "bin", places.node_modules / ".bin"]
    environ = {name: value for name, value in base.items() if name not in {"PYTHONHOME", "TF_CLI_CONFIG_FILE"}}
    environ["PATH"] = os.pathsep.join([*map(str, folders), places.foreign_path(base)])
    environ |= {"VIRTUAL_ENV": str(places.venv), "TERRAFORM_BINARY_NAME": engine.program, **_SWITCHES}
    environ.setdefault("GOGC", "400")  # cuts a plan's processor time by a third, for more memory
    return environ | _provider_settings(places, base, engine)


def _provider_settings(places: Places, base: Mapping[str, str], engine: Engine) -> dict[str, str]:
    """Say where providers come from: the user's configuration, else the project's, else Terraform's defaults."""
    settings = {}
    users = cli_config.users_own(places, base, brand=engine.brand)
    if users:
        settings["TF_CLI_CONFIG_FILE"] = str(users)
    elif places.cli_config.is_file():
        settings["TF_CLI_CONFIG_FILE"] = str(places.cli_config)
        # Else cdktf sets TF_PLUGIN_CACHE_DIR to a folder at home, over the configuration (cdktf-cli, bin/cdktf.ts).
        settings["CDKTF_DISABLE_PLUGIN_CACHE_ENV"] = "1"
    mirror = cli_config.lock_mirror(places, base, engine)
    if mirror and "TF_CLI_ARGS_providers_lock" not in base:
        # `terraform providers lock` asks the registry, whatever the configuration says, unless it is given a mirror.
        settings["TF_CLI_ARGS_providers_lock"] = shlex.quote(f"-fs-mirror={mirror.folder}")
    return settings
