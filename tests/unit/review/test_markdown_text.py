"""What stands in a comment as it is: nothing of a plan becomes a link, an emoji, a mention or mathematics."""

import html
import re

import pytest

from edge.review.markdown_tables import folded
from edge.review.markdown_text import safe


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("https://attacker.example/x", "https:<!-- -->//attacker.example/x"),
        ("HTTP://x", "HTTP:<!-- -->//x"),
        ("www.attacker.example", "www<!-- -->.attacker.example"),
        ("WWW.attacker.example", "WWW<!-- -->.attacker.example"),
        ("mailto:x@attacker.example", "mailto:<!-- -->x@<!-- -->attacker.example"),
        (":+1:", ":<!-- -->+1:"),
        (":tada::tada:", ":<!-- -->tada:<!-- -->:<!-- -->tada:"),
        ("$x^2$", "<span>$</span>x^2<span>$</span>"),
        ("$$x$$", "<span>$</span><span>$</span>x<span>$</span><span>$</span>"),
        ("is replaced: new port", "is replaced: new port"),
        ("link.getorcha.com", "link.getorcha.com"),
    ],
)
def test_an_address_a_word_between_colons_and_a_dollar_sign_stay_text(text: str, shown: str) -> None:
    assert safe(text) == shown


def test_a_summary_is_html_and_shows_no_backslash() -> None:
    text = folded("hosts.*.a_b <script> `x` @all #1 www.x.y", "body").partition("\n")[0]
    assert "\\" not in text
    assert not set("*_`[]~") & set(text.partition("<summary>")[2])
    shown = html.unescape(re.sub(r"<!-- -->", "", text)).removeprefix("<details><summary>").removesuffix("</summary>")
    assert shown == "hosts.*.a_b <script> `x` @all #1 www.x.y"
    assert "<script>" not in text
