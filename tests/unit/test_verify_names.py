"""Names, certificates and CNAME chains, as the standards have them."""

from collections.abc import Sequence

import pytest

from edge.verify.check import CheckFailedError
from edge.verify.cname_chain import Answer, follow
from edge.verify.resolution import sample
from environments.dns_names import certificate_covers, parents, zone_of


@pytest.mark.parametrize(
    ("pattern", "host", "covered"),
    [
        ("link.getorcha.com", "link.getorcha.com", True),
        ("LINK.getorcha.com", "link.GETORCHA.com.", True),
        ("link.getorcha.com", "getorcha.com", False),
        ("*.getorcha.com", "link.getorcha.com", True),
        ("*.getorcha.com", "link.prod.getorcha.com", False),  # one label, and no more
        ("*.getorcha.com", "getorcha.com", False),  # one label, and no less
        ("*.getorcha.com", ".getorcha.com", False),
        ("l*.getorcha.com", "link.getorcha.com", False),  # RFC 9525 section 6.3: the whole label
        ("link.*.com", "link.getorcha.com", False),  # only the left-most one
        ("*.*.com", "link.getorcha.com", False),
        ("*.com", "getorcha.com", False),  # a wildcard below a top-level domain covers too much
        ("*", "getorcha", False),
        ("", "getorcha.com", False),
    ],
)
def test_a_certificates_name_covers_a_host(pattern: str, host: str, covered: bool) -> None:
    assert certificate_covers(pattern, host) is covered


@pytest.mark.parametrize(
    ("host", "asked"),
    [("link.getorcha.com", "link.getorcha.com"), ("*.web.getorcha.com", "orcha-verify.web.getorcha.com")],
)
def test_a_wildcard_is_asked_under_a_sample_label(host: str, asked: str) -> None:
    assert sample(host) == asked
    assert certificate_covers(host, asked)


def test_the_longest_zone_answers_and_only_whole_labels_count() -> None:
    zones = ["getorcha.com", "prod.getorcha.com"]
    assert zone_of("link.prod.getorcha.com", zones) == "prod.getorcha.com"
    assert zone_of("prod.getorcha.com", zones) == "prod.getorcha.com"
    assert zone_of("linkprod.getorcha.com", zones) == "getorcha.com"
    assert zone_of("notgetorcha.com", zones) is None


def test_the_names_above_a_name_end_below_the_root() -> None:
    assert list(parents("link.prod.getorcha.com.")) == ["prod.getorcha.com", "getorcha.com", "com"]


def world(**answers: Answer) -> dict[str, Answer]:
    return answers


A = Answer("NOERROR", values=("192.0.2.1",))
NOTHING, MISSING, BROKEN = Answer("NOERROR"), Answer("NXDOMAIN"), Answer("SERVFAIL")


def to(name: str) -> Answer:
    return Answer("NOERROR", alias=name)


@pytest.mark.parametrize(
    ("answers", "names", "values"),
    [
        (world(a=A), ["a"], ["192.0.2.1"]),
        (world(a=to("b."), b=A), ["a", "b"], ["192.0.2.1"]),
        (world(a=to("B"), b=to("c"), c=A), ["a", "b", "c"], ["192.0.2.1"]),
        (world(a=to("b"), b=NOTHING), ["a", "b"], []),
    ],
)
def test_a_chain_is_followed_to_its_end(
    answers: dict[str, Answer], names: Sequence[str], values: Sequence[str]
) -> None:
    chain = follow("a", answers.__getitem__)
    assert (list(chain.names), list(chain.values)) == (list(names), list(values))


@pytest.mark.parametrize(
    ("answers", "found"),
    [
        (world(a=to("a")), "CNAME loop: a -> a"),
        (world(a=to("b"), b=to("a")), "CNAME loop: a -> b -> a"),
        (world(a=to("b"), b=to("c"), c=to("b")), "CNAME loop: a -> b -> c -> b"),
        (world(a=MISSING), "a does not exist"),
        (world(a=to("b"), b=MISSING), "b does not exist (a -> b)"),
        (world(a=BROKEN), "a is answered SERVFAIL"),
    ],
)
def test_a_chain_that_leads_nowhere_says_where_it_breaks(answers: dict[str, Answer], found: str) -> None:
    with pytest.raises(CheckFailedError) as caught:
        follow("a", answers.__getitem__)
    assert caught.value.found == found
    assert caught.value.remedy


def test_a_name_may_be_missing_where_the_caller_says_so() -> None:
    answers = world(a=to("b"), b=MISSING)
    assert follow("a", answers.__getitem__, may_be_missing=True).values == ()
    with pytest.raises(CheckFailedError, match="a is answered SERVFAIL"):
        follow("a", world(a=BROKEN).__getitem__, may_be_missing=True)


def test_a_chain_that_never_ends_is_given_up() -> None:
    with pytest.raises(CheckFailedError, match="more than 12 CNAMEs in a row"):
        follow("n0", lambda name: to(f"n{int(name[1:]) + 1}"))
