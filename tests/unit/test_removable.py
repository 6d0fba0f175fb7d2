"""What AWS would not let go is refused before anything is removed, each with what to do; the rest passes."""

from collections.abc import Iterator
from typing import Any

import pytest
from moto import mock_aws
from moto.acm.models import CertBundle

from edge.plan import removable
from edge.plan.errors import RefusedError
from edge.tfplan.model import Action, Change
from tests.support.small_plans import plan_of
from tests.support.survey_world import SurveyWorld

LIFT = "lift it with platform.balancer.deletion_protection = false, and deploy that first"


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> Iterator[SurveyWorld]:
    with mock_aws():
        made = SurveyWorld()
        monkeypatch.setattr(removable, "client_of", lambda _: lambda service, _account, _region: made.client(service))
        yield made


def leaving(type: str, action: Action = Action.DESTROY, /, **before: Any) -> Change:
    return Change(address=f"{type}.it", type=type, name="it", action=action, before=before, account="prod")


def refused(world: SurveyWorld, *changes: Change) -> list[str]:
    plan = plan_of(*changes)
    try:
        removable.refuse_what_cannot_go(world.environment, plan)
    except RefusedError as error:
        *sentences, last = str(error).splitlines()
        assert last == "Nothing was removed."
        return sentences
    return []


@pytest.mark.parametrize("action", [Action.DESTROY, Action.REPLACE_AFTER, Action.REPLACE_BEFORE])
def test_deletion_protection_is_lifted_first(world: SurveyWorld, action: Action) -> None:
    changes = [
        leaving("aws_lb", action, enable_deletion_protection=True),
        leaving("aws_cognito_user_pool", action, deletion_protection="ACTIVE"),
    ]
    assert refused(world, *changes) == [f"{change.address} has deletion protection; {LIFT}" for change in changes]


@pytest.mark.parametrize(
    "change",
    [
        leaving("aws_lb", enable_deletion_protection=False),
        leaving("aws_cognito_user_pool", deletion_protection="INACTIVE"),
        leaving("aws_lb", Action.UPDATE, enable_deletion_protection=True),
        leaving("aws_lb", Action.NOTHING, enable_deletion_protection=True),
        leaving("aws_lb_target_group", arn="arn:1"),
    ],
)
def test_what_is_not_protected_or_stays_is_not_refused(world: SurveyWorld, change: Change) -> None:
    assert refused(world, change) == []


def test_a_bucket_that_holds_anything_is_refused_unless_it_is_emptied(world: SurveyWorld) -> None:
    s3 = world.client("s3")
    for name in ("logs-empty", "logs-filled", "logs-deleted"):
        s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
    s3.put_bucket_versioning(Bucket="logs-deleted", VersioningConfiguration={"Status": "Enabled"})
    for name in ("logs-filled", "logs-deleted"):
        s3.put_object(Bucket=name, Key="a.gz")
    s3.delete_object(Bucket="logs-deleted", Key="a.gz")
    assert "Contents" not in s3.list_objects_v2(Bucket="logs-deleted"), "versions of it are left"
    assert refused(world, leaving("aws_s3_bucket", bucket="logs-empty")) == []
    for name in ("logs-filled", "logs-deleted"):
        assert refused(world, leaving("aws_s3_bucket", bucket=name)) == [
            f"aws_s3_bucket.it holds objects, or versions of them, and is kept with them; {LIFT}, or empty the bucket "
            f"{name}"
        ]
        assert refused(world, leaving("aws_s3_bucket", bucket=name, force_destroy=True)) == []


def test_a_zone_with_records_of_others_is_refused_and_ours_go_with_it(world: SurveyWorld) -> None:
    zone = leaving("aws_route53_zone", zone_id=world.zone, name="getorcha.com")
    assert refused(world, zone) == []
    world.record("www.getorcha.com", "CNAME", "shop.example.com")
    ours = leaving(
        "aws_route53_record", zone_id=world.zone, name="www.getorcha.com", fqdn="www.getorcha.com", type="CNAME"
    )
    assert refused(world, zone, ours) == []
    for number in range(4):
        world.record(f"m{number}.getorcha.com", "TXT", '"x"')
    assert refused(world, zone, ours) == [
        "aws_route53_zone.it holds records that this environment did not make: TXT m0.getorcha.com, TXT "
        "m1.getorcha.com, TXT m2.getorcha.com, 1 more; remove them first, or keep the zone"
    ]


@pytest.mark.parametrize("status", ["ISSUED", "EXPIRED"])
def test_a_certificate_that_another_load_balancer_uses_is_refused(world: SurveyWorld, status: str) -> None:
    """AWS keeps one that expired, too, as long as something uses it."""
    arn = world.certificate(["link.getorcha.com"], {})
    change = leaving("aws_acm_certificate", Action.REPLACE_AFTER, arn=arn)
    own, other = world.balancer, world.balancer.replace("v1-orcha-alb", "shop")
    for users, count in (([], 0), ([own], 0), ([own, other], 1)):

        def describe(self: CertBundle, users: list[str] = users) -> dict[str, Any]:
            return {"Certificate": {"CertificateArn": self.arn, "Status": status, "InUseBy": users}}

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(CertBundle, "describe", describe)
            sentences = refused(world, change)
        assert len(sentences) == count
    assert "is in use elsewhere, by loadbalancer/app/shop/" in sentences[0]


def test_a_certificate_that_is_gone_already_is_in_nobodys_way(world: SurveyWorld) -> None:
    gone = "arn:aws:acm:eu-central-1:123456789012:certificate/12345678-1234-1234-1234-123456789012"
    assert refused(world, leaving("aws_acm_certificate", arn=gone), leaving("aws_acm_certificate")) == []


@pytest.mark.parametrize("weight", [100, 0])
def test_a_target_group_to_which_others_forward_is_refused(world: SurveyWorld, weight: int) -> None:
    """AWS keeps it, and they would lose what answers them."""
    group = world.target_group(tags={})
    mine = world.rule(tags={}, group=group)
    going = [leaving("aws_lb_target_group", arn=group), leaving("aws_lb_listener_rule", arn=mine)]
    assert refused(world, *going) == []
    other = world.target_group(tags={}, Name="theirs")
    weighted = [{"TargetGroupArn": group, "Weight": weight}, {"TargetGroupArn": other, "Weight": 1}]
    world.elbv2.create_rule(
        ListenerArn=world.listener,
        Priority=15,
        Conditions=[{"Field": "path-pattern", "Values": ["/old/*"]}],
        Actions=[{"Type": "forward", "ForwardConfig": {"TargetGroups": weighted}}],
    )
    assert refused(world, *going) == [
        "aws_lb_target_group.it is in use by rule 15 of v1-orcha-alb:443, and cannot be removed; give that another "
        "target group first"
    ]
    gone = group.replace("v1-orcha-link-tg", "gone")
    assert refused(world, leaving("aws_lb_target_group", arn=gone)) == []


def test_where_aws_does_not_answer_it_says_so_and_goes_on(
    world: SurveyWorld, capsys: pytest.CaptureFixture[str]
) -> None:
    assert refused(world, leaving("aws_s3_bucket", bucket="gone")) == []
    assert "Whether aws_s3_bucket.it lets itself be removed was not asked: " in capsys.readouterr().err
