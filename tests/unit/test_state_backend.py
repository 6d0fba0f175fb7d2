"""The state in S3 is read and written as the account that holds it, however that one is entered."""

from collections.abc import Callable
from typing import Any

from edge.review.closed_world import trespasses
from edge.roles.roles import roles
from environments.checked import Environment
from tests.support.files import environment, prod


def test_a_role_is_assumed_for_the_state_where_its_account_names_one(
    synthesized: Callable[[Environment], dict[str, Any]],
) -> None:
    content = prod()
    role = "arn:aws:iam::111111111111:role/deploy"
    content["accounts"]["prod"] = {"id": "111111111111", "role_arn": role}
    backend = synthesized(environment(content))["terraform"]["backend"]["s3"]
    assert backend["assume_role"] == {"role_arn": role, "session_name": "orcha-edge"}
    assert "profile" not in backend


KEY = "arn:aws:kms:eu-central-1:111111111111:key/1234abcd-12ab-34cd-56ef-1234567890ab"


def test_the_state_is_encrypted_with_the_key_that_the_file_names(
    synthesized: Callable[[Environment], dict[str, Any]],
) -> None:
    content = prod()
    assert "kms_key_id" not in synthesized(environment(content))["terraform"]["backend"]["s3"]
    content["backend"]["kms_key_arn"] = KEY
    made = environment(content)
    configuration = synthesized(made)
    assert configuration["terraform"]["backend"]["s3"]["kms_key_id"] == KEY
    assert trespasses(configuration, made) == ()
    other = environment(content | {"backend": content["backend"] | {"kms_key_arn": f"{KEY}0"}})
    (trespass,) = trespasses(configuration, other)
    assert trespass.problem == "is not what the environment file says (kms_key_id)"


def test_the_roles_may_use_that_key_for_the_state_and_for_nothing_else() -> None:
    content = prod()
    content["backend"]["kms_key_arn"] = KEY
    made = environment(content)
    ids = {"getorcha.com": "Z1", "prod.getorcha.com": "Z2", "v1-orcha-alb-sg": "sg-01234567", "v1-orcha-ec2-sg": "sg-1"}
    bucket = "arn:aws:s3:::v1-orcha-terraform-state"
    state = f"{bucket}/edge/prod.tfstate"
    found = {
        (role.account, role.task): {
            action: sorted(statement.conditions["StringEquals"]["kms:EncryptionContext:aws:s3:arn"])
            for statement in role.statements
            for action in statement.actions
            if KEY in statement.resources
        }
        for role in roles(made, ids)
    }
    writing = sorted([bucket, state, f"{state}.tflock"])
    assert found == {
        ("prod", "deploy"): {"kms:Decrypt": writing, "kms:GenerateDataKey": writing},
        ("prod", "plan"): {"kms:Decrypt": sorted([bucket, state])},
        ("management", "deploy"): {},
        ("management", "plan"): {},
    }
    without = roles(environment(prod()), ids)
    assert not any("kms:" in str(role.statements) for role in without)
