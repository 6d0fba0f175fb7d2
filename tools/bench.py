"""`python -m tools.bench [runs]`: what `main.py` costs, against the same stack with eager imports, in one run.

The stack is that of the first file; a third row is every environment, a platform of its own among them. All
variants are warmed once, then run in turn, so that noise falls on all of them. Times are the medians of the wall time;
memory is the peak of the resident set summed over the process tree, which counts shared pages once for each process.
"""

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import psutil
from rich.console import Console
from rich.table import Table

from tools.setup.places import HERE

_SAMPLE_SECONDS = 0.01
_RUNS = 3
# Imported first, the provider's package loads all its modules, in Python and in Node, as it does where nothing is lazy.
_EAGER = "import cdktf_cdktf_provider_aws, runpy; runpy.run_path('main.py', run_name='__main__')"
_LAZILY, _EAGERLY, _ALL = "main.py on the first file", "eager imports on the first file", "main.py on every environment"
_VARIANTS: Mapping[str, Sequence[str]] = {_LAZILY: ["main.py"], _EAGERLY: ["-c", _EAGER], _ALL: ["main.py"]}


def main(arguments: Sequence[str]) -> int:
    """Measure both variants; print a table and the ratios. Ends with the exit code of a variant that fails."""
    runs = int(arguments[0]) if arguments else _RUNS
    seconds: dict[str, list[float]] = {name: [] for name in _VARIANTS}
    bytes_: dict[str, list[int]] = {name: [] for name in _VARIANTS}
    for run in range(runs + 1):
        for name, command in _VARIANTS.items():
            wall, peak = _measure([sys.executable, *command], alone=name != _ALL)
            print(f"{name}: {wall:.2f} s{' to warm up' if run == 0 else ''}", file=sys.stderr)
            if run:
                seconds[name].append(wall)
                bytes_[name].append(peak)
    _report({name: statistics.median(each) for name, each in seconds.items()}, {n: max(b) for n, b in bytes_.items()})
    return 0


def _measure(command: Sequence[str], *, alone: bool) -> tuple[float, int]:
    """Run a command, on the first file or on all; give its wall time in seconds, and its tree's peak in bytes."""
    with tempfile.TemporaryDirectory() as folder:
        environ = {**os.environ, "CDKTF_OUTDIR": str(Path(folder) / "cdktf.out")}
        if alone:
            shutil.copy(min((HERE.root / "environments").glob("*.toml")), folder)
            environ["ENVIRONMENTS_DIR"] = folder
        environ.pop("PYTHONDONTWRITEBYTECODE", None)  # else nothing would ever be warm
        started = time.monotonic()
        process = psutil.Popen(command, cwd=HERE.root, env=environ, stdout=subprocess.DEVNULL)
        peak = 0
        while process.poll() is None:
            peak = max(peak, _resident_bytes(process))
            time.sleep(_SAMPLE_SECONDS)
        wall = time.monotonic() - started
    if process.returncode != 0:
        print(f"{command[1]} ended with {process.returncode}; its own words stand above.", file=sys.stderr)
        raise SystemExit(process.returncode)
    return wall, peak


def _resident_bytes(root: psutil.Process) -> int:
    total = 0
    try:
        for process in [root, *root.children(recursive=True)]:
            total += process.memory_info().rss
    except psutil.NoSuchProcess:
        return total
    return total


def _report(seconds: Mapping[str, float], peaks: Mapping[str, int]) -> None:
    table = Table("variant", "wall, s", "tree memory, MB", title="Synthesis, warm caches")
    for name in _VARIANTS:
        table.add_row(name, f"{seconds[name]:.2f}", f"{peaks[name] / 1e6:.0f}")
    Console().print(table)
    print(f"main.py takes 1/{seconds[_EAGERLY] / seconds[_LAZILY]:.1f} of the time of eager imports.")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
