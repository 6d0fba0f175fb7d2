"""The platform's own encryption key, for logs and for the alert topic, to which no alarm could send under AWS's own.

https://repost.aws/knowledge-center/cloudwatch-configure-alarm-sns
"""

from environments import naming
from imports.aws_platform import KmsAlias, KmsKey
from imports.terraform import Construct
from modules.addresses import addressed
from modules.platform.managed import policies
from modules.platform.managed.site import Site

# The longest that AWS waits before it deletes a key for good; until then it can be brought back.
DELETION_WINDOW_DAYS = 30


class PlatformKey(Construct):
    """A KMS key that is replaced by new material every year, under a name that people can read; `arn` is its ARN."""

    def __init__(self, scope: Construct, id: str, *, site: Site) -> None:
        super().__init__(scope, id)
        key = KmsKey(
            self,
            "key",
            provider=site.provider,
            description=f"Alerts and logs of {site.prefix}",
            enable_key_rotation=True,
            deletion_window_in_days=DELETION_WINDOW_DAYS,
            policy=policies.platform_key(site),
        )
        addressed(key, "platform")
        alias = KmsAlias(
            self, "alias", provider=site.provider, name=naming.key_alias(prefix=site.prefix), target_key_id=key.key_id
        )
        addressed(alias, "platform")
        self.arn = key.arn
