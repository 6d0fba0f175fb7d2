"""`edge`: help that teaches and fits 80 columns, one sentence for what is wrong, and only what is needed is loaded."""

import os
import re
import subprocess
import sys
import tomllib
from importlib import import_module
from pathlib import Path

import pytest

from edge.__main__ import COMMANDS, Command, main
from edge.cli.exits import BadInputError
from tests.support.command_line import example_of, lines, parser_of
from tests.support.files import ROOT

every_line = pytest.mark.parametrize("line", lines(), ids=lambda line: " ".join(["edge", *line]))
every_command = pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)


# Help


@every_line
def test_every_help_fits_80_columns(line: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    assert [text for text in parser_of(line).format_help().splitlines() if len(text) > 80] == []


@every_line
def test_every_help_says_its_purpose_what_each_argument_is_and_how_it_ends(line: list[str]) -> None:
    parser = parser_of(line)
    assert re.match(r"[A-Z].*\.(\n\n|$)", parser.description or "")
    assert "exit codes: 0 " in (parser.epilog or "")
    assert [action.metavar or action.dest for action in parser._actions if not action.help and not action.choices] == []


@every_line
def test_every_example_is_a_command_line_that_parses(line: list[str]) -> None:
    if line:
        arguments = example_of(line)
        assert arguments[: len(line)] == line
        assert parser_of(line).parse_args(arguments[len(line) :])


def test_the_help_of_a_command_is_printed_and_nothing_is_run(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="0"):
        main(["deploy", "--help"])
    printed = capsys.readouterr()
    assert printed.err == ""
    assert printed.out.startswith("usage: edge deploy [-h]")


def test_an_environment_that_must_be_named_has_no_brackets() -> None:
    assert parser_of(["verify"]).format_usage().split()[-2:] == ["[--json]", "ENVIRONMENT"]
    assert parser_of(["demo"]).format_usage().endswith("[--keep] [ENVIRONMENT]\n")


# What is wrong


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ([], "Name a command, such as `edge validate`; edge --help lists them."),
        (["lint"], 'There is no command "lint"; edge --help lists them.'),
        (["verfiy"], 'There is no command "verfiy"; verify is the nearest one, and edge --help lists them.'),
        (["validate", "prod"], "edge validate does not take prod; see edge validate --help"),
        (["demo", "--kep"], "edge demo does not take --kep; see edge demo --help"),
        (["verify", "prod", "--wai", "5"], "edge verify does not take --wai 5; see edge verify --help"),
        (
            ["verify", "prod", "--wait", "soon"],
            "edge verify: argument --wait: soon is not a number of seconds; write 0 or more; see edge verify --help",
        ),
        (["bench", "--runs", "0"], "edge bench: argument --runs: 0 is not a number of runs; write 1 or more; see edge"),
        (["tool"], "Name a program: edge tool terraform version"),
        (["pipeline"], "Name a step, as in `edge pipeline summary prod`; edge pipeline --help lists them."),
        (["completion"], "edge completion: the following arguments are required: shell; see edge completion --help"),
        (["deploy", "prod", "--digest", "sha256:1"], "--digest sha256:1: is not a digest; copy the reviewed one"),
        (
            ["plan", "prod", "--base", "nowhere"],
            "--base nowhere: is neither a folder nor a git revision here; fetch it",
        ),
        (
            ["plan", "prod", "--configuration", "/no/file"],
            "--configuration /no/file is not a file; give the cdk.tf.json",
        ),
        (
            ["recover", "prod", "--base", "nowhere"],
            "--base nowhere: is neither a folder nor a git revision here; fetch",
        ),
        (["recover", "prod"], "edge recover asks before it changes anything, and there is no terminal to ask on; run"),
        (["deploy", "--plan", "plans/prod", "--base", "main"], "--base is about a plan that is made now, and --plan"),
    ],
    ids=" ".join,
)
def test_a_wrong_command_line_is_one_sentence_and_2(
    arguments: list[str], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.startswith(sentence)
    assert printed.err.count("\n") == 1


@pytest.mark.parametrize(
    "line", [line for line in lines() if line and "ENVIRONMENT" in parser_of(line).format_usage().split()], ids=" ".join
)
@pytest.mark.parametrize("absent", [[], [""]], ids=["left out", "empty"])
def test_an_environment_that_is_missing_is_asked_for(
    line: list[str], absent: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    needed = {"comment": ["--pull-request=7", "--commit=0"], "drop": ["--pull-request=7"]}
    more = {"sign-in": ["plan"] if absent else [], **needed}.get(line[-1], [])
    assert main([*line, *absent, *more]) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    if line[-1] != "sign-in" or absent:
        program = f"edge {' '.join(line)}"
        assert printed.err == f"Name the environment, as in `{program} prod`; choose one of prod, staging\n"


WITH_TEXTS = [
    (line, option)
    for line in lines()
    for action in parser_of(line)._actions
    for option in action.option_strings
    if action.nargs != 0
]


@pytest.mark.parametrize(("line", "option"), WITH_TEXTS)
def test_an_option_without_text_is_refused_and_a_list_may_be_empty(line: list[str], option: str) -> None:
    """`--to ""` comes of a variable of a shell that is not set; where ids stand between spaces, there may be none."""
    for words in ([option, ""], [f"{option}="], [option, "", "--", "prod"]):
        if option in ("--accept", "--hashes"):
            parser_of(line).parse_known_args([*words[: words.index("--")]] if "--" in words else words)
        else:
            with pytest.raises(BadInputError, match=f"{option} is empty; write "):
                parser_of(line).parse_args(words)


@pytest.mark.parametrize("name", ["--auto-approve", "--help", "-x"])
def test_after_two_dashes_everything_is_a_name(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    """The Makefile relies on it: ENV=--auto-approve is an environment that does not exist."""
    assert main(["destroy", "--", name]) == 2
    assert capsys.readouterr().err == f'tests/environments: has no environment "{name}"; choose one of prod, staging\n'


# The table


@every_command
def test_every_command_of_the_table_is_where_it_says(command: Command) -> None:
    assert (parser_of([command.name]).description or "").startswith(command.purpose)


def modules_loaded_by(code: str) -> set[str]:
    line = [sys.executable, "-c", code]
    done = subprocess.run(line, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    return set(re.findall(r"'([\w.]+)'", done.stdout.splitlines()[-1]))


def test_only_the_chosen_commands_module_is_loaded() -> None:
    code = "import sys; from edge.__main__ import main; code = main(['validate']); print(sorted(sys.modules))"
    loaded = modules_loaded_by(code)
    assert "edge.validate" in loaded
    assert loaded & {"boto3", "rich", "argcomplete", "jsii", "edge.verify", "edge.demo", "edge.plan"} == set()


def test_its_help_loads_no_package_at_all() -> None:
    code = "import sys\nfrom edge.__main__ import main\ntry: main(['--help'])\nfinally: print(sorted(sys.modules))"
    loaded = modules_loaded_by(code)
    assert "edge.cli.parser" in loaded
    assert loaded & {"pydantic", "boto3", "rich", "psutil", "environments.loader"} == set()


def test_the_version_is_that_of_the_project(capsys: pytest.CaptureFixture[str]) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    with pytest.raises(SystemExit, match="0"):
        main(["--version"])
    assert capsys.readouterr().out == f"Orcha Edge {project['version']}\n"
    module, _, name = project["scripts"]["edge"].partition(":")
    assert getattr(import_module(module), name) is main


# Data goes to standard output, sentences to standard error


@pytest.mark.parametrize("name", ["validate", "verify", "scan", "review", "bench"])
def test_what_prints_a_table_prints_json_too(name: str) -> None:
    assert "--json" in parser_of([name]).format_usage()


def test_a_folder_of_environments_is_found_from_where_the_user_stands(tmp_path: Path, fake_terraform: str) -> None:
    """The programs that edge starts run in the project's folder."""
    environ = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "ENVIRONMENTS_DIR": "mine",
        "TERRAFORM_BINARY_NAME": fake_terraform,
    }
    line = [sys.executable, "-m", "edge", "tool", "python", "-c", "import os; print(os.environ['ENVIRONMENTS_DIR'])"]
    done = subprocess.run(line, cwd=tmp_path, env=environ, capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout == f"{tmp_path / 'mine'}\n"
