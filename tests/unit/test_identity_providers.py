"""The providers that the embedded AWS serves: what the file says of them, as HTTPS on loopback, until it is changed."""

import copy
import json
import socket
import ssl
from http.client import HTTPResponse
from pathlib import Path
from typing import Any

import pytest

from embedded_aws.data_plane import identity_providers
from embedded_aws.data_plane.certificate_authority import CertificateAuthority
from embedded_aws.service_answers import plane_of
from tests.support.files import EVERYTHING_TOML, environment, environment_of, prod
from tests.unit.properties.right_sign_ins import OIDC

DOCUMENT = {"issuer": "https://id.example.com"}
PATH = "/.well-known/openid-configuration"


def providers_of(issuer: str) -> identity_providers.Documents:
    content: dict[str, Any] = copy.deepcopy(prod())
    content["services"]["link"]["sign_in"] = {**OIDC, "issuer": issuer}
    return plane_of([environment(content)]).providers


@pytest.mark.parametrize(
    ("issuer", "path"),
    [
        ("https://id.example.com", PATH),
        ("https://id.example.com/", PATH),
        ("https://id.example.com/a/v2.0", f"/a/v2.0{PATH}"),
    ],
)
def test_every_issuer_outside_the_zones_has_a_document(issuer: str, path: str) -> None:
    document = providers_of(issuer)["id.example.com"][path]
    assert document["issuer"] == issuer
    assert document["userinfo_endpoint"] == OIDC["user_info_endpoint"]


def test_an_issuer_in_a_declared_zone_is_a_service_of_ours() -> None:
    assert providers_of("https://link.getorcha.com") == {}


def test_an_environment_without_oidc_has_no_providers() -> None:
    assert plane_of([environment(prod())]).providers == {}
    assert list(plane_of([environment_of(EVERYTHING_TOML)]).providers) == ["id.example.com"]


def asked(port: int, host: str, path: str, authority: CertificateAuthority) -> tuple[int, Any]:
    context = ssl.create_default_context(cafile=str(authority.file))
    with (
        socket.create_connection(("127.0.0.1", port), timeout=10) as plain,
        context.wrap_socket(plain, server_hostname=host) as connection,
    ):
        connection.sendall(f"GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())
        response = HTTPResponse(connection)
        response.begin()
        return response.status, json.loads(response.read())


def test_it_serves_what_the_file_says_at_the_moment_to_who_knows_its_name(tmp_path: Path) -> None:
    file, authority = tmp_path / "providers.json", CertificateAuthority(tmp_path)
    file.write_text(json.dumps({"id.example.com": {PATH: DOCUMENT}}), encoding="utf-8")
    port = identity_providers.start(file, authority)
    assert asked(port, "id.example.com", PATH, authority) == (200, DOCUMENT)
    assert asked(port, "id.example.com", "/else", authority)[0] == 404
    with pytest.raises(ssl.SSLError):
        asked(port, "other.example.com", PATH, authority)
    changed = {**DOCUMENT, "issuer": "https://other.example.com"}
    file.write_text(json.dumps({"id.example.com": {PATH: changed}}), encoding="utf-8")
    assert asked(port, "id.example.com", PATH, authority) == (200, changed)
