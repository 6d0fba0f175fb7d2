"""The compose file that runs on the instances, read together with the environments that route to it."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

from environments.loader import load_all
from environments.schema import Environment
from tests.files import ROOT, STAGING_TOML, environment, prod

COMPOSE_FILE = ROOT / "deploy" / "docker-compose.yml"
OPERATIONS_PORT = 9878
SEED_PORTS = {8888, 7777, 9999, OPERATIONS_PORT}


def compose(file: Path = COMPOSE_FILE) -> dict[str, Any]:
    content: dict[str, Any] = yaml.safe_load(file.read_text(encoding="utf-8"))
    return content


def published_ports(content: dict[str, Any]) -> set[int]:
    """Host ports, which are what a target group of type instance reaches."""
    return {int(mapping.split(":")[0]) for each in content["services"].values() for mapping in each["ports"]}


def unpublished(environments: tuple[Environment, ...], ports: set[int]) -> list[str]:
    return [
        f"{each.name}: services.{name}.port {service.port} is not published by deploy/docker-compose.yml"
        for each in environments
        for name, service in each.services.items()
        if service.port not in ports
    ]


def test_every_service_of_every_environment_has_its_port_published() -> None:
    assert unpublished(load_all(), published_ports(compose())) == []


def test_a_service_whose_port_is_not_published_is_found() -> None:
    content = prod()
    content["services"]["other"] = {"port": 9000, "priority": 90, "hosts": ["other.prod.getorcha.com"]}
    faults = unpublished((environment(content),), published_ports(compose()))
    assert faults == ["prod: services.other.port 9000 is not published by deploy/docker-compose.yml"]


def test_the_seeds_ports_are_published() -> None:
    assert published_ports(compose()) >= SEED_PORTS
    assert environment(tomllib.loads(STAGING_TOML), "staging").services["link"].port in SEED_PORTS


@pytest.mark.parametrize("key", ["healthcheck", "logging", "restart", "image"])
def test_every_container_has(key: str) -> None:
    assert all(key in each for each in compose()["services"].values())


def test_containers_come_back_and_their_logs_rotate() -> None:
    for each in compose()["services"].values():
        assert each["restart"] == "unless-stopped"
        assert {"max-size", "max-file"} <= each["logging"]["options"].keys()


def test_the_health_check_asks_every_service_on_its_own_port() -> None:
    (container,) = compose()["services"].values()
    asked = set(map(int, re.search(r"for port in ([\d ]+);", container["healthcheck"]["test"][1])[1].split()))  # type: ignore[index]
    assert asked == published_ports(compose()) - {OPERATIONS_PORT}


def test_the_image_must_be_set() -> None:
    assert all(each["image"].startswith("${ORCHA_IMAGE:?") for each in compose()["services"].values())
