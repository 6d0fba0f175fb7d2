"""What a reader sees before opening anything: what was asked for, what came besides, and what to do, on one screen."""

import pytest

from edge.review.render_markdown import markdown
from tests.plans import STORED_PLANS
from tests.support.reviewing import stored_review

SCREEN_LINES = 60
# They change everything at once: a first deploy of fifty services, another network, and the removal of it all.
OF_EVERYTHING = {"destroy_all", "fifty_services", "network_replaced"}
ORDER = ("## The plan of ", "### What was asked for", "### What came besides", "### What to do", "### Details")


def screen(text: str) -> list[str]:
    """The lines before the first part that is folded."""
    return text.partition("<details>")[0].splitlines()


@pytest.mark.parametrize("name", sorted(set(STORED_PLANS) - OF_EVERYTHING))
def test_the_review_of_a_change_is_one_screen(name: str) -> None:
    assert len(screen(markdown(stored_review(name)))) <= SCREEN_LINES


@pytest.mark.parametrize("name", STORED_PLANS)
def test_the_parts_stand_in_the_order_in_which_a_reader_asks(name: str) -> None:
    text = markdown(stored_review(name))
    places = [text.find(f"\n{heading}") for heading in ORDER[1:]]
    found = [place for place in places if place >= 0]
    assert text.startswith(ORDER[0])
    assert found == sorted(found)


def test_a_removed_service_stands_in_one_row_and_its_resources_below() -> None:
    text = markdown(stored_review("removed_service"))
    above, _, below = text.partition("<details>")
    assert above.count("| open |") == 1
    assert "`DESTROY:services.docs`" in above
    assert below.count("is destroyed: ") == 17


def test_what_comes_from_changed_code_is_no_part_of_what_was_asked_for() -> None:
    lines = screen(markdown(stored_review("foreign_record")))
    assert "### What was asked for" not in lines
    assert "From changed code, each shown whole below: `aws_route53_record.www_getorcha_com`." in lines


def test_a_review_says_when_nothing_came_besides() -> None:
    lines = screen(markdown(stored_review("new_service")))
    assert "Nothing: every change follows from the environment file." in lines
