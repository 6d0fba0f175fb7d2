"""The hash that a label accepts: it changes with everything that a reader sees of a risk, and with nothing else."""

import json
import string
from collections.abc import Callable
from typing import Any

import pytest

from edge.review.code_changes import Code, Comparison
from edge.review.findings import Review, Risk
from edge.review.reviewing import review
from tests.support.reviewing import changed_review, code, environment, plan, resource, stored_review, with_more

BEFORE = {"name": "edge", "idle_timeout": 60, "tags": {"a": "b"}}


def destroyed(address: str = "aws_lb.edge", **change: Any) -> Risk:
    made = with_more(address, ["delete"], change={"before": BEFORE, "after": None} | change)
    (risk,) = made.risks
    return risk


def test_a_hash_has_eighty_bits_and_fits_into_a_label() -> None:
    risk = destroyed()
    assert len(risk.hash) == 16
    assert set(risk.hash) <= set(string.ascii_lowercase + "234567")
    assert risk.label in (f"accept staging {risk.hash}", f"accept prod {risk.hash}")
    assert destroyed().hash == risk.hash


@pytest.mark.parametrize(
    ("what", "risk"),
    [
        ("another address", destroyed("aws_lb.other")),
        ("another value before", destroyed(before=BEFORE | {"idle_timeout": 61})),
        ("another type of a value", destroyed(before=BEFORE | {"idle_timeout": "60"})),
        ("a value more", destroyed(before=BEFORE | {"more": None})),
        ("a value deep inside", destroyed(before=BEFORE | {"tags": {"a": "c"}})),
        ("a value that is hidden", destroyed(before_sensitive={"idle_timeout": True})),
    ],
    ids=lambda given: given if isinstance(given, str) else "",
)
def test_the_hash_changes_with(what: str, risk: Risk) -> None:
    assert risk.hash != destroyed().hash, what


def test_a_secret_is_in_no_hash() -> None:
    """It could be guessed from one; nobody who accepts has seen it."""
    found = {
        destroyed(before=BEFORE | {"password": {"first": [secret]}}, before_sensitive={"password": True}).hash
        for secret in ("one", "two")
    }
    assert len(found) == 1


def in_environment(name: str) -> Review:
    text = json.dumps(plan("removed_service")["configuration"]["provider_config"])
    content = plan("removed_service")
    content["configuration"]["provider_config"] = json.loads(
        text.replace('"Environment": "prod"', f'"Environment": "{name}"')
    )
    return review(content, environment("removed_service").model_copy(update={"name": name}))


def test_no_hash_holds_in_another_environment() -> None:
    one, other = in_environment("one"), in_environment("other")
    assert (one.environment, other.environment) == ("one", "other")
    hashes = [{risk.hash for risk in made.risks} for made in (one, other)]
    assert len(hashes[0]) == len(one.risks)
    assert hashes[0].isdisjoint(hashes[1])
    assert one.accepting(list(hashes[1])).open_risks == one.risks


def test_a_removed_service_is_accepted_by_one_hash_over_all_that_goes() -> None:
    made = stored_review("removed_service")
    (label,) = {risk.group_label or "" for risk in made.risks if risk.group_id}
    assert made.accepting([label.rpartition(" ")[2]]).open_risks == ()
    more = changed_review(
        "removed_service",
        lambda content: resource(content, "aws_lb_listener_rule.docs")["change"]["before"].update(priority=21),
    )
    (changed,) = {risk.group_label or "" for risk in more.risks if risk.group_id}
    assert changed != label
    assert more.accepting([label.rpartition(" ")[2]]).open_risks == more.risks


def changed_code(base: str, before: str, after: str) -> Risk:
    made_by_base, planned = ({"output": {"X": {"value": value}}} for value in (before, after))
    made = review(
        plan("no_change"), environment("no_change"), Code(planned, Comparison.of(base, made_by_base, planned))
    )
    (risk,) = [risk for risk in made.risks if risk.kind == "CODE"]
    return risk


def test_the_hash_of_changed_code_is_of_its_text_whatever_the_base_is_called() -> None:
    assert changed_code(".", "a", "b").hash == changed_code("origin/main", "a", "b").hash
    assert len({changed_code(".", *texts).hash for texts in (("a", "b"), ("a", "c"), ("c", "b"), ("b", "a"))}) == 4


def test_the_hash_of_a_base_that_makes_nothing_is_of_its_reason() -> None:
    def failing(reason: str) -> str:
        made = review(plan("no_change"), environment("no_change"), Code({}, Comparison(".", (), reason)))
        return next(risk.hash for risk in made.risks if risk.address == "configuration" and risk.kind == "CODE")

    assert failing("one") != failing("two")


def test_a_label_holds_fifty_characters_whatever_the_environment_is_called() -> None:
    made = in_environment("an-environment-of-32-characters1")
    for risk in made.risks:
        assert len(risk.label) == 50
        assert risk.label.endswith(f" {risk.hash}")
    other = in_environment("an-environment-of-32-characters2")
    assert {risk.hash for risk in made.risks}.isdisjoint({risk.hash for risk in other.risks})


def of_output(value: str, **masks: bool) -> Risk:
    """What is found against a plan of which one output has another value."""

    def change(content: dict[str, Any]) -> None:
        content["output_changes"]["LinkUrl"].update(actions=["update"], after=value, **masks)

    return unexplained("output.LinkUrl", change)


def of_lookup(name: str, mask: Any = False) -> Risk:
    """What is found against a plan that looked up another topic."""

    def change(content: dict[str, Any]) -> None:
        resources = content["prior_state"]["values"]["root_module"]["resources"]
        (topic,) = (found for found in resources if found["address"] == "data.aws_sns_topic.alerts")
        topic["values"] = {**topic["values"], "name": name}
        topic["sensitive_values"] = mask

    return unexplained("data.aws_sns_topic.alerts", change)


def unexplained(address: str, change: Callable[[dict[str, Any]], None]) -> Risk:
    content = plan("no_change")
    change(content)
    made = review(content, environment("no_change"), code("no_change"))
    (risk,) = (risk for risk in made.risks if risk.id == f"UNEXPLAINED:{address}")
    return risk


LONG = "https://attacker.example/" + "x" * 200


@pytest.mark.parametrize("made", [of_output, of_lookup])
def test_the_hash_of_an_output_and_of_a_lookup_changes_with_its_value(made: Callable[[str], Risk]) -> None:
    assert "attacker.example" in made("https://attacker.example").sentence
    assert made("https://attacker.example").hash != made("https://other.example").hash
    assert made(f"{LONG}1{LONG}").hash != made(f"{LONG}2{LONG}").hash, "beyond what the sentence has room for"


@pytest.mark.parametrize(
    "made",
    [
        lambda value: of_output(value, after_sensitive=True),
        lambda value: of_output(value, before_sensitive=True),
        lambda value: of_lookup(value, {"name": True}),
        lambda value: of_lookup(value, True),
    ],
)
def test_a_secret_output_or_lookup_is_neither_shown_nor_hashed(made: Callable[[str], Risk]) -> None:
    assert "hunter2" not in made("hunter2").sentence
    assert made("hunter2").hash == made("hunter3").hash


def test_an_output_that_the_configuration_hides_is_not_shown() -> None:
    """Whatever the plan says of it."""
    content, made = plan("no_change"), code("no_change")
    content["output_changes"]["LinkUrl"].update(actions=["update"], after="hunter2")
    hidden = {**made.configuration["output"]["LinkUrl"], "sensitive": True}
    planned = {**made.configuration, "output": {**made.configuration["output"], "LinkUrl": hidden}}
    found = review(content, environment("no_change"), Code(planned, Comparison.of("main", planned, planned)))
    assert [risk.id for risk in found.risks] == ["UNEXPLAINED:output.LinkUrl"]
    assert "hunter2" not in found.risks[0].sentence
