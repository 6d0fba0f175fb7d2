"""A state as it is stored, and the copy that could not be written."""

import json
from pathlib import Path
from typing import Any

import pytest

from edge.plan.errors import RefusedError
from edge.plan.state_file import StateFile, newer_copy, recovery_of, refuse_unstored


def text(serial: int = 3, lineage: str = "a", resources: list[dict[str, Any]] | None = None, version: int = 4) -> str:
    fields = {"version": version, "serial": serial, "lineage": lineage, "terraform_version": "1.11.4"}
    return json.dumps({**fields, "resources": resources or []})


def resource(name: str, *instances: dict[str, Any], mode: str = "managed") -> dict[str, Any]:
    return {"mode": mode, "type": "aws_acm_certificate", "name": name, "instances": list(instances)}


def test_addresses_taints_and_what_is_left_of_earlier_things_are_kept_apart() -> None:
    state = StateFile.of(
        text(
            resources=[
                resource("link", {"status": "tainted", "attributes": {"arn": "new"}}),
                resource("desk", {"attributes": {"arn": "desk"}}, {"deposed": "1a", "attributes": {"arn": "old"}}),
                resource("left", {"deposed": "2b", "status": "tainted", "attributes": {"arn": "left"}}),
                resource("looked_up", {"attributes": {"arn": "data"}}, mode="data"),
            ]
        ),
        "The state",
    )
    assert state.addresses == {"aws_acm_certificate.link", "aws_acm_certificate.desk"}
    assert state.tainted == ["aws_acm_certificate.link"]
    assert state.values("aws_acm_certificate", "arn") == {"new", "desk", "old", "left"}


def test_no_state_yet_is_a_state_of_nothing() -> None:
    state = StateFile.of("", "The state")
    assert (state.lineage, state.serial, state.addresses) == ("", -1, set())


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("no JSON", "The state is not a state of Terraform; restore an earlier version of it"),
        ("[]", "The state is not a state of Terraform; restore an earlier version of it"),
        (text(version=5), "The state has the state format 5, and 4 is the one that is read here; use the Terraform"),
    ],
)
def test_what_is_no_state_that_is_read_here_is_refused(content: str, sentence: str) -> None:
    with pytest.raises(RefusedError) as error:
        StateFile.of(content, "The state")
    assert str(error.value).startswith(sentence)


@pytest.mark.parametrize(
    ("copy", "stored", "is_newer"),
    [
        (text(5), text(4), True),
        (text(5), "", True),
        (text(4), text(4), False),
        (text(3), text(4), False),
        (None, text(4), False),
    ],
)
def test_only_a_newer_copy_of_the_same_state_says_anything(
    tmp_path: Path, copy: str | None, stored: str, *, is_newer: bool
) -> None:
    file = tmp_path / "errored.tfstate"
    if copy is not None:
        file.write_text(copy, encoding="utf-8")
    assert (newer_copy(file, StateFile.of(stored, "The state")) is not None) is is_newer


def test_a_copy_of_another_state_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "errored.tfstate"
    file.write_text(text(5, lineage="b"), encoding="utf-8")
    with pytest.raises(RefusedError, match="is a copy of another state than this environment's; move it away"):
        newer_copy(file, StateFile.of(text(4, lineage="a"), "The state"))


def test_nothing_goes_on_while_a_newer_state_was_not_written(tmp_path: Path) -> None:
    remedy = recovery_of("prod", destroying=True)
    refuse_unstored(tmp_path, lambda: text(4), remedy)
    (tmp_path / "errored.tfstate").write_text(text(5), encoding="utf-8")
    with pytest.raises(RefusedError, match=r"newer than the stored state, .*; run `edge recover prod --only-state`"):
        refuse_unstored(tmp_path, lambda: text(4), remedy)
    refuse_unstored(tmp_path, lambda: text(5), remedy)


def test_a_deploy_is_sent_to_a_recovery_that_makes_what_is_missing() -> None:
    assert recovery_of("prod", destroying=False) == "edge recover prod"
