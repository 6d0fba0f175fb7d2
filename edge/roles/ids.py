"""What the environment file calls by name and an ARN by id: hosted zones, security groups and the user pool.

An id is not a secret and never changes while its thing stands, but the file has none: names are what people check, and
they outlive a thing that is replaced. So the ids are looked up with the environment's own credentials when policies
are derived, or given, by whoever makes the roles before there are any credentials.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from botocore.exceptions import BotoCoreError, ClientError

from edge.aws.errors import plain
from edge.aws.sessions import ClientOf
from edge.roles.records import zones_of
from environments.checked import Environment
from environments.dns_names import canonical
from environments.faults import Fault
from environments.platforms import ExistingPlatform
from environments.text import shown

Kind = Literal["hosted zone", "security group", "user pool"]

_FORMS: Mapping[Kind, tuple[re.Pattern[str], str]] = {
    "hosted zone": (re.compile(r"[A-Z0-9]{1,32}"), "Z0123456789ABC"),
    "security group": (re.compile(r"sg-[0-9a-f]{8,17}"), "sg-0123456789abcdef0"),
    "user pool": (re.compile(r"[a-z0-9-]+_[0-9a-zA-Z]+"), "eu-central-1_AbCdEfGhI"),
}
_ROUTE53_REGION = "us-east-1"  # Route 53 is global; any region reaches it


@dataclass(frozen=True)
class Wanted:
    """One thing whose id is wanted: its name and where the file has it, its kind and the name of its account."""

    name: str
    place: str
    kind: Kind
    account: str
    must_stand: bool = True


def wanted(environment: Environment, leaving: Sequence[str] = ()) -> list[Wanted]:
    """List what needs an id; a zone that the environment makes may be given one once it stands."""
    return [*_zones(environment, leaving), *_platform(environment)]


def _zones(environment: Environment, leaving: Sequence[str]) -> Iterator[Wanted]:
    for account in environment.accounts:
        for zone in zones_of(environment, account, leaving):
            stands = not environment.zones[zone].create
            yield Wanted(zone, f'zones."{zone}"', "hosted zone", account, must_stand=stands)


def _platform(environment: Environment) -> Iterator[Wanted]:
    platform = environment.platform
    if isinstance(platform, ExistingPlatform):
        for key in ("load_balancer_security_group", "instance_security_group"):
            yield Wanted(getattr(platform, key), f"platform.{key}", "security group", platform.account)
        if platform.user_pool:
            yield Wanted(platform.user_pool, "platform.user_pool", "user pool", platform.account)


def checked(things: list[Wanted], by_option: Mapping[str, str]) -> Iterator[str]:
    """Go over the faults of ids that were given: a name that is not wanted, an id that its kind does not have."""
    by_name = {thing.name: thing for thing in things}
    for name, id in by_option.items():
        if name not in by_name:
            yield f"--id {name}={id}: {shown(name)} needs no id here; choose one of {', '.join(by_name) or 'none'}"
            continue
        form, example = _FORMS[by_name[name].kind]
        if not form.fullmatch(id):
            yield f"--id {name}={id}: {shown(id)} is not the id of a {by_name[name].kind}; give one such as {example}"


def found(
    environment: Environment, things: list[Wanted], by_option: Mapping[str, str], client_of: ClientOf, file: str
) -> tuple[dict[str, str], list[Fault]]:
    """Look up the ids that were not given; a fault for each that cannot be, with what to do."""
    declared = {zone: settings.id for zone, settings in environment.zones.items() if settings.id is not None}
    ids, faults = {**declared, **by_option}, []
    for thing in things:
        if thing.name in ids or not thing.must_stand:
            continue
        remedy = f"give it as --id {thing.name}={_FORMS[thing.kind][1]}"
        try:
            matches = _look_up(environment, thing, client_of)
        except (BotoCoreError, ClientError) as error:
            reason = plain(error)
            faults.append(
                Fault(file, thing.place, f"the {thing.kind}'s id could not be looked up ({reason}); {remedy}")
            )
            continue
        if len(matches) == 1:
            ids[thing.name] = matches[0]
        else:
            problem = (
                f"{len(matches)} of the account's {thing.kind}s are named {shown(thing.name)}; correct it, or {remedy}"
            )
            faults.append(Fault(file, thing.place, problem))
    return ids, faults


def _look_up(environment: Environment, thing: Wanted, client_of: ClientOf) -> list[str]:
    account = environment.accounts[thing.account].id
    if thing.kind == "hosted zone":
        return _zone_ids(client_of("route53", account, _ROUTE53_REGION), thing.name)
    if thing.kind == "security group":
        ec2 = client_of("ec2", account, environment.region)
        groups = ec2.describe_security_groups(Filters=[{"Name": "group-name", "Values": [thing.name]}])
        return [group["GroupId"] for group in groups["SecurityGroups"]]
    cognito = client_of("cognito-idp", account, environment.region)
    pages = cognito.get_paginator("list_user_pools").paginate(MaxResults=60)
    return [userpool["Id"] for page in pages for userpool in page["UserPools"] if userpool["Name"] == thing.name]


def _zone_ids(route53: Any, name: str) -> list[str]:
    pages = route53.get_paginator("list_hosted_zones").paginate()
    return [
        zone["Id"].removeprefix("/hostedzone/")
        for page in pages
        for zone in page["HostedZones"]
        if canonical(zone["Name"]) == name and not zone["Config"]["PrivateZone"]
    ]
