"""Letting one certificate go that another load balancer serves: the state forgets it at once, and AWS keeps it.

AWS deletes no certificate in use, so a deploy that gives the service other names could not finish. The next certificate
has the same address, and Terraform lets a `removed` block forget nothing that the configuration still has:
https://developer.hashicorp.com/terraform/language/block/removed.
"""

from collections.abc import Callable

from botocore.exceptions import BotoCoreError, ClientError

from edge.aws.errors import plain
from edge.aws.survey.reader import Reader
from edge.cli.exits import BadInputError, Exit
from edge.plan.errors import RefusedError
from edge.plan.state_file import StateFile
from edge.review.expected import CERTIFICATE
from edge.terraform.runner import Terraform
from environments.loader import shown_imports
from environments.text import listed, printable


def let_go(
    address: str, terraform: Terraform, reader: Reader, *, say: Callable[[str], None], agreed: Callable[[str], bool]
) -> int:
    """Take a certificate out of the state, after a question; 1 where that was answered with no.

    Raises BadInputError for an address that the state does not hold, and RefusedError for a certificate that nothing
    else uses, since a deploy removes that by itself, for one that the next plan would import again, and for an address
    that holds an earlier certificate too: Terraform forgets both or none.
    """
    name = reader.environment.name
    if address in reader.environment.imports:
        raise RefusedError(f"{shown_imports(name)} would take {address} in again; `edge adopt {name}` removes it first")
    state = StateFile.of(terraform.pull(), "The stored state")
    certificates = [instance for instance in state.instances if instance.type == CERTIFICATE]
    if earlier := [one.attributes.get("arn") for one in certificates if one.deposed and one.address == address]:
        raise RefusedError(
            f"{address} holds an earlier certificate too, {earlier[0]}, and Terraform forgets both or none; give what "
            f"uses that another certificate, and deploy {name}"
        )
    arns = {instance.address: instance.attributes.get("arn") for instance in certificates}
    if not arns.get(address):
        known = listed(sorted(arns)) or "none"
        raise BadInputError(f"the state holds no certificate {printable(address)}; choose one of {known}")
    arn = str(arns[address])
    users = _users_elsewhere(arn, reader)
    if not users:
        raise RefusedError(f"{address} is used by nothing else; a deploy removes or replaces it by itself")
    say(f"{address} is {arn}, in use by {listed(users)}.")
    if not agreed(f"Shall {name}'s state forget it, and AWS keep it?"):
        say("Nothing was changed.")
        return Exit.FAILED
    terraform.change_state("state", "rm", address)
    say(
        f"The state no longer holds {address}; AWS keeps it, and it serves on. It is renewed as long as its validation "
        f"records stand: a plan that would remove one asks. Go on with `edge plan {name}`."
    )
    return Exit.DONE


def _users_elsewhere(arn: str, reader: Reader) -> list[str]:
    """Name what uses a certificate, but for the environment's own load balancer."""
    try:
        users = reader.users_elsewhere(arn)
    except (BotoCoreError, ClientError) as error:
        raise RefusedError(f"who uses {arn} was not answered: {plain(error)}; correct that, and run again") from None
    return sorted(user.rpartition(":")[2] for user in users)
