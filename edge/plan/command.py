"""How the commands of this package end: with which exit code, and with one sentence on standard error."""

import sys
from collections.abc import Callable

from edge.plan.errors import EngineError, RefusedError
from edge.terraform.child_processes import TerminatedError, ending_cleanly
from edge.terraform.toolchain import ToolMissingError
from environments.faults import InvalidEnvironmentError

EXIT_FAILED, EXIT_BAD_INPUT, EXIT_INTERRUPTED = 1, 2, 130


def ended(action: Callable[[], int]) -> int:
    """Run a command to its exit code: its own, 1 where Terraform failed, 2 where it is refused, 130 on Ctrl-C."""
    try:
        with ending_cleanly():
            return action()
    except (InvalidEnvironmentError, RefusedError) as error:
        print(error, file=sys.stderr)
        return EXIT_BAD_INPUT
    except (EngineError, ToolMissingError) as error:
        print(error, file=sys.stderr)
        return EXIT_FAILED
    except (KeyboardInterrupt, TerminatedError):
        return EXIT_INTERRUPTED
