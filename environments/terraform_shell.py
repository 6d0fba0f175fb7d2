"""What a shell's variables would make Terraform do otherwise than a plan of this project, and so may not be set.

Terraform takes another state, and options for every one of its commands, from variables that nobody sees in a review:
https://developer.hashicorp.com/terraform/cli/config/environment-variables
"""

import shlex
from collections.abc import Iterator, Mapping
from pathlib import Path

WORKSPACE, ARGUMENTS = "TF_WORKSPACE", "TF_CLI_ARGS"
DEFAULT = "default"
_DATA_FOLDER = "TF_DATA_DIR"
# Commands that neither this project nor cdktf runs on a state: their options cannot change a plan.
_ELSEWHERE = frozenset({"console", "fmt", "graph", "login", "logout", "metadata", "providers", "test", "validate"})
# Options that say how Terraform runs and what it prints, not what it plans; with whether each takes a value.
_HARMLESS = {
    "auto-approve": False,
    "compact-warnings": False,
    "concise": False,
    "detailed-exitcode": False,
    "input": False,
    "json": False,
    "lock": False,
    "lock-timeout": True,
    "no-color": False,
    "parallelism": True,
    "upgrade": False,
}


def refusals(environ: Mapping[str, str]) -> list[str]:
    """Say of each variable that would change which state, or what of it, Terraform plans: what it does, and a way out.

    Values of options are not shown, since `-var` may hold a secret.
    """
    found = []
    if (workspace := environ.get(WORKSPACE, "")) not in ("", DEFAULT):
        found.append(_of_workspace(f"{WORKSPACE}={workspace}", workspace, f"`unset {WORKSPACE}`"))
    changing = {name: list(dict.fromkeys(_changing(name, environ[name]))) for name in filter(_is_arguments, environ)}
    return found + [
        f"{name}: {', '.join(options)} would change what Terraform plans or applies, unseen by a review; run "
        f"`unset {name}`"
        for name, options in sorted(changing.items())
        if options
    ]


def workspace_of(folder: Path, environ: Mapping[str, str]) -> str | None:
    """Say that a stack's folder was switched to another workspace, by `terraform workspace select`; None where not.

    https://developer.hashicorp.com/terraform/cli/workspaces: the choice stands in the data folder until another one;
    TF_WORKSPACE goes before it.
    """
    file = folder / (environ.get(_DATA_FOLDER) or ".terraform") / "environment"
    if environ.get(WORKSPACE) or not file.is_file():
        return None
    workspace = file.read_text(encoding="utf-8", errors="replace").strip()
    if workspace in ("", DEFAULT):
        return None
    return _of_workspace(str(file), workspace, f"`edge tool terraform -chdir={folder} workspace select {DEFAULT}`")


def _is_arguments(name: str) -> bool:
    """Tell whether a variable holds options for Terraform: of all its commands, or of one."""
    return name == ARGUMENTS or name.startswith(f"{ARGUMENTS}_")


def _of_workspace(place: str, workspace: str, way_out: str) -> str:
    return (
        f"{place}: names the workspace {workspace}, which has a state of its own, and an environment has one state, in "
        f"the workspace {DEFAULT}; run {way_out}"
    )


def _changing(name: str, value: str) -> Iterator[str]:
    """Give the options of a variable that are not known to be harmless, without their values."""
    if name.removeprefix(f"{ARGUMENTS}_").split("_")[0].split("-")[0] in _ELSEWHERE:
        return
    try:
        words = iter(shlex.split(value))
    except ValueError:
        yield "what is in it, which is not a command line,"
        return
    for word in words:
        option, has_value, argument = word.lstrip("-").partition("=")
        if not word.startswith("-"):
            yield "an argument without an option"
        elif option not in _HARMLESS and (option, argument) != ("refresh", "true"):
            yield f"-{option}"
        elif _HARMLESS.get(option) and not has_value:
            next(words, None)  # -parallelism 2
