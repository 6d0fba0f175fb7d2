"""What an instance does when it starts: the script is run, with stubs in place of the programs that it calls."""

import hashlib
import os
import stat
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

from modules.platform.managed import user_data
from modules.platform.managed.user_data import COMPOSE_SHA256, COMPOSE_VERSION, script

COMPOSE_FILE = 'services:\n  link:\n    image: ${ORCHA_IMAGE}\n    command: echo "$HOME" `id`\n'
PUBLISHED = b"the Compose plugin, as it was published\n"
PLUGIN = "usr/local/lib/docker/cli-plugins/docker-compose"
ECR_IMAGE = "111111111111.dkr.ecr.eu-central-1.amazonaws.com/orcha:1.2"

# Each notes how it is called; curl also writes what the network has, and fails where the network does.
_STUB = '#!/bin/bash\necho "$(basename "$0") $*" >> "$CALLS"\n'
_CURL = _STUB + 'while [ "$1" != --output ]; do shift; done\ncp "$DOWNLOAD" "$2"\n'
_STUBS = {"dnf": _STUB, "systemctl": _STUB, "docker": _STUB + 'echo "ran in $PWD" >> "$CALLS"\n', "curl": _CURL}


@dataclass(frozen=True)
class Instance:
    """A folder that stands for the instance's file system, and what ran on it."""

    root: Path
    exit_code: int
    calls: list[str]

    def text(self, path: str) -> str:
        return (self.root / path).read_text(encoding="utf-8")


def start(
    tmp_path: Path, *, download: bytes = PUBLISHED, image: str = "orcha:1", architecture: str = "x86_64"
) -> Instance:
    """Run the script with its absolute paths moved below a folder; everything else in it stays as it is."""
    root, programs, calls = tmp_path / "root", tmp_path / "programs", tmp_path / "calls"
    programs.mkdir()
    for name, text in _STUBS.items():
        (programs / name).write_text(text, encoding="utf-8")
        (programs / name).chmod(0o755)
    (tmp_path / "download").write_bytes(download)
    calls.touch()
    written = script(compose_file=COMPOSE_FILE, image=image, architecture=architecture)
    moved = written.replace("/opt/orcha", f"{root}/opt/orcha").replace("/usr/local/", f"{root}/usr/local/")
    path = f"{programs}{os.pathsep}{os.environ['PATH']}"
    environ = {"PATH": path, "CALLS": str(calls), "DOWNLOAD": str(tmp_path / "download")}
    ran = subprocess.run(["bash", "-c", moved], cwd=tmp_path, env=environ, capture_output=True, timeout=60, check=False)
    return Instance(root, ran.returncode, calls.read_text(encoding="utf-8").splitlines())


@pytest.fixture(autouse=True)
def published(monkeypatch: pytest.MonkeyPatch) -> None:
    """The checksum of what the test's network publishes, in place of the real one's, which is 60 MB."""
    for machine in COMPOSE_SHA256:
        monkeypatch.setitem(user_data.COMPOSE_SHA256, machine, hashlib.sha256(PUBLISHED).hexdigest())


def test_it_installs_docker_and_compose_and_runs_the_compose_file_in_its_folder(tmp_path: Path) -> None:
    instance = start(tmp_path)
    folder = instance.root / "opt" / "orcha"
    assert instance.exit_code == 0
    install, fetch, enable, pull, _, up, _ = instance.calls
    assert install == "dnf install --assumeyes docker amazon-ecr-credential-helper"
    address = f"https://github.com/docker/compose/releases/download/v{COMPOSE_VERSION}/docker-compose-linux-x86_64"
    assert fetch.startswith("curl --fail ")
    assert fetch.endswith(f"--output {instance.root / PLUGIN} {address}")
    assert [enable, pull, up] == ["systemctl enable --now docker", "docker compose pull", "docker compose up --detach"]
    assert instance.calls.count(f"ran in {folder}") == 2


def test_the_compose_file_stands_there_byte_for_byte_with_its_image_beside_it(tmp_path: Path) -> None:
    instance = start(tmp_path, image="registry.example/a b:1")
    assert instance.text("opt/orcha/docker-compose.yml") == COMPOSE_FILE
    assert instance.text("opt/orcha/.env") == "ORCHA_IMAGE=registry.example/a b:1\n"


def test_a_download_that_is_not_what_was_published_is_never_run(tmp_path: Path) -> None:
    instance = start(tmp_path, download=PUBLISHED + b"and something else\n")
    assert instance.exit_code != 0
    assert not any(call.startswith(("docker", "systemctl")) for call in instance.calls)
    assert not (instance.root / PLUGIN).stat().st_mode & stat.S_IXUSR


def test_what_was_published_can_be_executed(tmp_path: Path) -> None:
    instance = start(tmp_path, architecture="arm64")
    assert (instance.root / PLUGIN).read_bytes() == PUBLISHED
    assert stat.S_IMODE((instance.root / PLUGIN).stat().st_mode) == 0o755
    assert any(call.endswith("/docker-compose-linux-aarch64") for call in instance.calls)


@pytest.mark.parametrize("failing", sorted(_STUBS))
def test_nothing_runs_after_a_step_that_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, failing: str) -> None:
    monkeypatch.setitem(_STUBS, failing, _STUB + "exit 7\n")
    instance = start(tmp_path)
    assert instance.exit_code == 7
    assert instance.calls[-1].startswith(failing)
    assert "docker compose up --detach" not in instance.calls


@pytest.mark.parametrize(
    ("image", "config"),
    [
        (ECR_IMAGE, '{"credHelpers": {"111111111111.dkr.ecr.eu-central-1.amazonaws.com": "ecr-login"}}\n'),
        ("registry.example/orcha:1.2", "{}\n"),
    ],
)
def test_docker_signs_in_to_ecr_alone_and_with_the_instances_role(tmp_path: Path, image: str, config: str) -> None:
    assert start(tmp_path, image=image).text("opt/orcha/config.json") == config
