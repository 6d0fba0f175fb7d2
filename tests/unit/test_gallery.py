"""The gallery of environment files: each is right, is synthesized and drawn, and the page shows it."""

import re
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

from environments.loader import load_all
from tests.pictures import GALLERY, OF_GALLERY, graph
from tests.unit.test_docs import links

PAGE = GALLERY / "README.md"
# What each is there to show, as the synthesized picture has it.
SHOWN: dict[str, Callable[[str], bool]] = {
    "one-service": lambda drawn: drawn.count("rule ") == 1 and drawn.count("account ") == 1,
    "three-accounts": lambda drawn: len(set(re.findall(r"account (\w+):", drawn))) == 3,
    "wildcard": lambda drawn: "*.wild.example.com" in drawn and drawn.index("rule 10") < drawn.index("rule 20"),
    "apex": lambda drawn: "apex.example.com\nA, alias" in drawn,
    "sign-in-cognito": lambda drawn: "after a sign-in" in drawn,
    "sign-in-oidc": lambda drawn: "after a sign-in" in drawn,
    "paths": lambda drawn: "/api/*" in drawn and drawn.count("rule ") == 2,
    "shared-certificate": lambda drawn: drawn.count("certificate of ") == 1 and drawn.count("rule ") == 3,
    "dualstack": lambda drawn: "A, AAAA, alias" in drawn,
}


def test_all_files_are_right_together(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ENVIRONMENTS_DIR", str(GALLERY))
    assert [environment.name for environment in load_all()] == sorted(OF_GALLERY) == sorted(SHOWN)


@pytest.mark.parametrize("name", OF_GALLERY)
def test_each_is_synthesized_and_its_picture_shows_what_it_is_there_for(name: str) -> None:
    drawn = "\n".join("\n".join(node.lines) for node in graph(name).nodes)
    assert SHOWN[name](drawn + "\n" + "\n".join(graph(name).accounts.values())), drawn


@pytest.mark.parametrize("name", OF_GALLERY)
def test_each_names_the_schema_by_which_editors_check_it(name: str) -> None:
    schema = OF_GALLERY[name].splitlines()[0].removeprefix("#:schema ")
    assert (GALLERY / schema).resolve().name == "environment.schema.json"
    assert (GALLERY / schema).resolve().is_file()


def test_the_page_shows_every_file_and_its_picture() -> None:
    shown = {Path(link).name for link in links(PAGE)}
    assert {f"{name}{suffix}" for name in OF_GALLERY for suffix in (".toml", ".svg")} <= shown


def test_only_names_and_numbers_for_documentation_are_used() -> None:
    """RFC 2606 keeps these domains, so that nobody who copies a file asks for somebody's certificate."""
    for text in OF_GALLERY.values():
        for zone in tomllib.loads(text)["zones"]:
            assert re.search(r"(^|\.)example(\.(com|net|org))?$", zone), zone
