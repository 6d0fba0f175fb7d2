"""CAA by RFC 8659: where the records that count stand, and whether they let Amazon issue."""

import pytest

from edge.verify.caa import Property, permits, relevant

TREE = {
    "getorcha.com": ['0 issue "letsencrypt.org"'],
    "prod.getorcha.com": ['0 issue "amazon.com"'],
    "com": ['0 issue "registry.example"'],
}


@pytest.mark.parametrize(
    ("host", "place"),
    [
        ("link.prod.getorcha.com", "prod.getorcha.com"),
        ("prod.getorcha.com", "prod.getorcha.com"),
        ("*.prod.getorcha.com", "prod.getorcha.com"),
        ("link.getorcha.com", "getorcha.com"),
        ("link.example.com", "com"),
        ("link.example.org", ""),
    ],
)
def test_the_nearest_records_count(host: str, place: str) -> None:
    asked: list[str] = []

    def ask(name: str) -> list[Property]:
        asked.append(name)
        return [Property.parse(text) for text in TREE.get(name, [])]

    assert relevant(host, ask)[0] == place
    base = host.removeprefix("*.")
    assert asked[0] == base
    assert asked[-1] == (place or base.rpartition(".")[2])  # climbs no further than it must


@pytest.mark.parametrize(
    ("records", "name", "wildcard"),
    [
        ([], True, True),
        (['0 issue "amazon.com"'], True, True),
        (['0 ISSUE "AMAZONAWS.COM"'], True, True),
        (['0 issue "amazontrust.com"'], True, True),
        (['0 issue "awstrust.com; policy=ev"'], True, True),
        (['0 issue " amazon.com ; account=1"'], True, True),
        (['0 issue "letsencrypt.org"'], False, False),
        (['0 issue "letsencrypt.org"', '0 issue "amazon.com"'], True, True),
        (['0 issue ";"'], False, False),
        (['0 issue ""'], False, False),
        (['0 issue "notamazon.com"'], False, False),
        (['0 iodef "mailto:security@getorcha.com"'], True, True),
        (['0 issuewild "letsencrypt.org"'], True, False),
        (['0 issuewild ";"', '0 issue "amazon.com"'], True, False),
        (['0 issuewild "amazon.com"', '0 issue ";"'], False, True),
        (['128 issue "amazon.com"'], True, True),
        (['128 unheard "of"'], False, False),
        (['0 unheard "of"'], True, True),
    ],
)
def test_amazon_may_issue(records: list[str], name: bool, wildcard: bool) -> None:
    properties = [Property.parse(text) for text in records]
    assert permits("link.getorcha.com", properties) is name
    assert permits("*.getorcha.com", properties) is wildcard
