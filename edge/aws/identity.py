"""Whether each sign-in of an environment file leads to the account that the file declares."""

from collections.abc import Iterable, Iterator

from edge.aws.sessions import ClientOf
from environments.checked import Environment


def strangers(environment: Environment, client_of: ClientOf, accounts: Iterable[str]) -> Iterator[str]:
    """Go over the sign-ins that lead elsewhere, a sentence each; `accounts` are names of the file.

    Terraform refuses such an account itself (`allowed_account_ids`), but only after the state was asked for. Raises
    botocore's errors. `sts:GetCallerIdentity` needs no permission:
    https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
    """
    for name in accounts:
        declared = environment.accounts[name].id
        found = client_of("sts", declared, environment.region).get_caller_identity()["Account"]
        if found != declared:
            signed_in = environment.accounts[name].role_arn or f"profile {environment.accounts[name].profile}"
            yield (
                f"accounts.{name}: {signed_in} signs in to account {found}, not to {declared}; correct the id or the "
                "sign-in"
            )
