"""What a row of the table is."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Literal

from edge.verify.severity import Severity
from tests.support.deployed_stack import Stack

Where = Literal["prod", "plain", "staging"]
Change = Callable[[Stack], AbstractContextManager[object]]


@dataclass(frozen=True)
class Fault:
    """A fault: its name, how bad it is, the check that names it, what is done to AWS, and on which stack.

    `words` stand in what the check found. `leaves_traces` says that what is put back is not as Terraform left it,
    such as a rule with another id: such a fault has to be the last on a stack that is planned again.
    """

    name: str
    severity: Severity
    check: str
    change: Change
    words: str = ""
    where: Where = "prod"
    leaves_traces: bool = False


@dataclass(frozen=True)
class Harmless:
    """A change that breaks nothing, and that no check may call a failure; `note` stands in the notes of one."""

    name: str
    change: Change
    note: str = ""
    where: Where = "prod"
