"""Each resource counts in its part, and a deploy shows what it waits for and why."""

import io
from collections.abc import Callable

import pytest
from rich.console import Console

from edge.review.made_types import RESOURCE_TYPES
from edge.watch.board import Board
from edge.watch.parts import Part, part_of, resources
from edge.watch.show import SILENT_SECONDS, Show
from edge.watch.steps import step_of

CONFIGURATION = {
    "resource": {
        "aws_lb_target_group": {"link": {"provider": "aws.prod"}},
        "aws_autoscaling_attachment": {"link": {"provider": "aws.prod"}},
        "aws_route53_record": {
            "link_getorcha_com": {"provider": "aws.management"},
            "link_getorcha_com__validation": {"provider": "aws.management"},
        },
        "aws_acm_certificate": {"link": {"provider": "aws.prod"}},
    }
}
STEPS = [
    "aws_lb_target_group.link: Creating...",
    "aws_acm_certificate.link: Creating...",
    "aws_lb_target_group.link: Creation complete after 1s [id=x]",
    "aws_autoscaling_attachment.link: Creating...",
    "aws_autoscaling_attachment.link: Creation complete after 0s [id=x]",
    "aws_acm_certificate.link: Creation complete after 2s [id=x]",
    "aws_route53_record.link_getorcha_com__validation: Creating...",
    "aws_route53_record.link_getorcha_com__validation: Still creating... [10s elapsed]",
]
# All that is neither a request's way nor beside it.
OF_STORAGE = {"aws_cloudwatch_log_group", "aws_iam_", "aws_kms_", "aws_s3_bucket"}


def test_only_keys_logs_and_roles_are_left_over() -> None:
    left = {kind for kind in RESOURCE_TYPES if part_of(kind, "x") is Part.STORAGE}
    assert {kind for kind in left if not kind.startswith(tuple(OF_STORAGE))} == set()
    assert all(any(kind.startswith(beginning) for kind in left) for beginning in OF_STORAGE)


def test_a_validation_record_is_of_its_certificate_and_a_host_is_a_name() -> None:
    assert part_of("aws_route53_record", "link_getorcha_com__validation") is Part.CERTIFICATES
    assert part_of("aws_route53_record", "link_getorcha_com") is Part.NAMES


def test_the_rows_stand_in_a_requests_order_with_what_is_done() -> None:
    board = Board(resources(CONFIGURATION))
    for seconds, line in enumerate(STEPS):
        if step := step_of(line):
            board.take(step, seconds)
    rows = [(row.part, row.accounts, row.done, row.is_complete) for row in board.ordered]
    assert rows == [
        (Part.CERTIFICATES, ["management", "prod"], "1 created", False),
        (Part.TARGETS, ["prod"], "2 created", True),
    ]
    assert board.waits == ["validation record of link.getorcha.com, 10 s: Route 53 spreads it, usually within a minute"]


def test_what_nobody_expected_has_a_row_too() -> None:
    board = Board({})
    for line in ("aws_lb.old: Destroying...", "aws_lb.old: Destruction complete after 3s"):
        board.take(step_of(line), 1)  # type: ignore[arg-type]
    assert [(row.part, row.done) for row in board.ordered] == [(Part.BALANCER, "1 destroyed")]


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr("edge.watch.show.time.monotonic", clock)
    return clock


def shown(act: Callable[[Show], None]) -> list[str]:
    text = io.StringIO()
    with Show(lambda: resources(CONFIGURATION), Console(file=text, width=80)) as watching:
        act(watching)
    return text.getvalue().splitlines()


def test_without_a_terminal_a_part_is_one_line_and_no_silence_is_long(clock: Clock) -> None:
    def act(watching: Show) -> None:
        watching.line("prod  Initializing the backend...")
        for _ in range(2):
            clock.now += SILENT_SECONDS
            watching.tick()
            watching.tick()
        for line in STEPS:
            watching.line(line)
        clock.now += SILENT_SECONDS
        watching.tick()

    assert shown(act) == [
        "  reaching the state …",
        "  reaching the state …",
        "  targets           prod                2 created               0:20",
        "  waiting: validation record of link.getorcha.com, 10 s: Route 53 spreads it, usually within a minute",
        "  certificates      management, prod    1 of 2 done             0:20",
    ]


def test_where_nothing_began_nothing_is_listed() -> None:
    assert shown(lambda watching: watching.line("Error: no credentials")) == []


def test_what_is_about_no_resource_is_passed_on_and_what_is_looked_up_is_not() -> None:
    others: list[str] = []
    with Show(dict, Console(file=io.StringIO()), others=others.append) as watching:
        for line in ("data.aws_lb.edge: Reading...", "aws_lb.edge: Refreshing state... [id=x]", "Interrupt received."):
            watching.line(line)
    assert others == ["Interrupt received."]


def test_on_a_terminal_the_table_is_drawn_again() -> None:
    text = io.StringIO()
    console = Console(file=text, width=100, force_terminal=True)
    with Show(lambda: resources(CONFIGURATION), console) as watching:
        for line in STEPS:
            watching.line(line)
    last = text.getvalue().rsplit("\x1b[2K", 1)[-1]
    assert "targets" in text.getvalue()
    assert "waiting" not in text.getvalue()
    assert "validation record of link.getorcha.com, 10 s" in last or "10 s: Route 53" in text.getvalue()
