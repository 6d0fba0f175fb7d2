"""Clients of AWS: each has the keys of its own account, and botocore's descriptions of the services are read once."""

from pathlib import Path
from typing import Any

import pytest
from botocore.loaders import JSONFileLoader

from edge.aws.sessions import client_of
from environments.checked import Environment
from tests.support.files import PROD_TOML, environment_of

REGION = "eu-central-1"


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Environment:
    """An environment whose two profiles have keys that open nothing."""
    made = environment_of(PROD_TOML.read_text(encoding="utf-8"))
    credentials = tmp_path / "credentials"
    credentials.write_text(
        "".join(
            f"[{account.profile}]\naws_access_key_id = {account.id}\naws_secret_access_key = none\n"
            for account in made.accounts.values()
        ),
        encoding="utf-8",
    )
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(credentials))
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "none"))
    for name in ("AWS_ENDPOINT_URL", "AWS_ACCESS_KEY_ID", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    return made


def test_what_describes_a_service_is_read_once_for_all_accounts(
    environment: Environment, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[str] = []
    original = JSONFileLoader.load_file

    def load_file(loader: JSONFileLoader, file_path: str) -> Any:
        content = original(loader, file_path)
        read.extend([file_path] if content is not None else [])
        return content

    monkeypatch.setattr(JSONFileLoader, "load_file", load_file)
    clients = [
        client_of(environment)("acm", account.id, REGION) for account in environment.accounts.values() for _ in range(2)
    ]
    assert {client._request_signer._credentials.access_key for client in clients} == {
        account.id for account in environment.accounts.values()
    }
    of_acm = [path for path in read if "/acm/" in path and "service-2" in path]
    assert len(of_acm) <= 1, "another test of this process may have read it before"
    assert sorted(read) == sorted(set(read))
