"""The services that CDK exposed before this project: what the shared platform already serves."""

from dataclasses import dataclass

from environments.checked import Environment
from environments.naming import target_group_name, title
from environments.platforms import ExistingPlatform


@dataclass(frozen=True)
class OlderService:
    """A service on the shared load balancer that this stack neither makes nor touches."""

    name: str
    port: int
    priority: int
    login: bool
    host: str
    target_group: str

    @property
    def title(self) -> str:
        """The name as it stands in descriptions: `App`."""
        return title(self.name)


def names_of(environment: Environment) -> ExistingPlatform:
    """Give the names of what CDK made. Raises TypeError for an environment that makes its platform itself."""
    if not isinstance(environment.platform, ExistingPlatform):
        message = f"{environment.name} makes its platform itself; nothing of it stands before the first deploy"
        raise TypeError(message)
    return environment.platform


def platform_zone(environment: Environment) -> str:
    """Give the zone under which the older services live: the platform account's first, else the first declared."""
    own = [zone for zone, declared in environment.zones.items() if declared.account == environment.platform.account]
    return (own or list(environment.zones))[0]


def older_services(environment: Environment) -> list[OlderService]:
    """List the older services, without those that the environment now declares itself."""
    zone = platform_zone(environment)
    return [
        OlderService(
            name=name,
            port=port,
            priority=priority,
            login=login,
            host=f"{name}.{zone}",
            target_group=target_group_name(prefix=environment.prefix, service=name),
        )
        for name, port, priority, login in (("app", 8888, 5, False), ("admin", 7777, 10, True))
        if name not in environment.services
    ]
