"""A service that is let go stays as it is and serves on, and another environment takes it over."""

import json
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from edge.aws import inventory
from embedded_aws.process import LocalAws
from environments.loader import load
from tests.support.planning import Desk, prod_toml

(ENVIRONMENT,) = load(["prod"])
RELEASED = "prod.released.toml"

pytestmark = pytest.mark.takes(minutes=4)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with LocalAws.start([ENVIRONMENT], lifetime_seconds=1800) as aws:
        desk = Desk(tmp_path_factory.mktemp("desk"), aws)
        desk.write(prod_toml())
        done = desk.python("edge", "deploy", "prod", "--auto-approve")
        assert done.returncode == 0, done.stdout + done.stderr + aws.last_words()
        yield desk


def things(desk: Desk) -> set[inventory.Thing]:
    return set(inventory.take(ENVIRONMENT, desk.aws.client))


def edge(desk: Desk, *arguments: str) -> tuple[int, str]:
    done = desk.python("edge", *arguments)
    return done.returncode, done.stdout + done.stderr


def without_services() -> str:
    return prod_toml().partition("[services.")[0]


def state(desk: Desk, key: str) -> list[dict[str, Any]]:
    s3 = desk.aws.client("s3", "111111111111", ENVIRONMENT.region)
    content = json.loads(s3.get_object(Bucket="v1-orcha-terraform-state", Key=key)["Body"].read())
    return [resource for resource in content["resources"] if resource["mode"] == "managed"]


def test_a_service_is_let_go_and_another_environment_takes_it(desk: Desk) -> None:
    before, made = things(desk), state(desk, "edge/prod.tfstate")
    file: Path = desk.folder / "environments" / RELEASED
    code, output = edge(desk, "release", "prod", "link")
    assert code == 0, output + desk.aws.last_words()
    assert len(tomllib.loads(file.read_text(encoding="utf-8"))["released"]["link"]) == len(made)

    code, output = edge(desk, "deploy", "prod", "--auto-approve")
    assert (code, "released.link: is still a service of prod.toml" in output) == (2, True), output

    desk.write(without_services())
    code, output = edge(desk, "deploy", "prod", "--auto-approve")
    assert code == 1, output
    assert "1 risk is open" in output, output
    assert f"{len(made)} resources" in " ".join(output.split()), output
    code, output = edge(desk, "deploy", "prod", "--auto-approve", "--accept", "FORGET:services.link")
    assert code == 0, output + desk.aws.last_words()
    assert "0 destroyed." in output
    assert (things(desk), state(desk, "edge/prod.tfstate")) == (before, [])

    code, output = edge(desk, "release", "prod")
    assert (code, file.exists()) == (0, False), output

    desk.write(prod_toml(key="edge/prod.tfstate -> edge/blue.tfstate"), "blue")
    code, output = edge(desk, "adopt", "blue")
    assert code == 0, output + desk.aws.last_words()
    assert "0 to destroy, 0 to replace." in output
    code, output = edge(desk, "deploy", "blue", "--auto-approve")
    assert code == 0, output + desk.aws.last_words()
    assert "0 destroyed." in output
    assert things(desk) == before
    assert len(state(desk, "edge/blue.tfstate")) == len(made)
