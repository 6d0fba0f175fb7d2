"""What can go wrong with the embedded AWS itself."""


class LocalAwsError(Exception):
    """The embedded AWS cannot start, or cannot hold what the environments name; the message says what to do."""
