"""What many risks are together: an environment that is destroyed, a platform that goes, and risks that say the same."""

import re
import shlex
from dataclasses import replace
from typing import Any

import pytest

from edge.review.alike import shared
from edge.review.findings import Review
from edge.review.render_markdown import full_markdown, markdown
from edge.review.render_terminal import terminal
from edge.review.reviewing import review
from edge.review.rows import open_rows
from tests.plans import environment_toml
from tests.support.files import environment_of
from tests.support.reviewing import Plan, changed_review, code, environment, plan, resource, stored_review, with_more

EXISTING = """
[platform]
kind = "existing"
account = "staging"
load_balancer = "other-alb"
load_balancer_security_group = "other-alb-sg"
autoscaling_group = "other-asg"
instance_security_group = "other-ec2-sg"
alert_topic = "other-alerts"
"""


def destroyed(content: Plan, *, keep: tuple[str, ...] = ()) -> Plan:
    """Let a plan that changes nothing destroy all but what begins so."""
    for change in content["resource_changes"]:
        if change["mode"] == "managed" and not change["address"].startswith(keep):
            change["change"].update(actions=["delete"], after=None, after_unknown={}, after_sensitive=False)
    return content


def of_staging(content: Plan) -> Review:
    return review(content, environment("staging_no_change"))


def test_an_environment_that_is_destroyed_is_one_decision() -> None:
    found = stored_review("destroy_all")
    (row,) = open_rows(found)
    assert row.id == "DESTROY:environment.prod"
    assert row.text == "all of prod is destroyed: docs, link stop; it goes with 34 resources, each listed by its id"
    assert len(row.risks) == 34
    for name in (row.id, row.label):
        assert found.accepting([name]).exit_code == 0
    assert found.asked == ("That all that stands is destroyed, whatever the environment file says.",)
    below = markdown(found).partition("<details>")[2]
    assert all(f"`{risk.short_id}`" in below for risk in found.risks)


def test_what_no_deploy_brings_back_is_named_where_all_goes() -> None:
    found = of_staging(destroyed(plan("staging_no_change")))
    (row,) = open_rows(found)
    assert row.id == "DESTROY:environment.staging"
    holding = {
        risk.address
        for risk in row.risks
        if re.match(r"aws_(s3_bucket|cognito_user_pool|route53_zone)\.", risk.address)
    }
    assert len(holding) == 3
    for words in (
        "lost for good: hosted zone (staging.getorcha.com), every name in it is gone, and a new zone gets other name",
        "user pool (v1-orcha-staging-users), all its users and their passwords are lost",
        "bucket (v1-orcha-staging-alb-logs-333333333333), what it holds is lost",
        "admin, app, link stop",
        f"it goes with {len(row.risks)} resources",
    ):
        assert words in row.text
    assert row.text in full_markdown(found).replace("\\_", "_").replace("<!-- -->", "")


def test_the_acceptance_of_a_whole_environment_is_of_exactly_what_goes() -> None:
    label = open_rows(stored_review("destroy_all"))[0].label
    for edit in (
        lambda content: resource(content, "aws_lb_listener_rule.docs")["change"]["before"].update(priority=31),
        lambda content: drop(content, "aws_lb_listener_rule.docs"),
    ):
        found = changed_review("destroy_all", edit)
        assert found.accepting([label]).open_risks == found.risks


def drop(content: Plan, address: str) -> None:
    content["resource_changes"] = [item for item in content["resource_changes"] if item["address"] != address]
    root = content["prior_state"]["values"]["root_module"]
    root["resources"] = [item for item in root["resources"] if item["address"] != address]


def _stays(content: Plan) -> None:
    change = resource(content, "aws_lb_listener_rule.docs")["change"]
    change.update(actions=["no-op"], after=change["before"])


def _is_not_named(content: Plan) -> None:
    content["resource_changes"].remove(resource(content, "aws_lb_listener_rule.docs"))


def _is_a_part(content: Plan) -> None:
    content["complete"] = False


@pytest.mark.parametrize("edit", [_stays, _is_not_named, _is_a_part])
def test_a_part_of_an_environment_is_not_one_decision(edit: Any) -> None:
    found = changed_review("destroy_all", edit)
    assert {risk.group_id for risk in found.risks} == {None}


@pytest.mark.parametrize(
    "strange",
    [
        {"type": "aws_instance", "name": "shop", "address": "aws_instance.shop"},
        {"type": "aws_lb", "name": "shop", "address": 'aws_lb.shop["a"]'},
        {"type": "aws_lb", "name": "shop", "address": "aws_lb.shop", "previous_address": "aws_lb.of_others"},
    ],
)
def test_what_this_product_does_not_make_goes_by_its_own_id_alone(strange: dict[str, str]) -> None:
    def add(content: Plan) -> None:
        like = resource(content, "aws_lb_target_group.docs")
        content["resource_changes"].append({**like, **strange})

    found = changed_review("destroy_all", add)
    left = found.accepting(["DESTROY:environment.prod"]).open_risks
    assert strange["address"] in {risk.address for risk in left}
    assert {risk.address for risk in left} == {strange["address"]}


@pytest.mark.parametrize(("name", "group"), [("extra", "DESTROY:platform"), ('extra["a"]', None), ("extra[0]", None)])
def test_a_name_that_no_module_gives_stands_alone_beside_a_platform_that_goes(name: str, group: str | None) -> None:
    found = with_more(f"aws_lb.{name}", ["delete"], change={"before": {"name": "extra"}, "after": None})
    assert [risk.group_id for risk in found.risks if risk.kind == "DESTROY"] == [group]


def test_a_platform_that_the_file_no_longer_makes_is_one_decision() -> None:
    of_services = ("aws_route53_record.", "aws_route53_zone.", "aws_lb_listener_rule.")
    content = destroyed(plan("staging_no_change"), keep=of_services)
    toml = re.sub(
        r"\[platform\].*?(?=\[services)", EXISTING, environment_toml("staging_no_change"), count=1, flags=re.S
    )
    found = review(content, environment_of(toml, "staging"))
    groups = {row.id: row for row in open_rows(found) if row.is_group}
    row = groups["DESTROY:platform"]
    assert row.text.startswith(
        "the platform that the file no longer makes is destroyed: every service behind its load balancer is down; "
        "lost for good: user pool ("
    )
    assert {"aws_lb.load_balancer", "aws_vpc.platform"} <= {risk.address for risk in row.risks}
    assert {risk.service for risk in row.risks} == {None}
    assert not any(risk.address.startswith(of_services) for risk in row.risks)
    left = found.accepting([row.label]).open_risks
    assert {risk.id for risk in found.risks} - {risk.id for risk in left} == {risk.id for risk in row.risks}
    still_made = review(content, environment("staging_no_change"))
    assert {risk.group_id for risk in still_made.risks} == {None}


def test_many_risks_that_say_the_same_share_a_row_and_a_label() -> None:
    found = stored_review("network_replaced")
    assert len(found.risks) > 40
    shared = [row for row in open_rows(found) if row.is_group]
    subnets = next(row for row in shared if "subnets" in row.text)
    assert subnets.text == (
        "15 resources (NAT gateway (a), 4 routes (private_a; private_b; public; public_ipv6), 3 route tables "
        "(private_a; private_b; public), 2 security groups (v1-orcha-staging-ec2-sg; v1-orcha-staging-alb-sg), "
        "4 subnets (10.31.64.0/19; 10.31.96.0/19; 10.31.0.0/19; 10.31.32.0/19), network (10.31.0.0/16)): each is "
        "replaced, the new one first: if it has not taken over when the old one goes, what depends on it fails"
    )
    (inbound,) = (row for row in shared if "tcp 80" in row.text)
    assert inbound.text == (
        "4 inbound security-group rules (tcp 80, 0.0.0.0/0; tcp 80, ::/0; tcp 443, 0.0.0.0/0; tcp 443, ::/0): each is "
        "removed before the new one is made: until that stands, requests on that port are dropped"
    )
    assert subnets.id == subnets.label.rpartition(" ")[2], "no id accepts them unseen"
    text = full_markdown(found)
    for row in shared:
        assert len({(risk.kind, risk.account, risk.statement) for risk in row.risks}) == 1
        assert all(risk.label in text.partition("<details>")[2] for risk in row.risks)
        left = found.accepting([row.label]).open_risks
        assert {risk.id for risk in found.risks} - {risk.id for risk in left} == {risk.id for risk in row.risks}


def test_the_label_of_alike_risks_is_void_where_one_of_them_is_another() -> None:
    found = review(plan("network_replaced"), environment("network_replaced"))
    (row,) = (row for row in open_rows(found) if "subnets" in row.text)

    def edit(content: Plan) -> None:
        resource(content, row.risks[0].address)["change"]["before"]["map_public_ip_on_launch"] = True

    edited = changed_review("network_replaced", edit)
    assert edited.accepting([row.label]).open_risks == edited.risks


def test_changed_code_that_does_the_same_to_many_things_is_one_row() -> None:
    found = stored_review("bucket_destroyed")
    assert [row.text for row in open_rows(found) if len(row.risks) > 1] == [
        "8 resources (flow log platform, bucket access_logs, lifecycle of the bucket access_logs, ownership of objects "
        "in the bucket access_logs, policy of the bucket access_logs, block of public access to the bucket "
        "access_logs, encryption of the bucket access_logs, versions of the bucket access_logs): each is left out by "
        "changed code: from this environment file, the code of main makes it",
        f"6 resources of {found.risks[-2].subject.partition('(')[2].removesuffix(')')} (lifecycle of the bucket, "
        "ownership of objects in the bucket, policy of the bucket, block of public access to the bucket, encryption of "
        "the bucket, versions of the bucket): each is destroyed: what depends on it fails",
    ]


@pytest.mark.parametrize(
    "address", ["terraform.backend", "output.Link", "provider.aws", "aws_lb.a[0]", "data.aws_lb.a"]
)
def test_what_is_no_resource_by_its_plain_address_has_a_row_of_its_own(address: str) -> None:
    """One label for nine listener rules would accept a changed backend unseen."""
    risks = list(stored_review("without_create_before_destroy").risks)
    (members,) = [row for row in shared(risks).values() if row[0].kind == "CODE"]
    number = risks.index(members[0])
    risks[number] = replace(risks[number], address=address)
    (others,) = [row for row in shared(risks).values() if row[0].kind == "CODE"]
    assert others == members[1:]


def test_the_label_of_changed_code_holds_in_the_deploy_whose_base_is_called_otherwise() -> None:
    found = stored_review("bucket_destroyed")
    label = next(row.label for row in open_rows(found) if "changed code" in row.text)
    of_main = code("bucket_destroyed")
    assert of_main.comparison
    of_revision = replace(of_main, comparison=replace(of_main.comparison, base="1a2b3c4"))
    deploy = review(plan("bucket_destroyed"), environment("bucket_destroyed"), of_revision)
    left = {risk.id for risk in deploy.accepting([label]).open_risks}
    assert {risk.id for risk in deploy.risks} - left == {
        risk.id for risk in found.risks if risk.statement.startswith("is left out")
    }


def test_where_there_is_room_each_risk_has_a_row_of_its_own() -> None:
    found = stored_review("listener_replaced")
    statements = [risk.statement for risk in found.risks]
    assert len(set(statements)) < len(statements)
    assert len(open_rows(found)) == len(found.risks)


def test_an_id_that_a_shell_would_act_on_is_printed_in_quotes() -> None:
    """As of a wildcard host that goes; the option can be pasted whole."""
    found = stored_review("san_removed")
    star = replace(found, risks=tuple(replace(risk, group="hosts.*.getorcha.com") for risk in found.risks))
    expected = "--accept 'DESTROY:hosts.*.getorcha.com'"
    assert f"`{expected}`" in markdown(star)
    text = "\n".join(line.plain for line in terminal(star))
    assert expected in text
    assert shlex.split(expected)[1] in {row.id for row in open_rows(star)}
