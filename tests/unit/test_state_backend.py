"""The state in S3 is read and written as the account that holds it, however that one is entered."""

from collections.abc import Callable
from typing import Any

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
