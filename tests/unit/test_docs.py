"""The documentation says what the code does: commands, paths, keys, examples and addresses are checked against it.

`python -m tests.unit.test_docs` prints the tables of docs/environment-file.md, to paste after a change of the schema.
"""

import importlib.util
import json
import os
import re
import subprocess
import sys
import textwrap
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from environments import rules
from environments.checked import Environment
from environments.schema import EnvironmentFile
from tests.support.files import OWN, ROOT, environment, is_users, prod

README = ROOT / "README.md"
ENVIRONMENT_FILE = ROOT / "docs" / "environment-file.md"
ADDRESSES = ROOT / "docs" / "addresses.md"
PAGES = [
    README,
    ROOT / "CHANGELOG.md",
    ROOT / "CONTRIBUTING.md",
    ROOT / "SECURITY.md",
    *sorted((ROOT / "docs").rglob("*.md")),
]
ROOMS = ("environments", "modules", "imports", "bootstrap", "bench", "edge", "embedded_aws", "tests", "deploy", "docs")

FENCED = re.compile(r"^ *```(\w*)\n(.*?)^ *```$", re.MULTILINE | re.DOTALL)
BACKTICKED = re.compile(r"`([^`\n]+)`")
LINKED = re.compile(r"\]\(([^)\s]+)\)")
ADDRESS = re.compile(r"(data\.)?aws_\w+\.\w+")
MAX_DECISION_LINES = 30

each_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))


def read(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def fenced(page: Path, language: str) -> list[str]:
    """Give the blocks of a language, also those in a list, which are indented."""
    return [textwrap.dedent(body) for name, body in FENCED.findall(read(page)) if name == language]


def backticked(page: Path) -> list[str]:
    return [text.replace("\\|", "|") for text in BACKTICKED.findall(FENCED.sub("", read(page)))]


def links(page: Path) -> list[str]:
    """Give the targets of the links that stay inside the repository."""
    prose = BACKTICKED.sub("", FENCED.sub("", read(page)))
    return [link for link in LINKED.findall(prose) if "://" not in link]


def section(page: Path, title: str) -> str:
    """Give what stands under a heading, up to the next heading of any level."""
    found = re.search(
        rf"^#+ {re.escape(title)}\n(.*?)(?=^#+ |\Z)", FENCED.sub("", read(page)), re.MULTILINE | re.DOTALL
    )
    assert found, f"{page.name} has no section {title}"
    return found[1]


# Commands


def targets() -> set[str]:
    return set(re.findall(r"^([a-z]+):.*##", read(ROOT / "Makefile"), re.MULTILINE))


@each_page
def test_every_make_command_is_a_target(page: Path) -> None:
    code = "\n".join([*backticked(page), *(body for _, body in FENCED.findall(read(page)))])
    former = {"lint", "policy", "policies"} if page.name in {"CHANGELOG.md", "upgrading.md"} else set()
    assert set(re.findall(r"\bmake ([a-z]+)", code)) <= targets() | former


@each_page
def test_every_tool_is_a_module(page: Path) -> None:
    named = set(re.findall(r"python3? -m (tests[\w.]*)", read(page)))
    assert [name for name in sorted(named) if importlib.util.find_spec(name) is None] == []


def transcripts() -> Iterator[tuple[str, str]]:
    """Go over the `console` blocks: a line with `$ ` is a command, and what follows is what it prints."""
    for page in PAGES:
        for body in fenced(page, "console"):
            for part in re.split(r"^\$ ", body, flags=re.MULTILINE)[1:]:
                command, _, printed = part.partition("\n")
                yield command, printed


def outside_make() -> dict[str, str]:
    """Give an environment in which a command runs as from a shell, but on the tests' environment files."""
    ours = ("MAKE", "MFLAGS", "GNUMAKE")
    return {name: value for name, value in os.environ.items() if not name.startswith(ours)}


@pytest.mark.parametrize(("command", "printed"), list(transcripts()))
def test_a_transcript_is_what_the_command_prints(command: str, printed: str) -> None:
    done = subprocess.run(
        ["bash", "-c", command],
        cwd=ROOT,
        env=outside_make(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.stdout == printed


def test_there_is_a_transcript() -> None:
    assert dict(transcripts())


# Paths and links


def place_of(path: str) -> Path:
    """Find what a page names; of the files that are the user's, the tests' own."""
    return (OWN if is_users(path) else ROOT) / path


@each_page
def test_every_path_in_backticks_exists(page: Path) -> None:
    root_files = {file.name for file in ROOT.iterdir() if file.is_file()}
    paths = [
        text
        for text in backticked(page)
        if re.fullmatch(rf"({'|'.join(ROOMS)})/[\w./-]*", text) or re.fullmatch(r"[\w-]+\.(py|md|json|txt)", text)
    ]
    missing = [path for path in paths if not place_of(path).exists() and path not in root_files]
    assert [path for path in missing if not list(ROOT.glob(f"[a-z]*/**/{path}"))] == []


@each_page
def test_every_link_inside_the_repository_leads_somewhere(page: Path) -> None:
    inside = [(page.parent / link.partition("#")[0]).resolve() for link in links(page)]
    assert [path for path in inside if not place_of(path.relative_to(ROOT).as_posix()).exists()] == []


def test_every_page_can_be_reached_from_the_readme() -> None:
    found, waiting = set(), [README]
    while waiting:
        page = waiting.pop()
        found.add(page)
        linked = {(page.parent / link.partition("#")[0]).resolve() for link in links(page)}
        waiting += sorted(link for link in linked - found if link.suffix == ".md")
    assert set(PAGES) <= found


def test_every_decision_is_short_and_has_its_four_parts() -> None:
    for page in (ROOT / "docs" / "decisions").glob("*.md"):
        assert len(read(page).splitlines()) <= MAX_DECISION_LINES, page.name
        assert re.findall(r"^## (.*)$", read(page), re.MULTILINE) == [
            "Context",
            "Choice",
            "Alternatives",
            "Consequence",
        ], page.name


# The environment file


def keys() -> Iterator[tuple[str, bool, dict[str, Any]]]:
    """Go over every key of the schema in its order: its TOML path, whether it is required, and its JSON schema."""
    schema = EnvironmentFile.model_json_schema()
    yield from _keys_of(schema, schema["$defs"], "")


def _keys_of(table: dict[str, Any], tables: dict[str, Any], prefix: str) -> Iterator[tuple[str, bool, dict[str, Any]]]:
    for name, given in table["properties"].items():
        if (prefix, name) == ("", "name"):  # the file's stem, not a key
            continue
        required = name in table.get("required", ())
        settings = _without_null(given)
        values = _values(settings)
        path = prefix + name + (f".<{'zone' if name == 'zones' else 'name'}>" if values else "")
        yield path, required, settings
        references = [tables[value["$ref"].rpartition("/")[2]] for value in values or [settings] if "$ref" in value]
        for reference in references:
            yield from _keys_of(reference, tables, path + ".")
        if "oneOf" in settings:
            kinds = {
                item["$ref"].rpartition("/")[2]: tables[item["$ref"].rpartition("/")[2]] for item in settings["oneOf"]
            }
            yield from _keys_of_kinds(list(kinds.values()), tables, path + ".")


def _without_null(given: dict[str, Any]) -> dict[str, Any]:
    """Give the schema of a key that may be left out as that of one that may not."""
    return {**given, **next((item for item in given.get("anyOf", ()) if item.get("type") != "null"), {})}


def _keys_of_kinds(
    kinds: list[dict[str, Any]], tables: dict[str, Any], prefix: str
) -> Iterator[tuple[str, bool, dict[str, Any]]]:
    """Go over the keys of a table that has several kinds: first those that all have, then each kind's own."""
    common = [name for name in kinds[0]["properties"] if all(name in kind["properties"] for kind in kinds)]
    names = [kind["properties"]["kind"]["const"] for kind in kinds]
    for name in common:
        settings = {key: value for key, value in _without_null(kinds[0]["properties"][name]).items() if key != "const"}
        required = name in kinds[0]["required"]
        yield prefix + name, required, settings | ({"enum": names} if name == "kind" else {})
    for kind in kinds:
        own = {name: entry for name, entry in kind["properties"].items() if name not in common}
        only = kind["properties"]["kind"]["const"]
        for path, required, settings in _keys_of({**kind, "properties": own}, tables, prefix):
            yield path, required, {**settings, "kind": only}


def _values(settings: dict[str, Any]) -> list[dict[str, Any]]:
    """Give the schemas of the values of a table whose keys the user chooses; nothing for any other key."""
    return [item for value in settings.get("patternProperties", {}).values() for item in value.get("anyOf", [value])]


def _type(settings: dict[str, Any]) -> str:
    if "$ref" in settings or "oneOf" in settings:
        return "table"
    if values := _values(settings):
        return "table of " + " or ".join(dict.fromkeys("tables" if "$ref" in value else "text" for value in values))
    return {
        "string": "text",
        "integer": "whole number",
        "number": "number",
        "boolean": "true or false",
        "array": "list of text",
    }[settings["type"]]


def _default(settings: dict[str, Any], *, required: bool) -> str:
    if required:
        return "required"
    default = settings.get("default")
    if isinstance(default, dict) and default:
        return "its own defaults"
    is_none = default in (None, {}) or (default == [] and settings.get("minItems"))
    return "none" if is_none else f"`{json.dumps(default)}`"


def _range(settings: dict[str, Any]) -> str:
    within = {
        "const": 'only `"{}"`',
        "minimum": "at least {}",
        "exclusiveMinimum": "above {}",
        "maximum": "at most {}",
        "maxLength": "at most {} characters",
        "minItems": "at least {} of them",
        "minProperties": "at least {} of them",
    }
    bounds = [text.format(settings[name]) for name, text in within.items() if name in settings]
    bounds += [" or ".join(f'`"{value}"`' for value in settings.get("enum", []))] if "enum" in settings else []
    bounds += [f'only for kind `"{settings["kind"]}"`'] if "kind" in settings else []
    names = settings.get("propertyNames", {}).get("maxLength")
    return ", ".join([*bounds, *([f"names of at most {names} characters"] if names else [])])


def key_table() -> str:
    rows = [
        f"| `{path}` | {_type(settings)} | {_default(settings, required=required)} | {_range(settings)} "
        f"| {settings['description'].replace('<', chr(92) + '<')} |"
        for path, required, settings in keys()
    ]
    return "\n".join(["| key | type | default | range | give |", "|---|---|---|---|---|", *rows])


def pattern_table() -> str:
    paths: dict[str, list[str]] = {}
    for path, _, settings in keys():
        for pattern in settings.get("patternProperties", {}):
            paths.setdefault(pattern, []).append(f"a name in `{path.partition('.')[0]}`")
        for inner in (settings, settings.get("items", {}), *_values(settings)):
            if "pattern" in inner:
                paths.setdefault(inner["pattern"], []).append(f"`{path}`")
    rows = [f"| {', '.join(places)} | `{pattern.replace('|', chr(92) + '|')}` |" for pattern, places in paths.items()]
    return "\n".join(["| value | pattern |", "|---|---|", *rows])


@pytest.mark.parametrize(("name", "table"), [("keys", key_table), ("patterns", pattern_table)])
def test_the_tables_of_the_environment_file_are_those_of_the_schema(name: str, table: Callable[[], str]) -> None:
    found = re.search(rf"<!-- {name} -->\n(.*?)\n<!-- /{name} -->", read(ENVIRONMENT_FILE), re.DOTALL)
    assert found
    assert found[1].strip().splitlines() == table().splitlines()


@each_page
def test_every_toml_example_parses(page: Path) -> None:
    for body in fenced(page, "toml"):
        tomllib.loads(body)


def test_the_examples_of_services_are_valid_in_production() -> None:
    examples = [tomllib.loads(body) for page in PAGES for body in fenced(page, "toml") if "[services." in body]
    examples = [example for example in examples if "prefix" not in example]  # a whole file, which stands by itself
    assert examples
    for example in examples:
        content = prod()
        content["platform"]["user_pool"] = "v1-orcha-users"  # for those that sign in by Cognito
        content["services"] |= example["services"]
        assert rules.faults(environment(content), "prod.toml") == []


def test_the_accounts_and_the_bucket_of_the_readme_are_those_of_the_file() -> None:
    content, text = prod(), read(README)
    for value in (content["backend"]["bucket"], *(account["profile"] for account in content["accounts"].values())):
        assert value in text


# Addresses


def addresses(stack: dict[str, Any]) -> set[str]:
    return {
        f"{'data.' if block == 'data' else ''}{kind}.{name}"
        for block in ("resource", "data")
        for kind, named in stack.get(block, {}).items()
        for name in named
    }


@pytest.fixture(scope="module")
def link_stack(synthesized: Callable[[Environment], dict[str, Any]]) -> dict[str, Any]:
    """Synthesize production with Link alone, whatever else it exposes by now."""
    content = prod()
    return synthesized(environment({**content, "services": {"link": content["services"]["link"]}}))


def test_every_address_of_one_service_stands_in_the_tables_and_no_other(link_stack: dict[str, Any]) -> None:
    named = {text for text in BACKTICKED.findall(section(ADDRESSES, "One service")) if ADDRESS.fullmatch(text)}
    named |= {text for text in BACKTICKED.findall(section(ADDRESSES, "The platform")) if ADDRESS.fullmatch(text)}
    assert named == addresses(link_stack)


def test_every_other_address_in_the_pages_exists(
    link_stack: dict[str, Any], everything_stack: dict[str, Any], managed_stack: dict[str, Any]
) -> None:
    known = addresses(link_stack) | addresses(everything_stack) | addresses(managed_stack)
    named = {text for page in PAGES for text in backticked(page) if ADDRESS.fullmatch(text)}
    assert named - known == set()


def test_every_output_of_link_is_named(link_stack: dict[str, Any]) -> None:
    for page in (ADDRESSES, README):
        assert set(link_stack["output"]) <= set(backticked(page))


if __name__ == "__main__":
    sys.stdout.write(f"{key_table()}\n\n{pattern_table()}\n")
