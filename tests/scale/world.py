"""An environment of many services that are served with one wildcard certificate, as a file beside a compose file."""

from pathlib import Path

from bench import worlds

NAME = worlds.FIRST
_COMPOSE = """services:
  scale:
    image: registry.example/scale:1
    ports:
"""


def lay_out(folder: Path, *, services: int) -> Path:
    """Write the file, and beside its folder a compose file that publishes every port; give the files' folder."""
    environments, deploy = folder / "environments", folder / "deploy"
    worlds.write(environments, services=services, files=1, shared=True)
    deploy.mkdir()
    ports = worlds.ports(services)
    published = "".join(f'      - "{port}:{port}"\n' for port in ports)
    (deploy / "docker-compose.yml").write_text(_COMPOSE + published, encoding="utf-8")
    return environments
