"""What can go wrong when Terraform, or the synthesis before it, is run."""

from edge.cli.exits import FailedError


class EngineError(FailedError):
    """Terraform, or the synthesis before it, failed; its own words stand above or in the message."""
