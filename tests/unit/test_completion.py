"""Completion in bash, zsh and fish: the scripts, and what a shell is answered."""

import os
import subprocess
import sys

import pytest

from edge.__main__ import COMMANDS, main
from tests.support.files import ROOT


def script(shell: str, capsys: pytest.CaptureFixture[str]) -> str:
    assert main(["completion", shell]) == 0
    return capsys.readouterr().out


def completed(line: str) -> list[str]:
    """Ask as the shell's script does: the line and the cursor as variables, the answer on file descriptor 8."""
    environ = {**os.environ, "_ARGCOMPLETE": "1", "_ARGCOMPLETE_IFS": "\n", "_ARGCOMPLETE_SUPPRESS_SPACE": "1"}
    environ |= {"_ARGCOMPLETE_SHELL": "bash", "COMP_LINE": line, "COMP_POINT": str(len(line)), "COMP_TYPE": ""}
    command = ["bash", "-c", f"{sys.executable} -m edge 8>&1 9>&2 1>/dev/null 2>&1"]
    done = subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, timeout=60, check=True)
    return done.stdout.split()


def test_bash_takes_its_script(capsys: pytest.CaptureFixture[str]) -> None:
    text = script("bash", capsys)
    subprocess.run(["bash", "-n"], input=text, text=True, check=True, timeout=10)
    command = ["bash", "--norc", "-c", f"{text}\ncomplete -p edge"]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=10)
    assert done.stdout.endswith(" edge\n")


@pytest.mark.parametrize(("shell", "line"), [("zsh", "compdef "), ("fish", "complete --command edge ")])
def test_zsh_and_fish_have_theirs(shell: str, line: str, capsys: pytest.CaptureFixture[str]) -> None:
    text = script(shell, capsys)
    assert line in text
    assert "_ARGCOMPLETE" in text


def test_another_shell_has_none(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["completion", "tcsh"]) == 2
    assert "invalid choice: 'tcsh'" in capsys.readouterr().err


def test_bash_completes_a_command_from_the_script(
    capsys: pytest.CaptureFixture[str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    """The whole way: bash's own completion calls what the script registered, and that calls edge."""
    folder = tmp_path_factory.mktemp("bin")
    program = folder / "edge"
    program.write_text(f'#!/bin/sh\ncd "{ROOT}" && exec "{sys.executable}" -m edge "$@"\n', encoding="utf-8")
    program.chmod(0o755)
    asked = (
        f"{script('bash', capsys)}\nCOMP_LINE='edge verify '; COMP_POINT=12; COMP_TYPE=9; COMP_WORDS=(edge verify '')\n"
        'COMP_CWORD=2; _python_argcomplete edge; printf "%s\\n" "${COMPREPLY[@]}"'
    )
    environ = {**os.environ, "PATH": f"{folder}:{os.environ['PATH']}"}
    done = subprocess.run(
        ["bash", "--norc", "-c", asked], env=environ, capture_output=True, text=True, timeout=60, check=True
    )
    assert {"prod", "staging"} <= set(done.stdout.split())


def test_commands_are_completed() -> None:
    assert set(completed("edge ")) == {command.name for command in COMMANDS}
    assert completed("edge ver") == ["verify"]


@pytest.mark.parametrize(
    ("line", "answers"),
    [
        ("edge deploy ", {"prod", "staging"}),
        ("edge embedded-aws prod st", {"staging"}),
        ("edge roles --w", {"--write"}),
        ("edge pipeline si", {"sign-in"}),
        ("edge pipeline sign-in prod p", {"plan"}),
        ("edge completion ", {"bash", "zsh", "fish"}),
    ],
)
def test_options_steps_and_environments_are_completed(line: str, answers: set[str]) -> None:
    assert answers <= set(completed(line))


def test_where_the_files_cannot_be_listed_nothing_is_completed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ENVIRONMENTS_DIR", "/nowhere")
    assert completed("edge deploy p") == []
