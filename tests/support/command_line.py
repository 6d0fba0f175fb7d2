"""The command line as a user meets it: every command with its help, and what one run of it answers."""

import argparse
import os
import shlex
import subprocess
import sys
from collections.abc import Mapping

from edge.__main__ import COMMANDS, command_line
from edge.cli.parser import Parser
from edge.pipeline.command import STEPS
from tests.support.files import ROOT


def lines() -> list[list[str]]:
    """List the command of every help: edge itself, each command, and each step of the pipeline."""
    return [[], *([command.name] for command in COMMANDS), *(["pipeline", step] for step in STEPS)]


def parser_of(line: list[str]) -> Parser:
    """Make the whole parser as a command line that begins so gets it, and give the parser of its last word."""
    chosen = next((command for command in COMMANDS if line and command.name == line[0]), None)
    parser = command_line(chosen, chosen.load() if chosen else None)
    for word in line:
        (commands,) = [action for action in parser._actions if isinstance(action, argparse._SubParsersAction)]
        parser = commands.choices[word]
    return parser


def example_of(line: list[str]) -> list[str]:
    """Give the arguments of the example in a command's help."""
    text = (parser_of(line).epilog or "").partition("example:\n\n")[2].splitlines()[0]
    program, *arguments = shlex.split(text)
    assert program == "edge"
    return arguments


def edge(*arguments: str, environ: Mapping[str, str] | None = None) -> "subprocess.CompletedProcess[str]":
    """Run the command in a process of its own, with nobody to ask."""
    return subprocess.run(
        [sys.executable, "-m", "edge", *arguments],
        cwd=ROOT,
        env={**os.environ, **(environ or {})},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
