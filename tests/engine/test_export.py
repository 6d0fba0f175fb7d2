"""An environment as plain Terraform plans what the synthesized one does, and is laid out as Terraform lays it out."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from edge.export.hcl import OBJECTS
from embedded_aws.process import LocalAws
from environments.checked import Environment
from tests.support.exported import exported
from tests.support.files import EVERYTHING_TOML, MANAGED_TOML_FILE, PROD_TOML, environment_of
from tests.support.workspace import Workspace, synthesize

pytestmark = pytest.mark.takes(minutes=1)

TOMLS = {
    "prod": PROD_TOML.read_text(encoding="utf-8"),
    "staging": MANAGED_TOML_FILE.read_text(encoding="utf-8"),
    "everything": EVERYTHING_TOML,
}
_OF_ONE_RUN = ("timestamp", "relevant_attributes")


@pytest.fixture(scope="module", params=["prod", "staging", pytest.param("everything", marks=pytest.mark.whole)])
def both(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Workspace, ...]]:
    """Give a stack as it was synthesized, and the same as plain Terraform."""
    name, toml, folder = request.param, TOMLS[request.param], tmp_path_factory.mktemp("export")
    environment: Environment = environment_of(toml, name)
    with LocalAws.start([environment], lifetime_seconds=3600) as aws:
        workspace = synthesize(toml, name=name, folder=folder, aws=aws)
        yield workspace, exported(workspace, name, environment.services, folder / "plain")


def plan(workspace: Workspace, folder: Path) -> dict[str, Any]:
    workspace.succeed("plan", "-input=false", "-lock=false", f"-out={folder / 'plan'}")
    content: dict[str, Any] = json.loads(workspace.succeed("show", "-json", str(folder / "plan")))
    return {key: value for key, value in content.items() if key not in _OF_ONE_RUN}


def referring(expression: Any) -> Any:
    """Give an expression without the text that Terraform shows of JSON's beside what it refers to."""
    if isinstance(expression, list):
        return [referring(part) for part in expression]
    if isinstance(expression, dict):
        left_out = {"constant_value"} if "references" in expression else set()
        return {key: referring(part) for key, part in expression.items() if key not in left_out}
    return expression


def resources(configuration: dict[str, Any]) -> dict[str, Any]:
    """Give what is configured, by address; a script is an expression of another kind in plain Terraform."""
    found = {resource["address"]: resource for resource in configuration["root_module"]["resources"]}
    for resource in found.values():
        resource.get("expressions", {}).pop("user_data", None)
    return {address: referring(resource) for address, resource in found.items()}


def test_it_plans_the_same_from_nothing(both: tuple[Workspace, ...], tmp_path: Path) -> None:
    ours, plain = (plan(workspace, tmp_path) for workspace in both)
    configurations = [content.pop("configuration") for content in (ours, plain)]
    assert plain == ours
    assert resources(configurations[1]) == resources(configurations[0])
    first, second = configurations
    assert second["provider_config"] == first["provider_config"]
    assert referring(second["root_module"].get("outputs")) == referring(first["root_module"].get("outputs"))


def test_it_is_laid_out_as_terraform_does(both: tuple[Workspace, ...]) -> None:
    assert both[1].succeed("fmt", "-check", "-diff") == ""


def test_what_is_an_object_and_what_a_block_is_as_the_provider_says(both: tuple[Workspace, ...]) -> None:
    content = both[0].read()
    (schema,) = json.loads(both[0].succeed("providers", "schema", "-json"))["provider_schemas"].values()
    for kind, key in (("resource", "resource_schemas"), ("data", "data_source_schemas")):
        for type, named in content.get(kind, {}).items():
            for body in named.values():
                assert_fits(schema[key][type]["block"], body, type)


def assert_fits(schema: dict[str, Any], body: dict[str, Any], place: str) -> None:
    blocks = schema.get("block_types", {})
    for name, value in body.items():
        values = value if isinstance(value, list) else [value]
        if name in ("//", "lifecycle") or not any(isinstance(one, dict) for one in values):
            continue
        assert (name in blocks) == (name not in OBJECTS), f"{place}.{name}"
        for one in values if name in blocks else ():
            assert_fits(blocks[name]["block"], one, f"{place}.{name}")
