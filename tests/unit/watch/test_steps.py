"""What Terraform says of a resource is read as it writes it, alone and through cdktf."""

import pytest

from edge.watch.steps import State, Step, boxes, phase_of, step_of

DONE, STARTED, WAITING = State.DONE, State.STARTED, State.WAITING


@pytest.mark.parametrize(
    ("line", "step"),
    [
        ("aws_lb_target_group.link: Creating...", Step("aws_lb_target_group.link", STARTED)),
        ("aws_lb.edge: Modifying... [id=arn:aws:x]", Step("aws_lb.edge", STARTED)),
        ("prod  aws_lb.edge: Creating...", Step("aws_lb.edge", STARTED)),
        ("\x1b[0m\x1b[1maws_lb.edge: Creating...\x1b[0m\x1b[0m", Step("aws_lb.edge", STARTED)),
        ("aws_lb.edge (platform/lb): Destroying... [id=x]", Step("aws_lb.edge", STARTED)),
        ("aws_lb.edge (deposed object 1a2b3c4d): Destroying... [id=x]", Step("aws_lb.edge", STARTED)),
        ("aws_lb.edge: Still creating... [10s elapsed]", Step("aws_lb.edge", WAITING, 10)),
        ("aws_lb.edge: Still destroying... [id=x, 2m30s elapsed]", Step("aws_lb.edge", WAITING, 150)),
        ("aws_lb.edge: Still creating... [00m10s elapsed]", Step("aws_lb.edge", WAITING, 10)),
        ("aws_lb.edge: Creation complete after 3s [id=x]", Step("aws_lb.edge", DONE, 3, "created")),
        ("aws_lb.edge: Modifications complete after 1m2s", Step("aws_lb.edge", DONE, 62, "changed")),
        ("aws_lb.edge: Destruction complete after 0s", Step("aws_lb.edge", DONE, 0, "destroyed")),
        ('aws_subnet.a["x.y"]: Creating...', Step('aws_subnet.a["x.y"]', STARTED)),
        ("data.aws_lb.edge: Reading...", None),
        ("aws_lb.edge: Refreshing state... [id=x]", None),
        ("Plan: 17 to add, 0 to change, 0 to destroy.", None),
        ("", None),
    ],
)
def test_a_line_is_a_step_or_none(line: str, step: Step | None) -> None:
    assert step_of(line) == step


def test_before_the_first_step_the_phase_is_known() -> None:
    assert phase_of("staging  \x1b[1mInitializing the backend...\x1b[0m") == "reaching the state"
    assert phase_of("Terraform has been successfully initialized!") == "reading what stands, and planning"
    assert phase_of("aws_lb.edge: Creating...") is None


def test_an_error_is_given_whole_and_once_without_its_frame() -> None:
    box = ["╷", "│ Error: creating X: AccessDenied", "│ ", "│   with aws_lb.edge,", "│   on cdk.tf.json line 3", "╵"]
    through_cdktf = [f"\x1b[31mprod  {line}\x1b[0m" for line in box]
    assert list(boxes(["before", *through_cdktf, "between", *box, "after"])) == [
        "Error: creating X: AccessDenied\n\nwith aws_lb.edge,\non cdk.tf.json line 3"
    ]


def test_a_box_that_does_not_end_is_none() -> None:
    assert list(boxes(["╷", "│ Error: cut off"])) == []
