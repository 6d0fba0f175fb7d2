"""What DNS says around a plan's names: certificates that nobody issues, and records that nobody asks for."""

from typing import Any

import pytest

from edge.aws.neighbours.model import CaaRecords, ForeignDelegation, Neighbours
from edge.review.reviewing import review
from edge.review.risks.proving import newly_asked_for
from edge.tfplan.parse import parse
from tests.support.reviewing import Plan, environment, plan, resource

NOBODY = ForeignDelegation(zone="com", name="getorcha.com", servers=())
CNAME = "aws_route53_record.link_getorcha_com"


def found(content: Plan, name: str, **beside: Any) -> dict[str, str]:
    made = review(content, environment(name), None, Neighbours(**beside))
    return {risk.id: risk.sentence for risk in made.risks if risk.kind in ("UNPROVABLE", "DELEGATED")}


def moved() -> Plan:
    """Give a plan that makes a name's record again in another zone, and requests no certificate."""
    content = plan("no_change")
    change = resource(content, CNAME)["change"]
    change["actions"], change["after"] = ["delete", "create"], {**change["after"], "zone_id": "ZOTHER"}
    return content


def test_what_stands_above_the_declared_zones_forbids_as_what_stands_in_them() -> None:
    above = (CaaRecords(name="com", values=('0 issue "registry.example"',)),)
    nearer = (CaaRecords(name="getorcha.com", values=('0 issue "amazon.com"',)),)
    (sentence,) = found(plan("new_service"), "new_service", caa_above=above).values()
    assert "the CAA records of com do not name amazon.com" in sentence
    assert found(plan("new_service"), "new_service", caa_above=above, caa=nearer) == {}


def test_every_reason_against_a_certificate_is_in_its_one_risk() -> None:
    above = (CaaRecords(name="com", values=('0 issue "registry.example"',)),)
    risks = found(plan("new_service"), "new_service", caa_above=above, undelegated_above=(NOBODY,))
    assert list(risks) == ["UNPROVABLE:aws_acm_certificate.billing"], "its records say nothing more"
    (sentence,) = risks.values()
    assert "is never issued for billing.prod.getorcha.com: the CAA records of com" in sentence
    assert "; it waits in vain for billing.prod.getorcha.com: com delegates getorcha.com to nobody" in sentence


def test_one_reason_against_several_names_is_said_once() -> None:
    content = plan("new_service")
    change = resource(content, "aws_acm_certificate.billing")["change"]
    change["after"] = {**change["after"], "subject_alternative_names": ["billing.prod.getorcha.com", "b.getorcha.com"]}
    above = (CaaRecords(name="com", values=('0 issue "registry.example"',)),)
    sentence = found(content, "new_service", caa_above=above)["UNPROVABLE:aws_acm_certificate.billing"]
    assert "is never issued for billing.prod.getorcha.com, b.getorcha.com: the CAA records of com do not" in sentence


@pytest.mark.parametrize(
    ("values", "wanted"),
    [
        (['0 issuewild "letsencrypt.org"', '0 issue "amazon.com"'], "issuewild"),
        (['0 issue "letsencrypt.org"'], "issue"),
    ],
)
def test_the_record_to_add_is_one_that_counts_for_the_name(values: list[str], wanted: str) -> None:
    content = plan("new_service")
    change = resource(content, "aws_acm_certificate.billing")["change"]
    change["after"] = {**change["after"], "domain_name": "*.billing.prod.getorcha.com"}
    records = (CaaRecords(name="getorcha.com", values=tuple(values)),)
    sentences = found(content, "new_service", caa=records)
    assert f'getorcha.com CAA 0 {wanted} "amazon.com"' in sentences["UNPROVABLE:aws_acm_certificate.billing"]


def test_a_record_that_moves_to_a_zone_nobody_is_led_to_is_a_risk() -> None:
    assert found(moved(), "no_change", undelegated_above=(NOBODY,)) == {
        f"DELEGATED:{CNAME}": "record link.getorcha.com (CNAME) is never asked for: com delegates getorcha.com to "
        "nobody, not to our zone; correct that NS record first"
    }
    assert found(moved(), "no_change") == {}
    assert found(plan("no_change"), "no_change", undelegated_above=(NOBODY,)) == {}, "what stands is no news"


def test_the_names_that_become_known_are_those_of_new_certificates_and_records() -> None:
    assert newly_asked_for(parse(plan("no_change"))) == []
    assert newly_asked_for(parse(moved())) == ["link.getorcha.com"]
    assert "billing.prod.getorcha.com" in newly_asked_for(parse(plan("new_service")))


def given_up(status: str, *gone: str) -> Plan:
    """Give a plan that replaces Link's certificate, which ACM gave up; Terraform found these of it gone."""
    content = plan("san_added")
    for part in ("before", "after"):
        resource(content, "aws_acm_certificate.link")["change"][part]["status"] = status
    for address in gone:
        found = resource(content, address)
        content["resource_drift"].append(found | {"change": found["change"] | {"actions": ["delete"], "after": None}})
        found["change"] |= {"actions": ["create"], "before": None}
        module = content["prior_state"]["values"]["root_module"]
        module["resources"] = [thing for thing in module["resources"] if thing["address"] != address]
    return content


@pytest.mark.parametrize("status", ["EXPIRED", "FAILED", "REVOKED"])
def test_a_certificate_that_acm_gave_up_is_replaced_for_that_and_nobody_removed_anything(status: str) -> None:
    content = given_up(status, "aws_acm_certificate_validation.link")
    made = review(content, environment("san_added"), None, Neighbours())
    lines = {line.address: line.sentence for line in made.lines}
    assert lines["aws_acm_certificate.link"].endswith(
        f"is replaced, because it is {status} at ACM, which never changes; the new one is attached before the old one "
        "is removed"
    )
    assert made.drift == ()
    assert not [line for line in lines.values() if "outside Terraform" in line]


def test_what_somebody_removed_of_it_is_still_reported() -> None:
    """A place on the listener does not go by itself; and a validation goes only with its certificate."""
    content = given_up("EXPIRED", "aws_lb_listener_certificate.link")
    assert [change.address for change in review(content, environment("san_added")).drift] == [
        "aws_lb_listener_certificate.link"
    ]
    content = given_up("ISSUED", "aws_acm_certificate_validation.link")
    assert [change.address for change in review(content, environment("san_added")).drift] == [
        "aws_acm_certificate_validation.link"
    ]
