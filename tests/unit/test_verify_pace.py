"""Calls of AWS keep to what it takes: a first few at once, and so many in each second after them."""

import pytest

from edge.verify.pace import Pace, pace_of


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def sleep(self, seconds: float) -> None:
        self.now += seconds


def times(pace: Pace, clock: Clock, calls: int) -> list[float]:
    found = []
    for _ in range(calls):
        pace.wait()
        found.append(round(clock.now, 6))
    return found


def test_the_first_go_at_once_and_the_rest_at_the_pace() -> None:
    clock = Clock()
    pace = Pace(4, 2, clock=lambda: clock.now, sleep=clock.sleep)
    assert times(pace, clock, 7) == [0, 0, 0, 0, 0.5, 1.0, 1.5]


def test_a_pause_gives_back_no_more_than_the_first_few() -> None:
    clock = Clock()
    pace = Pace(2, 1, clock=lambda: clock.now, sleep=clock.sleep)
    assert times(pace, clock, 5) == [0, 0, 1, 2, 3]
    clock.now += 100
    assert times(pace, clock, 4) == [103, 103, 104, 105]


@pytest.mark.parametrize(
    ("service", "endpoint", "is_paced"),
    [
        ("elbv2", "https://elasticloadbalancing.eu-central-1.amazonaws.com", True),
        ("elbv2", "https://elasticloadbalancing.cn-north-1.amazonaws.com.cn", True),
        ("route53", "https://route53.amazonaws.com", True),
        ("route53", "http://127.0.0.1:4000", False),
        ("acm", "https://acm.eu-central-1.amazonaws.com", False),
    ],
)
def test_only_aws_counts(service: str, endpoint: str, is_paced: bool) -> None:
    assert (pace_of(service, endpoint) is not None) == is_paced
