"""`edge roles`: the IAM policies of the roles that deploy and plan an environment.

They are printed as one JSON object, by account and role, or written as one file for each document. Nothing is changed
in AWS; ids that the file does not have are looked up there, or given with --id.
"""

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from edge.aws.sessions import client_of
from edge.cli import environment_argument
from edge.cli.exits import BadInputError, Exit
from edge.cli.subcommand import Subcommand
from edge.roles import options_of_roles
from edge.roles.documents import MANAGED_POLICY_MAX_CHARACTERS, POLICIES_PER_ROLE
from edge.roles.github_environment import commands
from edge.roles.managed import instances
from edge.roles.roles import Role
from edge.roles.trust import trust_policy
from environments.checked import Environment
from environments.loader import load


def _run(options: argparse.Namespace) -> int:
    """Print or write the policies; raises BadInputError with one line for each fault of the options."""
    (environment,) = load([environment_argument.named(options)])
    derived = options_of_roles.derived(environment, options, client_of(environment))
    files = _files(environment, derived, options.repository)
    if options.write:
        _write(options.write, files)
    _remark(derived)
    _remark_on_boundary(environment)
    if options.repository:
        _remark_on_github(options.repository, environment.name)
    if not options.write:
        print(json.dumps(_nested(files), indent=2))
    return Exit.DONE


def _add_arguments(parser: argparse.ArgumentParser) -> None:
    environment_argument.add(parser)
    options_of_roles.add(parser)
    parser.add_argument(
        "--repository", metavar="OWNER/NAME", help="write trust policies too, for this GitHub repository"
    )
    parser.add_argument("--write", type=Path, metavar="FOLDER", help="write one file for each document, and print none")


def _files(environment: Environment, derived: Sequence[Role], repository: str | None) -> dict[str, dict[str, Any]]:
    """Name every document: `management/deploy/policy-1`, `management/deploy/trust`."""
    files: dict[str, dict[str, Any]] = {}
    for role in derived:
        folder = f"{role.account}/{role.task}"
        files |= {f"{folder}/policy-{number}": document for number, document in enumerate(role.documents, 1)}
        if repository is not None and role.task != "bootstrap":
            files[f"{folder}/trust"] = trust_policy(environment, role, repository)
    if (bounds := instances.boundary(environment)) is not None:
        files[f"{environment.platform.account}/boundary/policy"] = bounds
    return files


def _nested(files: Mapping[str, dict[str, Any]]) -> dict[str, dict[str, dict[str, Any]]]:
    nested: dict[str, dict[str, dict[str, Any]]] = {}
    for name, content in files.items():
        account, task, part = name.split("/")
        nested.setdefault(account, {}).setdefault(task, {})[part] = content
    return nested


def _write(folder: Path, files: Mapping[str, dict[str, Any]]) -> None:
    """Write the documents, `FOLDER/management-deploy-policy-1.json`, and say which."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in files.items():
            file = folder / f"{name.replace('/', '-')}.json"
            file.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
            print(file)
    except OSError as error:
        raise BadInputError(
            f"--write {folder}: cannot be written: {error.strerror}; give a folder of your own"
        ) from None


def _remark(derived: Sequence[Role]) -> None:
    """Say on stderr where a role has several documents, and where they are more than AWS attaches to one."""
    for role in derived:
        number = len(role.documents)
        if number > 1:
            print(
                f"{role.account} {role.task}: {number} documents, since AWS takes {MANAGED_POLICY_MAX_CHARACTERS} "
                "characters in each; attach all of them to the one role.",
                file=sys.stderr,
            )
        if number > POLICIES_PER_ROLE:
            print(
                f"{role.account} {role.task}: AWS attaches {POLICIES_PER_ROLE} policies to a role unless you ask for "
                "more; raise the quota, or give the services to several environments.",
                file=sys.stderr,
            )


def _remark_on_boundary(environment: Environment) -> None:
    """Say on stderr where the role that deploys could give the instances' role any permission."""
    if environment.managed is not None and instances.boundary(environment) is None:
        print(
            f"{environment.platform.account} deploy: may give the instances' role any permission; name the policy that "
            "bounds it in platform.instances.permissions_boundary, and derive the roles again.",
            file=sys.stderr,
        )


def _remark_on_github(repository: str, name: str) -> None:
    """Print on stderr how GitHub is made to guard the environment, to whose jobs AWS lends the role that deploys."""
    lines = "\n".join(commands(repository, name))
    print(f"The role that deploys is as safe as GitHub's environment {name}; guard it with\n{lines}", file=sys.stderr)


ROLES = Subcommand(
    run=_run,
    add_arguments=_add_arguments,
    about="It prints them as JSON, by account and role. Nothing is changed in AWS; ids that the environment file does "
    "not have are looked up there, unless --id names them.",
    example="edge roles prod --write roles --repository getorcha/edge",
    done="printed or written",
)
