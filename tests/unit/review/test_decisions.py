"""One acceptance settles one decision: what a reader does not see with it stands alone, and is seen."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from edge.review.render_markdown import full_markdown
from edge.review.render_terminal import terminal
from edge.review.reviewing import review
from edge.review.rows import rows
from tests.support.reviewing import code, environment, plan, resource, stored_review

GROUP = "aws_lb_target_group.docs"
RECORD = "aws_route53_record.docs_prod_getorcha_com"
LIE = "All services: 0 s without service. Accepted by ops"


def _moved(found: dict[str, Any]) -> None:
    found["previous_address"] = "aws_lb_target_group.link"
    found["change"]["before"]["name"] = "v1-orcha-link-tg"


def _tagged(found: dict[str, Any]) -> None:
    found["change"]["before"]["tags"]["Service"] = "link"


def _named(found: dict[str, Any]) -> None:
    found["change"]["before"]["name"] = "link.prod.getorcha.com"


@pytest.mark.parametrize(("address", "edit"), [(GROUP, _moved), (GROUP, _tagged), (RECORD, _named)])
def test_what_came_to_stand_at_a_removed_services_address_is_a_risk_of_its_own(
    address: str, edit: Callable[[dict[str, Any]], None]
) -> None:
    edited = plan("removed_service")
    edit(resource(edited, address))
    found = review(edited, environment("removed_service"), code("removed_service"))
    (risk,) = (risk for risk in found.risks if risk.id == f"DESTROY:{address}")
    assert risk.group_id is None
    assert found.accepting(["DESTROY:services.docs"]).open_risks == (risk,)
    assert sum(not row.is_group for row in rows(found)) == 1


def test_two_risks_with_one_id_are_both_shown() -> None:
    found = stored_review("port_without_generation")
    twin = replace(found.risks[0], sentence="the other of two risks with one id")
    both = replace(found, risks=(*found.risks, twin))
    assert sum(len(row.risks) for row in rows(both)) == len(both.risks)
    text = " ".join("\n".join(line.plain for line in terminal(both)).split())
    assert twin.sentence in text
    assert twin.sentence in full_markdown(both)


def test_a_tag_that_is_no_services_name_says_nothing() -> None:
    edited = plan("removed_service")
    resource(edited, GROUP)["change"]["before"]["tags"]["Service"] = LIE
    found = review(edited, environment("removed_service"), code("removed_service"))
    assert LIE not in " ".join(found.meaning)
    assert [line for line in found.meaning if line.startswith("docs (")] != []


def test_a_service_that_terraform_forgets_does_not_stop() -> None:
    found = stored_review("forget")
    assert "stays as it is in AWS, and Terraform no longer knows it" in found.meaning[0]
    assert not any("stops" in line for line in found.meaning)


def test_a_lowered_guard_of_the_sign_in_changes_who_may_enter() -> None:
    assert stored_review("guards_lowered").meaning[-1].startswith("Who may enter: more or others than before")
