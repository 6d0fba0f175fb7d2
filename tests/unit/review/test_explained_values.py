"""A planned value beside the configured one, where a provider writes the same thing otherwise."""

from typing import Any

import pytest

from edge.review.explained.values import Place, unexplained
from edge.review.reviewing import review
from tests.support.reviewing import code, environment, plan, resource

PROOF = "_x.link.getorcha.com"


def paths(type: str, name: str, expected: Any, planned: Any) -> list[str]:
    return [found.path for found in unexplained(Place(type, name, ()), expected, planned)]


@pytest.mark.parametrize("configured", [PROOF, f"{PROOF}.", "_X.Link.getorcha.com."])
def test_a_records_name_is_the_same_without_its_dot_and_in_lower_case(configured: str) -> None:
    """As it is known where a certificate that stands comes into the plan, as in a recovery."""
    assert paths("aws_route53_record", "name", configured, PROOF) == []
    assert paths("aws_route53_record", "alias", [{"name": configured}], [{"name": PROOF}]) == []


@pytest.mark.parametrize("planned", ["_y.link.getorcha.com", f"a.{PROOF}", f"{PROOF}..", "", None, [PROOF]])
def test_another_name_is_not(planned: Any) -> None:
    assert paths("aws_route53_record", "name", PROOF, planned) == ["name"]
    assert paths("aws_route53_record", "alias", [{"name": PROOF}], [{"name": planned}]) == ["alias.name"]


@pytest.mark.parametrize(("type", "name"), [("aws_lb", "name"), ("aws_route53_record", "set_identifier")])
def test_other_names_are_compared_to_the_letter(type: str, name: str) -> None:
    assert paths(type, name, "a", "A") == [name]
    assert paths(type, name, "a.", "a") == [name]


@pytest.mark.parametrize(("status", "asks"), [("EXPIRED", False), ("FAILED", False), ("ISSUED", True)])
def test_a_certificate_is_replaced_for_no_other_reason_than_that_it_is_dead(status: str, asks: bool) -> None:
    content = plan("no_change")
    certificate = resource(content, "aws_acm_certificate.link")
    certificate["change"]["actions"] = ["create", "delete"]
    certificate["change"]["before"] = {**certificate["change"]["before"], "status": status}
    certificate["action_reason"] = "replace_by_request"
    found = review(content, environment("no_change"), code("no_change"))
    assert any("is replaced though nothing" in risk.sentence for risk in found.risks) is asks
