"""A first deploy that fails at any of its calls, in any way, is healed by one recovery: a part of the fault matrix.

The whole is a command of its own, `python -m tests.engine.recovery`.
"""

from pathlib import Path

import pytest

from tests.engine.recovery.matrix import run_all, run_changes
from tests.engine.recovery.scenarios import CALLS, KINDS, every_call_and_kind_once, every_kind_once, first_deploys
from tests.support.workspace import engine_environment

pytestmark = [pytest.mark.takes(minutes=6), pytest.mark.timeout(2400)]

JOBS = 6


def test_every_kind_of_failure_is_healed(tmp_path: Path) -> None:
    engine_environment()
    outcomes = run_all(list(every_kind_once()), tmp_path, jobs=JOBS, second=False)
    assert {str(outcome.fault): outcome.problems for outcome in outcomes if not outcome.healed} == {}


def test_a_change_of_names_is_healed_though_the_new_certificate_is_attached_and_unknown(tmp_path: Path) -> None:
    engine_environment()
    outcomes = run_changes(tmp_path, jobs=JOBS, nth=(4,))
    assert {outcome.scenario: outcome.problems for outcome in outcomes if not outcome.healed} == {}


def test_the_part_holds_every_call_and_every_kind() -> None:
    part = list(every_call_and_kind_once())
    assert {(fault.operation, fault.nth) for fault in part} == set(CALLS)
    assert {fault.kind for fault in part} == set(KINDS)
    assert [fault.kind for fault in every_kind_once()] == list(KINDS)
    assert len(list(first_deploys())) == len(CALLS) * len(KINDS)
