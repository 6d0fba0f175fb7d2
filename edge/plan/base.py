"""The base beside a plan: what the code that a change started from makes of the changed environment file."""

import json
from argparse import ArgumentParser
from collections.abc import Mapping
from typing import Any

from edge.plan.folder import PlanFolder
from edge.plan.left_behind import left_behind
from edge.plan.state_file import StateFile
from edge.terraform.base_code import DEFAULT_BASE, BaseConfiguration, has_default_base, synthesize_with_base
from edge.terraform.private_files import write_private
from environments.checked import Environment
from environments.loader import compose_file_beside, file_of

_NO_DEFAULT = f"there is no {DEFAULT_BASE} here; name a base with --base, such as a branch, a commit or a folder"


def add_base(parser: ArgumentParser) -> None:
    """Add the option that names whose code a change is compared with."""
    parser.add_argument(
        "--base",
        metavar="REVISION",
        help=f"compare with the code of this revision or folder (default: {DEFAULT_BASE}, where there is one)",
    )


def base_of(environment: str, base: str | None, environ: Mapping[str, str]) -> BaseConfiguration | None:
    """Give what the base makes of an environment's file; raises BaseError for a base that cannot be used.

    Without a named base the change is compared with `origin/main`; None where that is not known.
    """
    if base is None and not has_default_base():
        return None
    return synthesize_with_base(
        base or DEFAULT_BASE,
        environment=environment,
        file=file_of(environment),
        compose_file=compose_file_beside(),
        environ=environ,
    )


def write_base(folder: PlanFolder, environment: Environment, base: BaseConfiguration | None, state: StateFile) -> None:
    """Write the base into the plan's folder for the review, with what stands where its file has things elsewhere.

    `state` is the stored one. Without a base the reason is written instead, and the review reports it.
    """
    document: dict[str, Any] = {"not_compared": _NO_DEFAULT}
    if base is not None:
        document = {
            "name": base.name,
            "commit": base.commit,
            "configuration": base.configuration,
            "failure": base.failure,
            "moved": base.moved,
            "asked": base.asked,
            "left": left_behind(environment.name, base, state),
        }
    write_private(folder.base, json.dumps(document))
