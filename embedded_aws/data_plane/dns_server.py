"""DNS on the wire, UDP and TCP on one loopback port: questions in, replies out (RFC 1035 section 4)."""

import socketserver
import struct
from collections.abc import Callable

import dns.exception
import dns.flags
import dns.message
import dns.rcode
import dns.rdatatype
import dns.rrset
from dns.name import Name

from embedded_aws.data_plane.serving import serve
from embedded_aws.data_plane.zone_answers import RecordSet, Reply, absolute

_HOST = "127.0.0.1"
_LENGTH = struct.Struct("!H")
_PLAIN_UDP_BYTES = 512  # RFC 1035 section 4.2.1
_MOST_BYTES = 65535
_TRIES = 20

Answer = Callable[[Name, str], Reply]
"""Answers a name and a record type in text."""


class _Udp(socketserver.ThreadingUDPServer):
    daemon_threads = True


class _Tcp(socketserver.ThreadingTCPServer):
    daemon_threads = True


def start(answer: Answer, *, recursive: bool) -> int:
    """Start a DNS server on a free port, for as long as this process lives, and give the port."""

    class Udp(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            data, server = self.request
            server.sendto(respond(data, answer, recursive=recursive, udp=True), self.client_address)

    class Tcp(socketserver.StreamRequestHandler):
        timeout = 10

        def handle(self) -> None:
            while len(prefix := self.rfile.read(_LENGTH.size)) == _LENGTH.size:
                response = respond(self.rfile.read(_LENGTH.unpack(prefix)[0]), answer, recursive=recursive, udp=False)
                self.wfile.write(_LENGTH.pack(len(response)) + response)

    udp, tcp = _on_one_port(Udp, Tcp)
    for server in (udp, tcp):
        serve(server)
    return int(udp.server_address[1])


def _on_one_port(
    udp_handler: type[socketserver.BaseRequestHandler], tcp_handler: type[socketserver.BaseRequestHandler]
) -> tuple[_Udp, _Tcp]:
    """Take a port that is free for both; the kernel gives one for UDP, and TCP's may be taken."""
    for _ in range(_TRIES):
        udp = _Udp((_HOST, 0), udp_handler)
        try:
            return udp, _Tcp((_HOST, udp.server_address[1]), tcp_handler)
        except OSError:
            udp.server_close()
    message = "found no port that is free for both UDP and TCP"
    raise OSError(message)


def respond(data: bytes, answer: Answer, *, recursive: bool, udp: bool) -> bytes:
    """Answer one message; what is not a question gets FORMERR."""
    try:
        query = dns.message.from_wire(data)
        (question,) = query.question
    except (dns.exception.DNSException, ValueError):
        return data[:2].ljust(2, b"\0") + b"\x80\x01" + bytes(8)
    response = dns.message.make_response(query, recursion_available=recursive)
    _fill(response, answer(question.name, dns.rdatatype.to_text(question.rdtype)))
    size = max(_PLAIN_UDP_BYTES, query.payload) if udp else _MOST_BYTES
    try:
        return response.to_wire(max_size=size)
    except dns.exception.TooBig:
        short = dns.message.make_response(query, recursion_available=recursive)
        short.flags |= dns.flags.TC
        return short.to_wire()


def _fill(response: dns.message.Message, reply: Reply) -> None:
    response.set_rcode(dns.rcode.from_text(reply.status))
    if reply.authoritative:
        response.flags |= dns.flags.AA
    response.answer = [_rrset(record_set) for record_set in reply.answer]
    response.authority = [_rrset(record_set) for record_set in reply.authority]


def _rrset(record: RecordSet) -> dns.rrset.RRset:
    return dns.rrset.from_text(record.name, record.ttl_seconds, "IN", record.kind, *absolute(record))
