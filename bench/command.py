"""`edge bench`: what `main.py` costs, against the same stack with eager imports, in one run.

The stack is that of the first file; a third row is every environment, a platform of its own among them. All
variants are warmed once, then run in turn, so that noise falls on all of them. Times are the medians of the wall time;
memory is the peak of the resident set summed over the process tree, which counts shared pages once for each process.
"""

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from argparse import ArgumentParser, ArgumentTypeError, Namespace
from collections.abc import Mapping, Sequence
from pathlib import Path

import psutil
from rich.console import Console
from rich.table import Table

from bootstrap.places import HERE

_SAMPLE_SECONDS = 0.01
_RUNS = 3
_FAILED, _BAD_INPUT = 1, 2  # as main.py and edge have them
# Imported first, the provider's package loads all its modules, in Python and in Node, as it does where nothing is lazy.
_EAGER = "import cdktf_cdktf_provider_aws, runpy; runpy.run_path('main.py', run_name='__main__')"
_LAZILY, _EAGERLY, _ALL = "main.py on the first file", "eager imports on the first file", "main.py on every environment"
_VARIANTS: Mapping[str, Sequence[str]] = {_LAZILY: ["main.py"], _EAGERLY: ["-c", _EAGER], _ALL: ["main.py"]}


def add_arguments(parser: ArgumentParser) -> None:
    """Add the arguments of the benchmark."""
    parser.add_argument(
        "--runs", type=_whole_number, default=_RUNS, metavar="NUMBER", help=f"times that each is run (default: {_RUNS})"
    )
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")


def run(options: Namespace) -> int:
    """Measure every variant; print a table and the ratio, or JSON. Gives main.py's exit code where a variant fails."""
    seconds: dict[str, list[float]] = {name: [] for name in _VARIANTS}
    peaks: dict[str, list[int]] = {name: [] for name in _VARIANTS}
    for turn in range(options.runs + 1):
        for name, command in _VARIANTS.items():
            code, wall, peak = _measure([sys.executable, *command], alone=name != _ALL)
            if code != 0:
                print(f"{name} failed; its own words stand above.", file=sys.stderr)
                return _BAD_INPUT if code == _BAD_INPUT else _FAILED
            print(f"{name}: {wall:.2f} s{' to warm up' if turn == 0 else ''}", file=sys.stderr)
            if turn:
                seconds[name].append(wall)
                peaks[name].append(peak)
    medians = {name: statistics.median(values) for name, values in seconds.items()}
    _report(medians, {name: max(values) for name, values in peaks.items()}, as_json=options.json)
    return 0


def _whole_number(text: str) -> int:
    if not text.isdecimal() or int(text) == 0:
        raise ArgumentTypeError(f"{text} is not a number of runs; write 1 or more")
    return int(text)


def _measure(command: Sequence[str], *, alone: bool) -> tuple[int, float, int]:
    """Run a command, on the first file alone or on all; give its exit code, seconds, and its tree's peak in bytes."""
    with tempfile.TemporaryDirectory() as folder:
        environ = {**os.environ, "CDKTF_OUTDIR": str(Path(folder) / "cdktf.out")}
        if alone:
            for file in sorted((HERE.root / "environments").glob("*.toml"))[:1]:
                shutil.copy(file, folder)
            environ["ENVIRONMENTS_DIR"] = folder
        environ.pop("PYTHONDONTWRITEBYTECODE", None)  # else nothing would ever be warm
        started = time.monotonic()
        process = psutil.Popen(command, cwd=HERE.root, env=environ, stdout=subprocess.DEVNULL)
        peak = 0
        while process.poll() is None:
            peak = max(peak, _resident_bytes(process))
            time.sleep(_SAMPLE_SECONDS)
        wall = time.monotonic() - started
    return process.returncode, wall, peak


def _resident_bytes(root: psutil.Process) -> int:
    total = 0
    try:
        for process in [root, *root.children(recursive=True)]:
            total += process.memory_info().rss
    except psutil.NoSuchProcess:
        return total
    return total


def _report(seconds: Mapping[str, float], peaks: Mapping[str, int], *, as_json: bool) -> None:
    if as_json:
        print(json.dumps({name: {"seconds": seconds[name], "bytes": peaks[name]} for name in _VARIANTS}, indent=2))
        return
    table = Table("variant", "wall, s", "tree memory, MB", title="Synthesis, warm caches")
    for name in _VARIANTS:
        table.add_row(name, f"{seconds[name]:.2f}", f"{peaks[name] / 1e6:.0f}")
    Console().print(table)
    print(f"main.py takes 1/{seconds[_EAGERLY] / seconds[_LAZILY]:.1f} of the time of eager imports.")
