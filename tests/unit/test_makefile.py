"""`make` hands what a user writes to `edge` as it stands: neither make nor a shell acts on it."""

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from edge.__main__ import COMMANDS
from tests.support.files import ROOT

HOSTILE = (
    "$(shell touch made) ${shell touch made} `touch made` $(touch made) \"; touch made; ' & touch made | $$HOME * \\"
)


@dataclass(frozen=True)
class Clone:
    """A folder with the project's Makefile, and programs that only write down how they were called."""

    folder: Path

    def make(self, *words: str, **variables: str) -> "subprocess.CompletedProcess[str]":
        makes = ("MAKE", "MFLAGS", "GNUMAKE", "PYTHON")
        ours = (*makes, "ENV", "PLAN", "ACCEPT", "DIGEST", "WRITE", "OPTIONS", "KEEP", "CI")
        environ = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
        environ["PATH"] = f"{self.folder}/bin:{environ['PATH']}"
        command = ["make", *words]
        return subprocess.run(
            command, cwd=self.folder, env={**environ, **variables}, capture_output=True, text=True, check=False
        )

    @property
    def calls(self) -> list[list[str]]:
        file = self.folder / "calls"
        return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()] if file.exists() else []

    def edge(self, *words: str, **variables: str) -> list[str]:
        """Run make, and give the arguments of its one call of edge."""
        done = self.make(*words, **variables)
        assert (done.returncode, done.stderr) == (0, "")
        (call,) = [arguments for name, *arguments in self.calls if name == "edge"]
        return call

    @property
    def was_broken_into(self) -> bool:
        return (self.folder / "made").exists()


@pytest.fixture
def clone(tmp_path: Path) -> Clone:
    shutil.copy(ROOT / "Makefile", tmp_path)
    for name in (".venv/bin/edge", ".venv/bin/python", ".venv/bin/lint-imports", "bin/python3"):
        program = tmp_path / name
        program.parent.mkdir(parents=True, exist_ok=True)
        call = f"import json, sys; print(json.dumps([{program.name!r}, *sys.argv[1:]]), file=open('calls', 'a'))"
        program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -c "{call}" "$@"\n', encoding="utf-8")
        program.chmod(0o755)
    return Clone(tmp_path)


TEXTS = {
    "verify": (["ENV"], ["verify", "--", HOSTILE]),
    "demo": (["ENV"], ["demo", "--", HOSTILE]),
    "plan": (["ENV"], ["plan", "--", HOSTILE]),
    "diff": (["ENV"], ["diff", "--", HOSTILE]),
    "destroy": (["ENV"], ["destroy", "--", HOSTILE]),
    "scan": (["ENV"], ["scan", "--", HOSTILE]),
    "review": (["ENV", "PLAN", "ACCEPT"], ["review", f"--plan={HOSTILE}", f"--accept={HOSTILE}", "--", HOSTILE]),
    "deploy": (
        ["ENV", "PLAN", "DIGEST", "ACCEPT"],
        ["deploy", f"--plan={HOSTILE}", f"--digest={HOSTILE}", f"--accept={HOSTILE}", "--", HOSTILE],
    ),
    "roles": (
        ["ENV", "WRITE", "REPOSITORY", "OPTIONS"],
        ["roles", f"--write={HOSTILE}", f"--repository={HOSTILE}", *HOSTILE.split(), "--", HOSTILE],
    ),
}


@pytest.mark.parametrize("target", TEXTS)
def test_a_text_on_makes_command_line_arrives_as_it_was_written(clone: Clone, target: str) -> None:
    names, wanted = TEXTS[target]
    assert clone.edge(target, *(f"{name}={HOSTILE}" for name in names)) == wanted
    assert not clone.was_broken_into


@pytest.mark.parametrize("target", TEXTS)
def test_a_text_in_the_environment_arrives_as_it_was_written(clone: Clone, target: str) -> None:
    names, wanted = TEXTS[target]
    assert clone.edge(target, **dict.fromkeys(names, HOSTILE)) == wanted
    assert not clone.was_broken_into


@pytest.mark.parametrize("name", ["FOO", "KEEP", "CI", "EDGE", "VENV", "SET_UP"])
@pytest.mark.parametrize("target", ["demo", "check", "test"])
def test_a_variable_of_another_name_runs_nothing_either(clone: Clone, name: str, target: str) -> None:
    """Make hands every variable of its command line on to the programs that it starts."""
    assert clone.make(target, f"{name}={HOSTILE}").returncode == 0
    assert clone.make(target, **{name: HOSTILE}).returncode == 0
    assert not clone.was_broken_into


def test_the_python_of_set_up_is_a_program_and_no_command_line(clone: Clone) -> None:
    assert clone.make("setup", f"PYTHON={HOSTILE}").returncode != 0
    assert not clone.was_broken_into
    assert clone.make("setup", "PYTHON=bin/python3").returncode == 0
    assert clone.calls == [["python3", "-m", "bootstrap"]]


@pytest.mark.parametrize("form", ["argument", "variable"])
def test_keep_reaches_the_demo(clone: Clone, form: str) -> None:
    program = clone.folder / ".venv" / "bin" / "edge"
    program.write_text('#!/bin/sh\nprintf "%s" "$KEEP"\n', encoding="utf-8")
    done = clone.make("demo", "KEEP=1") if form == "argument" else clone.make("demo", KEEP="1")
    assert done.stdout == "1"


def test_what_is_left_out_has_its_default_or_is_left_to_edge(clone: Clone) -> None:
    for target in ("demo", "verify", "roles", "scan", "deploy", "review"):
        clone.make(target)
    assert [call for call in clone.calls if call[0] == "edge"] == [
        ["edge", "demo", "--", "prod"],
        ["edge", "verify", "--", "prod"],
        ["edge", "roles", "--", "prod"],
        ["edge", "scan", "--"],
        ["edge", "deploy", "--", ""],
        ["edge", "review", "--accept=", "--", ""],
    ]


def test_ci_demands_terraform(clone: Clone) -> None:
    for ci in ({}, {"CI": "true"}):
        clone.make("test", **ci)
    assert [call for call in clone.calls if call[0] == "python3"] == [
        ["python3", "-m", "bootstrap", "--policy", "--engine-optional"],
        ["python3", "-m", "bootstrap", "--policy"],
    ]


@pytest.mark.parametrize(("old", "new"), [("lint", "validate"), ("policy", "scan"), ("policies", "roles")])
def test_an_old_name_says_the_new_one(clone: Clone, old: str, new: str) -> None:
    done = clone.make(old)
    assert (done.returncode, done.stdout, clone.calls) == (2, "", [])
    assert done.stderr.splitlines()[0] == f"make {old} is now make {new}, or edge {new}."


def test_every_alias_is_of_a_command(clone: Clone) -> None:
    aliases = {
        line.partition(":")[0]: line.partition("## edge ")[2].partition(",")[0]
        for line in (ROOT / "Makefile").read_text(encoding="utf-8").splitlines()
        if "## edge " in line
    }
    assert all(target == name for target, name in aliases.items())
    assert set(aliases) == {command.name for command in COMMANDS} - {
        "setup",  # runs before there is an edge
        "bootstrap",  # these need more than an environment
        "release",
        "export",
        "picture",
        "report",
        "embedded-aws",
        "pipeline",
        "tool",
        "completion",
    }
    assert clone.make("help").stdout.count("\n") > len(aliases)
