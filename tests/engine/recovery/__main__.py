"""`python -m tests.engine.recovery`: run the fault matrix, and print its table."""

import argparse
import json
import resource
import sys
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Lock

from tests.engine.recovery.matrix import Matrix, matrix
from tests.engine.recovery.running import Outcome
from tests.engine.recovery.scenarios import CHANGES, DESTROY, FIRST, Scenario, first_deploys, of_a_change, part
from tests.engine.recovery.table import table
from tests.support.files import ROOT

TABLE = ROOT / "docs" / "recovery-matrix.md"


class Results:
    """What was found so far, in a file that outlives this run, one line of JSON for each scenario."""

    def __init__(self, file: Path | None, logs: Path | None) -> None:
        self._file, self._logs, self._turn = file, logs, Lock()
        lines = file.read_text(encoding="utf-8").splitlines() if file and file.is_file() else []
        self.outcomes = {line["of"]: Outcome(**line["outcome"]) for line in map(json.loads, lines)}

    def keep(self, scenario: Scenario, outcome: Outcome) -> None:
        """Note one outcome; its log goes to a file of its own."""
        with self._turn:
            self.outcomes[str(scenario)] = outcome
            if self._logs:
                self._logs.mkdir(parents=True, exist_ok=True)
                (self._logs / f"{str(scenario).replace(' ', '-')}.log").write_text(outcome.log, encoding="utf-8")
            if self._file:
                line = {"of": str(scenario), "outcome": {**asdict(outcome), "log": ""}}
                with self._file.open("a", encoding="utf-8") as file:
                    file.write(json.dumps(line) + "\n")


def _scenarios(prepared: Matrix, only: list[str]) -> Iterator[Scenario]:
    changes = prepared.prepared(*only)
    for change in only:
        yield from first_deploys() if change == FIRST else of_a_change(change, changes[change].writes)


def main() -> int:
    """Run the scenarios: 0 where all of them heal, else 1."""
    every = [FIRST, *CHANGES, DESTROY]
    parser = argparse.ArgumentParser(prog="python -m tests.engine.recovery", description="Run the fault matrix.")
    parser.add_argument("--write", action="store_true", help=f"write the table to {TABLE.relative_to(ROOT)}")
    parser.add_argument("--part", action="store_true", help="run only what make test runs")
    parser.add_argument("--only", nargs="*", choices=every, default=every, help="run only these changes")
    parser.add_argument("--jobs", type=int, default=6, help="how many scenarios run at once (default: 6)")
    parser.add_argument("--only-recovery", action="store_true", help="leave out the second apply without recovery")
    parser.add_argument("--only-table", action="store_true", help="run nothing, and print the table of the results")
    parser.add_argument("--most", type=int, help="run at most so many scenarios that are not in the results yet")
    parser.add_argument("--results", type=Path, help="a file of results, which is read and added to")
    parser.add_argument("--logs", type=Path, help="a folder for what each scenario wrote")
    options = parser.parse_args()
    results = Results(options.results, options.logs)
    if options.only_table:
        return _shown(list(results.outcomes.values()), write=options.write)
    with TemporaryDirectory() as folder, matrix(Path(folder), counting=True) as prepared:
        wanted = list(part() if options.part else _scenarios(prepared, options.only))
        missing = [scenario for scenario in wanted if str(scenario) not in results.outcomes][: options.most]
        prepared.run(missing, jobs=options.jobs, second=not options.only_recovery, heard=results.keep)
    outcomes = [results.outcomes[str(scenario)] for scenario in wanted if str(scenario) in results.outcomes]
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    sys.stderr.write(f"{len(missing)} scenarios took {used.ru_utime + used.ru_stime:.0f} s of processor time.\n")
    return _shown(outcomes, of=len(wanted), write=options.write)


def _shown(outcomes: list[Outcome], *, of: int | None = None, write: bool) -> int:
    text = table(outcomes, of=of)
    sys.stdout.write(text)
    if write:
        TABLE.write_text(text, encoding="utf-8")
    return 0 if all(outcome.healed for outcome in outcomes) else 1


if __name__ == "__main__":
    sys.exit(main())
