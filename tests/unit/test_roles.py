"""What the roles of an environment may not do, and how their documents keep to AWS's limits."""

import json
from collections.abc import Mapping

import pytest

from edge.roles.roles import roles
from tests.support.authorization import reference
from tests.support.authorization.evaluator import Request, Value, allows
from tests.support.authorization.examples import EXAMPLES, ids_of, roles_of
from tests.support.authorization.translation import normalized
from tests.support.files import environment, prod

PROD = EXAMPLES["prod"]
IDS = ids_of(PROD)
ELB = "arn:aws:elasticloadbalancing:eu-central-1:111111111111"
OURS = {"aws:ResourceTag/Environment": "prod", "aws:ResourceTag/ManagedBy": "orcha-edge"}
MADE = {"aws:RequestTag/Environment": "prod", "aws:RequestTag/ManagedBy": "orcha-edge"}


def may(
    action: str, resource: str, context: Mapping[str, Value], *, account: str = "prod", task: str = "deploy"
) -> bool:
    """Ask a role of prod; every key of the context must be one that AWS has for the action."""
    kind = None if resource == "*" else reference.type_of(action, resource)
    assert all(reference.is_key(action, kind, key) for key in context), (action, resource, context)
    statements = [statement.as_json() for statement in roles_of(PROD)[account, task].statements]
    return allows(statements, Request.of(action, resource, context))


def changes(name: str, type: str, action: str = "CREATE", zone: str = "getorcha.com", **given: str) -> bool:
    """Ask whether a role may change records; several names, types or actions are given with commas."""
    key = "route53:ChangeResourceRecordSets"
    context: dict[str, Value] = {
        f"{key}NormalizedRecordNames": tuple(map(normalized, name.split(","))),
        f"{key}RecordTypes": tuple(type.split(",")),
        f"{key}Actions": tuple(action.split(",")),
    }
    account = "prod" if zone == "prod.getorcha.com" else "management"
    return may(key, f"arn:aws:route53:::hostedzone/{IDS.get(zone, zone)}", context, account=account, **given)


@pytest.mark.parametrize(
    ("name", "type", "action"),
    [
        ("link.getorcha.com", "CNAME", "CREATE"),
        ("link.getorcha.com.", "CNAME", "DELETE"),
        ("link.getorcha.com", "CNAME", "UPSERT"),
        ("_3f2a.link.getorcha.com", "CNAME", "CREATE"),
        ("_3f2a.link.getorcha.com", "CNAME", "DELETE"),
    ],
)
def test_the_management_account_lets_the_declared_records_be_written(name: str, type: str, action: str) -> None:
    assert changes(name, type, action)
    assert not changes(name, type, action, task="plan")


@pytest.mark.parametrize(
    ("name", "type", "action"),
    [
        ("www.getorcha.com", "CNAME", "CREATE"),
        ("getorcha.com", "CNAME", "CREATE"),
        ("getorcha.com", "A", "UPSERT"),
        ("old.getorcha.com", "CNAME", "DELETE"),
        ("link.getorcha.com", "NS", "CREATE"),
        ("link.getorcha.com", "MX", "CREATE"),
        ("link.getorcha.com", "TXT", "CREATE"),
        ("link.getorcha.com", "A", "CREATE"),
        ("sub.link.getorcha.com", "CNAME", "CREATE"),
        ("_3f2a.getorcha.com", "CNAME", "CREATE"),
        ("_3f2a.www.getorcha.com", "CNAME", "CREATE"),
        ("_3f2a.link.getorcha.com", "TXT", "CREATE"),
        ("_3f2a.link.getorcha.com", "CNAME", "UPSERT"),
        ("xlink.getorcha.com", "CNAME", "CREATE"),
        ("*.getorcha.com", "CNAME", "CREATE"),
        ("link.getorcha.com,www.getorcha.com", "CNAME", "CREATE"),
        ("link.getorcha.com", "CNAME,TXT", "CREATE"),
    ],
)
def test_the_management_account_lets_nothing_else_be_written(name: str, type: str, action: str) -> None:
    assert not changes(name, type, action)


def test_another_zone_is_not_written() -> None:
    assert changes("link.prod.getorcha.com", "A", zone="prod.getorcha.com")
    assert not changes("link.getorcha.com", "CNAME", zone="Z0OTHER")


def test_a_request_without_names_is_refused() -> None:
    """ForAllValues alone would allow it."""
    zone = f"arn:aws:route53:::hostedzone/{IDS['getorcha.com']}"
    assert not may("route53:ChangeResourceRecordSets", zone, {}, account="management")


def test_the_management_account_is_asked_for_route_53_alone() -> None:
    for task in ("deploy", "plan"):
        statements = roles_of(PROD)["management", task].statements
        assert {action.partition(":")[0] for statement in statements for action in statement.actions} == {"route53"}


def test_a_wildcards_star_is_compared_as_route_53_writes_it() -> None:
    content = prod()
    content["services"]["link"]["hosts"].append("*.link.getorcha.com")
    (role,) = [
        item for item in roles(environment(content), IDS) if (item.account, item.task) == ("management", "deploy")
    ]
    assert '"\\\\052.link.getorcha.com"' in json.dumps(role.documents)
    assert '"*.link.getorcha.com"' not in json.dumps(role.documents)


def test_a_host_that_leaves_may_be_deleted_only_where_it_is_named() -> None:
    def deletes(leaving: tuple[str, ...]) -> bool:
        key = "route53:ChangeResourceRecordSets"
        context: dict[str, Value] = {
            f"{key}NormalizedRecordNames": ("old.getorcha.com",),
            f"{key}RecordTypes": ("CNAME",),
            f"{key}Actions": ("DELETE",),
        }
        asked = Request.of(key, f"arn:aws:route53:::hostedzone/{IDS['getorcha.com']}", context)
        return allows(
            [statement.as_json() for statement in roles_of(PROD, leaving)["management", "deploy"].statements], asked
        )

    assert not deletes(())
    assert deletes(("old.getorcha.com",))


@pytest.mark.parametrize(
    ("action", "resource", "ours", "others"),
    [
        ("elasticloadbalancing:DeleteTargetGroup", f"{ELB}:targetgroup/v1-orcha-app-tg/1", OURS, {}),
        ("elasticloadbalancing:CreateTargetGroup", f"{ELB}:targetgroup/v1-orcha-link-tg/1", MADE, {}),
        ("elasticloadbalancing:DeleteRule", f"{ELB}:listener-rule/app/v1-orcha-alb/1/2/3", OURS, {}),
        (
            "elasticloadbalancing:AddTags",
            f"{ELB}:targetgroup/v1-orcha-app-tg/1",
            {**MADE, "elasticloadbalancing:CreateAction": "CreateTargetGroup"},
            MADE,
        ),
        ("acm:DeleteCertificate", "arn:aws:acm:eu-central-1:111111111111:certificate/1", OURS, {}),
        ("cloudwatch:DeleteAlarms", "arn:aws:cloudwatch:eu-central-1:111111111111:alarm:v1-orcha-app-5xx", OURS, {}),
    ],
)
def test_what_is_not_tagged_as_ours_is_not_touched(
    action: str, resource: str, ours: dict[str, Value], others: dict[str, Value]
) -> None:
    assert may(action, resource, ours)
    assert not may(action, resource, others)
    assert not may(action, resource, {key: value.replace("prod", "test") for key, value in ours.items()})  # type: ignore[union-attr]
    assert not may(action, resource, ours, task="plan")


@pytest.mark.parametrize(
    ("action", "resource", "refused"),
    [
        (
            "ec2:AuthorizeSecurityGroupIngress",
            f"arn:aws:ec2:eu-central-1:111111111111:security-group/{IDS['v1-orcha-ec2-sg']}",
            f"arn:aws:ec2:eu-central-1:111111111111:security-group/{IDS['v1-orcha-alb-sg']}",
        ),
        (
            "ec2:RevokeSecurityGroupEgress",
            f"arn:aws:ec2:eu-central-1:111111111111:security-group/{IDS['v1-orcha-alb-sg']}",
            "arn:aws:ec2:eu-central-1:111111111111:security-group/sg-0fffffffffffffff0",
        ),
        (
            "s3:PutObject",
            "arn:aws:s3:::v1-orcha-terraform-state/edge/prod.tfstate",
            "arn:aws:s3:::v1-orcha-terraform-state/edge/test.tfstate",
        ),
        (
            "s3:DeleteObject",
            "arn:aws:s3:::v1-orcha-terraform-state/edge/prod.tfstate.tflock",
            "arn:aws:s3:::v1-orcha-terraform-state/edge/prod.tfstate",
        ),
        (
            "elasticloadbalancing:AddListenerCertificates",
            f"{ELB}:listener/app/v1-orcha-alb/1/2",
            f"{ELB}:listener/app/v1-orcha-other/1/2",
        ),
        (
            "cloudwatch:PutMetricAlarm",
            "arn:aws:cloudwatch:eu-central-1:111111111111:alarm:v1-orcha-link-5xx",
            "arn:aws:cloudwatch:eu-central-1:111111111111:alarm:v1-orcha-app-5xx",
        ),
    ],
)
def test_what_has_another_name_is_not_touched(action: str, resource: str, refused: str) -> None:
    assert may(action, resource, {})
    assert not may(action, refused, {})
    assert not may(action, resource, {}, task="plan")


def test_no_certificate_is_requested_for_another_host() -> None:
    def requests(*names: str) -> bool:
        return may("acm:RequestCertificate", "*", {**MADE, "acm:DomainNames": names, "acm:ValidationMethod": "DNS"})

    assert requests("link.prod.getorcha.com", "link.getorcha.com")
    assert not requests("link.getorcha.com", "www.getorcha.com")
    assert not requests("*.getorcha.com")


def test_no_other_target_group_is_attached() -> None:
    group = "arn:aws:autoscaling:eu-central-1:111111111111:autoScalingGroup:1:autoScalingGroupName/v1-orcha-asg"
    for name, allowed in (("v1-orcha-link-tg", True), ("other-tg", False)):
        key: dict[str, Value] = {"autoscaling:TargetGroupARNs": (f"{ELB}:targetgroup/{name}/1",)}
        assert may("autoscaling:AttachLoadBalancerTargetGroups", group, key) is allowed
