"""What a command costs: wall time, processor time and memory of the whole process tree."""

import os
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import IO

import psutil

from bootstrap.places import HERE

_SAMPLE_SECONDS = 0.01


@dataclass(frozen=True)
class Cost:
    """One run: its exit code, its seconds, those of processors in user and system mode, and its peak in bytes.

    The peak is the resident set summed over the tree, sampled, which counts shared pages once for each process.
    """

    code: int
    wall: float
    cpu: float
    peak: int


def measure(
    command: Sequence[str],
    environ: Mapping[str, str],
    *,
    output: IO[bytes] | None = None,
    pause_seconds: float = _SAMPLE_SECONDS,
) -> Cost:
    """Run a command in the project's folder, and read its memory after each pause.

    With `output`, what it prints and what it reports go there together; without, only what it reports is shown.

    The processor time is what the system has counted for the process and for all that it, and they, have waited for:
    https://man7.org/linux/man-pages/man2/getrusage.2.html (RUSAGE_CHILDREN). jsii waits for its Node.js.
    """
    started, peak = time.monotonic(), 0
    stdout, stderr = (output, subprocess.STDOUT) if output else (subprocess.DEVNULL, None)
    process = subprocess.Popen(command, cwd=HERE.root, env=dict(environ), stdout=stdout, stderr=stderr)
    while True:
        ended, status, usage = os.wait4(process.pid, os.WNOHANG)
        if ended:
            break
        peak = max(peak, _resident_bytes(process.pid))
        time.sleep(pause_seconds)
    process.returncode = os.waitstatus_to_exitcode(status)  # else Popen would wait for it again
    return Cost(process.returncode, time.monotonic() - started, usage.ru_utime + usage.ru_stime, peak)


def _resident_bytes(pid: int) -> int:
    total = 0
    try:
        root = psutil.Process(pid)
        for process in [root, *root.children(recursive=True)]:
            total += process.memory_info().rss
    except psutil.Error:
        return total
    return total
