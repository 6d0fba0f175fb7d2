"""How many workers of `make test` a machine can carry, by its processors and the memory that is available on it.

Most of what a worker does is waiting for AWS's timers, so there are more of them than processors. Each can have an
embedded AWS, a Terraform and one provider for each account at the same time.
"""

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import psutil

AT_MOST = 8  # more would wait for the processors, and the longest file decides by then
PER_PROCESSOR = 4
GIB_PER_WORKER = 1.5  # measured at the peak of tests/engine/test_managed_platform.py, with GO_MEMORY_LIMIT
GO_MEMORY_LIMIT = "200MiB"
GIB = 2**30
OVERRIDES = ("WORKERS", "PYTEST_XDIST_AUTO_NUM_WORKERS")  # make's, and xdist's own

_PROC, _CGROUPS = Path("/proc"), Path("/sys/fs/cgroup")


@dataclass(frozen=True)
class Machine:
    """What this process may use."""

    processors: float
    available_bytes: int

    @property
    def by_processors(self) -> int:
        return max(1, min(AT_MOST, int(PER_PROCESSOR * self.processors)))

    @property
    def workers(self) -> int:
        return max(1, min(self.by_processors, int(self.available_bytes / (GIB_PER_WORKER * GIB))))

    @property
    def is_short_of_memory(self) -> bool:
        """Whether memory, not the processors, decides: then Go should collect its garbage sooner, for more time."""
        return self.workers < self.by_processors or self.available_bytes < GIB_PER_WORKER * GIB

    def __str__(self) -> str:
        return f"{self.processors:g} processors, {self.available_bytes / GIB:.1f} GiB of memory available"


def overridden(environ: Mapping[str, str]) -> int | None:
    """Give the number that somebody has set; raises ValueError, with what to do, where it is not a number from 1 on."""
    for name in OVERRIDES:
        if text := environ.get(name, ""):
            if not text.isdecimal() or int(text) < 1:
                raise ValueError(f"{name}: {text} is not a number of workers; give one from 1 on, or leave it out")
            return int(text)
    return None


def this_machine(proc: Path = _PROC, cgroups: Path = _CGROUPS) -> Machine:
    """Look at the machine, and at the limits of the container, if this is one."""
    processors = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    groups = list(_groups(proc, cgroups))
    return Machine(
        processors=min([float(processors), *filter(None, map(_processors, groups))]),
        available_bytes=min([psutil.virtual_memory().available, *filter(None, map(_headroom, groups))]),
    )


def _groups(proc: Path, cgroups: Path) -> Iterator[Path]:
    """Find the folders of this process's control groups and of those above them, whose limits hold too.

    In a container the file names a path of the host's, of which only the last folder is mounted, as the root.
    https://man7.org/linux/man-pages/man7/cgroups.7.html, /proc/pid/cgroup
    """
    try:
        lines = (proc / "self" / "cgroup").read_text(encoding="utf-8").splitlines()
    except OSError:  # not Linux
        return
    for line in lines:
        _, controllers, path = line.split(":", 2)
        for controller in controllers.split(","):
            if controller in {"", "memory", "cpu"}:
                root = cgroups / controller
                group = root / path.lstrip("/")
                yield from (folder for folder in (group, *group.parents) if folder.is_relative_to(root))


def _headroom(group: Path) -> int | None:
    """Give the bytes that a group may still use, None without a limit; cache that can be dropped counts as free."""
    limit = _number(group / "memory.max") or _number(group / "memory.limit_in_bytes")
    used = _number(group / "memory.current") or _number(group / "memory.usage_in_bytes")
    if limit is None or used is None:
        return None
    statistics = dict(line.split() for line in _text(group / "memory.stat").splitlines())
    cache = int(statistics.get("total_inactive_file", statistics.get("inactive_file", 0)))
    return max(1, limit - used + cache)


def _processors(group: Path) -> float | None:
    """Give the processors' time that a group may use in a second of the clock, None without a limit."""
    quota, _, period = _text(group / "cpu.max").partition(" ")
    if not quota:
        quota, period = _text(group / "cpu.cfs_quota_us"), _text(group / "cpu.cfs_period_us")
    if not quota.strip().isdecimal() or not period.strip().isdecimal():  # "max" and -1 are no limit
        return None
    return int(quota) / int(period)


def _number(file: Path) -> int | None:
    text = _text(file).strip()
    return int(text) if text.isdecimal() else None


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except OSError:
        return ""
