"""What runs on the instances of the embedded AWS: also of a service that is added while it runs."""

import json
import shutil
from pathlib import Path

import httpx
import pytest

from embedded_aws.data_plane.applications import Answers, Instances, key
from embedded_aws.service_answers import answers_now, plane_of
from environments.loader import ENVIRONMENTS_DIR, load
from tests.support.files import OWN

PLACE = ("111111111111", "eu-central-1")
BILLING = """
[services.billing]
port     = 9100
priority = 30
hosts    = ["billing.prod.getorcha.com"]
[services.billing.health_check]
path = "/up"
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The tests' environment and compose file, to be changed."""
    for name in ("environments", "deploy"):
        shutil.copytree(OWN / name, tmp_path / "own" / name)
    monkeypatch.setenv(ENVIRONMENTS_DIR, str(tmp_path / "own" / "environments"))
    return tmp_path / "own"


def asked(port: int | None, path: str) -> tuple[int, str]:
    answer = httpx.get(f"http://127.0.0.1:{port}{path}")
    return answer.status_code, answer.text


def test_a_service_that_is_added_meanwhile_answers_as_its_file_says(folder: Path, tmp_path: Path) -> None:
    options = plane_of(load(["prod"]))
    assert options.environments == ("prod",)
    file = tmp_path / "applications.json"
    file.write_text(json.dumps(options.applications), encoding="utf-8")
    instances = Instances(file, lambda: answers_now(options.environments))
    assert instances.get((*PLACE, 9100)) is None

    toml, compose = folder / "environments" / "prod.toml", folder / "deploy" / "docker-compose.yml"
    toml.write_text(toml.read_text(encoding="utf-8") + BILLING, encoding="utf-8")
    text = compose.read_text(encoding="utf-8")
    first = next(line for line in text.splitlines() if "9999:9999" in line)
    compose.write_text(text.replace(first, f"{first}\n{first.replace('9999', '9100')}"), encoding="utf-8")

    port = instances.get((*PLACE, 9100))
    assert asked(port, "/up") == (200, "ok\n")
    assert asked(port, "/other")[0] == 404
    assert instances.get((*PLACE, 9100)) == port
    assert asked(instances.get((*PLACE, 9999)), "/health") == (200, "ok\n")
    assert key(*PLACE, 9100) in json.loads(file.read_text(encoding="utf-8"))


@pytest.mark.parametrize("fault", ["prefix = 1", "not TOML"])
def test_while_a_file_is_faulty_nothing_new_listens(folder: Path, fault: str) -> None:
    (folder / "environments" / "prod.toml").write_text(fault, encoding="utf-8")
    assert answers_now(["prod"]) == {}


def test_what_was_written_into_the_file_meanwhile_stays(tmp_path: Path) -> None:
    first, second = key(*PLACE, 1), key(*PLACE, 2)
    ours: Answers = {first: {"/": {"status": 503}}}
    file = tmp_path / "applications.json"
    file.write_text(json.dumps({first: {"/": {"status": 200}}}), encoding="utf-8")
    instances = Instances(file, lambda: {first: {}, second: {"/": {"status": 204}}})
    file.write_text(json.dumps(ours), encoding="utf-8")
    assert asked(instances.get((*PLACE, 2)), "/") == (204, "")
    assert asked(instances.get((*PLACE, 1)), "/")[0] == 503
