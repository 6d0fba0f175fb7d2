"""`python -m tests.engine.faults [--only TEXT] [--where STACK] [--harmless]`: run the table, and say what is found."""

import argparse
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from edge.verify.report import line
from tests.engine.faults.fault import Where
from tests.engine.faults.stacks import deployed
from tests.engine.faults.table import FAULTS, HARMLESS, Outcome, figures, run_fault, run_harmless

STACKS: tuple[Where, ...] = ("prod", "plain", "staging")


def main() -> int:
    """Run the table: 0 where every row goes as it says, else 1."""
    parser = argparse.ArgumentParser(prog="python -m tests.engine.faults", description="Run the table of faults.")
    parser.add_argument("--only", default="", help="run only the rows whose name holds this text")
    parser.add_argument("--where", choices=STACKS, help="run only the rows of this stack")
    parser.add_argument("--harmless", action="store_true", help="run only the harmless changes")
    options = parser.parse_args()
    outcomes: list[Outcome] = []
    for where in STACKS:
        if options.where not in (None, where):
            continue
        broken = () if options.harmless else FAULTS
        faults = [row for row in broken if row.where == where and options.only in row.name]
        harmless = [row for row in HARMLESS if row.where == where and options.only in row.name]
        if not faults + harmless:
            continue
        with TemporaryDirectory() as folder, deployed(where, Path(folder)) as stack:
            before = [result for result in stack.verify() if result.outcome != "passed"]
            sys.stdout.write(f"{where} as deployed: {before or 'all passed'}\n")
            outcomes += [_shown(run_fault(stack, row)) for row in faults]
            outcomes += [_shown(run_harmless(stack, change)) for change in harmless]
            left = [line(result) for result in stack.verify() if result.outcome != "passed"]
            sys.stdout.write(f"{where} as left: {'; '.join(left) or 'all passed'}\n")
    sys.stdout.write(f"{figures(outcomes)}\n")
    return 1 if any(outcome.problem for outcome in outcomes) else 0


def _shown(outcome: Outcome) -> Outcome:
    sys.stdout.write(f"{outcome.name}: {outcome.problem or ('found' if outcome.found else 'nothing fails')}\n")
    sys.stdout.flush()
    return outcome


if __name__ == "__main__":
    sys.exit(main())
