"""`edge validate`: check every environment file, and nothing else. `--schema` prints their JSON Schema.

Starts no jsii: it answers in a fraction of a second, also for a hundred services.
"""

import json
import os
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from typing import Any

from bootstrap.places import HERE
from bootstrap.processes import SetupError
from bootstrap.synthesis_engines import chosen
from edge.cli.exits import BadInputError, Exit
from edge.cli.subcommand import Subcommand
from environments import quota_usage
from environments.checked import Environment
from environments.editor_schema import json_schema
from environments.loader import load_all, ports_are_compared


def _add_arguments(parser: ArgumentParser) -> None:
    printed = parser.add_mutually_exclusive_group()
    printed.add_argument("--json", action="store_true", help="print services and the use of quotas as JSON")
    printed.add_argument(
        "--schema", action="store_true", help="print the JSON Schema by which editors complete and check the files"
    )


def _run(options: Namespace) -> int:
    """Check the files; raises InvalidEnvironmentError with one line for each fault."""
    if options.schema:
        print(json.dumps(json_schema(), indent=2, ensure_ascii=False))
        return Exit.DONE
    environments = load_all()
    try:
        chosen(HERE, os.environ)
    except SetupError as error:
        raise BadInputError(f"{error}.") from None
    if options.json:
        print(json.dumps({environment.name: _document(environment) for environment in environments}, indent=2))
    else:
        _print(environments)
    if not ports_are_compared():
        print(
            "No deploy/docker-compose.yml stands beside the folder: ports were not compared with it.", file=sys.stderr
        )
    return Exit.DONE


def _print(environments: Sequence[Environment]) -> None:
    for environment in environments:
        print(f"{environment.name} is right; services: {', '.join(environment.services) or 'none'}")
        for entry in quota_usage.take(environment):
            print(f"  {entry.used:>5} of {entry.limit:>5} {entry.what}")


def _document(environment: Environment) -> dict[str, Any]:
    usages = quota_usage.take(environment)
    return {
        "services": list(environment.services),
        "quotas": [{"what": entry.what, "used": entry.used, "limit": entry.limit} for entry in usages],
    }


VALIDATE = Subcommand(
    run=_run,
    add_arguments=_add_arguments,
    about="Every fault of every file is one line with its place and its remedy. It asks nothing of AWS.",
    example="edge validate",
    done="the files are right",
)
