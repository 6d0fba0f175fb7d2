"""The embedded AWS's DNS on the wire: UDP and TCP on one port, long answers, and messages that are no questions."""

import dns.flags
import dns.message
import dns.query
import dns.rcode
import pytest
from dns.name import Name

from embedded_aws.data_plane.dns_server import respond, start
from embedded_aws.data_plane.zone_answers import RecordSet, Reply

MANY = tuple(f'"{number:03} {"x" * 200}"' for number in range(20))


def answer(name: Name, kind: str) -> Reply:
    if kind == "TXT":
        return Reply("NOERROR", (RecordSet(name, "TXT", 60, MANY),))
    if kind == "CNAME":
        return Reply("NOERROR", (RecordSet(name, "CNAME", 60, ("link.prod.getorcha.com",)),))
    return Reply("NXDOMAIN")


@pytest.fixture(scope="module")
def port() -> int:
    return start(answer, recursive=True)


def ask(kind: str) -> dns.message.Message:
    return dns.message.make_query("Link.GetOrcha.com", kind)


def test_udp_and_tcp_answer_alike(port: int) -> None:
    by_udp = dns.query.udp(ask("CNAME"), "127.0.0.1", timeout=5, port=port)
    by_tcp = dns.query.tcp(ask("CNAME"), "127.0.0.1", timeout=5, port=port)
    assert by_udp.answer == by_tcp.answer
    assert by_udp.answer[0].to_text().lower() == "link.getorcha.com. 60 in cname link.prod.getorcha.com."


def test_a_long_answer_is_cut_short_over_udp_and_whole_over_tcp(port: int) -> None:
    short = dns.query.udp(ask("TXT"), "127.0.0.1", timeout=5, port=port)
    assert short.flags & dns.flags.TC
    assert short.answer == []
    whole, over_tcp = dns.query.udp_with_fallback(ask("TXT"), "127.0.0.1", timeout=5, port=port)
    assert over_tcp
    assert len(whole.answer[0]) == len(MANY)


def test_the_status_and_the_flags_are_those_of_the_reply(port: int) -> None:
    response = dns.query.udp(ask("A"), "127.0.0.1", timeout=5, port=port)
    assert response.rcode() == dns.rcode.NXDOMAIN
    assert response.flags & dns.flags.AA
    assert response.flags & dns.flags.RA


@pytest.mark.parametrize("data", [b"", b"\x12", b"\x12\x34", b"\x12\x34" + bytes(10), b"no question at all"])
def test_what_is_no_question_gets_a_format_error(data: bytes) -> None:
    response = respond(data, answer, recursive=False, udp=True)
    assert response[:2] == data[:2].ljust(2, b"\0")
    assert dns.message.from_wire(response, question_only=True).rcode() == dns.rcode.FORMERR
