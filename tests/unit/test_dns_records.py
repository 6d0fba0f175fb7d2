"""Which records an environment writes: the one answer, and that what is synthesized is exactly that."""

from typing import Any

import pytest

from environments.addresses import Purpose, RecordAddress
from environments.checked import Environment
from environments.dns_records import TYPES, all_records, of_host, validation_of
from tests.support.files import EVERYTHING_TOML, environment, environment_of, managed, prod

Stack = dict[str, Any]
EVERYTHING = environment_of(EVERYTHING_TOML)


def written(stack: Stack) -> set[tuple[str, str, str, str]]:
    """The records of a stack: the address, the type, and the zone and the account that each is written into."""
    zones = {
        f"${{{prefix}aws_route53_zone.{address}.zone_id}}": body["name"]
        for prefix, block in (("data.", stack["data"]), ("", stack["resource"]))
        for address, body in block.get("aws_route53_zone", {}).items()
    }
    return {
        (address, body["type"], zones[body["zone_id"]], body["provider"].removeprefix("aws."))
        for address, body in stack["resource"]["aws_route53_record"].items()
    }


@pytest.mark.parametrize(
    ("fixture", "settings"),
    [
        ("prod_stack", environment(prod())),
        ("everything_stack", EVERYTHING),
        ("managed_stack", environment(managed(), "staging")),
    ],
)
def test_the_records_are_those_that_are_synthesized(
    fixture: str, settings: Environment, request: pytest.FixtureRequest
) -> None:
    expected = {(record.address, record.type, record.zone, record.account) for record in all_records(settings)}
    assert written(request.getfixturevalue(fixture)) == expected


def test_a_host_of_another_account_follows_and_its_apex_cannot() -> None:
    records = {host: [item.type for item in of_host(EVERYTHING, host)] for host in EVERYTHING.hosts}
    assert records["web.prod.getorcha.com"] == records["*.web.prod.getorcha.com"] == ["A"]
    assert records["www.getorcha.com"] == records["shop.orcha.example"] == ["CNAME"]
    assert records["getorcha.com"] == records["orcha.example"] == ["A"]


def test_a_wildcard_is_proven_by_the_record_of_the_name_below_it() -> None:
    proofs = {validation_of(EVERYTHING, host) for host in ("*.web.prod.getorcha.com", "web.prod.getorcha.com")}
    assert {proof.address for proof in proofs} == {"web_prod_getorcha_com__validation"}


def test_no_record_is_listed_twice_and_each_has_a_type_of_its_purpose() -> None:
    records = list(all_records(EVERYTHING))
    assert len({record.address for record in records}) == len(records)
    assert all(record.type in TYPES[record.purpose] for record in records)


@pytest.mark.parametrize("purpose", Purpose)
@pytest.mark.parametrize(
    "name", ["link.getorcha.com", "*.web.prod.getorcha.com", "any.getorcha.com", "com", "a--b.com"]
)
def test_an_address_is_read_back_as_it_was_written(name: str, purpose: Purpose) -> None:
    address = RecordAddress(name, purpose)
    assert RecordAddress.parse(str(address)) == address


@pytest.mark.parametrize(
    ("address", "written"),
    [
        (RecordAddress("link.getorcha.com", Purpose.HOST), "link_getorcha_com"),
        (RecordAddress("*.x.com", Purpose.HOST_OVER_IPV6), "any__x_com__ipv6"),
        (RecordAddress("x.com", Purpose.VALIDATION), "x_com__validation"),
        (RecordAddress("staging.getorcha.com", Purpose.DELEGATION), "staging_getorcha_com__delegation"),
    ],
)
def test_addresses_are_part_of_the_interface(address: RecordAddress, written: str) -> None:
    assert str(address) == written
