"""Login: the listener action that asks for a sign-in before a service's rule forwards, and what each kind needs.

https://docs.aws.amazon.com/elasticloadbalancing/latest/application/listener-authenticate-users.html
"""

from typing import TypedDict

from environments import naming, schema
from environments.listener_rules import SIGN_IN_CALLBACK_PATH
from environments.sign_in import SESSION_MAX_SECONDS, CognitoLogin, CognitoSignIn, OidcSignIn, SignIn
from imports.aws import (
    CognitoUserPoolClient,
    DataAwsSsmParameter,
    LbListenerRuleAction,
    LbListenerRuleActionAuthenticateCognito,
    LbListenerRuleActionAuthenticateOidc,
)
from imports.terraform import Construct, Postcondition, TerraformResourceLifecycle
from modules.addresses import addressed
from modules.shared_platform import Platform, UserPool

SECURE_STRING = "SecureString"
# What the sign-in pages use, and nothing besides: no password in the clear, no flow of somebody's own. AWS's default
# allows custom flows too: https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/
# API_CreateUserPoolClient.html#CognitoUserPools-CreateUserPoolClient-request-ExplicitAuthFlows
AUTH_FLOWS = ["ALLOW_REFRESH_TOKEN_AUTH", "ALLOW_USER_SRP_AUTH"]


class _Session(TypedDict, total=False):
    """What an action of either kind says of the scopes and the session."""

    scope: str
    session_timeout: int
    session_cookie_name: str
    on_unauthenticated_request: str


def sign_in_actions(
    scope: Construct, name: str, *, prefix: str, service: schema.Service, platform: Platform
) -> list[LbListenerRuleAction]:
    """Make the actions before `forward`: a sign-in where the service asks for one, else none."""
    match service.sign_in:
        case None:
            return []
        case CognitoSignIn() as settings:
            if platform.user_pool is None:
                message = f"services.{name} asks for a sign-in by Cognito, and the platform has no user pool"
                raise ValueError(message)
            cognito = CognitoClient(
                scope,
                "login",
                name=name,
                prefix=prefix,
                hosts=service.hosts,
                settings=settings,
                platform=platform,
                user_pool=platform.user_pool,
            )
            return [cognito.action]
        case OidcSignIn() as settings:
            return [OidcClient(scope, "login", name=name, settings=settings, platform=platform).action]


class CognitoClient(Construct):
    """A user pool client whose callbacks are every host of the service; `action` is the rule's first action."""

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        name: str,
        prefix: str,
        hosts: tuple[str, ...],
        settings: CognitoSignIn,
        platform: Platform,
        user_pool: UserPool,
    ) -> None:
        super().__init__(scope, id)
        client = CognitoUserPoolClient(
            self,
            "client",
            provider=platform.provider,
            name=naming.user_pool_client_name(prefix=prefix, service=name),
            user_pool_id=user_pool.id,
            generate_secret=True,
            allowed_oauth_flows_user_pool_client=True,
            allowed_oauth_flows=["code"],
            allowed_oauth_scopes=settings.scope.split(" "),
            supported_identity_providers=["COGNITO"],
            callback_urls=[f"https://{host}{SIGN_IN_CALLBACK_PATH}" for host in hosts],
            explicit_auth_flows=AUTH_FLOWS,
            prevent_user_existence_errors="ENABLED",
        )
        addressed(client, name)
        self.action = LbListenerRuleAction(
            type="authenticate-cognito",
            order=1,
            authenticate_cognito=LbListenerRuleActionAuthenticateCognito(
                user_pool_arn=user_pool.arn,
                user_pool_client_id=client.id,
                user_pool_domain=user_pool.domain,
                **_session(settings, platform),
            ),
        )


class OidcClient(Construct):
    """A client that somebody has registered at a provider; its secret is read from an SSM parameter.

    ELB wants the secret in the rule, so it is in the state and in every plan, where Terraform marks it as sensitive.
    """

    def __init__(self, scope: Construct, id: str, *, name: str, settings: OidcSignIn, platform: Platform) -> None:
        super().__init__(scope, id)
        parameter = settings.client_secret_parameter
        is_encrypted = Postcondition(
            condition=f'${{self.type == "{SECURE_STRING}"}}',
            error_message=f"The SSM parameter {parameter} is a ${{self.type}}, which AWS keeps in the clear; make it a "
            f"{SECURE_STRING}.",
        )
        secret = DataAwsSsmParameter(
            self,
            "client_secret",
            provider=platform.provider,
            name=parameter,
            with_decryption=True,
            lifecycle=TerraformResourceLifecycle(postcondition=[is_encrypted]),
        )
        addressed(secret, name)
        self.action = LbListenerRuleAction(
            type="authenticate-oidc",
            order=1,
            authenticate_oidc=LbListenerRuleActionAuthenticateOidc(
                issuer=settings.issuer,
                authorization_endpoint=settings.authorization_endpoint,
                token_endpoint=settings.token_endpoint,
                user_info_endpoint=settings.user_info_endpoint,
                client_id=settings.client_id,
                client_secret=secret.value,
                **_session(settings, platform),
            ),
        )


def _session(settings: SignIn, platform: Platform) -> _Session:
    """Write what both kinds have in common; for the short form the platform's session alone, where it has one.

    All of it is written even where it is the default: the provider keeps an `on_unauthenticated_request` that the
    configuration no longer gives (the attribute is computed too), so that "allow" would outlive its line in the file.
    """
    timeout = settings.session_timeout_seconds or platform.session_timeout_seconds
    if isinstance(settings, CognitoLogin):
        return {"session_timeout": timeout} if timeout else {}
    return {
        "scope": settings.scope,
        "session_timeout": timeout or SESSION_MAX_SECONDS,
        "session_cookie_name": settings.session_cookie_name,
        "on_unauthenticated_request": settings.on_unauthenticated_request,
    }
