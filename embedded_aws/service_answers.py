"""What the instances of the embedded AWS answer: a small application on every port of the compose file.

It stands for the services' own code. Link's knows its own issuer, as the real one does from its configuration; nothing
else about how it is reached.
"""

import json
from collections.abc import Iterable, Sequence
from typing import Any

from embedded_aws.data_plane.applications import Answers, key
from embedded_aws.data_plane.identity_providers import Documents
from embedded_aws.data_plane.start import PlaneOptions
from embedded_aws.dns_names import parse, zone_of
from environments.checked import Environment
from environments.compose import ComposeFileError, published_ports
from environments.faults import InvalidEnvironmentError
from environments.loader import compose_file_of_instances, load
from environments.oauth import DISCOVERY_PATH
from environments.schema import Service
from environments.sign_in import OidcSignIn

_HEALTH_PATH = "/health"
_PROVIDER_PATH = "/.well-known/openid-configuration"
_OK: dict[str, str | int] = {"status": 200, "content_type": "text/plain", "body": "ok\n"}


def plane_of(environments: Sequence[Environment]) -> PlaneOptions:
    """Give the data plane of some environments: their accounts and regions, and their applications."""
    places = tuple(
        (account.id, environment.region) for environment in environments for account in environment.accounts.values()
    )
    answers: Answers = {}
    for environment in environments:
        answers |= _instances_of(environment, sorted(published_ports(compose_file_of_instances())))
    names = tuple(environment.name for environment in environments)
    return PlaneOptions(places, answers, _providers_of(environments), names)


def answers_now(names: Sequence[str]) -> Answers:
    """Give what the instances answer by the files as they are now; nothing where they cannot be used."""
    try:
        return plane_of(load(list(names))).applications
    except (InvalidEnvironmentError, ComposeFileError):
        return {}


def _providers_of(environments: Sequence[Environment]) -> Documents:
    """Give the discovery documents of the providers by which services sign in; not of one in our own zones.

    They say what the environment files say, as the providers do where the files are right.
    """
    documents: Documents = {}
    for environment in environments:
        zones = [parse(zone) for zone in environment.zones]
        for service in environment.services.values():
            if isinstance(service.sign_in, OidcSignIn):
                host, path = _place_of(service.sign_in.issuer)
                if zone_of(parse(host), zones) is None:
                    documents.setdefault(host, {})[path] = _document(service.sign_in)
    return documents


def _place_of(issuer: str) -> tuple[str, str]:
    """Say at which host and path a provider's document is: OpenID Connect Discovery 1.0 section 4.1."""
    host, slash, path = issuer.removeprefix("https://").partition("/")
    return host, f"{slash}{path}".removesuffix("/") + _PROVIDER_PATH


def _document(sign_in: OidcSignIn) -> dict[str, Any]:
    """Give a provider's metadata as OpenID Connect Discovery 1.0 section 3 has it."""
    return {
        "issuer": sign_in.issuer,
        "authorization_endpoint": sign_in.authorization_endpoint,
        "token_endpoint": sign_in.token_endpoint,
        "userinfo_endpoint": sign_in.user_info_endpoint,
        "jwks_uri": f"{sign_in.issuer.removesuffix('/')}/keys",
        "response_types_supported": ["code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256"],
    }


def _instances_of(environment: Environment, ports: Iterable[int]) -> Answers:
    """Give what the instances of one environment answer; two environments in one account and region share them."""
    account_id = environment.accounts[environment.platform.account].id
    of_services = {service.port: _answers(service) for service in environment.services.values()}
    return {
        key(account_id, environment.region, port): {_HEALTH_PATH: _OK} | of_services.get(port, {}) for port in ports
    }


def _answers(service: Service) -> dict[str, dict[str, str | int]]:
    found = {service.health_check.path: _OK}
    if service.oauth_discovery:
        issuer = f"https://{service.canonical_host or service.primary_host}"
        body = json.dumps(metadata(issuer), indent=2)
        found[DISCOVERY_PATH] = {"status": 200, "content_type": "application/json", "body": body}
    return found


def metadata(issuer: str) -> dict[str, str | list[str]]:
    """Give an authorization server's metadata as RFC 8414 section 2 has it."""
    return {
        "issuer": issuer,
        "authorization_endpoint": f"{issuer}/oauth2/authorize",
        "token_endpoint": f"{issuer}/oauth2/token",
        "jwks_uri": f"{issuer}/oauth2/keys",
        "response_types_supported": ["code"],
        "grant_types_supported": ["authorization_code", "refresh_token"],
        "code_challenge_methods_supported": ["S256"],
    }
