"""The people who may sign in: a Cognito user pool, by default of the invited alone, and the domain of its pages."""

from environments.sign_in import PASSWORD_MIN_CHARACTERS
from imports.aws_platform import (
    CognitoUserPool,
    CognitoUserPoolAccountRecoverySetting,
    CognitoUserPoolAccountRecoverySettingRecoveryMechanism,
    CognitoUserPoolAdminCreateUserConfig,
    CognitoUserPoolDomain,
    CognitoUserPoolPasswordPolicy,
    CognitoUserPoolSoftwareTokenMfaConfiguration,
    CognitoUserPoolUserPoolAddOns,
)
from imports.terraform import Construct
from modules.addresses import addressed
from modules.platform.managed.site import Site
from modules.shared_platform import UserPool

TEMPORARY_PASSWORD_DAYS = 7
MFA = {"required": "ON", "optional": "OPTIONAL"}
# Threat protection is of the Plus plan alone:
# https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-sign-in-feature-plans.html
PLANS = {"off": "ESSENTIALS", "audit": "PLUS", "enforced": "PLUS"}


class Users(Construct):
    """`pool` is what a service with login needs: each makes a client of its own in it.

    `domain` is the first label of the sign-in pages' domain.
    """

    def __init__(self, scope: Construct, id: str, *, site: Site, domain: str) -> None:
        super().__init__(scope, id)
        login = site.settings.login
        by_email = CognitoUserPoolAccountRecoverySettingRecoveryMechanism(name="verified_email", priority=1)
        pool = CognitoUserPool(
            self,
            "pool",
            provider=site.provider,
            name=site.name("users"),
            deletion_protection="ACTIVE" if site.settings.balancer.deletion_protection else "INACTIVE",
            username_attributes=["email"],
            auto_verified_attributes=["email"],
            admin_create_user_config=CognitoUserPoolAdminCreateUserConfig(
                allow_admin_create_user_only=not login.self_sign_up
            ),
            account_recovery_setting=CognitoUserPoolAccountRecoverySetting(recovery_mechanism=[by_email]),
            mfa_configuration=MFA[login.mfa],
            software_token_mfa_configuration=CognitoUserPoolSoftwareTokenMfaConfiguration(enabled=True),
            user_pool_tier=PLANS[login.threat_protection],
            user_pool_add_ons=CognitoUserPoolUserPoolAddOns(advanced_security_mode=login.threat_protection.upper()),
            password_policy=CognitoUserPoolPasswordPolicy(
                minimum_length=PASSWORD_MIN_CHARACTERS,
                require_lowercase=True,
                require_uppercase=True,
                require_numbers=True,
                require_symbols=True,
                temporary_password_validity_days=TEMPORARY_PASSWORD_DAYS,
            ),
        )
        addressed(pool, "login")
        pages = CognitoUserPoolDomain(self, "domain", provider=site.provider, user_pool_id=pool.id, domain=domain)
        addressed(pages, "login")
        # From the domain, so that a login waits for the pages that it sends people to.
        self.pool = UserPool(id=pool.id, arn=pool.arn, domain=pages.domain)
