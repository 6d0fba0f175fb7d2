"""Whether the priorities of the files are free on the live listeners, before a plan and before an apply."""

from collections.abc import Sequence

from botocore.exceptions import BotoCoreError, ClientError

from edge.aws import listener_priorities
from edge.aws.sessions import client_of
from edge.preflight.readiness import unasked
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
            unasked(environment, f"The priorities of {environment.name} were not compared with the listener", error)
        else:
            faults += listener_priorities.faults(environment, live, shown_file(environment.name))
    return faults
