"""Clients of several accounts of one moto in this process, as `edge.aws.sessions.client_of` gives them."""

from functools import cache, partial
from typing import Any

import boto3

from tests.support.call_recorder import Call


class Accounts:
    """To be made inside `mock_aws()`; calling it gives a client.

    `calls` are the operations that were asked for, `recorded` the same with account and parameters.
    """

    def __init__(self) -> None:
        self.calls: list[str] = []
        self.recorded: list[Call] = []
        self._client = cache(self._make)

    def __call__(self, service: str, account_id: str, region: str) -> Any:
        return self._client(service, account_id, region)

    def _make(self, service: str, account_id: str, region: str) -> Any:
        sts = boto3.client("sts", region_name=region, aws_access_key_id="a", aws_secret_access_key="b")
        keys = sts.assume_role(RoleArn=f"arn:aws:iam::{account_id}:role/test", RoleSessionName="test")["Credentials"]
        session = boto3.Session(keys["AccessKeyId"], keys["SecretAccessKey"], keys["SessionToken"])
        made = session.client(service, region_name=region)
        made.meta.events.register("before-call.*", lambda model, **_: self.calls.append(model.name))
        made.meta.events.register("before-parameter-build.*", partial(self._record, account_id, service))
        return made

    def _record(self, account_id: str, service: str, *, params: Any, model: Any, **_: Any) -> None:
        self.recorded.append(Call(account_id, service, model.name, dict(params), 200, {}))

    @property
    def writes(self) -> list[str]:
        return [name for name in self.calls if not name.startswith(("Describe", "Get", "Head", "List"))]
