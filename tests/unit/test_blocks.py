"""The configuration of a plan is the same wherever it is synthesized, and what differs is named by its address."""

import copy
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from edge.tfplan.blocks import blocks, differences, portable
from edge.tfplan.digest import digest_of_json
from tests.support.files import PROD_TOML, ROOT, STAGING_TOML


def synthesized_in(folder: Path) -> dict[str, dict[str, Any]]:
    """Run main.py as a process of its own, standing in a folder."""
    environments = folder / "environments"
    environments.mkdir(parents=True)
    (environments / "prod.toml").write_text(PROD_TOML.read_text(encoding="utf-8"), encoding="utf-8")
    (environments / "local.toml").write_text(STAGING_TOML, encoding="utf-8")
    environ = {**os.environ, "ENVIRONMENTS_DIR": str(environments), "CDKTF_OUTDIR": str(folder / "out")}
    subprocess.run([sys.executable, ROOT / "main.py"], cwd=folder, env=environ, check=True)
    files = (folder / "out" / "stacks").glob("*/cdk.tf.json")
    return {file.parent.name: json.loads(file.read_text(encoding="utf-8")) for file in files}


def test_it_is_the_same_in_every_folder(tmp_path: Path) -> None:
    one, other = synthesized_in(tmp_path / "one"), synthesized_in(tmp_path / "other")
    assert one["local"] != other["local"]  # a local state lies in a folder of the machine
    for name in ("prod", "local"):
        assert str(tmp_path) not in json.dumps(portable(one[name]))
        assert digest_of_json(portable(one[name])) == digest_of_json(portable(other[name]))
        assert differences(one[name], other[name]) == []


def test_what_differs_is_named(prod_stack: dict[str, Any]) -> None:
    def differing(change: Any) -> list[str]:
        other = copy.deepcopy(prod_stack)
        change(other)
        assert differences(other, prod_stack) == differences(prod_stack, other)
        return differences(prod_stack, other)

    assert differing(lambda stack: stack["resource"]["aws_lb_target_group"]["link"].update(port=1)) == [
        "aws_lb_target_group.link"
    ]
    assert differing(lambda stack: stack["data"]["aws_lb"].pop("load_balancer")) == ["data.aws_lb.load_balancer"]
    assert differing(lambda stack: stack["output"].update(Another={"value": 1})) == ["output.Another"]
    assert differing(lambda stack: stack["provider"]["aws"][0].update(region="eu-west-1")) == ["provider.aws.prod"]
    assert differing(lambda stack: stack["terraform"].update(required_version=">= 2")) == ["terraform.required_version"]


def test_the_comments_of_cdktf_are_no_difference(prod_stack: dict[str, Any]) -> None:
    other = copy.deepcopy(prod_stack)
    other["//"] = {"metadata": {"version": "0.0.0"}}
    other["resource"]["aws_lb_target_group"]["link"]["//"] = {"metadata": {"path": "elsewhere"}}
    assert differences(prod_stack, other) == []
    assert "//" not in json.dumps(blocks(prod_stack)["aws_lb_target_group.link"])


def test_true_is_not_one_and_null_is_not_nothing() -> None:
    assert differences({"output": {"X": {"value": True}}}, {"output": {"X": {"value": 1}}}) == ["output.X"]
    assert differences({"import": None}, {}) == ["import"]


def test_two_providers_of_one_alias_hide_nothing(prod_stack: dict[str, Any]) -> None:
    other = copy.deepcopy(prod_stack)
    other["provider"]["aws"].append({"alias": "prod", "region": "us-east-1"})
    assert differences(prod_stack, other) == ["provider.aws.prod"]


def test_what_is_not_written_as_usual_stands_whole() -> None:
    strange = {"resource": [{"aws_lb": {"edge": {}}}], "data": {"aws_lb": [1]}, "import": [{"to": "x"}], "other": 1}
    assert blocks(strange) == {
        "resource": [{"aws_lb": {"edge": {}}}],
        "data.aws_lb": [1],
        "import": [{"to": "x"}],
        "other": 1,
    }
