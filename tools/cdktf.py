"""`python -m tools.cdktf <synth | diff | deploy …> [environment]`: cdktf in the project's own tools, on checked files.

The files are checked first, so that a fault reads as one line and ends with 2, which cdktf itself would wrap and turn
into 1. A deploy shows which accounts it will change, and cdktf asks before it changes anything.
"""

import sys
from collections.abc import Sequence
from itertools import takewhile

from botocore.exceptions import BotoCoreError, ClientError
from rich.console import Console
from rich.table import Table

from environments.faults import Fault, InvalidEnvironmentError
from environments.loader import load, load_all, shown_file
from environments.schema import Environment
from tools import priorities, toolchain
from tools.live import client_of

_EXIT_BAD_INPUT = 2
_CHANGING = {"deploy", "destroy"}
_COMPARED = {"deploy", "diff"}


def main(arguments: Sequence[str]) -> int:
    """Check the environment files, then become cdktf; return only where that cannot be: 2 for bad input."""
    command, *rest = arguments or ["--help"]
    names = list(takewhile(lambda argument: not argument.startswith("-"), rest))  # as cdktf: stacks, then options
    if command in _CHANGING and not names:
        print(f"Name the environment: make {command} ENV=prod", file=sys.stderr)
        return _EXIT_BAD_INPUT
    try:
        load_all()
        environments = load(names)
    except InvalidEnvironmentError as error:
        print(error, file=sys.stderr)
        return _EXIT_BAD_INPUT
    if command in _CHANGING and "--auto-approve" not in rest and not sys.stdin.isatty():
        print(
            f"{command} asks before it changes anything, and there is no terminal to ask on: run it in one, or review "
            "a plan and pass --auto-approve",
            file=sys.stderr,
        )
        return _EXIT_BAD_INPUT
    held = _held_priorities(environments) if command in _COMPARED else []
    if held:
        print("\n".join(map(str, held)), file=sys.stderr)
        return _EXIT_BAD_INPUT
    for environment in environments if command in _CHANGING else ():
        Console(stderr=True).print(_accounts(environment))
    return toolchain.main(["cdktf", *arguments])


def _held_priorities(environments: Sequence[Environment]) -> list[Fault]:
    """Compare the files with the live listeners; where AWS cannot be asked, say so and leave the rest to Terraform."""
    faults: list[Fault] = []
    for environment in environments:
        try:
            live = priorities.live_rules(environment, client_of(environment))
        except (BotoCoreError, ClientError) as error:
            reason = " ".join(str(error).split())
            print(
                f"The priorities of {environment.name} were not compared with the listener: {reason}", file=sys.stderr
            )
        else:
            faults += priorities.faults(environment, live, shown_file(environment.name))
    return faults


def _accounts(environment: Environment) -> Table:
    table = Table("account", "id", "signed in by", "holds", title=f"{environment.name} changes these accounts")
    for name, account in environment.accounts.items():
        zones = [zone for zone, declared in environment.zones.items() if declared.account == name]
        holds = [*zones, *(["the platform"] if environment.platform.account == name else [])]
        signed_in = f"profile {account.profile}" if account.profile else str(account.role_arn)
        table.add_row(name, account.id, signed_in, ", ".join(holds))
    return table


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
