"""What a chosen fault strikes: the nth call of an operation or of all, and for some kinds those that follow."""

import pytest

from tests.support.fault_proxy import Fault

WRITES = ["PutLock", "CreateRule", "PutMetricAlarm", "CreateRule", "CreateRule", "CreateRule", "CreateRule"]


@pytest.mark.parametrize(
    ("fault", "struck"),
    [
        (Fault("lost reply", "CreateRule"), [1]),
        (Fault("SIGKILL", "CreateRule", 2), [3]),
        (Fault("SIGKILL", "*", 3), [2]),
        (Fault("broken connection", "CreateRule"), [1, 3]),
        (Fault("throttling", "CreateRule", 2), [3, 4, 5]),
        (Fault("denial", "CreateRule", 2), [3, 4, 5, 6]),
        (Fault("denial", "*", 6), [5, 6]),
        (Fault("latency", "DeleteRule"), []),
    ],
    ids=str,
)
def test_a_fault_strikes_where_it_was_chosen(fault: Fault, struck: list[int]) -> None:
    found = [place for place, name in enumerate(WRITES) if fault.strikes(name, WRITES[: place + 1])]
    assert found == struck
