"""A primary host does not go before the hosts that lead to it have left it, whatever a failed deploy left."""

from typing import Any

import pytest

from edge.plan.errors import RefusedError
from edge.plan.followed import refuse_what_is_followed
from edge.tfplan.model import Action, Change
from tests.support.small_plans import plan_of

OLD, SHORT, GO = "docs.prod.getorcha.com", "link.getorcha.com", "go.getorcha.com"


def record(host: str, action: Action, *records: str, after: str = "link.prod.getorcha.com") -> Change:
    name = host.replace(".", "_")
    before = {"records": list(records)} if records else {"alias": [{"name": "alb"}]}
    planned = {} if action is Action.DESTROY else {"records": [after]}
    return Change(
        address=f"aws_route53_record.{name}",
        type="aws_route53_record",
        name=name,
        action=action,
        before=before,
        after=planned,
    )


def state(*, made_first: bool, host: str = OLD) -> dict[str, Any]:
    instance = {"attributes": {}, **({"create_before_destroy": True} if made_first else {})}
    resource = {
        "mode": "managed",
        "type": "aws_route53_record",
        "name": host.replace(".", "_"),
        "instances": [instance],
    }
    return {"resources": [resource]}


def refused(held: dict[str, Any], *changes: Change) -> str:
    try:
        refuse_what_is_followed(plan_of(*changes), held)
    except RefusedError as error:
        return str(error)
    return ""


def test_a_host_that_others_still_lead_to_goes_in_a_deploy_of_its_own() -> None:
    going = [record(OLD, Action.DESTROY), record(GO, Action.UPDATE, f"{OLD}."), record(SHORT, Action.UPDATE, OLD)]
    assert refused(state(made_first=False), *going) == (
        "aws_route53_record.docs_prod_getorcha_com would go before go.getorcha.com, link.getorcha.com, which a deploy "
        "that failed left leading to docs.prod.getorcha.com: they would not resolve for a while. Put that host back, "
        "behind the first one, and deploy; then remove it\nNothing was removed."
    )


def test_where_the_state_makes_the_new_one_first_it_goes_last() -> None:
    """As after every deploy that ended: the primary host goes, and the next one takes its place."""
    assert refused(state(made_first=True), record(OLD, Action.DESTROY), record(GO, Action.UPDATE, OLD)) == ""


@pytest.mark.parametrize(
    "others",
    [
        [record(GO, Action.UPDATE, "link.prod.getorcha.com")],
        [record(GO, Action.DESTROY, OLD)],
        [record("docs.prod.getorcha.com__validation", Action.NOTHING, OLD)],
        [],
    ],
    ids=["they left it", "they go too", "a proof", "none"],
)
def test_a_host_that_nobody_stays_to_lead_to_just_goes(others: list[Change]) -> None:
    assert refused(state(made_first=False), record(OLD, Action.DESTROY), *others) == ""
    assert refused({}, record(OLD, Action.DESTROY), *others) == ""
