"""Why something could not be asked of GitHub, or through it of AWS."""


class GitHubError(Exception):
    """One sentence: what was asked, what came back, and what to do."""
