"""Why something could not be asked of GitHub, or through it of AWS."""

from edge.cli.exits import FailedError


class GitHubError(FailedError):
    """One sentence: what was asked, what came back, and what to do."""
