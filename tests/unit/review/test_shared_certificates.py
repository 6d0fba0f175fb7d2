"""A service that gives up its certificate for another's: one decision, where that one surely serves its hosts."""

import copy
from typing import Any

import pytest

from edge.review.expected import declared
from edge.review.gaps import NONE, gap
from edge.review.groups import group_of, sentences
from edge.review.risks.removal import RULES
from edge.review.risks.scene import Scene
from edge.tfplan.model import Action, Change
from environments.checked import Environment
from tests.support.files import environment, prod
from tests.support.small_plans import plan_of

CERTIFICATE, ATTACHMENT = "aws_acm_certificate", "aws_lb_listener_certificate"
NAMES = ["link.prod.getorcha.com", "link.getorcha.com", "*.prod.getorcha.com"]
GOING = (
    f"{CERTIFICATE}.docs",
    f"{ATTACHMENT}.docs",
    "aws_acm_certificate_validation.docs",
    "aws_cloudwatch_metric_alarm.docs_certificate_expiry",
)
PROOF = "aws_route53_record.docs_prod_getorcha_com__validation"


def file() -> Environment:
    content = copy.deepcopy(prod())
    content["services"]["link"]["certificate_names"] = ["*.prod.getorcha.com"]
    content["services"]["docs"] = {
        "port": 9100,
        "priority": 30,
        "hosts": ["docs.prod.getorcha.com"],
        "certificate": "link",
    }
    return environment(content)


def change(address: str, action: Action, before: dict[str, Any], after: dict[str, Any]) -> Change:
    kind, _, name = address.partition(".")
    return Change(address=address, type=kind, name=name, action=action, before=before, after=after)


def scene(names: list[str], *, attached: bool = True) -> Scene:
    attributes = {"domain_name": names[0], "subject_alternative_names": names[1:]}
    rule = {"condition": [{"host_header": [{"values": ["docs.prod.getorcha.com"]}]}]}
    proof = {"name": "_x.docs.prod.getorcha.com", "type": "CNAME"}
    staying = [change(f"{CERTIFICATE}.link", Action.NOTHING, attributes, attributes)]
    if attached:
        staying.append(change(f"{ATTACHMENT}.link", Action.NOTHING, {"id": "x"}, {"id": "x"}))
    plan = plan_of(
        *staying,
        change("aws_lb_listener_rule.docs", Action.UPDATE, rule, rule),
        *(change(address, Action.DESTROY, {"id": "x"}, {}) for address in GOING),
        change(PROOF, Action.DESTROY, proof, {}),
    )
    return Scene.of(plan, declared(plan, file()))


def test_what_goes_with_its_own_certificate_is_one_decision_without_a_gap() -> None:
    seen = scene(NAMES)
    risks = list(RULES[0](seen))
    assert {risk.address for risk in risks} == {*GOING, PROOF}
    assert {risk.group_id for risk in risks} == {"DESTROY:certificates.docs"}
    (sentence,) = sentences(risks, {}, seen.declared).values()
    assert sentence.startswith("service docs is served with the certificate of link from now on")
    assert gap(risks, []) == NONE
    (loss,) = (risk.sentence for risk in risks if risk.address == f"{ATTACHMENT}.docs")
    assert loss.endswith("its hosts are served with the certificate of link, whose names clients see from now on")


@pytest.mark.parametrize(("names", "attached"), [(NAMES[:2], True), (NAMES, False)])
def test_where_the_other_certificate_is_not_surely_there_each_loss_stands_alone(
    names: list[str], attached: bool
) -> None:
    risks = list(RULES[0](scene(names, attached=attached)))
    assert {risk.group_id for risk in risks} == {None}
    assert gap(risks, []) != NONE


def test_a_target_group_that_goes_beside_it_is_no_part_of_that_decision() -> None:
    seen = scene(NAMES)
    group = change("aws_lb_target_group.docs", Action.DESTROY, {"name": "v1-orcha-docs-tg"}, {})
    assert group_of("DESTROY", group, seen.declared, seen.owners) is None
