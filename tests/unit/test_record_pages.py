"""The records below a name, over all pages and no further."""

from typing import Any

from edge.verify import record_pages


class Route53:
    """Gives the record sets of a zone two by two, from a name on."""

    def __init__(self, *names: str) -> None:
        self.names, self.asked = names, list[str]()

    def list_resource_record_sets(self, **arguments: str) -> dict[str, Any]:
        assert arguments["HostedZoneId"] == "Z1"
        start = arguments["StartRecordName"]
        self.asked.append(start)
        first = next(place for place, name in enumerate(self.names) if name == f"{start.rstrip('.')}.")
        sets = [{"Name": name, "Type": "TXT"} for name in self.names[first : first + 2]]
        following = self.names[first + 2 : first + 3]
        more = {"NextRecordName": following[0], "NextRecordType": "TXT"} if following else {}
        return {"ResourceRecordSets": sets, "IsTruncated": bool(following), **more}


def test_all_pages_below_a_name_are_read_and_none_behind_them() -> None:
    inside = ["web.x.com.", r"\\052.web.x.com.", "a.web.x.com.", "b.c.web.x.com.", "z.web.x.com."]
    zone = Route53(*inside, "www.x.com.", "y.x.com.", "z.x.com.")
    found = [record["Name"] for record in record_pages.below(zone, "Z1", "web.x.com")]
    assert found == inside
    assert zone.asked == ["web.x.com", "a.web.x.com.", "z.web.x.com."]


def test_a_zone_that_ends_with_the_name_is_read_to_its_end() -> None:
    zone = Route53("a.x.com.", "b.a.x.com.", "c.a.x.com.")
    assert len(list(record_pages.below(zone, "Z1", "a.x.com"))) == 3
