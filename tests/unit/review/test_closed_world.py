"""The closed world: everything that the product makes lies inside it, and nothing else does."""

import copy
from collections.abc import Callable
from typing import Any

import pytest

from edge.review.closed_world import trespasses
from edge.review.made_types import DATA_SOURCE_TYPES, RESOURCE_TYPES
from environments.checked import Environment
from imports import aws, aws_platform, terraform
from tests.support.files import EVERYTHING_TOML, environment_of, managed, prod
from tests.support.files import environment as environment_from

Configuration = dict[str, Any]
Edit = Callable[[Configuration], object]


def types_of(kind: type) -> set[str]:
    classes = [getattr(module, name) for module in (aws, aws_platform) for name in module.__all__]
    return {found.TF_RESOURCE_TYPE for found in classes if issubclass(found, kind)}


def test_the_types_are_those_of_the_seam() -> None:
    assert types_of(terraform.TerraformResource) == RESOURCE_TYPES
    assert types_of(terraform.TerraformDataSource) == DATA_SOURCE_TYPES


def test_what_the_product_makes_lies_inside(
    prod_stack: Configuration, managed_stack: Configuration, everything_stack: Configuration
) -> None:
    assert trespasses(prod_stack, environment_from(prod())) == ()
    assert trespasses(managed_stack, environment_from(managed(), "staging")) == ()
    assert trespasses(everything_stack, environment_of(EVERYTHING_TOML)) == ()


def resource(address: str) -> Callable[[Configuration], Any]:
    type_, name = address.split(".")
    return lambda content: content["resource"][type_][name]


def first_provider(content: Configuration) -> dict[str, Any]:
    block: dict[str, Any] = content["provider"]["aws"][0]
    return block


def setting(place: Callable[[Configuration], Any], **values: Any) -> Edit:
    return lambda content: place(content).update(values)


LINK = resource("aws_lb_target_group.link")
ATTACKS: dict[str, tuple[Edit, str]] = {
    "a provisioner": (
        setting(LINK, provisioner=[{"local-exec": {"command": "curl x"}}]),
        "aws_lb_target_group.link: has a provisioner",
    ),
    "a connection": (setting(LINK, connection={"host": "x"}), "aws_lb_target_group.link: has a connection"),
    "a module": (lambda content: content.update(module={"m": {"source": "./m"}}), "module: is a kind of block"),
    "an ephemeral resource": (lambda content: content.update(ephemeral={}), "ephemeral: is a kind of block"),
    "an action": (lambda content: content.update(action={"aws_lambda_invoke": {}}), "action: is a kind of block"),
    "an import": (
        lambda content: content.update({"import": [{"to": "x", "id": "y"}]}),
        "import: is not what prod.imports.toml says",
    ),
    "a removed block": (
        lambda content: content.update(removed=[{"from": "x"}]),
        "removed: is not what prod.released.toml says",
    ),
    "the data source external": (
        lambda content: content["data"].update(external={"x": {"program": ["sh"]}}),
        "data.external: is a type that this product never makes",
    ),
    "the data source http": (lambda content: content["data"].update(http={"x": {}}), "data.http: is a type"),
    "another state": (
        lambda content: content["data"].update(terraform_remote_state={"x": {}}),
        "data.terraform_remote_state: is a type",
    ),
    "a user": (lambda content: content["resource"].update(aws_iam_user={"x": {}}), "aws_iam_user: is a type"),
    "a null resource": (
        lambda content: content["resource"].update(null_resource={"x": {}}),
        "null_resource: is a type",
    ),
    "terraform_data": (lambda content: content["resource"].update(terraform_data={"x": {}}), "terraform_data: is a"),
    "a list of resources": (lambda content: content.update(resource=[{}]), "resource: is not written as a table"),
    "a type as a list": (
        lambda content: content["resource"].update(aws_lb_target_group=[{}]),
        "aws_lb_target_group: is not written as a table of names",
    ),
    "a block as a list": (
        lambda content: content["resource"]["aws_lb_target_group"].update(link=[{}]),
        "aws_lb_target_group.link: is not written as one table",
    ),
    "another provider": (
        lambda content: content["provider"].update(external=[{}]),
        "provider.external: is a provider that this product never uses",
    ),
    "a required provider": (
        lambda content: content["terraform"]["required_providers"].update(evil={"source": "evil/aws"}),
        "terraform.required_providers.evil: is not the provider hashicorp/aws",
    ),
    "another source": (
        lambda content: content["terraform"]["required_providers"]["aws"].update(source="evil/aws"),
        "terraform.required_providers.aws: is not the provider hashicorp/aws",
    ),
    "Terraform Cloud": (
        lambda content: content["terraform"].update(cloud={"organization": "x"}),
        "terraform.cloud: is a setting",
    ),
    "no lock file": (
        lambda content: content["terraform"]["backend"]["s3"].update(use_lockfile=False),
        "terraform.backend: is not what the environment file says (use_lockfile)",
    ),
    "no encryption": (
        lambda content: content["terraform"]["backend"]["s3"].update(encrypt=False),
        "terraform.backend: is not what the environment file says (encrypt)",
    ),
    "another bucket": (
        lambda content: content["terraform"]["backend"]["s3"].update(bucket="theirs"),
        "terraform.backend: is not what the environment file says (bucket)",
    ),
    "another backend": (
        lambda content: content["terraform"].update(backend={"http": {"address": "https://x"}}),
        "terraform.backend: is not what the environment file says",
    ),
    "no backend": (lambda content: content["terraform"].pop("backend"), "terraform.backend: is not what"),
    "no guard of the account": (
        lambda content: first_provider(content).pop("allowed_account_ids"),
        "provider.aws.prod: is not set as the environment file says (allowed_account_ids)",
    ),
    "an endpoint": (
        setting(first_provider, endpoints=[{"s3": "https://x"}]),
        "provider.aws.prod: is not set as the environment file says (endpoints)",
    ),
    "another profile": (
        setting(first_provider, profile="mine"),
        "provider.aws.prod: is not set as the environment file says (profile)",
    ),
    "keys in the clear": (
        setting(first_provider, access_key="AKIA", secret_key="x"),
        "provider.aws.prod: is not set as the environment file says (access_key, secret_key)",
    ),
    "a default provider": (
        lambda content: content["provider"]["aws"].append({"region": "eu-central-1"}),
        "provider.aws.None: is the provider of no account",
    ),
    "the same provider twice": (
        lambda content: content["provider"]["aws"].append(copy.deepcopy(first_provider(content))),
        "provider.aws.prod: is the provider of no account",
    ),
    "a resource of the default provider": (
        lambda content: LINK(content).pop("provider"),
        "aws_lb_target_group.link: names the provider of no account",
    ),
    "a file in a tag": (
        setting(LINK, tags={"Service": '${file("/etc/passwd")}'}),
        "aws_lb_target_group.link: reads files of the machine that plans, with file()",
    ),
    "a file in an output": (
        lambda content: content["output"].update(X={"value": '${upper(filebase64 ("k"))}'}),
        "output: reads files of the machine that plans, with filebase64()",
    ),
    "a file in a key": (
        setting(LINK, tags={'${file("/etc/passwd")}': "x"}),
        "aws_lb_target_group.link: reads files of the machine that plans, with file()",
    ),
    "a comment before the parenthesis": (
        setting(LINK, name='${file/* a */("/etc/passwd")}'),
        "aws_lb_target_group.link: reads files of the machine that plans, with file()",
    ),
    "a template": (
        setting(LINK, name='%{ if true }${templatefile("x", {})}%{ endif }'),
        "aws_lb_target_group.link: reads files of the machine that plans, with templatefile()",
    ),
}


@pytest.fixture
def environment() -> Environment:
    return environment_from(prod())


@pytest.mark.parametrize("name", ATTACKS)
def test_what_lies_outside_is_named(name: str, prod_stack: Configuration, environment: Environment) -> None:
    edit, expected = ATTACKS[name]
    content = copy.deepcopy(prod_stack)
    edit(content)
    (found,) = trespasses(content, environment)
    assert f"{found.address}: {found.problem}".startswith(expected)


@pytest.mark.parametrize("text", ["file(x)", "$${file(x)}", "profile ${a} of", "reads my_file (one)"])
def test_a_text_that_reads_no_file_is_none(text: str, prod_stack: Configuration, environment: Environment) -> None:
    content = copy.deepcopy(prod_stack)
    LINK(content)["tags"] = {"Service": text}
    assert trespasses(content, environment) == ()


def test_a_file_without_a_backend_has_the_local_state_of_its_name(prod_stack: Configuration) -> None:
    content = copy.deepcopy(prod_stack)
    without = prod()
    del without["backend"]
    content["terraform"]["backend"] = {"local": {"path": "/somewhere/terraform.prod.tfstate"}}
    assert trespasses(content, environment_from(without)) == ()
    content["terraform"]["backend"] = {"local": {"path": "/somewhere/terraform.staging.tfstate"}}
    assert [found.address for found in trespasses(content, environment_from(without))] == ["terraform.backend"]
