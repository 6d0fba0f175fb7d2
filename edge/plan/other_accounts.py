"""What stands in one account while the file has it in another: Terraform could neither see nor remove it there.

It would read the old thing with the new account's provider, where AWS answers AccessDenied for a hosted zone of another
account, and nothing for other things; what stands would be forgotten, and stay for ever. Within an account it would
remove a record from one zone before it makes it in another, which nobody asks before something delegates to it.
"""

import re
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, partial
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from edge.aws.arns import account_of
from edge.aws.errors import plain
from edge.aws.neighbours.zones import leads_to
from edge.aws.sessions import ClientOf, client_of
from edge.aws.survey.reader import Reader
from edge.plan.errors import RefusedError
from environments.addresses import Purpose, RecordAddress
from environments.checked import Environment
from environments.dns_names import base_name, canonical

_ALIAS = re.compile(r"\.([\w-]+)$")
_RECORD = "aws_route53_record"
_OF_A_ZONE = frozenset({_RECORD, "aws_route53_zone"})
_TWO_DEPLOYS = (
    "Take two deploys: first take the hosts out of the file, with [zones] as it was; then change [zones], and add them "
    "again. In between they do not resolve"
)


@dataclass(frozen=True)
class Standing:
    """One thing of the state: its address, its account's name as the state has it, and what it is in AWS."""

    address: str
    type: str
    account: str
    attributes: Mapping[str, Any]

    @property
    def account_id(self) -> str:
        """The account's id where an ARN says it, else empty."""
        return account_of(self.attributes.get("arn"))


def refuse_other_accounts(environment: Environment, configuration: Mapping[str, Any], state: Mapping[str, Any]) -> None:
    """Raise RefusedError where the state's things stand in other accounts than those that the file has them in.

    `state` is Terraform's own JSON, as `terraform state pull` gives it; empty where there is none.
    """
    sentences = list(_sentences(environment, configuration, state, client_of(environment)))
    if sentences:
        raise RefusedError("\n".join([*sentences, "Nothing was planned."]))


def _sentences(
    environment: Environment, configuration: Mapping[str, Any], state: Mapping[str, Any], client: ClientOf
) -> Iterator[str]:
    configured = _accounts(configuration)
    held = cache(partial(_zones_of, environment, client))
    is_delegated = cache(partial(_is_delegated, environment, client))
    elsewhere: dict[tuple[str, str], list[str]] = {}
    forgotten: dict[str, list[str]] = {}
    for thing in _standing(state):
        account = configured.get(thing.address)
        if account is None and thing.account not in environment.accounts:
            forgotten.setdefault(thing.account, []).append(thing.address)
        elif account is not None and (where := _elsewhere(thing, account, environment, held)):
            elsewhere.setdefault((where, f"account {account}"), []).append(thing.address)
        elif account is not None and (zones := _in_another_zone(thing, account, environment, held, is_delegated)):
            elsewhere.setdefault(zones, []).append(thing.address)
    for (where, wanted), addresses in elsewhere.items():
        remedy = _TWO_DEPLOYS if where.startswith("hosted zone") else _OF_A_PLATFORM
        yield f"{_first(addresses)} in {where}, and the file has {_them(addresses)} in {wanted}. {remedy}."
    for account, addresses in forgotten.items():
        yield (
            f"{_first(addresses)} in account {account}, which the file no longer names, and {_is(addresses)} to be "
            f"removed. Keep [accounts.{account}] for the deploy that removes {_them(addresses)}."
        )


_OF_A_PLATFORM = (
    "Give the new account an environment file of its own, and destroy this environment with the file as it was"
)


_Held = Callable[[str], Mapping[str, str] | None]


def _elsewhere(thing: Standing, account: str, environment: Environment, held: _Held) -> str:
    """Say where a thing stands if not in an account; nothing where it stands there, or where AWS does not say."""
    declared = environment.accounts[account]
    if thing.account_id:
        return "" if thing.account_id == declared.id else f"account {thing.account_id}"
    if thing.account == account or thing.type not in _OF_A_ZONE:
        return ""
    zone_id = str(thing.attributes.get("zone_id"))
    zones = held(account)
    return "" if zones is None or zone_id in zones else f"hosted zone {zone_id} of account {thing.account}"


def _in_another_zone(
    thing: Standing, account: str, environment: Environment, held: _Held, is_delegated: Callable[[str, str, str], bool]
) -> tuple[str, str] | None:
    """Give the zone in which a record stands and the one that the file has it in, where those differ in one account.

    Where the parent leads to the other zone already, nobody sees the old record, and the deploy makes the name resolve.
    """
    address = RecordAddress.parse(thing.address.partition(".")[2])
    if thing.type != _RECORD or address.purpose is Purpose.DELEGATION:
        return None
    zone_id = str(thing.attributes.get("zone_id"))
    stands_in, wanted = (held(account) or {}).get(zone_id), environment.find_zone(base_name(address.name))
    if stands_in is None or wanted is None or stands_in == wanted or is_delegated(account, zone_id, wanted):
        return None
    return f"hosted zone {stands_in} of account {account}", f"zone {wanted} of the same account"


def _is_delegated(environment: Environment, client: ClientOf, account: str, zone_id: str, wanted: str) -> bool:
    """Say whether the zone of a record leads to the wanted one before a deploy; where AWS does not say, it may."""
    if environment.zones[wanted].create:
        return False
    try:
        return leads_to(Reader(environment, client), account, zone_id, wanted)
    except (BotoCoreError, ClientError):
        return True


def _zones_of(environment: Environment, client: ClientOf, account: str) -> dict[str, str] | None:
    """Give the names of an account's zones by their ids; None, with a line, where AWS does not answer."""
    id_ = environment.accounts[account].id
    try:
        pages = client("route53", id_, environment.region).get_paginator("list_hosted_zones").paginate()
        found = (zone for page in pages for zone in page["HostedZones"])
        return {zone["Id"].rpartition("/")[2]: canonical(zone["Name"]) for zone in found}
    except (BotoCoreError, ClientError) as error:
        reason = plain(error)
        print(f"Whether its records stand in account {account} was not asked: {reason}", file=sys.stderr)
        return None


def _accounts(configuration: Mapping[str, Any]) -> dict[str, str]:
    """Give the account that each address is configured in, at the address that the state has before a move too."""
    found = {
        f"{type}.{name}": str(body.get("provider", "")).partition(".")[2]
        for type, named in configuration.get("resource", {}).items()
        for name, body in named.items()
    }
    moved = {str(move["from"]): found[move["to"]] for move in configuration.get("moved", ()) if move["to"] in found}
    return moved | found


def _standing(state: Mapping[str, Any]) -> Iterator[Standing]:
    for resource in state.get("resources", ()):
        alias = _ALIAS.search(str(resource.get("provider", "")))
        if alias is None or resource.get("mode") != "managed":
            continue
        for instance in resource.get("instances", ()):
            yield Standing(
                address=f"{resource['type']}.{resource['name']}",
                type=resource["type"],
                account=alias[1],
                attributes=instance.get("attributes") or {},
            )


def _first(addresses: list[str]) -> str:
    more = len(addresses) - 1
    return f"{addresses[0]} and {more} more stand" if more else f"{addresses[0]} stands"


def _them(addresses: list[str]) -> str:
    return "them" if len(addresses) > 1 else "it"


def _is(addresses: list[str]) -> str:
    return "are" if len(addresses) > 1 else "is"
