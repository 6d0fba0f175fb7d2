"""The order of the test files: the longest first, and every file's tests together."""

from itertools import groupby

import pytest

from tests.conftest import minutes


def test_no_file_starts_after_a_shorter_one(request: pytest.FixtureRequest) -> None:
    lengths = [minutes(item) for item in request.session.items]
    assert lengths == sorted(lengths, reverse=True)


def test_the_tests_of_a_file_stay_together(request: pytest.FixtureRequest) -> None:
    files = [file for file, _ in groupby(item.path for item in request.session.items)]
    assert len(files) == len(set(files))
