"""What others have beside a plan: risks where the plan meets it, notices where it stood already or was not asked."""

from collections.abc import Callable
from typing import Any

import pytest

from edge.aws.neighbours.model import (
    AnsweredName,
    CaaRecords,
    ForeignDelegation,
    ForeignGroupRule,
    ForeignRule,
    Neighbours,
    Part,
    PrefixList,
    SharedProof,
)
from edge.review.findings import Review
from edge.review.reviewing import review
from environments.quota_overrides import Limits
from tests.support.reviewing import Plan, environment, plan, resource

BILLING = "aws_lb_listener_rule.billing"


def rule(priority: int, *hosts: str, **more: Any) -> ForeignRule:
    settings: dict[str, Any] = {"paths": (), "methods": (), "asks_more": False, "made_by": "", **more}
    target = "the target group cdk-app"
    return ForeignRule(arn=f"arn:{priority}", priority=priority, hosts=hosts, target=target, **settings)


def reviewed(name: str, neighbours: Neighbours, change: Callable[[Plan], object] = lambda _: None) -> Review:
    content = plan(name)
    change(content)
    return review(content, environment(name), None, neighbours)


def sentences(name: str, *rules: ForeignRule) -> dict[str, str]:
    kinds = ("SHADOWED", "TAKES")
    return {risk.id: risk.sentence for risk in reviewed(name, Neighbours(rules=rules)).risks if risk.kind in kinds}


def test_a_rule_of_others_that_takes_a_new_services_hosts_is_a_risk() -> None:
    made_by = "the CloudFormation stack app"
    found = sentences("new_service", rule(15, "billing.prod.getorcha.com", made_by=made_by), rule(16, "*.getorcha.com"))
    assert found[f"SHADOWED:{BILLING}"] == (
        "listener rule of billing (priority 40) does not get all of its requests: rule 15 of the CloudFormation stack "
        "app, which leads to the target group cdk-app, is asked before it and takes billing.prod.getorcha.com; rule 16 "
        "of somebody else, which leads to the target group cdk-app, is asked before it and takes "
        "billing.prod.getorcha.com"
    )


def test_a_rule_of_others_for_some_methods_alone_is_named_with_them() -> None:
    (sentence,) = sentences("new_service", rule(15, "billing.prod.getorcha.com", methods=("POST", "PUT"))).values()
    assert sentence.endswith("is asked before it and takes billing.prod.getorcha.com by POST, PUT")


def test_what_it_takes_from_a_rule_of_others_is_a_risk() -> None:
    later = rule(41, "*.getorcha.com", paths=("/api/*",), asks_more=True)
    assert sentences("new_service", later) == {
        f"TAKES:{BILLING}": "listener rule of billing (priority 40) takes requests of others: "
        "billing.prod.getorcha.com/api/* from rule 41 of somebody else, which leads to the target group cdk-app"
    }


@pytest.mark.parametrize(
    "beside",
    [
        rule(15, "app.prod.getorcha.com"),
        rule(41, "app.prod.getorcha.com"),
        rule(15, "billing.prod.getorcha.com", asks_more=True),
    ],
    ids=["another host", "a later other host", "only under another condition"],
)
def test_what_meets_nothing_of_the_plan_is_no_risk(beside: ForeignRule) -> None:
    assert sentences("new_service", beside) == {}


def test_a_rule_that_the_plan_leaves_as_it_is_has_a_notice_and_no_risk() -> None:
    made = reviewed("new_service", Neighbours(rules=(rule(15, "link.getorcha.com"), rule(25, "*.getorcha.com"))))
    assert [risk.id for risk in made.risks if ".link" in risk.address] == []
    assert (
        "listener rule of link (priority 20) is asked after rule 15 of somebody else, which leads to the target group "
        "cdk-app, which takes link.getorcha.com."
    ) in made.notices


def test_a_rule_with_more_conditions_has_a_notice() -> None:
    made = reviewed("new_service", Neighbours(rules=(rule(15, "billing.prod.getorcha.com", asks_more=True),)))
    assert [notice for notice in made.notices if notice.endswith("under conditions that not every request meets.")]


@pytest.mark.parametrize("part", Part)
def test_a_review_says_what_could_not_be_asked_and_what_that_leaves_open(part: Part) -> None:
    made = reviewed("no_change", Neighbours(unasked={part: "AccessDenied"}))
    (notice,) = (notice for notice in made.notices if "AccessDenied" in notice)
    assert notice.startswith(f"{part.value.capitalize()} were not read (AccessDenied), so it is open ")
    assert made.exit_code == 0


def group_of(name: str) -> str:
    """Give the id of the load balancer's security group in a stored plan."""
    changes = {change["address"]: change["change"] for change in plan(name)["resource_changes"]}
    return str(changes["aws_vpc_security_group_egress_rule.link"]["after"]["security_group_id"])


def test_what_others_hold_counts_against_the_quotas() -> None:
    group = group_of("new_service")
    rules = [
        ForeignGroupRule(id=str(number), group=group, is_egress=number % 2 == 0, ipv4=number > 3, ipv6=number < 8)
        for number in range(10)
    ]
    beside = Neighbours(
        rule_arns=tuple(f"arn:{number}" for number in range(98)),
        certificates=("arn:1", "arn:2"),
        target_groups=("arn:1",),
        attached={"v1-orcha-asg": ("arn:1", "arn:2", "arn:3"), "another": ("arn:4",)},
        group_rules=tuple(rules),
    )
    alone = {usage.key + usage.what: usage for usage in reviewed("new_service", Neighbours()).usages}
    made = reviewed("new_service", beside)
    more = {(usage.key, usage.what.partition(",")[0].split(" of ")[0]): usage for usage in made.usages}
    counts = {what: usage.others for (_, what), usage in more.items()}
    assert counts == {
        "certificates": 2,
        "listener rules": 98,
        "target groups": 1,
        "target groups on the Auto Scaling group": 3,
        "outbound rules": 4,
        "inbound rules": 0,
    }
    (rules_now,) = (usage for usage in made.usages if usage.key == "rules_per_application_load_balancer")
    before = alone["rules_per_application_load_balancerlistener rules"]
    assert (rules_now.before, rules_now.after, rules_now.peak) == (
        before.before + 98,
        before.after + 98,
        before.peak + 98,
    )
    assert rules_now.what == "listener rules, 98 of them of others"
    assert made.exit_code == reviewed("new_service", beside).exit_code
    assert [failure.key for failure in made.failures] == ["rules_per_application_load_balancer"]


def limits_of(beside: Neighbours, **in_the_file: int) -> dict[str, int]:
    limited = environment("san_added").model_copy(update={"limits": Limits(**in_the_file)})
    return {usage.key: usage.limit for usage in review(plan("san_added"), limited, neighbours=beside).usages}


@pytest.mark.parametrize(
    ("applied", "in_the_file", "counts"),
    [
        (200, None, 200),
        (60, None, 60),
        (200, 80, 80),
        (60, 150, 60),
        (None, 150, 150),
        (None, None, 100),
    ],
    ids=[
        "AWS has raised it",
        "AWS gives less",
        "the file leaves room",
        "the file promises too much",
        "unknown",
        "default",
    ],
)
def test_what_aws_gives_the_account_counts_and_less_where_the_file_leaves_room(
    applied: int | None, in_the_file: int | None, counts: int
) -> None:
    key = "rules_per_application_load_balancer"
    beside = Neighbours(quotas={key: applied} if applied else {})
    assert limits_of(beside, **({key: in_the_file} if in_the_file else {}))[key] == counts


def test_a_quota_that_aws_does_not_give_stops_a_plan_whatever_is_accepted() -> None:
    made = reviewed("new_service", Neighbours(quotas={"certificates_per_application_load_balancer": 1}))
    assert [failure.key for failure in made.failures] == ["certificates_per_application_load_balancer"]
    assert made.accepting([risk.id for risk in made.risks]).exit_code == 1


def test_more_names_than_acm_gives_the_account_stop_a_plan_that_requests_them() -> None:
    key = "domain_names_per_acm_certificate"
    names = {most: reviewed("san_added", Neighbours(quotas={key: most})).failures for most in (2, 3)}
    assert [(failure.what, failure.peak, failure.limit) for failure in names[2]] == [
        ("names of aws_acm_certificate.link", 3, 2)
    ]
    assert names[3] == ()
    assert reviewed("no_change", Neighbours(quotas={key: 1})).failures == ()


def test_a_prefix_list_counts_as_its_entries_for_its_own_version_of_ip() -> None:
    group = group_of("new_service")
    rules = [
        ForeignGroupRule(id="1", group=group, is_egress=True, ipv4=True, ipv6=True, prefix_list="pl-4"),
        ForeignGroupRule(id="2", group=group, is_egress=True, ipv4=True, ipv6=True, prefix_list="pl-6"),
        ForeignGroupRule(id="3", group=group, is_egress=True, ipv4=True, ipv6=True, prefix_list="pl-unknown"),
        ForeignGroupRule(id="4", group=group, is_egress=True, ipv4=False, ipv6=True),
    ]
    lists = {"pl-4": PrefixList(entries=55, ipv6=False), "pl-6": PrefixList(entries=10, ipv6=True)}
    made = reviewed("new_service", Neighbours(group_rules=tuple(rules), prefix_lists=lists))
    assert [usage.others for usage in made.usages if usage.what.startswith("outbound rules of load")] == [56]


def test_a_record_at_a_name_that_is_delegated_elsewhere_is_a_risk() -> None:
    elsewhere = ForeignDelegation(
        zone="prod.getorcha.com", name="billing.prod.getorcha.com", servers=("ns1.example.com",)
    )
    made = reviewed("new_service", Neighbours(delegations=(elsewhere,)))
    assert {risk.id: risk.sentence for risk in made.risks if risk.kind == "DELEGATED"}[
        "DELEGATED:aws_route53_record.billing_prod_getorcha_com"
    ].endswith(
        "is never asked for: billing.prod.getorcha.com is delegated from prod.getorcha.com to ns1.example.com, where "
        "nothing of it is written; declare the zone billing.prod.getorcha.com, have that NS record removed, or choose "
        "another host"
    )
    assert not [risk for risk in made.risks if "link" in risk.address and risk.kind == "DELEGATED"]


LETS_ENCRYPT = CaaRecords(name="prod.getorcha.com", values=('0 issue "letsencrypt.org"',))
AMAZON = CaaRecords(name="billing.prod.getorcha.com", values=('0 issue "amazon.com"',))
WILD_ONLY = CaaRecords(name="prod.getorcha.com", values=('0 issuewild "letsencrypt.org"',))


@pytest.mark.parametrize(
    ("records", "is_one"),
    [([], False), ([LETS_ENCRYPT], True), ([LETS_ENCRYPT, AMAZON], False), ([WILD_ONLY], False)],
    ids=["none", "another authority", "amazon nearer to the name", "about wildcards alone"],
)
def test_a_new_certificate_that_caa_forbids_is_a_risk(records: list[CaaRecords], *, is_one: bool) -> None:
    made = reviewed("new_service", Neighbours(caa=tuple(records)))
    found = {risk.id: risk.sentence for risk in made.risks if risk.kind == "UNPROVABLE"}
    assert bool(found) == is_one
    if is_one:
        assert found["UNPROVABLE:aws_acm_certificate.billing"].endswith(
            "is never issued for billing.prod.getorcha.com: the CAA records of prod.getorcha.com do not name amazon.com"
            '; add one: prod.getorcha.com CAA 0 issue "amazon.com"'
        )
        assert len(found) == 1  # the certificates that stand are issued


def test_a_new_certificate_in_a_zone_that_is_not_delegated_is_a_risk() -> None:
    lost = ForeignDelegation(zone="getorcha.com", name="prod.getorcha.com", servers=())
    found = [
        risk for risk in reviewed("new_service", Neighbours(undelegated=(lost,))).risks if risk.kind == "UNPROVABLE"
    ]
    assert [risk.address for risk in found] == ["aws_acm_certificate.billing"]
    assert found[0].sentence.endswith(
        "waits in vain for billing.prod.getorcha.com: getorcha.com delegates prod.getorcha.com to nobody, not to our "
        "zone; correct that NS record first"
    )


def test_a_validation_record_that_others_rest_on_does_not_go_unseen() -> None:
    users = ("loadbalancer/app/shop/1",)
    proof = SharedProof(domain="link.getorcha.com", certificate="arn:certificate/one", users=users)
    elsewhere = proof.model_copy(update={"domain": "other.getorcha.com"})
    abroad = proof.model_copy(update={"certificate": "arn:aws:acm:eu-west-1:1:certificate/two", "users": ()})
    in_regions = reviewed("destroy_all", Neighbours(proofs_elsewhere=(abroad,)))
    (asked,) = [risk.sentence for risk in in_regions.risks if risk.kind == "UNRENEWED"]
    assert "for certificate two in eu-west-1, which nothing uses now, which ACM can no longer renew" in asked
    made = reviewed("destroy_all", Neighbours(proofs=(proof, elsewhere)))
    found = {risk.id: risk.sentence for risk in made.risks if risk.kind == "UNRENEWED"}
    assert list(found) == ["UNRENEWED:aws_route53_record.link_getorcha_com__validation"]
    assert found.popitem()[1].endswith(
        "also proves link.getorcha.com for certificate one, in use by loadbalancer/app/shop/1, which ACM can no longer "
        "renew without it"
    )
    assert not [risk for risk in reviewed("no_change", Neighbours(proofs=(proof,))).risks if risk.kind == "UNRENEWED"]


def test_a_proof_that_would_hide_a_name_from_a_wildcard_of_others_is_asked_about() -> None:
    host, wildcard = "billing.prod.getorcha.com", "*.prod.getorcha.com"
    answered = Neighbours(answered=(AnsweredName(name=host, wildcard=wildcard),))
    found = {risk.id: risk.sentence for risk in reviewed("new_service", answered).risks if risk.kind == "HIDDEN"}
    assert list(found) == ["HIDDEN:aws_route53_record.billing_prod_getorcha_com__validation"]
    assert found.popitem()[1].endswith(
        "hides billing.prod.getorcha.com from *.prod.getorcha.com of others, which answers it today: it does not "
        "resolve until its own record stands, after its certificate. Where that wildcard leads to this load balancer, "
        'write records_first = ["billing.prod.getorcha.com"] in services.billing'
    )
    output = environment("new_service").model_copy(deep=True)
    billing = output.services["billing"].model_copy(update={"records_first": (host,)})
    output = output.model_copy(update={"services": {**output.services, "billing": billing}})
    made = review(plan("new_service"), output, None, answered)
    assert not [risk for risk in made.risks if risk.kind == "HIDDEN"]
    assert not [risk for risk in reviewed("no_change", answered).risks if risk.kind == "HIDDEN"]


def test_a_later_survey_differs_in_what_was_asked_both_times() -> None:
    before = Neighbours(rules=(rule(15, "a.getorcha.com"),), certificates=("arn:1",), unasked={Part.ZONES: "denied"})
    after = before.model_copy(update={"rules": (rule(15, "b.getorcha.com"),), "unasked": {Part.GROUPS: "throttled"}})
    assert before.differences(before) == []
    assert before.differences(after) == [
        "rule 15 of somebody else, which leads to the target group cdk-app, for b.getorcha.com is new",
        "rule 15 of somebody else, which leads to the target group cdk-app, for a.getorcha.com is gone",
        "the security groups could not be read again: throttled",
    ]


def test_a_resource_of_a_plan_that_is_edited_is_reviewed_as_it_is_after() -> None:
    """A moved priority takes what it did not take before."""

    def move(content: Plan) -> None:
        body = resource(content, "aws_lb_listener_rule.link")["change"]
        body["actions"] = ["update"]
        body["after"] = {**body["after"], "priority": 2}

    beside = Neighbours(rules=(rule(10, "*.prod.getorcha.com"),))
    found = {risk.id for risk in reviewed("no_change", beside, move).risks}
    assert "TAKES:aws_lb_listener_rule.link" in found
    assert "TAKES:aws_lb_listener_rule.link" not in {risk.id for risk in reviewed("no_change", beside).risks}
