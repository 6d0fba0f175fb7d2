"""A question on the terminal."""

import sys


def says_yes(question: str) -> bool:
    """Ask on standard error; only a yes in full is one, as Terraform has it."""
    print(f"{question} Only yes does: ", end="", file=sys.stderr, flush=True)
    return sys.stdin.readline().strip() == "yes"
