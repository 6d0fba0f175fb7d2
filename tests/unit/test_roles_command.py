"""`edge roles`: ids that are given or looked up, what it writes, and each fault in one sentence."""

import json
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import NoCredentialsError

from edge.__main__ import main
from edge.roles import command
from tests.support.authorization.examples import EXAMPLES, ids_of

IDS = [f"--id={name}={id}" for name, id in ids_of(EXAMPLES["prod"]).items()]


class FakeAws:
    """Zones and security groups by their names, in every account."""

    def __init__(self, zones: list[str], groups: list[str]) -> None:
        self._zones, self._groups = zones, groups

    def get_paginator(self, name: str) -> Any:
        assert name == "list_hosted_zones"
        return self

    def paginate(self) -> Iterator[dict[str, Any]]:
        for number, zone in enumerate(self._zones):
            public = {"PrivateZone": False}
            yield {"HostedZones": [{"Name": f"{zone}.", "Id": f"/hostedzone/Z{number}", "Config": public}]}

    def describe_security_groups(self, **given: Any) -> dict[str, Any]:
        (name,) = given["Filters"][0]["Values"]
        found = [number for number, group in enumerate(self._groups) if group == name]
        return {"SecurityGroups": [{"GroupId": f"sg-{number}"} for number in found]}


def give(monkeypatch: pytest.MonkeyPatch, zones: list[str], groups: list[str]) -> None:
    monkeypatch.setattr(command, "client_of", lambda _: lambda *_: FakeAws(zones, groups))


def refuse(monkeypatch: pytest.MonkeyPatch) -> None:
    def client(*_: str) -> Any:
        raise NoCredentialsError

    monkeypatch.setattr(command, "client_of", lambda _: client)


def test_it_prints_the_documents_by_account_and_role(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["roles", "prod", *IDS]) == 0
    output = capsys.readouterr()
    printed = json.loads(output.out)
    assert {account: set(tasks) for account, tasks in printed.items()} == {
        "prod": {"deploy", "plan"},
        "management": {"deploy", "plan"},
    }
    assert list(printed["prod"]["deploy"]) == ["policy-1", "policy-2"]
    assert output.err == (
        "prod deploy: 2 documents, since AWS takes 6144 characters in each; attach all of them to the one role.\n"
    )


def test_it_writes_one_file_for_each_document(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["roles", "staging", "--id=getorcha.com=Z1", "--repository=getorcha/edge", f"--write={tmp_path}"]) == 0
    files = sorted(file.name for file in tmp_path.iterdir())
    assert sorted(Path(line).name for line in capsys.readouterr().out.splitlines()) == files
    assert "management-plan-trust.json" in files
    assert all(json.loads((tmp_path / name).read_text())["Version"] == "2012-10-17" for name in files)


@pytest.mark.parametrize("repository", ["getorcha/edge", "getorcha@123/edge@456", "getorcha-123/edge-456"])
def test_each_role_trusts_mains_workflows_of_one_repository(
    repository: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["roles", "prod", *IDS, f"--repository={repository}"]) == 0
    printed = capsys.readouterr()
    management = json.loads(printed.out)["management"]
    workflows = f"{repository.replace('@123', '').replace('@456', '')}/.github/workflows"
    at_main = {
        name: f"{workflows}/{name}.yml@refs/heads/main" for name in ("environment", "drift", "review-environment")
    }
    provider = "token.actions.githubusercontent.com"
    lent = {
        task: [
            (equal[f"{provider}:sub"], equal[f"{provider}:job_workflow_ref"])
            for equal in (statement["Condition"]["StringEquals"] for statement in documents["trust"]["Statement"])
        ]
        for task, documents in management.items()
    }
    assert lent == {
        "deploy": [(f"repo:{repository}:environment:prod", at_main["environment"])],
        "plan": [
            (f"repo:{repository}:pull_request", at_main["review-environment"]),
            (f"repo:{repository}:ref:refs/heads/main", [at_main["environment"], at_main["drift"]]),
        ],
    }
    for documents in management.values():
        for statement in documents["trust"]["Statement"]:
            assert statement["Principal"] == {"Federated": f"arn:aws:iam::222222222222:oidc-provider/{provider}"}
            assert statement["Condition"]["StringEquals"][f"{provider}:aud"] == "sts.amazonaws.com"
            assert set(statement["Condition"]) == {"StringEquals"}
    place = f"repos/{repository.replace('@123', '').replace('@456', '')}/environments/prod"
    commands = [line for line in printed.err.splitlines() if line.startswith("gh api ")]
    assert [shlex.split(line)[4] for line in commands] == [place, f"{place}/deployment-branch-policies"]
    assert "prevent_self_review=true" in shlex.split(commands[0])
    assert shlex.split(commands[1])[-3:] == ["name=main", "-f", "type=branch"]


def test_ids_that_are_not_given_are_looked_up(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    give(monkeypatch, ["other.com", "prod.getorcha.com", "getorcha.com"], ["v1-orcha-alb-sg", "v1-orcha-ec2-sg"])
    assert main(["roles", "prod"]) == 0
    printed = capsys.readouterr().out
    for arn in ("hostedzone/Z1", "hostedzone/Z2", "security-group/sg-0", "security-group/sg-1"):
        assert arn in printed
    assert "hostedzone/Z0" not in printed


def test_what_is_not_found_once_is_a_fault_with_its_place(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    give(monkeypatch, ["prod.getorcha.com"], ["v1-orcha-alb-sg", "v1-orcha-ec2-sg", "v1-orcha-ec2-sg"])
    assert main(["roles", "prod"]) == 2
    assert capsys.readouterr().err.splitlines() == [
        'tests/environments/prod.toml: zones."getorcha.com": 0 of the account\'s hosted zones are named "getorcha.com"'
        "; correct it, or give it as --id getorcha.com=Z0123456789ABC",
        "tests/environments/prod.toml: platform.instance_security_group: 2 of the account's security groups are named "
        '"v1-orcha-ec2-sg"; correct it, or give it as --id v1-orcha-ec2-sg=sg-0123456789abcdef0',
    ]


def test_without_credentials_it_says_what_to_give(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    refuse(monkeypatch)
    assert main(["roles", "staging"]) == 2
    assert capsys.readouterr().err.splitlines() == [
        'tests/environments/staging.toml: zones."getorcha.com": the hosted zone\'s id could not be looked up (Unable '
        "to locate credentials); give it as --id getorcha.com=Z0123456789ABC"
    ]


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["tset"], 'tests/environments: has no environment "tset"; choose one of prod, staging'),
        (["prod", "--id=x"], "--id x: is not of the form NAME=ID; write one such as getorcha.com=Z0123456789ABC"),
        (
            ["prod", "--id=getorcha.com=Z1", "--id=getorcha.com=Z2"],
            "--id getorcha.com=…: is given twice, with two ids; leave one of them out",
        ),
        (["prod", "--id=a.com=Z1"], '--id a.com=Z1: "a.com" needs no id here; choose one of '),
        (["prod", "--id=getorcha.com=sg-1"], '"sg-1" is not the id of a hosted zone; give one such as Z0123456789ABC'),
        (["prod", "--id=v1-orcha-alb-sg=Z1"], '"Z1" is not the id of a security group; give one such as sg-'),
        (["prod", "--leaving=a b.com"], '--leaving a b.com: "a b.com" holds a space; remove it'),
        (["prod", "--leaving=a.com"], "--leaving a.com: lies in none of the declared zones; give a host of one of "),
        (["prod", "--repository=edge"], "--repository edge: is not a repository on GitHub; write it as owner/name"),
        (["prod", "--write=/dev/null/x", *IDS], "--write /dev/null/x: cannot be written: "),
    ],
)
def test_a_fault_is_one_sentence(arguments: list[str], line: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["roles", *arguments]) == 2
    output = capsys.readouterr()
    assert line in output.err
    assert len(output.err.splitlines()) == 1
    assert output.out == ""
