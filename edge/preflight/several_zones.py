"""Which of several zones of one name the zone above leads to: the one that is in use, and that the file should name."""

import os
from collections.abc import Iterator, Sequence

from botocore.exceptions import BotoCoreError, ClientError

from edge.aws.survey.reader import Reader
from edge.verify.check import CheckFailedError
from edge.verify.dns_client import DnsClient
from edge.verify.endpoints import SettingsError, has_a_world, settings_from
from edge.verify.requests import Requests
from edge.verify.zones import delegated_to
from environments.dns_names import canonical
from environments.text import listed


def named(reader: Reader, zone: str, account: str, ids: Sequence[str]) -> str:
    """List the ids of an account's zones of one name, with which of them is led to, as far as anybody says."""
    try:
        led_to = set(_led_to(reader, zone))
        in_use = [id for id in ids if _serves(reader, account, id, led_to)]
        return listed([f"{id} (the parent delegates to it)" if id in in_use else id for id in ids])
    except (BotoCoreError, ClientError, CheckFailedError, SettingsError):
        return listed(ids)


def _led_to(reader: Reader, zone: str) -> Iterator[str]:
    """Give the name servers that the zone above names: the declared one, or as the public DNS has it."""
    parent = reader.environment.find_parent(zone)
    standing = reader.zone_ids_of([parent]).get(parent) if parent is not None else None
    if standing is not None:
        for record in reader.records(*standing, zone):
            if record["Type"] == "NS":
                yield from (canonical(entry["Value"]) for entry in record["ResourceRecords"])
    elif has_a_world(os.environ):
        yield from delegated_to(zone, DnsClient(settings_from(os.environ), Requests()))[1]


def _serves(reader: Reader, account: str, id: str, led_to: set[str]) -> bool:
    hosted = reader.client("route53", account).get_hosted_zone(Id=id)
    return not led_to.isdisjoint(map(canonical, hosted["DelegationSet"]["NameServers"]))
