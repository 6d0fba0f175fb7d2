"""The environment variables that Terraform gets from our commands: of those that it reads itself, a list of known ones.

Others pass, since AWS's credentials may come from any program with variables of its own (`credential_process`); why
not a list of all: docs/decisions/0043-terraforms-own-variables.md.
"""

from collections.abc import Mapping
from pathlib import Path

from edge.cli.exits import BadInputError
from environments.terraform_shell import DEFAULT, WORKSPACE, refusals

# https://developer.hashicorp.com/terraform/cli/config/environment-variables
# https://developer.hashicorp.com/terraform/cli/config/config-file (plugin cache, credentials)
# https://opentofu.org/docs/language/state/encryption (TF_ENCRYPTION: without it, the state cannot be read)
_PASSES = frozenset(
    {
        "TF_APPEND_USER_AGENT",
        "TF_CLI_ARGS_providers_lock",  # where `terraform providers lock` finds the providers
        "TF_CLI_CONFIG_FILE",
        "TF_ENCRYPTION",
        "TF_IN_AUTOMATION",
        "TF_PLUGIN_CACHE_DIR",
        "TF_PLUGIN_CACHE_MAY_BREAK_DEPENDENCY_LOCK_FILE",
        "TF_PROVIDER_DOWNLOAD_RETRY",
        "TF_REGISTRY_CLIENT_TIMEOUT",
        "TF_REGISTRY_DISCOVERY_RETRY",
        WORKSPACE,
    }
)
_TERRAFORMS, _TOKENS, _LOGS, _LOG_FILE = "TF_", "TF_TOKEN_", "TF_LOG", "TF_LOG_PATH"


def own_environment(base: Mapping[str, str]) -> tuple[dict[str, str], list[str]]:
    """Give Terraform's environment out of `base`, and a sentence on what of it was set aside.

    Raises BadInputError for a variable that would change which state, or what of it, is planned.
    """
    if found := refusals(base):
        raise BadInputError("\n".join(found))
    logs = base.get(_LOG_FILE)
    aside = sorted(name for name, value in base.items() if value and not _passes(name, to_a_file=bool(logs)))
    environ = {name: value for name, value in base.items() if _passes(name, to_a_file=bool(logs))}
    environ[WORKSPACE] = DEFAULT  # over what `terraform workspace select` wrote into the stack's folder
    if logs:
        environ[_LOG_FILE] = str(Path(logs).absolute())  # Terraform runs in another folder than this one
    return environ, _sentences(aside)


def _passes(name: str, *, to_a_file: bool) -> bool:
    if name.startswith(_LOGS):
        return to_a_file
    return not name.startswith(_TERRAFORMS) or name in _PASSES or name.startswith(_TOKENS)


def _sentences(aside: list[str]) -> list[str]:
    found = [f"Terraform runs here without {', '.join(aside)} of this shell."] if aside else []
    if any(name.startswith(_LOGS) for name in aside):
        found.append(f"For a log, name its file: {_LOG_FILE}=terraform.log")
    return found
