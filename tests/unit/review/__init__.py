"""The review of plans."""
