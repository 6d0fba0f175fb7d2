"""How many workers a machine gets: by its processors, its memory, its container's limits, and what somebody sets."""

import os
from pathlib import Path
from types import SimpleNamespace

import psutil
import pytest

from tests.conftest import pytest_xdist_auto_num_workers
from tests.support import workers
from tests.support.workers import GIB, Machine, overridden, this_machine


@pytest.mark.parametrize(
    ("gib", "processors", "number", "short"),
    [
        (22.0, 2, 8, False),
        (12.0, 2, 8, False),
        (10.0, 2, 6, True),
        (3.4, 2, 2, True),  # of a machine with 4 GB
        (1.7, 2, 1, True),  # of 2 GB
        (0.3, 2, 1, True),
        (22.0, 1, 4, False),
        (22.0, 0.5, 2, False),
        (22.0, 0.1, 1, False),
        (250.0, 64, 8, False),
        (3.4, 64, 2, True),
    ],
)
def test_memory_and_processors_decide(gib: float, processors: float, number: int, short: bool) -> None:
    machine = Machine(processors, int(gib * GIB))
    assert (machine.workers, machine.is_short_of_memory) == (number, short)


V2 = "0::/user.slice/job\n"
V1 = "9:cpu,cpuacct:/docker/abc\n4:memory:/docker/abc\n0::/\n"


@pytest.mark.parametrize(
    ("cgroup", "files", "gib", "processors"),
    [
        ("", {}, 20, 16),
        (V2, {}, 20, 16),
        (V2, {"user.slice/job/memory.max": "max", "user.slice/job/memory.current": "5"}, 20, 16),
        (V2, {"user.slice/job/memory.max": 4 * GIB, "user.slice/job/memory.current": GIB}, 3, 16),
        (V2, {"user.slice/memory.max": 4 * GIB, "user.slice/memory.current": GIB}, 3, 16),
        (
            V2,
            {"memory.max": 4 * GIB, "memory.current": 3 * GIB, "memory.stat": f"anon 1\ninactive_file {2 * GIB}"},
            3,
            16,
        ),
        (V2, {"user.slice/job/memory.max": 64 * GIB, "user.slice/job/memory.current": GIB}, 20, 16),
        (V2, {"user.slice/job/cpu.max": "150000 100000"}, 20, 1.5),
        (V2, {"user.slice/job/cpu.max": "max 100000"}, 20, 16),
        (
            V1,
            {"memory/docker/abc/memory.limit_in_bytes": 2 * GIB, "memory/docker/abc/memory.usage_in_bytes": GIB},
            1,
            16,
        ),
        (V1, {"memory/memory.limit_in_bytes": 2 * GIB, "memory/memory.usage_in_bytes": GIB}, 1, 16),
        (V1, {"memory/memory.limit_in_bytes": 2**63 - 4096, "memory/memory.usage_in_bytes": GIB}, 20, 16),
        (V1, {"cpu/docker/abc/cpu.cfs_quota_us": 200000, "cpu/docker/abc/cpu.cfs_period_us": 100000}, 20, 2),
        (V1, {"cpu/docker/abc/cpu.cfs_quota_us": -1, "cpu/docker/abc/cpu.cfs_period_us": 100000}, 20, 16),
    ],
    ids=str,
)
def test_the_limits_of_a_container_count(
    cgroup: str,
    files: dict[str, object],
    gib: float,
    processors: float,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(psutil, "virtual_memory", lambda: SimpleNamespace(available=20 * GIB))
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: range(16), raising=False)
    for name, text in {"proc/self/cgroup": cgroup, **{f"sys/{name}": text for name, text in files.items()}}.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(str(text), encoding="utf-8")
    found = this_machine(tmp_path / "proc", tmp_path / "sys")
    assert found == Machine(processors, int(gib * GIB))


@pytest.mark.parametrize(
    ("environ", "number"),
    [
        ({}, None),
        ({"WORKERS": ""}, None),
        ({"WORKERS": "3"}, 3),
        ({"PYTEST_XDIST_AUTO_NUM_WORKERS": "5"}, 5),
        ({"WORKERS": "3", "PYTEST_XDIST_AUTO_NUM_WORKERS": "5"}, 3),
    ],
)
def test_somebody_may_set_it(environ: dict[str, str], number: int | None) -> None:
    assert overridden(environ) == number


@pytest.mark.parametrize("text", ["0", "-1", "two", "1.5", "$(touch x)"])
def test_what_is_not_a_number_is_refused(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WORKERS", text)
    with pytest.raises(pytest.UsageError) as refusal:
        pytest_xdist_auto_num_workers()
    assert str(refusal.value) == f"WORKERS: {text} is not a number of workers; give one from 1 on, or leave it out"


@pytest.mark.parametrize(("gib", "limit"), [(3.4, "200MiB"), (22.0, None)])
def test_go_saves_memory_where_there_is_little(gib: float, limit: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("GOMEMLIMIT", *workers.OVERRIDES):
        monkeypatch.setenv(name, "")
        monkeypatch.delenv(name)
    monkeypatch.setattr(workers, "this_machine", lambda: Machine(2, int(gib * GIB)))
    pytest_xdist_auto_num_workers()
    assert os.environ.get("GOMEMLIMIT") == limit
