"""Names that a wildcard serves, checked against the embedded AWS's own reading of RFC 4592.

The verification and the embedded AWS read zones by code of their own, so that a mistake of one is seen by the other.
"""

from typing import Any

from dns.name import from_text
from hypothesis import given
from hypothesis import strategies as st

from edge.verify.standing import records
from edge.verify.standing.records import hidden_by
from embedded_aws.data_plane.zone_answers import RecordSet, Zone, answer
from tests.unit.test_verify_standing import record, signing_in

BASE, WILDCARD = "web.getorcha.com", "*.web.getorcha.com"
LABELS = ("a", "mail", "_dmarc", "_sip", "_tcp", "orcha-verify", "orcha-verify-1", "orcha-verify-2", "*")
SHAPES = {"TXT": '"x"', "SRV": "1 1 5060 sip.example.net", "NS": "ns1.example.net", "MX": "10 mx.example.net"}

below = st.lists(st.sampled_from(LABELS), min_size=1, max_size=4).map(lambda labels: f"{'.'.join(labels)}.{BASE}")
# RFC 4592 section 2.1.1: an asterisk counts as a wildcard only as the first label.
others = st.lists(st.tuples(below, st.sampled_from(sorted(SHAPES))), max_size=6, unique_by=lambda one: one[0])


def zone_of(found: list[tuple[str, str]]) -> Zone:
    servers = (from_text("ns1.example.org"),)
    own = [RecordSet(from_text(WILDCARD), "A", 60, ("192.0.2.1",))]
    sets = [RecordSet(from_text(name), kind, 60, (SHAPES[kind],)) for name, kind in found if name != WILDCARD]
    return Zone("Z1", from_text("getorcha.com"), servers, (*own, *sets))


def served(zone: Zone, name: str) -> bool:
    """Whether the wildcard's own address answers for a name."""
    reply = answer(zone, from_text(name), "A", lambda _: ())
    return any("192.0.2.1" in found.values for found in reply.answer)


class Standing:
    """The zone as the verification asks AWS for it."""

    def __init__(self, names: list[str]) -> None:
        self.names = names

    def records_below(self, _zone: str, _name: str) -> list[dict[str, Any]]:
        return [record(name.replace("*", r"\052"), "TXT", "x") for name in (WILDCARD, *self.names)]


@given(others)
def test_the_name_that_is_asked_is_served_and_those_of_the_notes_are_not(found: list[tuple[str, str]]) -> None:
    aws: Any = Standing([name for name, _ in found])
    answered = records.wildcard(signing_in(), WILDCARD, "getorcha.com", aws=aws)
    zone = zone_of(found)
    assert served(zone, answered.value)
    hidden = [note.split()[0] for note in answered.notes]
    assert not any(served(zone, name) for name in hidden)
    one_label = {f"{label}.{BASE}" for label in LABELS if label[0] not in "_*"}
    assert {name for name in one_label if not served(zone, name)} == set(hidden) & one_label


def test_shapes_of_empty_non_terminals() -> None:
    """RFC 4592 section 2.2.2: a name that has nothing itself exists by what is below it, however deep."""
    shapes = {
        f"_dmarc.mail.{BASE}": {f"mail.{BASE}"},
        f"_sip._tcp.voice.{BASE}": {f"voice.{BASE}"},
        f"*.deep.{BASE}": {f"deep.{BASE}"},
        f"a.b.c.d.{BASE}": {f"d.{BASE}"},
        f"_0123.{BASE}": set(),
        f"_a._b.{BASE}": set(),
        BASE: set(),
        f"x{BASE}": set(),
        f"plain.{BASE}": {f"plain.{BASE}"},
    }
    for name, hidden in shapes.items():
        assert hidden_by(WILDCARD, [name, WILDCARD]) == hidden, name
