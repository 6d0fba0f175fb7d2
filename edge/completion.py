"""Completion in a shell: the script that turns it on, and the answers to what the shell then asks."""

import sys
from argparse import ArgumentParser, Namespace

import argcomplete
from argcomplete.shell_integration import shellcode

from edge.cli.exits import Exit
from edge.cli.subcommand import Subcommand

SHELLS = ("bash", "zsh", "fish")


def answer(parser: ArgumentParser) -> None:
    """Answer a shell that asks what may come next, and end; do nothing where none asks."""
    argcomplete.autocomplete(parser, always_complete_options=False)


def _add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("shell", choices=SHELLS, help="the shell whose script is printed")


def _run(options: Namespace) -> int:
    sys.stdout.write(shellcode(["edge"], shell=options.shell))
    return Exit.DONE


COMPLETION = Subcommand(
    run=_run,
    add_arguments=_add_arguments,
    about="It completes commands, options and the names of environments. Put the line for your shell into its "
    "start-up file, after what puts `edge` on your PATH:\n\n"
    '  eval "$(edge completion bash)"     # ~/.bashrc\n'
    '  eval "$(edge completion zsh)"      # ~/.zshrc, after compinit\n'
    "  edge completion fish | source      # ~/.config/fish/config.fish",
    example="edge completion bash",
    done="the script was printed",
)
