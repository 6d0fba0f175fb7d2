"""Where the state was when Terraform last ran in a folder, and that it is elsewhere now."""

import json
from pathlib import Path
from typing import Any

import pytest

from edge.terraform.last_backend import moved

OLD = {"bucket": "states", "key": "edge/prod.tfstate", "region": "eu-central-1"}
BESIDE = "a file beside the configuration"


def write(folder: Path, note: Any, backend: Any) -> Path:
    (folder / ".terraform").mkdir()
    if note is not None:
        (folder / ".terraform" / "terraform.tfstate").write_text(json.dumps(note), encoding="utf-8")
    (folder / "cdk.tf.json").write_text(json.dumps({"terraform": backend}), encoding="utf-8")
    return folder


def noted(type: str = "s3", config: Any = None) -> dict[str, Any]:
    return {"version": 3, "backend": {"type": type, "config": config or OLD, "hash": 5}}


@pytest.mark.parametrize(
    ("note", "backend", "now", "before"),
    [
        (noted(), {"backend": {"s3": {**OLD, "key": "x"}}}, "s3://states/x", "s3://states/edge/prod.tfstate"),
        (noted(), {"backend": {"s3": {**OLD, "bucket": "b"}}}, "s3://b/edge/prod.tfstate", "s3://states/edge/prod.tf"),
        (noted(), {"backend": {"local": {"path": "x"}}}, BESIDE, "s3://states/edge/prod.tfstate"),
        (noted("local", {"path": "x"}), {"backend": {"s3": OLD}}, "s3://states/edge/prod.tfstate", BESIDE),
    ],
)
def test_another_place_is_named_with_the_one_before(
    note: Any, backend: Any, now: str, before: str, tmp_path: Path
) -> None:
    said = moved(write(tmp_path, note, backend))
    assert said is not None
    assert said.startswith(f"The state is {now}, and was {before}")


@pytest.mark.parametrize(
    ("note", "backend"),
    [
        (noted(), {"backend": {"s3": {**OLD, "kms_key_id": "k"}}}),
        (None, {"backend": {"s3": OLD}}),
        ({"version": 3}, {"backend": {"s3": OLD}}),
        (noted("local", {"path": "x"}), {"backend": {"local": {"path": "x"}}}),
        (noted("local", {"path": "x"}), {}),
        ("damaged", {"backend": {"s3": OLD}}),
    ],
)
def test_the_same_place_or_none_before_is_nothing_to_say(note: Any, backend: Any, tmp_path: Path) -> None:
    assert moved(write(tmp_path, note, backend)) is None


def test_a_note_that_is_not_json_is_none(tmp_path: Path) -> None:
    folder = write(tmp_path, noted(), {"backend": {"s3": {**OLD, "key": "x"}}})
    (folder / ".terraform" / "terraform.tfstate").write_text("{", encoding="utf-8")
    assert moved(folder) is None
