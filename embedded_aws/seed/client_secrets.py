"""The client secrets that somebody has put into SSM parameters before the first deploy, one for each name."""

import secrets

from embedded_aws.accounts import ClientFor
from environments.checked import Environment
from environments.sign_in import OidcSignIn


def make_client_secrets(environment: Environment, client: ClientFor) -> None:
    """Make the SecureString parameters of the services that sign in by OIDC, each with a value that nobody knows."""
    ssm = client("ssm", environment.accounts[environment.platform.account].id, environment.region)
    signed_in = [service.sign_in for service in environment.services.values()]
    for name in sorted({sign_in.client_secret_parameter for sign_in in signed_in if isinstance(sign_in, OidcSignIn)}):
        ssm.put_parameter(Name=name, Type="SecureString", Value=secrets.token_urlsafe(), Overwrite=True)
