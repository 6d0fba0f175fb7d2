"""Whether a run is of what main is now: an old one, started again or approved late, would deploy what main has left.

The newest run deploys what the older ones would have, so these need not.
"""

from edge.pipeline.api import Repository
from edge.pipeline.errors import GitHubError
from edge.pipeline.job import runner_variable
from edge.roles.trust import BRANCH

_SHORT_COMMIT = 12


def demand(repository: Repository) -> None:
    """Raise GitHubError where the branch that deploys has moved on since this run's commit."""
    mine = runner_variable("GITHUB_SHA")
    newest = str(repository.get(f"git/ref/heads/{BRANCH}")["object"]["sha"])
    if newest != mine:
        raise GitHubError(
            f"This run is of {mine[:_SHORT_COMMIT]}, and {BRANCH} is {newest[:_SHORT_COMMIT]} by now; approve the run "
            "of that commit, or start the workflow again."
        )
