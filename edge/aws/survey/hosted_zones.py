"""Hosted zones: found by their name, of which Route 53 makes any number, though DNS leads to one of them alone."""

from collections.abc import Iterator

from edge.aws.survey.model import Found, Standing, Wanted, as_mapping, has_tags
from edge.aws.survey.reader import Reader
from environments.dns_names import canonical


def hosted_zone(wanted: Wanted, reader: Reader) -> Iterator[Found]:
    """Find the public zones of a wanted one's name in its account: one that was live would get a second beside it.

    https://docs.aws.amazon.com/Route53/latest/APIReference/API_CreateHostedZone.html ("you can create multiple hosted
    zones with the same name")
    """
    name = canonical(str(wanted.values["name"]))
    route53 = reader.client("route53", wanted.account)
    for page in route53.get_paginator("list_hosted_zones").paginate():
        for zone in page["HostedZones"]:
            if canonical(zone["Name"]) == name and not zone["Config"]["PrivateZone"]:
                zone_id = zone["Id"].rpartition("/")[2]
                answer = route53.list_tags_for_resource(ResourceType="hostedzone", ResourceId=zone_id)
                is_ours = has_tags(as_mapping(answer["ResourceTagSet"]["Tags"]), wanted.tags)
                yield Found(
                    wanted=wanted,
                    import_id=zone_id,
                    thing=f"hosted zone {name} ({zone_id})",
                    standing=Standing.OURS if is_ours else Standing.IN_THE_WAY,
                    reason="" if is_ours else _reason(name),
                )


def _reason(name: str) -> str:
    return (
        "a second zone of that name would be made, and DNS leads to one of the two alone; remove create = true of "
        f'"{name}", or have the other one removed first'
    )
