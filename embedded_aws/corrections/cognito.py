"""Cognito: a user pool under deletion protection stays, has a feature plan, and one setting for a second factor."""

from collections.abc import Callable
from typing import Any

from moto.cognitoidp.exceptions import InvalidParameterException
from moto.cognitoidp.models import CognitoIdpBackend, CognitoIdpUserPool
from moto.core.exceptions import JsonRESTError

from embedded_aws.corrections.patching import replace


def apply() -> None:
    """Correct moto's Cognito in this process."""
    replace(CognitoIdpBackend, "delete_user_pool", _refuse_what_is_protected)
    replace(CognitoIdpUserPool, "update_extended_config", _give_a_plan)


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


# What a user pool is made with, and UpdateUserPool does not take.
_FOR_GOOD = ("AliasAttributes", "UsernameAttributes", "UsernameConfiguration")


def _give_a_plan(original: Callable[..., None]) -> Callable[..., None]:
    """Give every user pool a feature plan, refuse threat protection on another than Plus, and keep what stays for good.

    AWS: UserPoolTier is ESSENTIALS where a request names none; UserPoolAddOns needs PLUS, else
    FeatureUnavailableInTierException (https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/
    API_CreateUserPool.html, Request Parameters and Errors); UpdateUserPool has no UsernameAttributes, which stay.
    moto: keeps what the last request names, so that an update loses them. Here: as AWS.

    MfaConfiguration is one setting, whether UpdateUserPool or SetUserPoolMfaConfig sets it (API_SetUserPoolMfaConfig).
    moto: keeps two, and shows that of the update for good. Here: the last one.
    """

    def update_extended_config(self: CognitoIdpUserPool, extended_config: dict[str, Any]) -> None:
        plan = extended_config.get("UserPoolTier") or "ESSENTIALS"
        mode = (extended_config.get("UserPoolAddOns") or {}).get("AdvancedSecurityMode", "OFF")
        if mode != "OFF" and plan != "PLUS":
            message = f"Threat protection is not available in the {plan} feature plan; it needs PLUS."
            raise JsonRESTError("FeatureUnavailableInTierException", message)
        before = getattr(self, "extended_config", {})
        kept = {name: before[name] for name in _FOR_GOOD if name in before}
        mfa = extended_config.get("MfaConfiguration")
        original(self, {**extended_config, **kept, "UserPoolTier": plan})
        self.extended_config.pop("MfaConfiguration", None)
        self.mfa_config = mfa or getattr(self, "mfa_config", "OFF")

    return update_extended_config
