"""The `[limits]` table: what AWS gives this environment where it differs from the defaults."""

from typing import Any

from pydantic import Field

from environments import quotas
from environments.quotas import Quota
from environments.table import Table


def _setting(quota: Quota) -> Any:
    return Field(quota.default, ge=quota.least, le=quota.most, description=quota.setting)


class Limits(Table):
    """AWS's quotas, where they differ from the defaults: raised by AWS, or lowered to leave room for what others hold.

    The names are those of the quotas. The quotas that AWS does not raise are `quotas.FIXED`.
    """

    rules_per_application_load_balancer: int = _setting(quotas.RULES_PER_LOAD_BALANCER)
    certificates_per_application_load_balancer: int = _setting(quotas.CERTIFICATES_PER_LOAD_BALANCER)
    domain_names_per_acm_certificate: int = _setting(quotas.DOMAIN_NAMES_PER_CERTIFICATE)
    rules_per_security_group: int = _setting(quotas.RULES_PER_SECURITY_GROUP)

    def of(self, quota: Quota) -> int:
        """Give what AWS gives this environment of a quota."""
        return int(getattr(self, quota.key)) if quota.is_adjustable else quota.default
