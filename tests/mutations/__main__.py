"""Put faults into a copy of the project, one at a time, and see whether its tests notice.

    python -m tests.mutations                        # those of listed.toml: each once went unnoticed
    python -m tests.mutations --sample 150 --seed 1  # small faults of modules/, environments/rules/ and edge/review/
    python -m tests.mutations --all edge/review/gate.py

A fault is killed when a test fails, and survives when all that depend on its file pass. What survives and is not in
explained.toml ends the run with exit code 1. Every line says what was put where, and which test noticed first.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from tests.mutations import plans
from tests.mutations.copies import Copy, Outcome, copied
from tests.mutations.plans import Fault, StaleError


@dataclass(frozen=True)
class Result:
    """What became of one fault."""

    root: str
    fault: str
    verdict: str
    noticed_by: str
    seconds: float


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the faults that are asked for and report the score; return the exit code."""
    options = _parser().parse_args(arguments)
    try:
        faults = _chosen(options)
    except StaleError as error:
        print(error, file=sys.stderr)
        return 2
    with copied() as copy:
        order = _baseline(copy, faults)
        if order is None:
            return 1
        results = [
            _tried(copy, fault, order, f"[{number}/{len(faults)}]") for number, fault in enumerate(faults, start=1)
        ]
    if options.json:
        options.json.write_text(json.dumps([asdict(result) for result in results], indent=1), encoding="utf-8")
    _report(results)
    return int(any(result.verdict == "survived" for result in results))


def _chosen(options: argparse.Namespace) -> list[Fault]:
    if options.all:
        return plans.every(options.all)
    return plans.sample(options.sample, options.seed) if options.sample else plans.listed()


def _baseline(copy: Copy, faults: Sequence[Fault]) -> dict[str, float] | None:
    """Run every file of tests on the unchanged copy, and give the seconds of each; None where one fails."""
    seconds: dict[str, float] = {}
    files = sorted({test for fault in faults for test in fault.tests})
    for number, file in enumerate(files, start=1):
        outcome = copy.run([file])
        seconds[file] = outcome.seconds
        print(f"unchanged [{number}/{len(files)}] {file}: {outcome.seconds:.1f} s", file=sys.stderr, flush=True)
        if outcome.failed:
            print(f"{outcome.first} fails without any fault; correct it first.", file=sys.stderr)
            return None
    return seconds


def _tried(copy: Copy, fault: Fault, order: dict[str, float], progress: str) -> Result:
    """Put one fault in and ask the tests that may notice it, the quick ones first."""
    tests = sorted(fault.tests, key=order.__getitem__)
    with copy.changed(fault.mutant.file, fault.mutant.text):
        outcome = copy.run(tests) if tests else Outcome(failed=False, first="", seconds=0.0)
    survived = "explained" if fault.explained else "survived"
    verdict = "killed" if outcome.failed else survived
    print(f"{progress} {verdict} in {outcome.seconds:.1f} s: {fault.mutant}", file=sys.stderr, flush=True)
    root = next((path for path in plans.SAMPLED if fault.mutant.file.startswith(f"{path}/")), "elsewhere")
    return Result(root, str(fault.mutant), verdict, outcome.first if outcome.failed else "", outcome.seconds)


def _report(results: Sequence[Result]) -> None:
    for root in (*plans.SAMPLED, "elsewhere"):
        verdicts = [result.verdict for result in results if result.root == root]
        if verdicts:
            print(f"{root}: {_score(verdicts)}")
    print(f"in all: {_score([result.verdict for result in results])}")
    for result in results:
        if result.verdict != "killed":
            print(f"{result.verdict}: {result.fault}")


def _score(verdicts: Sequence[str]) -> str:
    """Write a score: the killed of those that a test could notice."""
    killed, explained = verdicts.count("killed"), verdicts.count("explained")
    noticeable = len(verdicts) - explained
    share = f"{100 * killed / noticeable:.1f} %" if noticeable else "nothing"
    return f"{killed} of {noticeable} killed ({share}), {explained} explained"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m tests.mutations", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--listed", action="store_true", help="the faults of listed.toml (the default)")
    which.add_argument("--sample", type=int, metavar="N", help="N faults that a seed draws")
    which.add_argument("--all", nargs="+", metavar="PATH", help="every fault of these files or folders")
    parser.add_argument("--seed", type=int, default=1, help="another number draws other faults (default: 1)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the results there too")
    return parser


if __name__ == "__main__":
    sys.exit(main())
