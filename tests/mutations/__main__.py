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
from dataclasses import asdict
from pathlib import Path

from tests.mutations import plans
from tests.mutations.copies import copied
from tests.mutations.plans import Fault, StaleError
from tests.mutations.trials import Result, Trials


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the faults that are asked for and report the score; return the exit code."""
    options = _parser().parse_args(arguments)
    try:
        faults = _chosen(options)
    except StaleError as error:
        print(error, file=sys.stderr)
        return 2
    results = []
    with copied() as copy:
        trials = Trials(copy, options.most_files)
        for number, fault in enumerate(faults, start=1):
            results.append(trials.of(fault))
            _progress(f"[{number}/{len(faults)}]", results[-1])
    if options.json:
        options.json.write_text(json.dumps([asdict(result) for result in results], indent=1), encoding="utf-8")
    _report(results)
    for file in trials.unhealthy:
        print(f"not asked: {file}, which fails without any fault; correct it first")
    return int(bool(trials.unhealthy) or any(result.verdict == "survived" for result in results))


def _chosen(options: argparse.Namespace) -> list[Fault]:
    if options.all:
        return plans.every(options.all)
    return plans.sample(options.sample, options.seed) if options.sample else plans.listed()


def _progress(number: str, result: Result) -> None:
    by = f" (by {result.noticed_by})" if result.noticed_by else ""
    print(f"{number} {result.verdict} in {result.seconds:.1f} s: {result.fault}{by}", file=sys.stderr, flush=True)


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
    parser.add_argument("--most-files", type=int, metavar="N", help="ask at most N files of tests for each fault")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the results there too")
    return parser


if __name__ == "__main__":
    sys.exit(main())
