"""Labels of a pull request by which risks are accepted: `accept prod 4wz2k7bqn3yfxa5t`."""

# https://docs.github.com/en/rest/issues/labels: a label's name has at most 50 characters
LABEL_MAX_CHARACTERS = 50
LABEL_START = "accept "


def acceptance_label(environment: str, seen: str) -> str:
    """Write the label that accepts a hash on a pull request: `accept prod 4wz2…`."""
    return f"{LABEL_START}{shown_in_label(environment)} {seen}"


def without_label(name: str) -> str:
    """Give the hash of a label, and anything else as it is."""
    return name.rpartition(" ")[2] if name.startswith(LABEL_START) else name


def shown_in_label(environment: str) -> str:
    """Give as much of a name as a label has room for beside a hash of 16 characters, which covers all of it."""
    return environment[: LABEL_MAX_CHARACTERS - len(LABEL_START) - 17]
