"""What a runner gives a job, and the files in which a job answers.

Source: https://docs.github.com/en/actions/reference/workflows-and-actions/variables
"""

import os
from pathlib import Path

from edge.pipeline.errors import GitHubError

_BY_HAND = "run this in a GitHub workflow, or set it by hand"


def runner_variable(name: str, remedy: str = _BY_HAND) -> str:
    """Give one of the runner's variables; raises GitHubError, with the remedy, where it is not set."""
    value = os.environ.get(name, "")
    if not value:
        raise GitHubError(f"{name} is not set; {remedy}.")
    return value


def put(file_variable: str, text: str) -> None:
    """Append to one of the runner's files, such as that of GITHUB_OUTPUT; on standard output where there is none."""
    file = os.environ.get(file_variable)
    if file:
        with Path(file).open("a", encoding="utf-8") as stream:
            stream.write(text)
    else:
        print(text, end="")


def run_url() -> str:
    """Give the address of this run."""
    server, repository, run = map(runner_variable, ("GITHUB_SERVER_URL", "GITHUB_REPOSITORY", "GITHUB_RUN_ID"))
    return f"{server}/{repository}/actions/runs/{run}"
