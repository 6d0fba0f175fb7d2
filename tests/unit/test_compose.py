"""The compose file that runs on the instances, read together with the environments that route to it."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

from environments.compose import ComposeFileError, published_ports, text_for_user_data
from environments.faults import InvalidEnvironmentError
from environments.loader import load_all, ports_are_compared
from environments.rules.ports import RESERVED
from tests.support.files import COMPOSE_FILE, MANAGED_TOML_FILE, PROD_TOML, STAGING_TOML, environment

OPERATIONS_PORT = 9878
PUBLISHED = 'services: {orcha: {ports: ["8888:8888", "7777:7777", "9999:9999"]}} #'
SEED_PORTS = {8888, 7777, 9999, OPERATIONS_PORT}


def compose(file: Path = COMPOSE_FILE) -> dict[str, Any]:
    content: dict[str, Any] = yaml.safe_load(file.read_text(encoding="utf-8"))
    return content


def folder_with(tmp_path: Path, compose_text: str, toml: str) -> Path:
    """Lay out a project: the compose file in `deploy`, beside the folder of environments."""
    (tmp_path / "deploy").mkdir()
    (tmp_path / "deploy" / "docker-compose.yml").write_text(compose_text, encoding="utf-8")
    (tmp_path / "environments").mkdir()
    (tmp_path / "environments" / "prod.toml").write_text(toml, encoding="utf-8")
    return tmp_path / "environments"


def lines_for(folder: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    monkeypatch.setenv("ENVIRONMENTS_DIR", str(folder))
    monkeypatch.chdir(folder.parent)
    with pytest.raises(InvalidEnvironmentError) as error:
        load_all()
    return str(error.value).splitlines()


def test_environments_are_compared_with_the_compose_file_beside_them() -> None:
    assert ports_are_compared()
    ports = {service.port for item in load_all() for service in item.services.values()}
    assert ports <= published_ports(COMPOSE_FILE)


def test_a_service_whose_port_is_not_published_is_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    toml = PROD_TOML.read_text(encoding="utf-8").replace("9999", "9000")
    folder = folder_with(tmp_path, COMPOSE_FILE.read_text(encoding="utf-8"), toml)
    assert lines_for(folder, monkeypatch) == [
        "environments/prod.toml: services.link.port: 9000 is not published by the compose file, which publishes 7777, "
        "8888, 9878, 9999; publish it there, or use one of those"
    ]


@pytest.mark.parametrize("text", ["services: 5", "services:\n  orcha:\n    ports: ['a:b']", "", "[]", "a: 1"])
def test_a_compose_file_without_ports_is_reported(text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = folder_with(tmp_path, text, PROD_TOML.read_text(encoding="utf-8"))
    assert lines_for(folder, monkeypatch) == [
        'deploy/docker-compose.yml: holds no `services` with `ports` such as "9999:9999"; correct it'
    ]


def test_a_compose_file_that_is_no_yaml_is_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = folder_with(tmp_path, "services: {", PROD_TOML.read_text(encoding="utf-8"))
    (line,) = lines_for(folder, monkeypatch)
    assert line.startswith("deploy/docker-compose.yml: cannot be read: while parsing a flow node")


@pytest.mark.parametrize(
    ("entry", "ports"),
    [
        ("'9999:9999'", {9999}),
        ("'80:9999/tcp'", {80}),
        ("'8000-8002:9000-9002'", {8000, 8001, 8002}),
        ("'0.0.0.0:9999:9999'", {9999}),
        ("{target: 9999, published: 80}", {80}),
        ("{target: 9999, published: '8000-8001', protocol: tcp}", {8000, 8001}),
        ("'9999'", set()),
        ("9999", set()),
        ("'127.0.0.1:9999:9999'", set()),
        ("'9999:9999/udp'", set()),
        ("{target: 9999, published: 80, host_ip: 127.0.0.1}", set()),
        ("{target: 9999, published: 80, protocol: udp}", set()),
        ("{target: 9999}", set()),
    ],
)
def test_the_ports_that_a_load_balancer_can_reach_are_read(entry: str, ports: set[int], tmp_path: Path) -> None:
    file = tmp_path / "docker-compose.yml"
    file.write_text(f"services:\n  orcha:\n    ports:\n      - {entry}\n  worker:\n    image: x\n", encoding="utf-8")
    assert published_ports(file) == ports


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "does not end in a line feed; add one"),
        (
            "#" * (13_312 - len(PUBLISHED)) + "\n",
            "has 13313 bytes, and an instance's user data has room for 13312; shorten it",
        ),
    ],
)
def test_a_compose_file_that_no_instance_can_start_with_is_reported(
    text: str, problem: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = folder_with(tmp_path, PUBLISHED + text, MANAGED_TOML_FILE.read_text(encoding="utf-8"))
    assert lines_for(folder, monkeypatch) == [f"deploy/docker-compose.yml: {problem}"]


def test_the_seeds_ports_are_published() -> None:
    assert published_ports(COMPOSE_FILE) >= SEED_PORTS
    assert environment(tomllib.loads(STAGING_TOML), "staging").services["link"].port in SEED_PORTS


def test_the_port_for_operators_is_reserved() -> None:
    assert OPERATIONS_PORT in RESERVED


@pytest.mark.parametrize("key", ["healthcheck", "logging", "restart", "image"])
def test_every_container_has(key: str) -> None:
    assert all(key in service for service in compose()["services"].values())


def test_containers_come_back_and_their_logs_rotate() -> None:
    for service in compose()["services"].values():
        assert service["restart"] == "unless-stopped"
        assert {"max-size", "max-file"} <= service["logging"]["options"].keys()


def test_the_health_check_asks_every_service_on_its_own_port() -> None:
    (container,) = compose()["services"].values()
    asked = set(map(int, re.search(r"for port in ([\d ]+);", container["healthcheck"]["test"][1])[1].split()))  # type: ignore[index]
    assert asked == published_ports(COMPOSE_FILE) - {OPERATIONS_PORT}


def test_the_image_must_be_set() -> None:
    assert all(service["image"].startswith("${ORCHA_IMAGE:?") for service in compose()["services"].values())


def test_a_compose_file_that_is_no_text_stands_in_no_user_data(tmp_path: Path) -> None:
    file = tmp_path / "docker-compose.yml"
    file.write_bytes("# Bücher\n".encode("latin-1"))
    with pytest.raises(ComposeFileError, match=r"^is not UTF-8 text at byte 3; save it as UTF-8$"):
        text_for_user_data(file)
