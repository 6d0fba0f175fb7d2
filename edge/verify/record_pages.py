"""The record sets of a part of a hosted zone, page by page.

Route 53 sorts by the labels from the last on, so that what is below a name follows it:
https://docs.aws.amazon.com/Route53/latest/APIReference/API_ListResourceRecordSets.html
"""

from collections.abc import Iterator
from typing import Any

from environments.dns_names import canonical, is_within

# How an answer says where the next page begins, and how that is asked for.
_NEXT = {
    "NextRecordName": "StartRecordName",
    "NextRecordType": "StartRecordType",
    "NextRecordIdentifier": "StartRecordIdentifier",
}


def below(route53: Any, zone_id: str, name: str) -> Iterator[dict[str, Any]]:
    """Give the record sets at and below a name, and ask for no page behind them."""
    start = {"StartRecordName": name}
    while start:
        page = route53.list_resource_record_sets(HostedZoneId=zone_id, **start)
        sets = page["ResourceRecordSets"]
        found = [record for record in sets if is_within(canonical(record["Name"]), name)]
        yield from found
        goes_on = page["IsTruncated"] and len(found) == len(sets)
        start = {asked: page[key] for key, asked in _NEXT.items() if key in page} if goes_on else {}
