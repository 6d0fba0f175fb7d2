"""What an instance does when it starts: install Docker and Compose, and run the compose file as it stands."""

import json
import shlex

from environments.aws_limits import USER_DATA_MAX_BYTES

# Amazon Linux 2023 has Docker and no Compose plugin. Version and checksums are those that the Docker Official Image
# pins: https://github.com/docker-library/docker/blob/master/28/cli/Dockerfile
COMPOSE_VERSION = "2.38.2"
COMPOSE_SHA256 = {
    "x86_64": "486b3ffc0f806ca2efbc430cef89955386011662f0c76bad17c103d059cfa9cf",
    "aarch64": "4d0f7678dd3338452beba4518e36a8e22b20cad79ba2535c687da554dc3997fb",
}
_MACHINES = {"arm64": "aarch64", "x86_64": "x86_64"}
_END = "END_OF_COMPOSE_FILE"

_SCRIPT = """\
#!/bin/bash
set -euxo pipefail

dnf install --assumeyes docker amazon-ecr-credential-helper
install --directory /usr/local/lib/docker/cli-plugins /opt/orcha
export DOCKER_CONFIG=/opt/orcha
echo {docker_config} > "$DOCKER_CONFIG/config.json"

plugin=/usr/local/lib/docker/cli-plugins/docker-compose
curl --fail --silent --show-error --location --retry 5 --output "$plugin" \\
  https://github.com/docker/compose/releases/download/v{version}/docker-compose-linux-{machine}
echo "{sha256}  $plugin" | sha256sum --check -
chmod 0755 "$plugin"
systemctl enable --now docker

cat > /opt/orcha/docker-compose.yml <<'{end}'
{compose}{end}

export ORCHA_IMAGE={image}
echo "ORCHA_IMAGE=$ORCHA_IMAGE" > /opt/orcha/.env
cd /opt/orcha
docker compose pull
docker compose up --detach
"""


def script(*, compose_file: str, image: str, architecture: str) -> str:
    """Write the script; the compose file stands in it byte for byte, since a quoted delimiter expands nothing.

    Raises ValueError where the compose file has no last line feed or holds the delimiter, and where the whole is longer
    than EC2 takes.
    """
    if not compose_file.endswith("\n") or _END in compose_file.splitlines():
        message = f"the compose file must end in a line feed and hold no line {_END}"
        raise ValueError(message)
    machine = _MACHINES[architecture]
    written = _SCRIPT.format(
        version=COMPOSE_VERSION,
        machine=machine,
        sha256=COMPOSE_SHA256[machine],
        compose=compose_file,
        end=_END,
        image=shlex.quote(image),
        docker_config=shlex.quote(_docker_config(image)),
    )
    size = len(written.encode())
    if size > USER_DATA_MAX_BYTES:
        message = f"the user data with the compose file has {size} bytes, and EC2 takes {USER_DATA_MAX_BYTES}"
        raise ValueError(message)
    return written


def _docker_config(image: str) -> str:
    """Sign in to the image's registry with the instance's role, where that is ECR; any other is asked as anybody."""
    registry = image.partition("/")[0]
    return json.dumps({"credHelpers": {registry: "ecr-login"}} if ".dkr.ecr." in registry else {})
