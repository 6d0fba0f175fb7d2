"""Start the whole data plane beside the APIs, in their process, with their bounded life."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from embedded_aws.data_plane import alb_server, applications, dns_server, variables
from embedded_aws.data_plane.alb import Balancer
from embedded_aws.data_plane.aws_reader import Api
from embedded_aws.data_plane.certificate_authority import CertificateAuthority
from embedded_aws.data_plane.dns_server import Answer
from embedded_aws.data_plane.resolver import World
from embedded_aws.data_plane.routes import Places

APPLICATIONS_FILE = "applications.json"


@dataclass(frozen=True)
class PlaneOptions:
    """What the plane serves: the places that it reads, and what the instances answer, by place, port and path."""

    places: tuple[tuple[str, str], ...]
    applications: applications.Answers

    def as_json(self) -> str:
        """Write the options as one argument of the server's command line."""
        return json.dumps({"places": self.places, "applications": self.applications})

    @classmethod
    def parse(cls, text: str) -> "PlaneOptions":
        """Read what `as_json` wrote."""
        content = json.loads(text)
        return cls(tuple((account, region) for account, region in content["places"]), content["applications"])


def start(
    options: PlaneOptions, *, url: str, zones: Mapping[str, str], folder: Path, changes: Callable[[], int]
) -> dict[str, str]:
    """Start it, and give the variables with which `edge.verify` reaches it.

    `zones` maps each declared zone to an account id; `changes` counts the requests of everybody else. The servers are
    threads that end with this process.
    """
    file = folder / APPLICATIONS_FILE
    file.write_text(json.dumps(options.applications, indent=2), encoding="utf-8")
    instances = applications.start(file, options.applications)
    api = Api(url, options.places, changes)
    authority = CertificateAuthority(folder)
    routes = folder / "routes.json"
    servers: dict[str, Any] = {}
    places = Places(
        routes,
        open_dns=lambda zone_id: dns_server.start(_authority(servers["world"], zone_id), recursive=False),
        open_front=lambda arn, port: alb_server.start(Balancer(arn, api, instances), port, authority),
    )
    servers["world"] = World(zones, api, places)
    resolver = dns_server.start(servers["world"].resolver, recursive=True)
    return {
        variables.DNS: f"127.0.0.1:{resolver}",
        variables.CA_FILE: str(authority.file),
        variables.ROUTES: str(routes),
    }


def _authority(world: World, zone_id: str) -> Answer:
    """Give who answers for a zone, by its id, or for the registry."""
    return partial(world.authority, zone_id) if zone_id else world.registry
