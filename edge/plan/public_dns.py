"""What the public DNS says above the declared zones: who may issue, and whether anybody is led to our zones at all.

CAA is looked for up to the root (RFC 8659 section 3), and a resolver starts there (RFC 1034 section 4.2.1): what the
registrar's side keeps from being proven fails, or is waited for, long after everything else is made.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from edge.aws.errors import plain
from edge.aws.neighbours.model import CaaRecords, ForeignDelegation, Part
from edge.aws.neighbours.zones import looked_into
from edge.aws.survey.reader import Reader
from edge.verify.check import CheckFailedError
from edge.verify.dns_client import DnsClient
from edge.verify.endpoints import SettingsError, has_a_world, settings_from
from edge.verify.requests import Requests
from edge.verify.zones import delegated_to
from environments.checked import Environment
from environments.dns_names import base_name, canonical, parents


def above(environment: Environment, names: Iterable[str], reader: Reader, environ: Mapping[str, str]) -> dict[str, Any]:
    """Ask about the zones in which names lie: a part of the neighbours, or why it is missing from them.

    An AWS of one's own has no world above it.
    """
    tops = sorted(set(_tops(environment, names)))
    if not tops or not has_a_world(environ):
        return {}
    try:
        dns = DnsClient(settings_from(environ), Requests())
        return {
            "undelegated_above": tuple(_undelegated(tops, reader, dns)),
            "caa_above": tuple(dict.fromkeys(found for top in tops if (found := _caa(top, dns)))),
        }
    except CheckFailedError as error:
        return {"unasked": {Part.WORLD: error.found}}
    except (BotoCoreError, ClientError, SettingsError) as error:
        return {"unasked": {Part.WORLD: plain(error)}}


def _tops(environment: Environment, names: Iterable[str]) -> Iterator[str]:
    """Go over the zones of names above which the survey has looked into none: the public DNS alone knows of that.

    A zone that the deploy makes is led to by its parent, which the file declares.
    """
    known = looked_into(environment)
    for name in names:
        zone = environment.find_zone(base_name(name))
        while zone is not None and (environment.zones[zone].create or environment.find_parent(zone) in known):
            zone = environment.find_parent(zone)
        if zone is not None:
            yield zone


def _undelegated(tops: Iterable[str], reader: Reader, dns: DnsClient) -> Iterator[ForeignDelegation]:
    """Find the zones that the one above, whoever holds it, does not hand to the hosted zone's own servers."""
    for zone, (account, zone_id) in sorted(reader.zone_ids_of(list(tops)).items()):
        hosted = reader.client("route53", account).get_hosted_zone(Id=zone_id)
        parent, servers = delegated_to(zone, dns)
        if set(servers).isdisjoint(map(canonical, hosted["DelegationSet"]["NameServers"])):
            yield ForeignDelegation(zone=parent, name=zone, servers=servers)


def _caa(top: str, dns: DnsClient) -> CaaRecords | None:
    """Find the CAA records that count where the zone itself has none: those of the nearest name above it."""
    for name in parents(top):
        if values := dns.chain(name, "CAA", may_be_missing=True).values:
            return CaaRecords(name=name, values=tuple(sorted(values)))
    return None
