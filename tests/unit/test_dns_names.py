"""DNS names as people write them: what is taken, and in which form AWS gets it."""

import pytest

from environments.dns_names import (
    base_name,
    canonical,
    host_to_ascii,
    in_route53,
    is_wildcard,
    is_within,
    parent,
    to_unicode,
)
from environments.loader import load_all
from tests.support.files import PROD_TOML, environment, prod


@pytest.mark.parametrize(
    ("written", "sent"),
    [
        ("link.getorcha.com", "link.getorcha.com"),
        ("*.link.getorcha.com", "*.link.getorcha.com"),
        ("a-b.1.getorcha.com", "a-b.1.getorcha.com"),
        ("bücher.getorcha.com", "xn--bcher-kva.getorcha.com"),
        ("xn--bcher-kva.getorcha.com", "xn--bcher-kva.getorcha.com"),
        ("*.bücher.getorcha.com", "*.xn--bcher-kva.getorcha.com"),
        ("bu\u0308cher.getorcha.com", "xn--bcher-kva.getorcha.com"),  # decomposed, as macOS types it
        ("\uff4cink.getorcha.com", "link.getorcha.com"),  # full width, as a Japanese keyboard types it
        ("ссылка.getorcha.com", "xn--80atcxa4d.getorcha.com"),
        (f"{'a' * 63}.getorcha.com", f"{'a' * 63}.getorcha.com"),
    ],
)
def test_a_name_is_sent_in_the_form_that_dns_takes(written: str, sent: str) -> None:
    assert host_to_ascii(written) == sent
    assert host_to_ascii(sent) == sent
    assert host_to_ascii(to_unicode(sent)) == sent


def test_the_longest_host_is_taken_and_one_more_is_not() -> None:
    content = prod()
    longest = f"{'a' * 60}.{'b' * 54}.getorcha.com"
    assert len(longest) == 128
    content["services"]["link"]["hosts"].append(longest)
    assert environment(content).services["link"].hosts[-1] == longest


def test_every_name_of_a_file_may_be_in_unicode(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path_factory.mktemp("unicode")
    text = PROD_TOML.read_text(encoding="utf-8").replace("getorcha", "bücher")
    (folder / "prod.toml").write_text(text, encoding="utf-8")
    monkeypatch.setenv("ENVIRONMENTS_DIR", str(folder))
    (found,) = load_all()
    assert found.services["link"].hosts == ("link.prod.xn--bcher-kva.com", "link.xn--bcher-kva.com")
    assert found.zone_of("link.prod.xn--bcher-kva.com") == "prod.xn--bcher-kva.com"


def test_the_primary_host_is_the_first_that_is_no_wildcard() -> None:
    content = prod()
    content["services"]["link"]["hosts"] = ["*.link.prod.getorcha.com", "link.prod.getorcha.com"]
    assert environment(content).services["link"].primary_host == "link.prod.getorcha.com"


@pytest.mark.parametrize(
    ("written", "compared"),
    [
        ("Link.GetOrcha.com.", "link.getorcha.com"),
        (r"\052.getorcha.com.", "*.getorcha.com"),  # as Route 53 writes a wildcard
        (r"\100.getorcha.com", "@.getorcha.com"),
        (r"link\056getorcha.com", r"link\056getorcha.com"),  # one label: its dot ends none
    ],
)
def test_names_of_others_compare_in_one_form(written: str, compared: str) -> None:
    assert canonical(written) == compared
    assert canonical(compared) == compared


def test_a_name_is_written_to_route_53_with_a_code_for_the_star() -> None:
    assert in_route53("*.web.getorcha.com") == r"\052.web.getorcha.com"
    assert canonical(in_route53("*.web.getorcha.com")) == "*.web.getorcha.com"


def test_a_name_lies_in_a_zone_by_whole_labels() -> None:
    assert is_within("getorcha.com", "getorcha.com")
    assert is_within("*.prod.getorcha.com", "getorcha.com")
    assert not is_within("notgetorcha.com", "getorcha.com")
    assert not is_within("com", "getorcha.com")


def test_a_wildcard_is_a_whole_first_label_and_its_base_name_lies_below() -> None:
    """RFC 4592 section 2.1.1: `sub.*.example` and `*sub.example` are ordinary names."""
    assert is_wildcard("*.example")
    assert not any(map(is_wildcard, ("sub.*.example", "*sub.example", "example")))
    assert [base_name(host) for host in ("*.web.getorcha.com", "web.getorcha.com")] == ["web.getorcha.com"] * 2
    assert (parent("web.getorcha.com"), parent("com")) == ("getorcha.com", "")
