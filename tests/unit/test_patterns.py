"""What patterns of listener rules take, and whether one takes all of another: checked against every short text."""

import itertools
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from environments import patterns
from tests.unit.properties.asking import examples

LETTERS = "abz"  # two that patterns name, and one for all others
TEXTS = ["".join(letters) for length in range(6) for letters in itertools.product(LETTERS, repeat=length)]
PATTERNS = st.text("ab*?", max_size=5)


def matching(pattern: str) -> set[str]:
    """Match by a regular expression, which the product does not use."""
    parts = {"*": ".*", "?": "."}
    expression = re.compile("".join(parts.get(letter, letter) for letter in pattern))
    return {text for text in TEXTS if expression.fullmatch(text)}


@examples(120)
@given(pattern=PATTERNS, other=PATTERNS)
def test_a_pattern_covers_another_where_it_takes_all_of_its_texts(pattern: str, other: str) -> None:
    """No pattern of five characters needs a longer text to differ from another one."""
    assert patterns.covers(pattern, other) == (matching(other) <= matching(pattern))


@examples(120)
@given(pattern=PATTERNS, besides=st.lists(PATTERNS, max_size=3))
def test_the_first_text_taken_is_a_shortest_that_no_other_pattern_takes(pattern: str, besides: list[str]) -> None:
    left = matching(pattern).difference(*map(matching, besides))
    found = patterns.first_taken(pattern, besides=besides)
    if found is None:
        assert left == set()
    else:
        assert len(found) == min(map(len, left))
        assert patterns.takes([pattern], found)
        assert not patterns.takes(besides, found)


@examples(120)
@given(pattern=PATTERNS, other=PATTERNS)
def test_patterns_overlap_where_a_text_is_taken_by_both(pattern: str, other: str) -> None:
    assert patterns.overlap(pattern, other) == patterns.overlap(other, pattern)
    assert patterns.overlap(pattern, other) == bool(matching(pattern) & matching(other))


@pytest.mark.parametrize(
    ("pattern", "other", "is_covered"),
    [
        ("/api/*", "/api/v2/*", True),
        ("/api/v2/*", "/api/*", False),
        ("/api/*", "/api", False),
        ("/api*", "/api/v?/*", True),
        ("/API/*", "/api/v2", False),
        ("/*/pics", "/img/?/pics", True),
        ("/?", "/*", False),
        ("/*?", "/?*", True),
        ("/a.b", "/axb", False),
        ("*.a.com", "*.b.a.com", True),
        ("*.b.a.com", "*.a.com", False),
    ],
)
def test_covering_is_exact(pattern: str, other: str, is_covered: bool) -> None:
    assert patterns.covers(pattern, other) is is_covered


def test_several_patterns_together_may_take_all() -> None:
    assert patterns.first_taken("/*", besides=["/", "/?*"]) is None
    assert patterns.first_taken("/*", besides=["/api/*"]) == "/"
    assert patterns.first_taken("/api/*", besides=["/api/v2/*"]) == "/api/"
    assert patterns.first_taken("/api/?", besides=["/api/a"]) == "/api/b"


def test_a_wildcard_in_a_text_is_a_letter() -> None:
    assert patterns.takes(["/a*"], "/a*")
    assert not patterns.takes(["/ab"], "/a*")
    assert not patterns.takes(["/ab"], "/a?")
