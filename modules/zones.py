"""The hosted zones: looked up where they stand, made here, with their delegation, where the environment says so."""

from collections.abc import Mapping

from environments.addresses import host_address
from environments.checked import Environment
from imports.aws import AwsProvider, DataAwsRoute53Zone, Route53Zone
from imports.terraform import Construct, Postcondition, TerraformResourceLifecycle, TerraformStack
from modules.addresses import addressed
from modules.dns import HostedZone, delegation_record


def hosted_zones(
    stack: TerraformStack, environment: Environment, providers: Mapping[str, AwsProvider]
) -> Mapping[str, HostedZone]:
    """Give every zone that something is written to, by its name, each in its own account."""
    created, managed = environment.created_zones, environment.managed
    wanted = [*environment.zones_of(environment.names), *created, *map(environment.parent_of, created)]
    wanted += [managed.own_zone] if managed else []
    zones: dict[str, HostedZone] = {}
    for name in sorted(set(wanted), key=lambda zone: (len(zone), zone)):  # parents first
        provider = providers[environment.zones[name].account]
        if environment.zones[name].create:
            zones[name] = _make(stack, environment, name, provider, zones)
        else:
            zones[name] = _look_up(stack, environment, name, provider)
    return zones


def zones_of_hosts(environment: Environment, zones: Mapping[str, HostedZone]) -> Mapping[str, HostedZone]:
    """Give the zone of each service's host, and of what else certificates name."""
    return {name: zones[environment.zone_of(name)] for name in environment.names}


def _look_up(stack: TerraformStack, environment: Environment, name: str, provider: AwsProvider) -> HostedZone:
    account, id = environment.zones[name].account, environment.zones[name].id
    if id is None:
        data = DataAwsRoute53Zone(stack, f"zone_{name}", provider=provider, name=name, private_zone=False)
    else:  # the provider takes one of the two
        lifecycle = TerraformResourceLifecycle(postcondition=_is_public_and_named(name, id))
        data = DataAwsRoute53Zone(stack, f"zone_{name}", provider=provider, zone_id=id, lifecycle=lifecycle)
    addressed(data, host_address(name))
    return HostedZone(name=name, zone_id=data.zone_id, account=account, provider=provider)


def _is_public_and_named(name: str, id: str) -> list[Postcondition]:
    """Demand of a zone that was looked up by its id that it is the one which the file means."""
    is_named = f'trimsuffix(self.name, ".") == "{name}"'
    correct = f'correct zones.\\"{name}\\".id'
    return [
        Postcondition(
            condition=f"${{{is_named}}}",
            error_message=f"The hosted zone {id} is ${{self.name}}, not {name}; {correct}.",
        ),
        Postcondition(condition="${!self.private_zone}", error_message=f"The hosted zone {id} is private; {correct}."),
    ]


def _make(
    stack: TerraformStack,
    environment: Environment,
    name: str,
    provider: AwsProvider,
    zones: Mapping[str, HostedZone],
) -> HostedZone:
    """Make a zone and delegate to it; it is not destroyed while it holds records of others."""
    parent = environment.parent_of(name)
    scope = Construct(stack, f"zone_{name}")
    zone = Route53Zone(
        scope, "zone", provider=provider, name=name, comment=f"Made by {environment.name}", force_destroy=False
    )
    addressed(zone, host_address(name))
    delegation = delegation_record(scope, name=name, parent=zones[parent], name_servers=zone.name_servers)
    return HostedZone(
        name=name,
        zone_id=zone.zone_id,
        account=environment.zones[name].account,
        provider=provider,
        delegations=(delegation, *zones[parent].delegations),
    )
