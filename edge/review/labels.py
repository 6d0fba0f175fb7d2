"""Labels of a pull request by which risks are accepted: `accept prod 4wz2k7bqn3yfxa5t`."""

import re
from shlex import quote

# https://docs.github.com/en/rest/issues/labels: a label's name has at most 50 characters
LABEL_MAX_CHARACTERS = 50
LABEL_START = "accept "
# What passes from a label to a command, and through a shell; an index `["a b"]` does not.
PLAIN_ID = re.compile(r"[A-Za-z0-9_.:#/-]+")


def acceptance_label(environment: str, seen: str) -> str:
    """Write the label that accepts a hash on a pull request: `accept prod 4wz2…`."""
    return f"{LABEL_START}{shown_in_label(environment)} {seen}"


def typed(id: str) -> str:
    """Write an id as a shell takes it: as it is, or quoted where it would act on it, as on the star of a wildcard."""
    return id if PLAIN_ID.fullmatch(id) else quote(id)


def without_label(name: str) -> str:
    """Give the hash of a label, and anything else as it is."""
    return name.rpartition(" ")[2] if name.startswith(LABEL_START) else name


def shown_in_label(environment: str) -> str:
    """Give as much of a name as a label has room for beside a hash of 16 characters, which covers all of it."""
    return environment[: LABEL_MAX_CHARACTERS - len(LABEL_START) - 17]
