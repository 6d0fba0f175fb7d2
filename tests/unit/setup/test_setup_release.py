"""What is fetched, and what is refused."""

import hashlib
import io
import threading
import zipfile
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from bootstrap import release
from bootstrap.processes import SetupError

PROGRAM = b"#!/bin/sh\necho 'Terraform v1.11.4'\n"


def zipped() -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("LICENSE.txt", "free")
        archive.writestr("terraform", PROGRAM)
    return content.getvalue()


ARCHIVE = zipped()
SHA256 = hashlib.sha256(ARCHIVE).hexdigest()
FOLDERS = {"/good": ARCHIVE, "/tampered": ARCHIVE + b"!", "/cut": ARCHIVE[:-20]}


class Releases(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        folder, _, rest = self.path.partition("/1.11.4/")
        content = FOLDERS.get(folder) if rest == "terraform_1.11.4_linux_amd64.zip" else None
        self.send_response(200 if content else 404)
        self.send_header("Content-Length", str(len(ARCHIVE)) if folder == "/cut" else str(len(content or b"")))
        self.end_headers()
        self.wfile.write(content or b"")

    def log_message(self, *_: object) -> None:
        """Keep the tests' output quiet."""


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Releases) as httpd:
        threading.Thread(target=httpd.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{httpd.server_port}"
        httpd.shutdown()


def fetch(target: Path, url: str) -> None:
    release.fetch(target, releases_url=url, name="linux_amd64", sha256=SHA256)


def test_the_pinned_release_becomes_an_executable_program(server: str, tmp_path: Path) -> None:
    target = tmp_path / "bin" / "terraform"
    fetch(target, f"{server}/good")
    assert target.read_bytes() == PROGRAM
    assert target.stat().st_mode & 0o777 == 0o755
    assert [entry.name for entry in target.parent.iterdir()] == ["terraform"]


@pytest.mark.parametrize(
    ("folder", "reason"),
    [
        ("tampered", "not the pinned " + SHA256),
        ("cut", "not the pinned " + SHA256),
        ("missing", "HTTP Error 404"),
    ],
    ids=["tampered", "cut", "missing"],
)
def test_a_tampered_release_is_refused_and_leaves_nothing_behind(
    server: str, tmp_path: Path, folder: str, reason: str
) -> None:
    target = tmp_path / "bin" / "terraform"
    with pytest.raises(SetupError) as refused:
        fetch(target, f"{server}/{folder}")
    assert list(target.parent.iterdir()) == []
    assert reason in str(refused.value)
    assert "install Terraform 1.10 or later" in str(refused.value)


def test_a_tampered_release_does_not_replace_the_program_that_is_there(server: str, tmp_path: Path) -> None:
    target = tmp_path / "terraform"
    target.write_text("the old one", encoding="utf-8")
    with pytest.raises(SetupError, match="SHA-256"):
        fetch(target, f"{server}/tampered")
    assert target.read_text(encoding="utf-8") == "the old one"


def test_an_unreachable_server_is_one_sentence_with_the_next_action(tmp_path: Path) -> None:
    with pytest.raises(SetupError) as refused:
        fetch(tmp_path / "terraform", "http://127.0.0.1:1")
    assert "\n" not in str(refused.value)
    assert str(refused.value).endswith("install Terraform 1.10 or later on PATH and run `make setup` again.")


def test_a_local_file_is_not_taken_for_a_release(tmp_path: Path) -> None:
    folder = tmp_path / "1.11.4"
    folder.mkdir()
    (folder / "terraform_1.11.4_linux_amd64.zip").write_bytes(ARCHIVE)
    with pytest.raises(SetupError, match="unknown url type: file"):
        fetch(tmp_path / "terraform", tmp_path.as_uri())


def test_a_platform_without_a_pinned_hash_is_not_fetched(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match="No Terraform release is pinned for plan9_mips"):
        release.fetch(tmp_path / "terraform", name="plan9_mips")


@pytest.mark.parametrize(
    ("system", "machine", "name"),
    [
        ("linux", "x86_64", "linux_amd64"),
        ("linux", "aarch64", "linux_arm64"),
        ("darwin", "arm64", "darwin_arm64"),
        ("darwin", "x86_64", "darwin_amd64"),
    ],
)
def test_every_supported_machine_has_a_pinned_hash(
    monkeypatch: pytest.MonkeyPatch, system: str, machine: str, name: str
) -> None:
    monkeypatch.setattr("sys.platform", system)
    monkeypatch.setattr("platform.machine", lambda: machine)
    assert release.platform_name() == name
    assert len(release.SHA256[name]) == 64
