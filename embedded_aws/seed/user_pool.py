"""The sign-in that the admin service asks for: a Cognito user pool, whether the environment uses it or not."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from embedded_aws.seed.cdk_services import names_of, older_services
from environments.checked import Environment
from environments.naming import user_pool_client_name


@dataclass(frozen=True)
class Users:
    """What an authenticate-cognito action needs."""

    pool_arn: str
    pool_id: str
    domain: str


def make_users(environment: Environment, client: Callable[[str], Any]) -> Users:
    """Make the user pool with its sign-in domain, by the environment's name for it where it has one.

    Nobody signs up by himself, as in a pool that CDK makes:
    https://docs.aws.amazon.com/cdk/api/v2/python/aws_cdk.aws_cognito/UserPool.html (self_sign_up_enabled)
    """
    name = names_of(environment).user_pool or f"{environment.prefix}-users"
    cognito = client("cognito-idp")
    pool = cognito.create_user_pool(PoolName=name, AdminCreateUserConfig={"AllowAdminCreateUserOnly": True})["UserPool"]
    cognito.create_user_pool_domain(UserPoolId=pool["Id"], Domain=environment.prefix)
    return Users(pool_arn=pool["Arn"], pool_id=pool["Id"], domain=environment.prefix)


def sign_in_action(environment: Environment, client: Callable[[str], Any], users: Users) -> dict[str, Any]:
    """Make the admin service's user pool client, and the listener action that asks for a sign-in with it."""
    admin = next(service for service in older_services(environment) if service.login)
    made = client("cognito-idp").create_user_pool_client(
        UserPoolId=users.pool_id,
        ClientName=user_pool_client_name(prefix=environment.prefix, service=admin.name),
        GenerateSecret=True,
        CallbackURLs=[f"https://{admin.host}/oauth2/idpresponse"],
        AllowedOAuthFlows=["code"],
        AllowedOAuthScopes=["openid"],
        AllowedOAuthFlowsUserPoolClient=True,
        SupportedIdentityProviders=["COGNITO"],
    )
    config = {
        "UserPoolArn": users.pool_arn,
        "UserPoolClientId": made["UserPoolClient"]["ClientId"],
        "UserPoolDomain": users.domain,
    }
    return {"Type": "authenticate-cognito", "AuthenticateCognitoConfig": config}
