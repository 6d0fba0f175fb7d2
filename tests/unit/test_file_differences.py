"""What somebody who changed an environment file asked for, in words."""

import tomllib
from pathlib import Path
from typing import Any

import pytest

from environments.file_differences import differences, file_differences
from tests.support.files import PROD_TOML

BASE = """
region = "eu-central-1"
[zones]
"x.com" = "prod"
[services.link]
port = 9999
hosts = ["a.x.com", "b.x.com"]
[services.link.health_check]
path = "/health"
"""


def differing(old: str, new: str) -> list[str]:
    assert old in BASE
    return differences(tomllib.loads(BASE), tomllib.loads(BASE.replace(old, new)))


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("port = 9999", "port = 9999", []),
        ("port = 9999", "port = 9998", ["link: port 9999 → 9998"]),
        ("port = 9999", "port = 9999\nlogin = true", ["link: login true (was not set)"]),
        ('path = "/health"', "", ["link: health_check.path no longer set (was /health)"]),
        ('"a.x.com", "b.x.com"', '"a.x.com"', ["link: hosts b.x.com removed"]),
        ('"a.x.com", "b.x.com"', '"a.x.com", "c.x.com"', ["link: hosts c.x.com added and b.x.com removed"]),
        ('"a.x.com", "b.x.com"', '"b.x.com", "a.x.com"', ["link: hosts in another order: b.x.com, a.x.com"]),
        ("[services.link", "[services.go", ["link: removed", "go: a new service on port 9999, for a.x.com, b.x.com"]),
        ("eu-central-1", "us-east-1", ["region eu-central-1 → us-east-1"]),
        ('"x.com" = "prod"', '"x.com" = "other"', ['zones: "x.com" prod → other']),
        ('"x.com" = "prod"', '"x.com" = { account = "prod" }', []),
        (
            '"x.com" = "prod"',
            '"x.com" = { account = "prod", create = true }',
            ['zones: "x.com".create true (was not set)'],
        ),
        ('[zones]\n"x.com" = "prod"\n', "", ['zones: "x.com" no longer set (was prod)']),
        ("[zones]", "[limits]\nrules = 5\n[zones]", ["limits: rules 5 (was not set)"]),
        ("9999", '"\\u001b[31m"', ["link: port 9999 → \\u001b[31m"]),
    ],
)
def test_each_difference_is_a_phrase(old: str, new: str, words: list[str]) -> None:
    assert differing(old, new) == words


def test_a_service_under_another_name_is_the_same_service() -> None:
    renamed = BASE.replace("[services.link", "[services.go").replace("9999", '9998\nrenamed_from = "link"')
    assert differences(tomllib.loads(BASE), tomllib.loads(renamed)) == [
        "go: renamed from link",
        "go: port 9999 → 9998",
    ]


def test_long_values_differ_where_they_differ() -> None:
    image = "333333333333.dkr.ecr.eu-central-1.amazonaws.com/orcha:2026-01-0"
    old, new = ({"platform": {"image": f"{image}{day}"}} for day in (1, 2))
    assert differences(old, new) == [f"platform: image {image}1 → {image}2"]


@pytest.mark.parametrize("odd", [{"services": 5}, {"services": {"link": 5}}, {}, {"services": {"a": {"hosts": 5}}}])
def test_what_no_loader_takes_is_still_compared(odd: dict[str, Any]) -> None:
    for old, new in ((odd, tomllib.loads(BASE)), (tomllib.loads(BASE), odd), (None, odd)):
        assert differences(old, new)


def test_a_new_file_with_many_services_counts_them() -> None:
    services = {f"s{number}": {"port": number} for number in range(9)}
    assert differences(None, {"services": services}) == ["The whole file, which is new: 9 services"]
    del services["s8"]
    assert differences(None, {"services": services})[0].endswith(": services s0, s1, s2, s3, s4, s5, s6, s7")
    assert differences(None, {}) == ["The whole file, which is new: no services"]


def test_files_are_compared(tmp_path: Path) -> None:
    broken = tmp_path / "broken.toml"
    broken.write_text("[", encoding="utf-8")
    assert file_differences(PROD_TOML, PROD_TOML) == []
    assert file_differences(tmp_path / "none.toml", PROD_TOML) == ["The whole file, which is new: service link"]
    assert file_differences(broken, PROD_TOML) is None


def test_long_values_that_differ_in_the_middle_or_the_end_look_different() -> None:
    """As two images of one long registry's address do, or two hosts of a list."""
    long = "x" * 250
    for old, new in ((f"{long}a{long}", f"{long}b{long}"), (long, f"{long}y"), ([f"{long}a"], [f"{long}b"])):
        (found,) = differences({"platform": {"instances": {"image": old}}}, {"platform": {"instances": {"image": new}}})
        parts = found.removeprefix("platform: instances.image ").replace(" removed", "").replace(" added", "")
        one, other = parts.split(" → ") if " → " in parts else parts.split(" and ")
        assert one != other
        assert max(len(one), len(other)) <= 210
