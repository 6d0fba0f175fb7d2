"""The base beside a plan: what the code that a change started from makes of the changed environment file."""

import json
from argparse import ArgumentParser
from collections.abc import Mapping
from dataclasses import asdict

from edge.plan.folder import PlanFolder
from edge.terraform.base_code import DEFAULT_BASE, has_default_base, synthesize_with_base
from edge.terraform.private_files import write_private
from environments.loader import compose_file_beside, file_of

_NO_DEFAULT = f"there is no {DEFAULT_BASE} here; name a base with --base, such as a branch, a commit or a folder"


def add_base(parser: ArgumentParser) -> None:
    """Add the option that names whose code a change is compared with."""
    parser.add_argument(
        "--base",
        metavar="REVISION",
        help=f"compare with the code of this revision or folder (default: {DEFAULT_BASE}, where there is one)",
    )


def write_base(folder: PlanFolder, environment: str, base: str | None, environ: Mapping[str, str]) -> None:
    """Write what the base makes of an environment's file into the plan's folder, for the review.

    Without a named base the change is compared with `origin/main`; where that is not known, the reason is written
    instead, and the review reports it. Raises BaseError for a base that cannot be used.
    """
    if base is None and not has_default_base():
        write_private(folder.base, json.dumps({"not_compared": _NO_DEFAULT}))
        return
    made = synthesize_with_base(
        base or DEFAULT_BASE,
        environment=environment,
        file=file_of(environment),
        compose_file=compose_file_beside(),
        environ=environ,
    )
    write_private(folder.base, json.dumps(asdict(made)))
