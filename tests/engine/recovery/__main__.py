"""`python -m tests.engine.recovery [--write] [--few] [--only-recovery]`: run the fault matrix, and print its table."""

import argparse
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.engine.recovery.matrix import run_all, run_changes
from tests.engine.recovery.scenarios import every_call_and_kind_once, first_deploys
from tests.engine.recovery.table import table
from tests.support.files import ROOT

TABLE = ROOT / "docs" / "recovery-matrix.md"


def main() -> int:
    """Run the scenarios: 0 where all of them heal, else 1."""
    parser = argparse.ArgumentParser(prog="python -m tests.engine.recovery", description="Run the fault matrix.")
    parser.add_argument("--write", action="store_true", help=f"write the table to {TABLE.relative_to(ROOT)}")
    parser.add_argument("--few", action="store_true", help="run only a part in which every call and kind occurs")
    parser.add_argument("--only-recovery", action="store_true", help="leave out the second apply without recovery")
    parser.add_argument("--jobs", type=int, default=6, help="how many scenarios run at once (default: 6)")
    parser.add_argument("--logs", type=Path, help="a folder for what each scenario wrote")
    parser.add_argument("--only-changes", action="store_true", help="leave out the first deploys")
    parser.add_argument("--changes", type=int, nargs="*", help="the writes of a change to kill at (default: all)")
    options = parser.parse_args()
    faults = list(every_call_and_kind_once() if options.few else first_deploys())
    with TemporaryDirectory() as folder:
        place, jobs, logs = Path(folder), options.jobs, options.logs
        outcomes = run_changes(place, jobs=jobs, nth=options.changes or (), logs=logs)
        if not options.only_changes:
            outcomes += run_all(faults, place, jobs=jobs, second=not options.only_recovery, logs=logs)
    text = table(outcomes)
    sys.stdout.write(text)
    if options.write:
        TABLE.write_text(text, encoding="utf-8")
    return 0 if all(outcome.healed for outcome in outcomes) else 1


if __name__ == "__main__":
    sys.exit(main())
