"""Fetching Terraform's release, and trusting it only by its pinned hash."""

import hashlib
import http.client
import platform
import sys
import tempfile
import urllib.error
import urllib.request
import zipfile
from pathlib import Path
from typing import IO

from bootstrap.processes import SetupError
from bootstrap.progress import say

TERRAFORM_VERSION = "1.11.4"
RELEASES_URL = "https://releases.hashicorp.com/terraform"
# https://releases.hashicorp.com/terraform/1.11.4/terraform_1.11.4_SHA256SUMS
SHA256 = {
    "linux_amd64": "1ce994251c00281d6845f0f268637ba50c0005657eb3cf096b92f753b42ef4dc",
    "linux_arm64": "a43d1d0da9b9bab214a8305a39db0e40869572594ccf50c416a7756499143633",
    "darwin_amd64": "a56d5002b9f7647291faccc3dd1a70350e60fb61e4c45037629508b8fdc2575b",
    "darwin_arm64": "867e0808fa971217043e25b7a792b10720c79b1546f8a68479b74f138be73e18",
}

_ARCHITECTURES = {"x86_64": "amd64", "amd64": "amd64", "aarch64": "arm64", "arm64": "arm64"}
_TIMEOUT_SECONDS = 30.0
_CHUNK_BYTES = 1 << 20
_REPORT_EVERY_BYTES = 16 << 20
_INSTALL = "install Terraform 1.10 or later on PATH and run `make setup` again."


def platform_name() -> str:
    """Name this machine as Terraform does: `linux_amd64`."""
    machine = platform.machine().lower()
    return f"{sys.platform}_{_ARCHITECTURES.get(machine, machine)}"


def fetch(target: Path, *, releases_url: str = RELEASES_URL, name: str = "", sha256: str = "") -> None:
    """Fetch the pinned release for the platform `name` (default: this machine's) and put its program at `target`.

    The archive is unpacked only after its SHA-256 is right, and `target` appears whole or not at all. Raises
    `SetupError`, one sentence, where there is no release for the platform, no network, or another file than expected.
    """
    name = name or platform_name()
    expected = sha256 or SHA256.get(name)
    if expected is None:
        raise SetupError(f"No Terraform release is pinned for {name}; {_INSTALL}")
    url = f"{releases_url}/{TERRAFORM_VERSION}/terraform_{TERRAFORM_VERSION}_{name}.zip"
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent, prefix="fetch-") as folder:
        archive, program = Path(folder, "terraform.zip"), Path(folder, "terraform")
        _download(url, archive)
        found = _sha256(archive)
        if found != expected:
            raise SetupError(
                f"{url} has the SHA-256 {found} and not the pinned {expected}, so it was thrown away; {_INSTALL}"
            )
        with zipfile.ZipFile(archive) as zipped:
            zipped.extract("terraform", folder)
        program.chmod(0o755)
        program.replace(target)


def _sha256(file: Path) -> str:
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def _download(url: str, archive: Path) -> None:
    try:
        with _opener().open(url, timeout=_TIMEOUT_SECONDS) as response, archive.open("wb") as file:
            _copy(response, file, total=int(response.headers.get("Content-Length") or 0))
    except (OSError, http.client.HTTPException) as error:
        # A failed connection is wrapped in an error that adds nothing; an HTTP error says more than its reason.
        reason = error if isinstance(error, urllib.error.HTTPError) else getattr(error, "reason", error)
        raise SetupError(f"{url} could not be fetched ({reason}); {_INSTALL}") from error


def _opener() -> urllib.request.OpenerDirector:
    """Open http and https alone, through the machine's proxy where it has one; urllib's default also opens files."""
    opener = urllib.request.OpenerDirector()
    for handler in (
        urllib.request.ProxyHandler(),
        urllib.request.HTTPHandler(),
        urllib.request.HTTPSHandler(),
        urllib.request.HTTPRedirectHandler(),
        urllib.request.UnknownHandler(),
        urllib.request.HTTPDefaultErrorHandler(),
        urllib.request.HTTPErrorProcessor(),
    ):
        opener.add_handler(handler)
    return opener


def _copy(response: IO[bytes], file: IO[bytes], *, total: int) -> None:
    """Copy the whole answer, and say how far it has come every few megabytes."""
    done = reported = 0
    while chunk := response.read(_CHUNK_BYTES):
        file.write(chunk)
        done += len(chunk)
        if done - reported >= _REPORT_EVERY_BYTES:
            reported = done
            say(f"  {done >> 20} of {total >> 20} MB.")
