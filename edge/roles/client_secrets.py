"""The secrets of clients at OpenID Connect providers: SSM parameters that Terraform reads into the listener rules."""

from edge.roles.documents import Statement
from edge.roles.home import Home
from environments.sign_in import OidcSignIn


def reads(home: Home) -> list[Statement]:
    """Let a plan read exactly the parameters that the services name, and decrypt nothing but those.

    Parameter Store decrypts with the caller's permissions, and puts the parameter's ARN into the encryption context,
    so that any key may stand: https://docs.aws.amazon.com/kms/latest/developerguide/services-parameter-store.html
    """
    signed_in = [service.sign_in for service in home.environment.services.values()]
    parameters = {sign_in.client_secret_parameter for sign_in in signed_in if isinstance(sign_in, OidcSignIn)}
    if not parameters:
        return []
    arns = tuple(home.arn("ssm", f"parameter{name}") for name in sorted(parameters))
    return [
        Statement(sid="ReadClientSecrets", actions=("ssm:GetParameter",), resources=arns),
        Statement(
            sid="DecryptClientSecrets",
            actions=("kms:Decrypt",),
            resources=(home.arn("kms", "key/*"),),
            conditions={"StringEquals": {"kms:EncryptionContext:PARAMETER_ARN": arns}},
        ),
    ]
