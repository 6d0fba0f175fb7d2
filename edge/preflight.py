"""What stands before a change, whichever way it is made: the live listener's priorities, and whose accounts change."""

import sys
from collections.abc import Sequence

from botocore.exceptions import BotoCoreError, ClientError
from rich.table import Table

from edge.aws import listener_priorities
from edge.aws.sessions import client_of
from environments.checked import Environment
from environments.faults import Fault
from environments.loader import shown_file


def held_priorities(environments: Sequence[Environment]) -> list[Fault]:
    """Compare the files with the live listeners; where AWS cannot be asked, say so and leave the rest to Terraform."""
    faults: list[Fault] = []
    for environment in environments:
        try:
            live = listener_priorities.live_rules(environment, client_of(environment))
        except (BotoCoreError, ClientError) as error:
            reason = " ".join(str(error).split())
            print(
                f"The priorities of {environment.name} were not compared with the listener: {reason}", file=sys.stderr
            )
        else:
            faults += listener_priorities.faults(environment, live, shown_file(environment.name))
    return faults


def accounts(environment: Environment) -> Table:
    """Show which accounts a change of the environment reaches, by which sign-in, and what they hold of it."""
    table = Table("account", "id", "signed in by", "holds", title=f"{environment.name} changes these accounts")
    for name, account in environment.accounts.items():
        zones = [zone for zone, declared in environment.zones.items() if declared.account == name]
        holds = [*zones, *(["the platform"] if environment.platform.account == name else [])]
        signed_in = account.role_arn or f"profile {account.profile}"
        table.add_row(name, account.id, signed_in, ", ".join(holds))
    return table
