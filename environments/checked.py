"""A checked environment: what the rules have proven of its file is a value here, not a question.

`EnvironmentFile` is what a file says, right or wrong, and answers None where it does not say. Only the loader makes an
`Environment` of it, once no rule finds a fault; everything behind the loader takes that.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from pydantic import Field

from environments.platforms import ExistingPlatform, ManagedPlatform
from environments.schema import EnvironmentFile


@dataclass(frozen=True, kw_only=True)
class Managed:
    """What an environment makes besides its services: the platform's settings, and what follows from the whole file.

    `own_name` is the name on the load balancer's default certificate, which no service may have, and `own_zone` the
    zone that answers for it. `compose_file` is the text that the instances run.
    """

    settings: ManagedPlatform
    own_name: str
    own_zone: str
    compose_file: str


class Environment(EnvironmentFile):
    """An environment whose file has no fault."""

    compose_file: str = Field("", exclude=True, repr=False, description="what instances made here run")
    imports: dict[str, str] = Field({}, exclude=True, repr=False, description="what is taken over, by address")

    released: dict[str, tuple[str, ...]] = Field(
        {}, exclude=True, repr=False, description="the addresses that are let go, by the service that had them"
    )

    @staticmethod
    def of(
        file: EnvironmentFile,
        *,
        compose_file: str = "",
        imports: dict[str, str] | None = None,
        released: dict[str, tuple[str, ...]] | None = None,
    ) -> "Environment":
        """Take over a file in which no rule finds a fault."""
        return Environment.model_construct(
            file.model_fields_set,
            **dict(file),
            compose_file=compose_file,
            imports=imports or {},
            released=released or {},
        )

    @property
    def let_go(self) -> tuple[str, ...]:
        """The addresses that the state forgets and AWS keeps, in order."""
        return tuple(sorted({address for addresses in self.released.values() for address in addresses}))

    @property
    def foundation(self) -> Managed | ExistingPlatform:
        """What the services stand on: a platform that is made here, or the names of another tool's."""
        if isinstance(self.platform, ExistingPlatform):
            return self.platform
        name = _proven(self.default_certificate_name, f"no zone of account {self.platform.account} is declared")
        return Managed(
            settings=self.platform, own_name=name, own_zone=self.zone_of(name), compose_file=self.compose_file
        )

    @property
    def managed(self) -> Managed | None:
        """What is made here of a platform; None where another tool makes it."""
        return self.foundation if isinstance(self.foundation, Managed) else None

    @property
    def created_zones(self) -> tuple[str, ...]:
        """The hosted zones that are made here, in the file's order."""
        return tuple(zone for zone, declared in self.zones.items() if declared.create)

    @property
    def hosts(self) -> tuple[str, ...]:
        """All services' hosts, each once, in the file's order."""
        return tuple(dict.fromkeys(host for service in self.services.values() for host in service.hosts))

    @property
    def names(self) -> tuple[str, ...]:
        """All services' hosts, and what their certificates name beside them, each once."""
        beside = (name for service in self.services.values() for name in service.certificate_names)
        return tuple(dict.fromkeys((*self.hosts, *beside)))

    def zone_of(self, host: str) -> str:
        """Give the zone that answers for a host; LookupError for a host that lies in no declared zone."""
        return _proven(self.find_zone(host), f"{host} lies in no declared zone")

    def parent_of(self, zone: str) -> str:
        """Give the zone that delegates to a zone made here; LookupError where no declared zone does."""
        return _proven(self.find_parent(zone), f"no declared zone delegates to {zone}")

    def zones_of(self, hosts: Iterable[str]) -> tuple[str, ...]:
        """Give the zones in which some hosts lie, each once, the shortest first."""
        return tuple(sorted({self.zone_of(host) for host in hosts}, key=lambda zone: (len(zone), zone)))


def _proven(found: str | None, otherwise: str) -> str:
    if found is None:
        raise LookupError(otherwise)
    return found
