"""What a reader sees before opening anything: what was asked for, what it means for clients, the risks; one screen."""

import re
from dataclasses import replace

import pytest

from edge.review.expected import declared
from edge.review.findings import Review
from edge.review.groups import group_of
from edge.review.ownership import Owners
from edge.review.render_markdown import markdown
from edge.review.rows import open_rows, rows
from edge.tfplan.model import Action, Change
from edge.tfplan.parse import parse
from environments.dns_names import canonical
from tests.plans import STORED_PLANS
from tests.support.reviewing import Plan, changed_review, environment, plan, resource, stored_review

SCREEN_LINES, FIRST_LINES = 60, 25
ORDER = (
    "## The plan of ",
    "### What was asked for",
    "### What it means for clients",
    "### Risks",
    "### What came besides",
    "### Details",
)
_ADDRESS = re.compile(r"\baws_[a-z0-9_]+\.")
# A comment splits a name that GitHub would make a link of.
_SPLIT = "<!-- -->"


def screen(text: str) -> list[str]:
    """The lines before the first part that is folded."""
    return text.partition("<details>")[0].splitlines()


def first_lines(review: Review) -> str:
    return "\n".join(markdown(review).splitlines()[:FIRST_LINES]).replace(_SPLIT, "").replace("\\_", "_")


def affected(name: str) -> tuple[set[str], set[str]]:
    """The services and the hosts of the resources that a plan changes, read from the plan and the file alone."""
    services, hosts = set(), set()
    declared = environment(name).services
    for change in plan(name)["resource_changes"]:
        body = change["change"]
        if change["mode"] != "managed" or (body["actions"] == ["no-op"] and not change.get("previous_address")):
            continue
        values = body["after"] or body["before"] or {}
        service = (values.get("tags") or {}).get("Service")
        if service:
            services.add(service)
            hosts |= set(declared[service].hosts) if service in declared else set()
        if change["type"] == "aws_route53_record" and values.get("type") in ("A", "AAAA"):
            hosts.add(canonical(values["name"]))
    return services, hosts


@pytest.mark.parametrize("name", STORED_PLANS)
def test_the_review_of_a_change_is_one_screen(name: str) -> None:
    assert len(screen(markdown(stored_review(name)))) <= SCREEN_LINES


@pytest.mark.parametrize("name", STORED_PLANS)
def test_the_first_lines_say_verdict_meaning_and_what_to_do(name: str) -> None:
    review = stored_review(name)
    if review.changes_nothing:
        assert first_lines(review).startswith(f"## The plan of {review.environment} changes nothing.\n\nNothing to do.")
        return
    text, (services, hosts) = first_lines(review), affected(name)
    assert text.startswith(f"## The plan of {review.environment} can")
    assert "**To do:** " in text
    assert "### What it means for clients" in text
    assert {service for service in services if not re.search(rf"\b{re.escape(service)}\b", text)} == set()
    # Of many services whose hosts are called as they are, the zones are written once.
    patterns = [f"NAME.{host.partition('.')[2]}" if host.partition(".")[0] in services else host for host in hosts]
    assert {
        host for host, short in zip(hosts, patterns, strict=True) if host not in text and short not in text
    } == set()


@pytest.mark.parametrize("name", STORED_PLANS)
def test_the_screen_names_no_address_of_terraforms(name: str) -> None:
    review = stored_review(name)
    text = markdown(review).partition("### Details")[0].replace("\\_", "_")
    assert _ADDRESS.findall(text) == []
    assert [line.address for line in review.lines if line.address in text] == []


@pytest.mark.parametrize("name", STORED_PLANS)
def test_the_parts_stand_in_the_order_in_which_a_reader_asks(name: str) -> None:
    text = markdown(stored_review(name))
    places = [text.find(f"\n{heading}") for heading in ORDER[1:]]
    found = [place for place in places if place >= 0]
    assert text.startswith(ORDER[0])
    assert found == sorted(found)


@pytest.mark.parametrize(
    ("name", "group", "words"),
    [
        ("removed_service", "DESTROY:services.docs", "service docs, which is no longer declared, goes"),
        (
            "renamed_service",
            "REPLACE:services.go",
            "service link is called go from now on: its target group and 5 alarms",
        ),
        ("san_removed", "DESTROY:hosts.link.getorcha.com", "host link.getorcha.com, which is no longer declared, goes"),
        ("primary_replaced", "DESTROY:hosts.link.prod.getorcha.com", "host link.prod.getorcha.com, which is"),
    ],
)
def test_a_change_of_the_file_is_one_row_and_its_resources_are_below(name: str, group: str, words: str) -> None:
    review = stored_review(name)
    (row,) = open_rows(review)
    assert row.id == group
    above, _, below = markdown(review).partition("<details>")
    assert above.count("| open |") == 1
    assert f"| open | {words}" in above
    assert above.count(f"`{row.label}`") == 2, "in the row, and in what to do"
    assert "1 risk is open." in above
    assert len(above.splitlines()) < SCREEN_LINES
    for risk in review.risks:
        assert f"`{risk.short_id}`" in below
        assert f"`{risk.label}`" in below
        assert risk.label not in above
    assert review.accepting([row.label]).exit_code == 0
    assert review.accepting([group]).exit_code == 0


def test_a_host_that_moves_is_one_row() -> None:
    review = stored_review("host_moved")
    (row,) = open_rows(review)
    assert row.id == "HANDOVER:aws_lb_listener_rule.docs"
    assert "docs (docs.prod.getorcha.com, docs.getorcha.com): docs.getorcha.com moves to link" in first_lines(review)


@pytest.mark.parametrize("name", ["new_service", "staging_new_service"])
def test_a_new_service_is_one_row_and_nothing_to_accept(name: str) -> None:
    review = stored_review(name)
    assert rows(review) == ()
    assert len([line for line in review.meaning if ": starts, " in line]) == 1
    assert "**To do:** nothing stands against it." in first_lines(review)


def test_what_happens_beside_a_new_name_is_a_row_of_its_own() -> None:
    """An alarm that is replaced for another reason too, and one whose address was another service's."""

    def change(content: Plan) -> None:
        resource(content, "aws_cloudwatch_metric_alarm.go_5xx")["change"]["replace_paths"] = [["alarm_name"], ["x"]]
        resource(content, "aws_cloudwatch_metric_alarm.go_latency")["previous_address"] = (
            "aws_cloudwatch_metric_alarm.docs_latency"
        )

    found = open_rows(changed_review("renamed_service", change))
    assert {row.id for row in found if "alarm" in row.id} == {
        "REPLACE:aws_cloudwatch_metric_alarm.go_5xx",
        "REPLACE:aws_cloudwatch_metric_alarm.go_latency",
    }


def test_what_comes_from_changed_code_is_no_part_of_what_was_asked_for() -> None:
    lines = screen(markdown(stored_review("foreign_record")))
    assert "- Nothing: the environment file is as in main." in lines
    assert f"- From changed code, each shown whole: record www{_SPLIT}.getorcha.com." in lines


def test_a_review_says_when_nothing_came_besides() -> None:
    lines = screen(markdown(stored_review("new_service")))
    assert "- Nothing: every change follows from the environment file." in lines


def test_risks_that_are_accepted_are_counted_and_listed_below() -> None:
    review = stored_review("bucket_destroyed")
    above, _, below = markdown(review.accepting([risk.id for risk in review.risks])).partition("<details>")
    assert "7 risks are accepted, listed below." in above
    assert "| open |" not in above
    assert below.count("| accepted |") == 19


def test_a_service_that_no_rule_leads_to_is_named_too() -> None:
    assert (
        "billing (billing.prod.getorcha.com): no rule leads to it, before or after."
        in stored_review("targeted").meaning
    )


def test_a_proof_that_another_host_still_needs_is_no_part_of_the_host_that_goes() -> None:
    """A wildcard and its own name have one validation record."""
    known = declared(parse(plan("no_change")), environment("no_change"))
    shared = replace(known, former_hosts={**known.former_hosts, "old": ("*.link.getorcha.com", "old.getorcha.com")})
    change = Change(
        address="aws_route53_record.link_getorcha_com__validation",
        type="aws_route53_record",
        name="link_getorcha_com__validation",
        action=Action.DESTROY,
    )
    assert group_of("DESTROY", change, shared, Owners(shared)) is None
    attributes = {"name": "old.getorcha.com", "type": "CNAME"}
    old = replace(change, address="aws_route53_record.old_getorcha_com", name="old_getorcha_com", before=attributes)
    assert group_of("DESTROY", old, replace(shared, owners={"old.getorcha.com": "link"}), Owners(shared)) is None
    owned = replace(shared, owners={**shared.owners, "old.getorcha.com": "link"})
    assert group_of("DESTROY", old, owned, Owners(owned)) == "hosts.old.getorcha.com"
