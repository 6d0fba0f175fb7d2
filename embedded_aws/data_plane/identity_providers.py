"""The OpenID Connect providers of the services: HTTPS servers whose discovery documents stand in a file.

They stand for what others run on the internet. The file is read for each request, so that a test, or a person, changes
what a provider says by writing it again:

    {"id.example.com": {"/.well-known/openid-configuration": {"issuer": "https://id.example.com"}}}
"""

import json
import socketserver
import ssl
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from embedded_aws.data_plane.certificate_authority import CertificateAuthority
from embedded_aws.data_plane.serving import serve

_HOST = "127.0.0.1"
_IDLE_SECONDS = 20
Documents = dict[str, dict[str, dict[str, Any]]]
"""Host -> path -> the document, as JSON."""


def start(file: Path, authority: CertificateAuthority) -> int:
    """Serve every host of the file for as long as this process lives, and give the loopback port."""

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def finish_request(self, request: Any, client_address: Any) -> None:
            try:
                request.settimeout(_IDLE_SECONDS)
                with _context(file, authority).wrap_socket(request, server_side=True) as connection:
                    _handler(file)(connection, client_address, self)
            except OSError:
                return  # the client hung up, or did not like the certificate

    server = Server((_HOST, 0), BaseHTTPRequestHandler)
    serve(server)
    return int(server.server_address[1])


def _documents(file: Path) -> Documents:
    found: Documents = json.loads(file.read_text(encoding="utf-8"))
    return found


def _context(file: Path, authority: CertificateAuthority) -> ssl.SSLContext:
    """Make a server's context that shows a certificate for the name that the client asks for, if that is known."""

    def choose(connection: ssl.SSLObject | ssl.SSLSocket, host: str | None, _: ssl.SSLContext) -> int | None:
        if host not in _documents(file):
            return ssl.ALERT_DESCRIPTION_UNRECOGNIZED_NAME
        inner = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        inner.load_cert_chain(authority.chain_of_today([host]))
        connection.context = inner
        return None

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.sni_callback = choose
    return context


def _handler(file: Path) -> type[socketserver.BaseRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        timeout = _IDLE_SECONDS

        def do_GET(self) -> None:
            host = self.headers.get("Host", "").partition(":")[0]
            document = _documents(file).get(host, {}).get(self.path.partition("?")[0])
            body = json.dumps(document or {"error": "not_found"}).encode()
            self.send_response(200 if document else 404)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_arguments: object) -> None:
            """Log nothing: what a client does is none of our failures."""

    return Handler
