"""docs/commands.md says what the command line does, and every `edge …` in the documentation is one that it takes.

`python -m tests.unit.test_docs_commands` prints the tables of that page, to paste after a change of the commands.
"""

import re
import shlex
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from edge.__main__ import COMMANDS
from edge.cli.exits import MEANINGS
from tests.support.command_line import parser_of
from tests.support.files import ROOT
from tests.unit.test_docs import PAGES, backticked, fenced, outside_make, read

COMMANDS_PAGE = ROOT / "docs" / "commands.md"

every_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))


def command_table() -> str:
    rows = [f"| `edge {command.name}` | {command.purpose} |" for command in COMMANDS]
    return "\n".join(["| command | what it does |", "|---|---|", *rows])


def exit_code_table() -> str:
    rows = [f"| {code:d} | {meaning} |" for code, meaning in MEANINGS.items()]
    return "\n".join(["| exit code | what it means |", "|---|---|", *rows])


def target_table() -> str:
    done = subprocess.run(["make", "help"], cwd=ROOT, env=outside_make(), capture_output=True, text=True, check=True)
    lines = re.findall(r"^  (make \w+) +(.*)$", done.stdout, re.MULTILINE)
    assert len(lines) == done.stdout.count("\n")
    rows = [
        f"| `{target}` | {re.sub(r'^edge [a-z]+', lambda found: f'`{found[0]}`', text)} |" for target, text in lines
    ]
    return "\n".join(["| target | what it does |", "|---|---|", *rows])


TABLES = {"commands": command_table, "exit codes": exit_code_table, "targets": target_table}


@pytest.mark.parametrize(("name", "table"), TABLES.items(), ids=TABLES)
def test_the_tables_are_those_of_the_code(name: str, table: Callable[[], str]) -> None:
    found = re.search(rf"<!-- {name} -->\n(.*?)\n<!-- /{name} -->", read(COMMANDS_PAGE), re.DOTALL)
    assert found
    assert found[1].splitlines() == table().splitlines()


def shell_lines(page: Path) -> Iterator[str]:
    """Go over every command line of edge in the shell blocks of a page."""
    for line in "\n".join(fenced(page, "sh")).replace("\\\n", " ").splitlines():
        if found := re.search(r"(?:^|\$\()\s*edge ([^)|;>]*)", line):
            yield found[1]


def mentions(page: Path) -> Iterator[str]:
    """Go over every `edge …` in backticks, of which a part may be left out."""
    yield from (text.removeprefix("edge ") for text in backticked(page) if text.startswith("edge "))


@every_page
def test_every_command_line_in_the_pages_is_one_that_edge_takes(page: Path) -> None:
    for line in shell_lines(page):
        words = shlex.split(line, comments=True)
        if "--help" not in words:
            options, unknown = parser_of(words[:1]).parse_known_args(words[1:])
            assert unknown == [], line
            assert options


@every_page
def test_every_command_in_the_text_exists_with_its_options(page: Path) -> None:
    for line in mentions(page):
        words = re.findall(r"[\w-]+", line)
        if words[0] in {"COMMAND", "--help", "--version", "tool"}:
            continue
        steps = words[1:2] if words[0] == "pipeline" and words[1:2] != ["STEP"] else []
        known = set(parser_of([*words[:1], *steps])._option_string_actions)
        assert {word for word in words if word.startswith("--")} <= known, line


def test_command_lines_are_found() -> None:
    in_blocks = {line.split()[0] for page in PAGES for line in shell_lines(page)}
    in_text = {line.split()[0] for page in PAGES for line in mentions(page)}
    assert {"validate", "plan", "deploy", "review", "roles", "verify", "embedded-aws"} <= in_blocks
    assert {"validate", "scan", "tool", "pipeline", "destroy"} <= in_text


if __name__ == "__main__":
    sys.stdout.write("\n\n".join(table() for table in TABLES.values()) + "\n")
