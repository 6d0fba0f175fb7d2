"""What somebody added by hand where the configuration says nothing is reported, and what is ours or AWS's is not."""

import copy
from typing import Any

import pytest

from edge.review.findings import Drift
from tests.support.reviewing import Plan, changed_review, resource

GROUP, CLOSED = "aws_security_group.instances", "aws_default_security_group.closed"
ROLE, POOL, TOPIC = "aws_iam_role.instances", "aws_cognito_user_pool.login", "aws_sns_topic.alerts"
WAY = {"protocol": "tcp", "from_port": 22, "to_port": 22, "cidr_blocks": ["0.0.0.0/0"]}
ADMINISTRATOR = "arn:aws:iam::aws:policy/AdministratorAccess"


def reported(address: str, changes: dict[str, Any], **more: Any) -> tuple[Drift, ...]:
    """The drift of a plan that changes nothing, where somebody has changed one thing."""

    def change(content: Plan) -> None:
        entry = copy.deepcopy(resource(content, address))
        before = entry["change"]["before"]
        entry["change"].update(actions=["update"], after={**before, **changes}, **more.pop("masks", {}))
        content["resource_drift"] = [entry]
        stands = resource(content, address)["change"]
        stands.update(before=entry["change"]["after"], after=entry["change"]["after"])
        content.update(more)

    return changed_review("staging_no_change", change).drift


@pytest.mark.parametrize(
    ("address", "changes", "said"),
    [
        (GROUP, {"ingress": [WAY]}, "new ingress from 0.0.0.0/0 on tcp 22"),
        (CLOSED, {"ingress": [WAY]}, "new ingress from 0.0.0.0/0 on tcp 22"),
        (GROUP, {"ingress": [{**WAY, "cidr_blocks": ["10.0.0.0/8"], "to_port": 25}]}, "from 10.0.0.0/8 on tcp 22-25"),
        (GROUP, {"ingress": [{"protocol": "-1", "self": True}]}, "new ingress from the group itself on every port"),
        (GROUP, {"ingress": [{"protocol": "-1", "security_groups": ["9/sg-9"]}]}, "from sg-9 on every port"),
        (GROUP, {"egress": [{**WAY, "cidr_blocks": [], "prefix_list_ids": ["pl-1"]}]}, "new egress to pl-1 on tcp 22"),
        (ROLE, {"managed_policy_arns": [ADMINISTRATOR]}, ADMINISTRATOR),
        (ROLE, {"inline_policy": [{"name": "door", "policy": "{}"}]}, "new inline_policy door"),
        (POOL, {"lambda_config": [{"pre_sign_up": "arn:aws:lambda:x"}]}, "lambda_config"),
        (TOPIC, {"policy": "{}"}, "policy"),
    ],
)
def test_what_somebody_added_is_reported(address: str, changes: dict[str, Any], said: str) -> None:
    (drift,) = reported(address, changes)
    assert drift.address == address
    assert said in drift.sentence
    assert "was changed outside Terraform: " in drift.sentence
    assert drift.outcome == "this plan leaves it so"


def test_what_stands_as_a_resource_of_its_own_is_nobodys_deed() -> None:
    """After the first deploy a group has its rules, and a role its policy, which it did not have when it was made."""

    def change(content: Plan) -> None:
        entries = [copy.deepcopy(resource(content, address)) for address in (GROUP, ROLE)]
        for entry, empty in zip(entries, ("ingress", "inline_policy"), strict=True):
            assert entry["change"]["before"][empty]
            entry["change"].update(actions=["update"], before={**entry["change"]["before"], empty: []})
        content["resource_drift"] = entries

    assert changed_review("staging_no_change", change).drift == ()


def test_what_a_part_of_a_plan_does_not_name_is_nobodys_deed() -> None:
    assert reported(GROUP, {"ingress": [WAY]}, complete=False) == ()


def test_what_is_secret_is_not_shown() -> None:
    for address, attribute in ((GROUP, "ingress"), (ROLE, "inline_policy")):
        masks = {"after_sensitive": {attribute: True}}
        (drift,) = reported(address, {attribute: [{**WAY, "name": "x"}]}, masks=masks)
        assert drift.sentence.endswith(f"{attribute} (sensitive)")
