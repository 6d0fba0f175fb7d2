"""Where a platform is made: what all of its parts are given alike."""

from collections.abc import Mapping
from dataclasses import dataclass

from environments import naming
from environments.checked import Environment
from environments.partitions import partition_of
from environments.platforms import ManagedPlatform
from imports.aws import AwsProvider


@dataclass(frozen=True, kw_only=True)
class Site:
    """The account's provider and id, the region with its partition, the names' prefix and the platform's settings."""

    provider: AwsProvider
    account_id: str
    region: str
    partition: str
    environment: str
    prefix: str
    settings: ManagedPlatform

    @classmethod
    def of(cls, environment: Environment, settings: ManagedPlatform, providers: Mapping[str, AwsProvider]) -> "Site":
        """Take the site from an environment and its providers."""
        return cls(
            provider=providers[settings.account],
            account_id=environment.accounts[settings.account].id,
            region=environment.region,
            partition=partition_of(environment.region),
            environment=environment.name,
            prefix=environment.prefix,
            settings=settings,
        )

    def name(self, part: str) -> str:
        """Name a part of the platform: `alb` -> `v1-orcha-staging-alb`."""
        return naming.platform_name(prefix=self.prefix, part=part)

    def named(self, part: str) -> dict[str, str]:
        """Tag a part that has no name but its Name tag."""
        return {"Name": self.name(part)}
