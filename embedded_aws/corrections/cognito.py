"""Cognito: a user pool under deletion protection stays."""

from collections.abc import Callable

from moto.cognitoidp.exceptions import InvalidParameterException
from moto.cognitoidp.models import CognitoIdpBackend

from embedded_aws.corrections.patching import replace


def apply() -> None:
    """Correct moto's Cognito in this process."""
    replace(CognitoIdpBackend, "delete_user_pool", _refuse_what_is_protected)


def _refuse_what_is_protected(original: Callable[..., None]) -> Callable[..., None]:
    """Refuse to delete a user pool whose deletion protection is active.

    AWS: https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-settings-deletion-protection.html
    moto: keeps the setting and deletes the pool. Here: refused.
    """

    def delete_user_pool(self: CognitoIdpBackend, user_pool_id: str) -> None:
        if self.describe_user_pool(user_pool_id).extended_config.get("DeletionProtection") == "ACTIVE":
            raise InvalidParameterException(
                "The user pool cannot be deleted because deletion protection is activated. Deletion protection must be "
                "inactivated first."
            )
        original(self, user_pool_id)

    return delete_user_pool
