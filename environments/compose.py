"""The compose file that runs on the instances, as far as environments depend on it: the ports that it publishes."""

from ipaddress import ip_address
from pathlib import Path
from typing import Any

import yaml

from environments.aws_limits import USER_DATA_MAX_BYTES

COMPOSE_FILE = Path("deploy") / "docker-compose.yml"
_SCRIPT_AROUND_IT_BYTES = 3072  # what installs Docker and names the image, at most
_TCP = {None, "", "tcp"}


class ComposeFileError(Exception):
    """The compose file is there and cannot be used; the message is a sentence with the reason and the remedy."""


def compose_file(environments_folder: Path) -> Path | None:
    """Find the compose file beside a folder of environments: `../deploy/docker-compose.yml`, or None."""
    file = environments_folder.absolute().parent / COMPOSE_FILE
    return file if file.exists() else None


def text_for_user_data(file: Path) -> str:
    """Read a compose file that can stand as it is in the script that starts an instance. Raises ComposeFileError."""
    try:
        content = file.read_bytes()
    except OSError as error:
        message = f"cannot be read: {error.strerror}; make it a file that you may read"
        raise ComposeFileError(message) from None
    room = USER_DATA_MAX_BYTES - _SCRIPT_AROUND_IT_BYTES
    if len(content) > room:
        message = f"has {len(content)} bytes, and an instance's user data has room for {room}; shorten it"
        raise ComposeFileError(message)
    if not content.endswith(b"\n"):
        message = "does not end in a line feed; add one"
        raise ComposeFileError(message)
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        message = f"is not UTF-8 text at byte {error.start}; save it as UTF-8"
        raise ComposeFileError(message) from None


def published_ports(file: Path) -> frozenset[int]:
    """Read the TCP ports of the instance that a compose file publishes: those that a target group can reach.

    https://docs.docker.com/reference/compose-file/services/#ports (short and long syntax, and ranges). A port published
    on one address only, such as 127.0.0.1, is none of them. Raises ComposeFileError.
    """
    try:
        content = yaml.safe_load(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        message = f"cannot be read: {' '.join(str(error).split())}; correct it"
        raise ComposeFileError(message) from None
    try:
        services = content["services"].values()
        return frozenset(
            port for service in services for entry in service.get("ports", ()) for port in _host_ports(entry)
        )
    except (KeyError, TypeError, AttributeError, ValueError):
        message = 'holds no `services` with `ports` such as "9999:9999"; correct it'
        raise ComposeFileError(message) from None


def _host_ports(entry: Any) -> range:
    """Give the instance's ports of one entry of `ports`."""
    if isinstance(entry, dict):
        address, published, protocol = (entry.get(key) for key in ("host_ip", "published", "protocol"))
    else:
        mapping, _, protocol = str(entry).partition("/")
        ports, _, _container = mapping.rpartition(":")
        address, _, published = ports.rpartition(":")
    if not _everywhere(address) or protocol not in _TCP or not published:
        return range(0)
    first, _, last = str(published).partition("-")
    return range(int(first), int(last or first) + 1)


def _everywhere(address: str | None) -> bool:
    return not address or ip_address(address.strip("[]")).is_unspecified
