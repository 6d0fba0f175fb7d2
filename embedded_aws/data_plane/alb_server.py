"""The socket side of a load balancer: TLS by SNI, and HTTP/1.1 on it, on one loopback port for each of its ports."""

import socket
import socketserver
import ssl
import sys
import traceback
from collections.abc import Callable
from functools import cache
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

from embedded_aws.data_plane.actions import Request, Response, plain
from embedded_aws.data_plane.alb import Balancer
from embedded_aws.data_plane.certificate_authority import CertificateAuthority
from embedded_aws.data_plane.serving import serve

_HOST = "127.0.0.1"
_IDLE_SECONDS = 20
_METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
_OWN_HEADERS = {"content-length", "connection"}


def start(balancer: Balancer, port: int, authority: CertificateAuthority) -> int:
    """Serve one port of a load balancer for as long as this process lives, and give the loopback port.

    Where no listener stands, or the security groups let nobody in, the connection ends without a word.
    """

    class Front(socketserver.ThreadingTCPServer):
        daemon_threads = True

        def finish_request(self, request: Any, client_address: Any) -> None:
            try:
                listener = balancer.listener(port)
                if listener is None:
                    return
                connection = _secure(request, balancer, listener, authority) if _is_tls(listener) else request
                try:
                    handler(listener)(connection, client_address, self)
                finally:
                    connection.close()
            except OSError:
                return  # the client hung up, or did not like the certificate

        def handle_error(self, _request: Any, _client_address: Any) -> None:
            traceback.print_exc(file=sys.stderr)

    def handler(listener: dict[str, Any]) -> Callable[..., BaseHTTPRequestHandler]:
        return _handler(lambda request: balancer.answer(listener, request), str(listener["Protocol"]), port)

    server = Front((_HOST, 0), BaseHTTPRequestHandler)
    serve(server)
    return int(server.server_address[1])


def _is_tls(listener: dict[str, Any]) -> bool:
    return bool(listener["Protocol"] == "HTTPS")


def _secure(
    plain_socket: socket.socket, balancer: Balancer, listener: dict[str, Any], authority: CertificateAuthority
) -> ssl.SSLSocket:
    """Shake hands with the certificate that the listener has for the name that the client asks for."""

    def choose(connection: ssl.SSLObject | ssl.SSLSocket, host: str | None, _: ssl.SSLContext) -> int | None:
        found = balancer.certificate(listener, host)
        if found is None:
            return ssl.ALERT_DESCRIPTION_HANDSHAKE_FAILURE
        connection.context = _serving(authority.chain(*found))
        return None

    context = _context()
    context.sni_callback = choose
    plain_socket.settimeout(_IDLE_SECONDS)
    return context.wrap_socket(plain_socket, server_side=True)


def _context() -> ssl.SSLContext:
    """Make a server's context as ELBSecurityPolicy-TLS13-1-2-2021-06 has it: TLS 1.2 and 1.3."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


@cache
def _serving(chain: Path) -> ssl.SSLContext:
    """Make the context with a certificate and its key, once for each: a file is never written again."""
    context = _context()
    context.load_cert_chain(chain)
    return context


def _handler(answer: Callable[[Request], Response], protocol: str, port: int) -> type[BaseHTTPRequestHandler]:
    """Make the class that reads requests of one connection and writes what the listener answers."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        timeout = _IDLE_SECONDS

        def version_string(self) -> str:
            return "awselb/2.0"

        def handle_request(self) -> None:
            path, _, query = self.path.partition("?")
            host = self.headers.get("Host", "").partition(":")[0]
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            headers = tuple(self.headers.items())
            request = Request(protocol, port, self.command, host, path, query, headers, body)
            self._write(answer(request) if host else plain(400, "A Host header is missing."))

        def _write(self, response: Response) -> None:
            self.send_response(response.status)
            for name, value in response.headers:
                if name.lower() not in _OWN_HEADERS:
                    self.send_header(name, value)
            self.send_header("Content-Length", str(len(response.body)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(response.body)

        def log_message(self, *_arguments: object) -> None:
            """Log nothing: what a client does is none of our failures."""

    return type("Handler", (Handler,), {f"do_{method}": Handler.handle_request for method in _METHODS})
