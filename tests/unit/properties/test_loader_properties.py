"""Thousands of environment files, right and wrong: the loader takes the right ones and says what is wrong with others.

What is wrong is decided by the oracle, which knows the documentation and none of the loader's code. The examples are
the same in every run, so that a failure is one on every machine.
"""

import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.properties import right, wrong_hosts, wrong_paths, wrong_platforms, wrong_settings, wrong_sign_ins
from tests.unit.properties.asking import MAX_LINE, examples, judge, readable, refusals
from tests.unit.properties.mean_text import texts
from tests.unit.properties.mutations import copied, mutated
from tests.unit.properties.oracle import breaches
from tests.unit.properties.oracle.across_files import file_breaches
from tests.unit.properties.oracle.keys import NAME
from tests.unit.properties.toml_text import dumps
from tests.unit.properties.wrong_values import WRONG, WRONG_KEYS, put, put_key

pytestmark = [pytest.mark.slow, pytest.mark.takes(minutes=1)]

# 5,000 in all with `WHOLE=1`, and a third of each without.
PART = 1 if os.environ.get("WHOLE") else 3
COUNTS = (1376, 1360, 500, 400, 60, 60, 200, 12)
TEXTS, MUTATED, RIGHT, ONE_VALUE, ONE_KEY, STEMS, PAIRS, EACH_BREACH = (count // PART for count in COUNTS)
STRANGE_STEMS = ("Prod", "pr.od", "prod\n", "\x1b[31m", "\u2028", "ü", "\u202e", "p" * 200, '"', "a\u00a0b")
BREACHES = [
    var
    for module in (wrong_hosts, wrong_paths, wrong_platforms, wrong_settings, wrong_sign_ins)
    for var in vars(module).values()
    if hasattr(var, "words")
]


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Give the one file of a folder of environments in which the user stands, without a compose file beside it."""
    folder = tmp_path_factory.mktemp("app") / "environments"
    folder.mkdir()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ENVIRONMENTS_DIR", str(folder))
        patch.chdir(folder)
        yield folder / "prod.toml"


@examples(RIGHT)
@given(content=right.environments())
def test_every_right_environment_is_accepted(file: Path, content: dict[str, Any]) -> None:
    assert breaches(content) == []
    assert refusals(file, dumps(content).encode()) is None


def test_the_loader_and_the_oracle_agree_on_changed_environments(file: Path) -> None:
    """And both answers are given often: a loader that refuses everything would agree as well, were all files wrong."""
    answers: Counter[bool] = Counter()

    @examples(MUTATED)
    @given(content=mutated())
    def agree(content: dict[str, Any]) -> None:
        answers[judge(file, dumps(content).encode())] += 1

    agree()
    assert min(answers[True], answers[False]) > 0.1 * answers.total()


def test_the_loader_and_the_oracle_agree_on_changed_text(file: Path) -> None:
    """No byte, however mean, brings anything but faults of one readable line each."""
    answers: Counter[bool] = Counter()

    @examples(TEXTS)
    @given(content=texts())
    def agree(content: bytes) -> None:
        answers[judge(file, content)] += 1

    agree()
    assert min(answers[True], answers[False]) > 0.05 * answers.total()


@pytest.mark.parametrize("breach", BREACHES, ids=lambda breach: breach.__name__)
def test_a_breach_across_keys_is_refused_in_any_environment(file: Path, breach: Any) -> None:
    @examples(EACH_BREACH)
    @given(content=right.environments(least=2, most=4))
    def refused(content: dict[str, Any]) -> None:
        breach(content)
        assert not judge(file, dumps(content).encode())

    refused()


@examples(ONE_VALUE)
@given(content=right.environments(least=1, most=2), wrong=st.sampled_from(WRONG))
def test_a_wrong_value_is_refused_in_any_environment(
    file: Path, content: dict[str, Any], wrong: tuple[str, Any]
) -> None:
    path, value = wrong
    put(content, path, copied(value))
    assert not judge(file, dumps(content).encode())


@examples(ONE_KEY)
@given(content=right.environments(least=1, most=2), wrong=st.sampled_from(WRONG_KEYS))
def test_a_wrong_name_of_a_table_is_refused_in_any_environment(
    file: Path, content: dict[str, Any], wrong: tuple[str, str]
) -> None:
    put_key(content, *wrong)
    assert not judge(file, dumps(content).encode())


def test_what_two_files_may_share_is_what_neither_writes(file: Path) -> None:
    """Half of the pairs live in accounts and zones of their own, where only names of a whole region can meet."""
    answers: Counter[bool] = Counter()

    @examples(PAIRS)
    @given(first=right.environments(most=2), second=right.environments(most=2), apart=st.booleans())
    def agree(first: dict[str, Any], second: dict[str, Any], *, apart: bool) -> None:
        if apart:
            second = right.apart(second)
        other = file.with_name("other.toml")
        other.write_bytes(dumps(second).encode())
        lines = refusals(file, dumps(first).encode())
        other.unlink()
        answers[lines is None] += 1
        assert (lines is None) == (file_breaches([first, second]) == []), (lines, file_breaches([first, second]))
        assert [line for line in lines or [] if not readable(line, file)] == []

    agree()
    assert min(answers[True], answers[False]) > 0.1 * answers.total()


@examples(STEMS)
@given(
    content=right.environments(most=1), stem=st.text("ab9-", min_size=1, max_size=34) | st.sampled_from(STRANGE_STEMS)
)
def test_a_files_stem_is_a_name(file: Path, content: dict[str, Any], stem: str) -> None:
    file.unlink(missing_ok=True)
    named = file.with_name(f"{stem}.toml")
    lines = refusals(named, dumps(content).encode())
    named.unlink()
    assert (lines is None) == (list(NAME.breaches(stem, "stem")) == [])
    assert [line for line in lines or [] if not (line.isprintable() and len(line) < MAX_LINE)] == []
