"""`edge bench`: what the synthesis costs, beside the same with eager imports, other engines, and nothing but jsii.

All variants are warmed once, then run in turn, so that noise falls on all of them.
"""

import json
import shutil
import statistics
import sys
import tempfile
from argparse import ArgumentParser, ArgumentTypeError, Namespace
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bench import reporting
from bench.measuring import Cost, measure
from bench.reporting import Figures
from bench.variants import Variant, keep, lay_out, variants
from bootstrap.places import HERE
from bootstrap.progress import progress

_RUNS = 3
_FAILED, _BAD_INPUT = 1, 2  # as main.py and edge have them


def add_arguments(parser: ArgumentParser) -> None:
    """Add the arguments of the benchmark."""
    parser.add_argument(
        "--runs", type=_whole_number, default=_RUNS, metavar="NUMBER", help=f"times that each is run (default: {_RUNS})"
    )
    parser.add_argument("--cdktn", metavar="PYTHON", help="a Python with the packages of the engine cdktn")
    parser.add_argument("--cdk", metavar="PYTHON", help="a Python with aws-cdk-lib, for the design's app")
    parser.add_argument("--only", metavar="TEXT", default="", help="measure only what has this text in its name")
    parser.add_argument("--write", metavar="FOLDER", type=Path, help="write the table and a picture there")
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")


def run(options: Namespace) -> int:
    """Measure every variant; print a table and the ratios, or JSON. Gives main.py's exit code where a variant fails."""
    found = [it for it in variants(cdktn=options.cdktn, cdk=options.cdk) if options.only in it.shown]
    if fault := _fault(options, found):
        print(fault, file=sys.stderr)
        return _BAD_INPUT
    costs: dict[Variant, list[Cost]] = {variant: [] for variant in found}
    with tempfile.TemporaryDirectory() as documents:
        for turn in range(options.runs + 1):
            for variant in found:
                with progress(variant.shown, None, HERE.root):
                    cost = _measure(variant, Path(documents))
                if cost.code != 0:
                    print(f"{variant.shown} failed; its own words stand above.", file=sys.stderr)
                    return _BAD_INPUT if cost.code == _BAD_INPUT else _FAILED
                print(f"{variant.shown}: {cost.cpu:.2f} s{' to warm up' if turn == 0 else ''}", file=sys.stderr)
                costs[variant] += [cost] if turn else []
    results = {variant: _figures(every) for variant, every in costs.items()}
    if options.write:
        for file in reporting.write(options.write, results, runs=options.runs):
            print(f"Wrote {file}.", file=sys.stderr)
    _report(results, as_json=options.json)
    return 0


def _fault(options: Namespace, found: list[Variant]) -> str:
    """Say what cannot be measured, before anything is; empty where all can."""
    for option, program in (("--cdktn", options.cdktn), ("--cdk", options.cdk)):
        if program is not None and shutil.which(program) is None:
            return f"{option} {program} is not a program; name a Python that has its packages"
    if not found:
        return f"--only {options.only}: no variant has that text in its name; write a part of one, such as eager"
    return ""


def _whole_number(text: str) -> int:
    if not text.isdecimal() or int(text) == 0:
        raise ArgumentTypeError(f"{text} is not a number of runs; write 1 or more")
    return int(text)


def _measure(variant: Variant, documents: Path) -> Cost:
    with tempfile.TemporaryDirectory() as folder:
        command, environ = lay_out(variant, Path(folder), documents)
        cost = measure(command, environ)
        if cost.code == 0:
            keep(variant, Path(folder), documents)
        return cost


def _figures(costs: list[Cost]) -> Figures:
    wall, cpu = (statistics.median(getattr(cost, name) for cost in costs) for name in ("wall", "cpu"))
    return Figures(wall, cpu, max(cost.peak for cost in costs))


def _report(results: reporting.Results, *, as_json: bool) -> None:
    if as_json:
        figures = {variant.shown: vars(found) for variant, found in results.items()}
        print(json.dumps({"variants": figures, "ratios": dict(reporting.ratios(results))}, indent=2))
        return
    table = Table("variant", "processors, s", "wall, s", "tree memory, MB", title="Synthesis, warm caches")
    for variant, found in results.items():
        table.add_row(variant.shown, f"{found.cpu:.2f}", f"{found.wall:.2f}", f"{found.peak / 1e6:.0f}")
    Console().print(table)
    for name, ratio in reporting.ratios(results):
        print(f"{name}: {ratio:.2f}")
