"""Login: a Cognito client for one service, and the listener action that asks for a sign-in before it forwards."""

from environments import naming
from imports.aws import CognitoUserPoolClient, LbListenerRuleAction, LbListenerRuleActionAuthenticateCognito
from imports.terraform import Construct
from modules.addresses import addressed
from modules.shared_platform import Platform, UserPool

# https://docs.aws.amazon.com/elasticloadbalancing/latest/application/listener-authenticate-users.html#cognito-requirements
CALLBACK_PATH = "/oauth2/idpresponse"


class Login(Construct):
    """A user pool client whose callbacks are every host of the service; `action` is the rule's first action."""

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        name: str,
        prefix: str,
        hosts: tuple[str, ...],
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
            allowed_oauth_scopes=["openid"],
            supported_identity_providers=["COGNITO"],
            callback_urls=[f"https://{host}{CALLBACK_PATH}" for host in hosts],
        )
        addressed(client, name)
        self.action = LbListenerRuleAction(
            type="authenticate-cognito",
            order=1,
            authenticate_cognito=LbListenerRuleActionAuthenticateCognito(
                user_pool_arn=user_pool.arn,
                user_pool_client_id=client.id,
                user_pool_domain=user_pool.domain,
            ),
        )
