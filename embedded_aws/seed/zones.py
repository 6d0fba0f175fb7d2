"""Hosted zones, each in its own account, with the parent's delegation where the parent is declared too."""

from collections.abc import Mapping
from typing import Any

from embedded_aws.accounts import ClientFor
from embedded_aws.dns_names import parse, zone_of
from embedded_aws.zone_references import reference_for

_REGION = "us-east-1"  # Route 53 is global; any region reaches it
_TTL_SECONDS = 300


def make_zones(zones: Mapping[str, str], client: ClientFor, ids: Mapping[str, str]) -> None:
    """Make each zone of `zones` (zone -> account id), parents first, and delegate to it from its parent.

    `ids` gives the id that a zone must have; others have one of their own.
    """
    names = {parse(zone): zone for zone in zones}
    for name, zone in sorted(names.items(), key=lambda item: len(item[0])):
        route53 = client("route53", zones[zone], _REGION)
        made = route53.create_hosted_zone(Name=zone, CallerReference=reference_for(ids.get(zone), zone))
        above = zone_of(name.parent(), names)
        if above is not None:
            parent, servers = names[above], made["DelegationSet"]["NameServers"]
            add_record(client("route53", zones[parent], _REGION), zone=parent, name=zone, kind="NS", values=servers)


def add_record(route53: Any, *, zone: str, name: str, kind: str, values: list[str]) -> None:
    """Write one record into a zone that exists; writing it again changes nothing."""
    records = {"TTL": _TTL_SECONDS, "ResourceRecords": [{"Value": value} for value in values]}
    upsert(route53, zone=zone, record={"Name": name, "Type": kind, **records})


def add_alias(route53: Any, *, zone: str, name: str, load_balancer: Mapping[str, Any]) -> None:
    """Write an alias record to a load balancer as DescribeLoadBalancers gives it."""
    target = {
        "HostedZoneId": load_balancer["CanonicalHostedZoneId"],
        "DNSName": load_balancer["DNSName"],
        "EvaluateTargetHealth": True,
    }
    upsert(route53, zone=zone, record={"Name": name, "Type": "A", "AliasTarget": target})


def upsert(route53: Any, *, zone: str, record: Mapping[str, Any]) -> None:
    """Write one record set into the zone of this name."""
    found = route53.list_hosted_zones_by_name(DNSName=zone)["HostedZones"][0]
    batch = {"Changes": [{"Action": "UPSERT", "ResourceRecordSet": record}]}
    route53.change_resource_record_sets(HostedZoneId=found["Id"], ChangeBatch=batch)
