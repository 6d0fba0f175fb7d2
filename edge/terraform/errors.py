"""What can go wrong when Terraform, or the synthesis before it, is run."""

from edge.cli.exits import BadInputError, FailedError


class EngineError(FailedError):
    """Terraform, or the synthesis before it, failed; its own words stand above or in the message."""


class RefusedError(EngineError, BadInputError):
    """The synthesis refused to begin and wrote nothing: a file, a folder or a variable of the shell cannot be used."""
