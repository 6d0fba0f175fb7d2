"""A release stands in three places, which agree: the version, CHANGELOG.md, and docs/upgrading.md."""

import datetime
import re
import tomllib

from tests.support.files import ROOT

CHANGELOG = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
UPGRADING = (ROOT / "docs" / "upgrading.md").read_text(encoding="utf-8")
VERSION = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]

# https://keepachangelog.com/en/1.1.0/
RELEASE = re.compile(r"^## \[(\d+\.\d+\.\d+)\] - (\d{4}-\d{2}-\d{2})$", re.MULTILINE)
KINDS = {"Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"}


def number(version: str) -> tuple[int, ...]:
    return tuple(map(int, version.split(".")))


def test_the_newest_release_is_the_version() -> None:
    assert RELEASE.findall(CHANGELOG)[0][0] == VERSION


def test_the_changelog_keeps_its_form() -> None:
    headings = re.findall(r"^## (.*)$", CHANGELOG, re.MULTILINE)
    assert headings[0] == "[Unreleased]"
    assert len(RELEASE.findall(CHANGELOG)) == len(headings) - 1
    assert set(re.findall(r"^### (.*)$", CHANGELOG, re.MULTILINE)) <= KINDS
    versions, dates = zip(*RELEASE.findall(CHANGELOG), strict=True)
    assert list(versions) == sorted(versions, key=number, reverse=True)
    assert list(dates) == sorted(map(str, map(datetime.date.fromisoformat, dates)), reverse=True)


def test_every_release_says_what_it_asks_of_a_state() -> None:
    releases = UPGRADING.partition("\n## Releases\n")[2]
    sections = re.findall(r"^### ([\d.]+)\n(.*?)(?=^### |\Z)", releases, re.MULTILINE | re.DOTALL)
    assert [version for version, _ in sections] == [version for version, _ in RELEASE.findall(CHANGELOG)]
    for version, text in sections:
        assert "| moved | from | to |" in text, version
