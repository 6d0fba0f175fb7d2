"""What AWS's client says of a failure, for a sentence."""


def plain(error: Exception) -> str:
    """Write an error of botocore's in one line."""
    return " ".join(str(error).split())
