"""The digest of a plan: the same for the same plan however it is written, another for any change that it would make."""

import copy
import hashlib
import json
import random
from collections.abc import Iterator
from typing import Any

import pytest

from edge.tfplan.digest import digest_of

PLAN: dict[str, Any] = {
    "format_version": "1.2",
    "terraform_version": "1.11.4",
    "timestamp": "2026-01-01T00:00:00Z",
    "planned_values": {"root_module": {}},
    "prior_state": {"values": {}},
    "relevant_attributes": [{"resource": "aws_lb.edge", "attribute": ["arn"]}],
    "configuration": {
        "provider_config": {"aws.prod": {"expressions": {"region": {"constant_value": "eu-central-1"}}}},
        "root_module": {"resources": [{"address": "aws_lb.edge", "expressions": {"name": {"references": ["a", "b"]}}}]},
    },
    "resource_changes": [
        {
            "address": "aws_lb.edge",
            "change": {
                "actions": ["delete", "create"],
                "before": {"name": "old", "tags": {"a": "1"}},
                "after": {"name": "new", "tags": {"a": "1"}},
                "after_unknown": {"arn": True},
                "replace_paths": [["name"], ["internal"]],
            },
        },
        {"address": "aws_lb.other", "change": {"actions": ["no-op"], "before": {}, "after": {}}},
    ],
    "output_changes": {"Url": {"actions": ["update"], "before": "http://a", "after": "https://a"}},
}


def leaves(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    found = [leaf for key, child in children for leaf in leaves(child, (*path, key))]
    yield from found or [path]


def changed(path: tuple[Any, ...]) -> dict[str, Any]:
    plan = copy.deepcopy(PLAN)
    place: Any = plan
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = "something else"
    return plan


def shuffled(value: Any, chance: random.Random) -> Any:
    if isinstance(value, dict):
        keys = list(value)
        chance.shuffle(keys)
        return {key: shuffled(value[key], chance) for key in keys}
    return [shuffled(entry, chance) for entry in value] if isinstance(value, list) else value


COVERED = ("configuration", "resource_changes", "output_changes")


@pytest.mark.parametrize("path", [path for path in leaves(PLAN) if path[0] in COVERED], ids=str)
def test_any_change_of_what_would_be_applied_changes_the_digest(path: tuple[Any, ...]) -> None:
    assert digest_of(changed(path)) != digest_of(PLAN)


@pytest.mark.parametrize("path", [path for path in leaves(PLAN) if path[0] not in COVERED], ids=str)
def test_when_and_from_what_it_was_made_does_not(path: tuple[Any, ...]) -> None:
    assert digest_of(changed(path)) == digest_of(PLAN)


def test_the_order_of_keys_and_of_sets_does_not() -> None:
    for seed in range(20):
        again = json.loads(json.dumps(shuffled(PLAN, random.Random(seed))))
        again["resource_changes"][0]["change"]["replace_paths"].reverse()
        again["configuration"]["root_module"]["resources"][0]["expressions"]["name"]["references"].reverse()
        assert digest_of(again) == digest_of(PLAN)


def test_the_order_of_a_list_does() -> None:
    again = copy.deepcopy(PLAN)
    again["resource_changes"].reverse()
    assert digest_of(again) != digest_of(PLAN)


def test_a_change_more_or_less_changes_the_digest() -> None:
    for part in ("resource_changes", "output_changes"):
        less = copy.deepcopy(PLAN)
        less[part].pop(-1 if part == "resource_changes" else "Url")
        assert digest_of(less) != digest_of(PLAN)


def test_it_is_the_same_in_every_process() -> None:
    assert digest_of({}) == digest_of({"output_changes": {}, "timestamp": "now"})
    canonical = b'{"configuration":null,"output_changes":null,"resource_changes":null}'
    assert digest_of({}) == f"sha256:{hashlib.sha256(canonical).hexdigest()}"
