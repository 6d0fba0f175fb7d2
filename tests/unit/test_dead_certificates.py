"""A certificate that ACM has given up is replaced by the plan, and no other is."""

from pathlib import Path
from typing import Any, cast

import pytest

from edge.plan.dead_certificates import dead, replaced
from edge.plan.make import planned
from edge.terraform.runner import Terraform
from edge.tfplan.parse import parse
from tests.support.reviewing import Plan, plan, resource

LINK = "aws_acm_certificate.link"


def with_status(status: str, *, actions: tuple[str, ...] = ("no-op",), name: str = "no_change") -> Plan:
    content = plan(name)
    body = resource(content, LINK)["change"]
    body["actions"], body["before"] = list(actions), {**body["before"], "status": status}
    if "create" not in actions:
        body["after"] = None if "delete" in actions else body["before"]
    return content


@pytest.mark.parametrize("status", ["FAILED", "EXPIRED", "REVOKED"])
def test_what_acm_has_given_up_is_replaced(status: str) -> None:
    assert [change.address for change in dead(parse(with_status(status)))] == [LINK]
    assert replaced(parse(with_status(status))) == []


@pytest.mark.parametrize("status", ["ISSUED", "PENDING_VALIDATION", "INACTIVE"])
def test_what_serves_or_may_yet_serve_is_left(status: str) -> None:
    assert dead(parse(with_status(status))) == []


@pytest.mark.parametrize("actions", [("create", "delete"), ("delete",)])
def test_what_the_plan_replaces_or_removes_anyway_needs_no_option(actions: tuple[str, ...]) -> None:
    found = parse(with_status("FAILED", actions=actions))
    assert dead(found) == []
    assert [change.address for change in replaced(found)] == ([LINK] if "create" in actions else [])


class FakeTerraform:
    """Plans as often as it is asked, and shows the plans in turn."""

    def __init__(self, *shown: Plan) -> None:
        self.shown, self.options = list(shown), list[tuple[str, ...]]()

    def plan(self, _file: Path, *options: str) -> None:
        self.options.append(options)

    def show(self, _file: Path) -> Plan:
        return self.shown.pop(0)


def test_it_is_planned_again_only_where_one_is_dead(capsys: pytest.CaptureFixture[str]) -> None:
    second: dict[str, Any] = with_status("FAILED", actions=("create", "delete"))
    terraform = FakeTerraform(with_status("FAILED"), second)
    assert planned(cast(Terraform, terraform), Path("plan.tfplan")) == second
    assert terraform.options == [(), (f"-replace={LINK}",)]
    assert capsys.readouterr().err == f"{LINK} is FAILED at ACM, which never changes; the plan replaces it.\n"

    quiet = FakeTerraform(plan("no_change"))
    planned(cast(Terraform, quiet), Path("plan.tfplan"))
    assert quiet.options == [()]
