"""Start the whole data plane beside the APIs, in their process, with their bounded life."""

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from dns.name import Name

from embedded_aws.data_plane import alb_server, applications, dns_server, identity_providers, variables
from embedded_aws.data_plane.alb import Balancer
from embedded_aws.data_plane.aws_reader import Api
from embedded_aws.data_plane.certificate_authority import CertificateAuthority
from embedded_aws.data_plane.dns_server import Answer
from embedded_aws.data_plane.resolver import World
from embedded_aws.data_plane.routes import Places
from embedded_aws.data_plane.zone_answers import RecordSet, Reply
from embedded_aws.dns_names import parse

APPLICATIONS_FILE = "applications.json"
_TTL_SECONDS = 60
PROVIDERS_FILE = "identity_providers.json"


@dataclass(frozen=True)
class PlaneOptions:
    """What the plane serves: the places that it reads, and what instances and identity providers answer, by path.

    `environments` are the names of the files that say so.
    """

    places: tuple[tuple[str, str], ...]
    applications: applications.Answers
    providers: identity_providers.Documents = field(default_factory=dict)
    environments: tuple[str, ...] = ()

    def as_json(self) -> str:
        """Write the options as one argument of the server's command line."""
        return json.dumps(asdict(self))

    @classmethod
    def parse(cls, text: str) -> "PlaneOptions":
        """Read what `as_json` wrote."""
        content = json.loads(text)
        places = tuple((account, region) for account, region in content["places"])
        return cls(places, content["applications"], content["providers"], tuple(content["environments"]))


def start(
    options: PlaneOptions,
    *,
    url: str,
    zones: Mapping[str, str],
    folder: Path,
    changes: Callable[[], int],
    again: applications.Again,
) -> dict[str, str]:
    """Start it, and give the variables with which `edge.verify` reaches it.

    `zones` maps each declared zone to an account id; `changes` counts what may have changed something; `again` gives
    what the instances answer by now. The servers are threads that end with this process.
    """
    file = folder / APPLICATIONS_FILE
    file.write_text(json.dumps(options.applications, indent=2), encoding="utf-8")
    instances = applications.Instances(file, again)
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
    resolver = dns_server.start(_resolver(servers["world"], options, places, folder, authority), recursive=True)
    return {
        variables.DNS: f"127.0.0.1:{resolver}",
        variables.CA_FILE: str(authority.file),
        variables.ROUTES: str(routes),
    }


def _authority(world: World, zone_id: str) -> Answer:
    """Give who answers for a zone, by its id, or for the registry."""
    return partial(world.authority, zone_id) if zone_id else world.registry


def _resolver(
    world: World, options: PlaneOptions, places: Places, folder: Path, authority: CertificateAuthority
) -> Answer:
    """Give who resolves names for clients: the world's resolver, which does not know the identity providers."""
    file = folder / PROVIDERS_FILE
    file.write_text(json.dumps(options.providers, indent=2), encoding="utf-8")
    providers = {parse(host) for host in options.providers}

    def resolve(name: Name, kind: str) -> Reply:
        if name not in providers:
            return world.resolver(name, kind)
        address = places.providers(lambda: identity_providers.start(file, authority))
        return Reply("NOERROR", (RecordSet(name, "A", _TTL_SECONDS, (address,)),) if kind == "A" else ())

    return resolve
