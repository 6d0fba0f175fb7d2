"""A deploy, a change or a destroy that fails at any of its calls, in any way, is healed by one recovery: a part of it.

The whole is a command of its own, `python -m tests.engine.recovery`.
"""

from pathlib import Path

import pytest

from tests.engine.recovery.matrix import matrix, problems
from tests.engine.recovery.scenarios import (
    CALLS,
    CHANGES,
    FIRST,
    KINDS,
    NAMES,
    first_deploys,
    of_a_change,
    of_a_shared_certificate,
    part,
)
from tests.support.workspace import engine_environment

pytestmark = [pytest.mark.takes(minutes=4), pytest.mark.timeout(2400)]

JOBS = 3


def test_what_goes_wrong_at_every_call_and_in_every_way_is_healed(tmp_path: Path) -> None:
    engine_environment()
    with matrix(tmp_path) as prepared:
        assert problems(prepared.run(part(), jobs=JOBS)) == {}


@pytest.mark.whole
def test_a_certificate_that_two_services_share_is_healed(tmp_path: Path) -> None:
    engine_environment()
    with matrix(tmp_path) as prepared:
        assert problems(prepared.run(of_a_shared_certificate(), jobs=JOBS)) == {}


def test_the_part_holds_every_call_and_every_kind() -> None:
    faults = [fault for scenario in part() for fault in scenario.faults]
    assert {(fault.operation, fault.nth) for fault in faults} >= set(CALLS)
    assert len(faults) >= 17
    assert {fault.kind for fault in faults} == set(KINDS)


def test_the_whole_spreads_the_kinds_over_the_calls_and_kills_a_change_of_names_at_every_write() -> None:
    single = [scenario.faults[0] for scenario in first_deploys() if not scenario.elsewhere]
    assert len(set(single)) == len(single) == 60
    assert {(fault.operation, fault.nth) for fault in single} == set(CALLS)
    counts = [sum(fault.kind == kind for fault in single) for kind in KINDS]
    assert max(counts) - min(counts) <= 1
    killed = [scenario.faults[0] for scenario in of_a_change(NAMES, ["PutLock", "ModifyRule", "PutState"])]
    assert [(fault.kind, fault.nth) for fault in killed] == [("SIGKILL", 1), ("SIGKILL", 2), ("SIGKILL", 3)]
    for change in CHANGES:
        assert change != FIRST
        kinds = {scenario.faults[0].kind for scenario in of_a_change(change, ["write"] * 16)}
        assert kinds == ({"SIGKILL"} if change == NAMES else set(KINDS))
