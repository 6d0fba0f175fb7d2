"""A prod as the first day leaves it is taken over, with nothing destroyed or replaced, and no look-alike is touched."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from edge.aws import inventory
from edge.aws.survey.model import Standing, Wanted
from edge.aws.survey.reader import Reader
from edge.aws.survey.survey import survey
from embedded_aws.process import LocalAws
from environments import naming
from environments.loader import load
from tests.support.authorization.judging import judge
from tests.support.aws_calls import PROD, REGION
from tests.support.call_recorder import Recorder, recording
from tests.support.left_by_cdk import HOSTS, LeftByCdk
from tests.support.look_alikes import LookAlikes
from tests.support.planning import Desk, prod_toml
from tests.support.sampler import Sampler
from tests.support.workspace import Workspace, synthesize

(ENVIRONMENT,) = load(["prod"])
IMPORTS = "prod.imports.toml"
CONDITIONS = ("unhealthy", "degraded", "5xx", "latency", "certificate-expiry")
ALARMS = tuple(naming.alarm_name(prefix="v1-orcha", service="link", condition=condition) for condition in CONDITIONS)

pytestmark = pytest.mark.takes(minutes=4)


@pytest.fixture(scope="module")
def first_day() -> Iterator[LocalAws]:
    """An embedded AWS as CDK left it, of which each test has a copy."""
    with LocalAws.start([ENVIRONMENT], lifetime_seconds=3600) as aws:
        yield aws


@pytest.fixture
def desk(tmp_path: Path, first_day: LocalAws) -> Iterator[Desk]:
    with first_day.copied() as aws:
        desk = Desk(tmp_path / "desk", aws)
        desk.write(prod_toml())
        yield desk


def things(desk: Desk) -> set[inventory.Thing]:
    return set(inventory.take(ENVIRONMENT, desk.aws.client))


def synthesized(desk: Desk) -> Workspace:
    """Give Terraform on what the desk's files make now."""
    return synthesize(prod_toml(), name="prod", folder=desk.folder, aws=desk.aws)


def stack(desk: Desk) -> Workspace:
    """Give Terraform on what the last command synthesized and initialized."""
    return Workspace(desk.folder / "out" / "stacks" / "prod", desk.environ, desk.aws)


def edge(desk: Desk, *arguments: str) -> tuple[int, str]:
    done = desk.python("edge", *arguments)
    return done.returncode, done.stdout + done.stderr


def test_all_that_the_first_day_left_is_adopted_and_nothing_is_lost(desk: Desk) -> None:
    LeftByCdk(desk.aws).everything()
    before = things(desk)
    with recording(desk.aws) as recorder:
        with recorder.noting("plan"):
            code, output = edge(desk, "adopt", "prod")
        assert code == 0, output + desk.aws.last_words()
        assert re.search(r"11 to import, \d+ to add or change beside, 0 to destroy, 0 to replace\.", output), output
        assert things(desk) == before
        file = desk.folder / "environments" / IMPORTS
        assert file.read_text(encoding="utf-8").count('"aws_') == 11

        with Sampler(desk.aws, ENVIRONMENT, always=HOSTS, pause_seconds=2) as client:
            recorder.behind = urlsplit(client.gate.url).netloc  # so that each write waits for a sample
            code, output = edge(desk, "deploy", "prod", "--auto-approve")
    assert code == 0, output + desk.aws.last_words()
    assert client.samples.bad == []
    assert client.samples.count >= client.samples.writes > 0
    assert re.search(r"Resources: 11 imported, 6 added, \d+ changed, 0 destroyed\.", output), output
    assert before <= things(desk)
    assert len(things(desk) - before) == 4  # the other alarms
    expect_roles_that_adopt(recorder)

    code, output = edge(desk, "adopt", "prod")
    assert (code, file.exists()) == (0, False), output
    planned = stack(desk).plan()
    assert planned.returncode == 0, planned.stdout + planned.stderr
    expect_that_the_role_that_deploys_recovers(desk)


def expect_roles_that_adopt(recorder: Recorder) -> None:
    """What `--adopting` allows is what an adoption and its first deploy call: all of it, and nothing idly."""
    adopting = judge([(ENVIRONMENT, (), recorder.calls)], adopting=True)
    assert adopting.refused == [], "\n".join(adopting.refused)
    assert adopting.written_by_plan == []
    idle = {(task, sid, action) for _, task, sid, action in adopting.idle if sid.startswith("Adopt")}
    assert idle == {(task, "AdoptFromStacks", "cloudformation:GetTemplate") for task in ("deploy", "plan")}
    plainly = judge([(ENVIRONMENT, (), recorder.calls)])
    assert {line.partition(" on ")[0] for line in plainly.refused} == {
        "prod deploy: ec2:CreateTags",
        "prod deploy: elasticloadbalancing:AddTags",
        *(
            f"{account} {task}: cloudformation:DescribeStackResources"
            for account in ENVIRONMENT.accounts
            for task in ("deploy", "plan")
        ),
    }


def expect_that_the_role_that_deploys_recovers(desk: Desk) -> None:
    """The state is gone, all stands and is ours: recovery takes it in, by what a deploy may anyway."""
    before = things(desk)
    bucket, key = "v1-orcha-terraform-state", "edge/prod.tfstate"
    desk.aws.client("s3", "111111111111", ENVIRONMENT.region).delete_object(Bucket=bucket, Key=key)
    with recording(desk.aws) as recorder:
        code, output = edge(desk, "recover", "prod", "--yes")
    assert code == 0, output + desk.aws.last_words()
    assert things(desk) == before
    judged = judge([(ENVIRONMENT, (), recorder.calls)])
    assert judged.refused == [], "\n".join(judged.refused)


@pytest.mark.whole
def test_look_alikes_are_never_taken_changed_or_removed_and_each_is_named_with_the_way_out(desk: Desk) -> None:
    """One for each thing that can have one, and four certificates, which stand in nobody's way.

    A recovery looks as a deploy does (`edge/plan/standing.py`).
    """
    look_alikes = LookAlikes(desk.aws, ALARMS)
    look_alikes.make()
    before = everything(desk)
    assert len(look_alikes.words) >= 12
    for command in (["adopt", "prod"], ["deploy", "prod", "--auto-approve"]):
        if "deploy" in command:  # which names a priority that is taken before it plans, and nothing else
            look_alikes.remove_rule()
            before = everything(desk)
        code, output = edge(desk, *command)
        assert code == 2, output
        refused = [line for line in output.splitlines() if "stands already; it is not ours: " in line]
        for thing, words in look_alikes.words.items():
            (line,) = [line for line in refused if thing in line]
            assert words in line
            assert re.search(r"; (rename or )?remove (it|one)", line), line
        assert len(refused) == len(look_alikes.words)
        assert everything(desk) == before
    assert not (desk.folder / "environments" / IMPORTS).exists()


def everything(desk: Desk) -> list[Any]:
    """List what stands, with what an inventory leaves out of a certificate and an alarm."""
    certificates = desk.aws.client("acm", PROD, REGION).list_certificates()["CertificateSummaryList"]
    alarms = desk.aws.client("cloudwatch", PROD, REGION).describe_alarms()["MetricAlarms"]
    return [sorted(things(desk)), certificates, alarms]


def test_the_proof_of_cdks_own_wildcard_is_not_ours_and_is_taken_over(first_day: LocalAws) -> None:
    """A certificate with `*.prod.getorcha.com` for several services needs the record that the load balancer's has."""
    reader = Reader(ENVIRONMENT, first_day.client)
    address = "aws_route53_record.prod_getorcha_com__validation"
    values = {"zone_id": reader.zone_ids["prod.getorcha.com"][1], "type": "CNAME", "ttl": 300}
    wanted = Wanted(
        address=address, type="aws_route53_record", account="prod", values=values, domain="prod.getorcha.com"
    )
    (found,) = survey([wanted], reader)
    assert found.standing is Standing.ALIKE
    assert re.match(
        r"it proves prod\.getorcha\.com to ACM for certificate \S+ over \*\.prod\.getorcha\.com", found.reason
    )
    assert found.reason.endswith("; take it over with `edge adopt`")


@pytest.mark.whole
def test_half_adopted_and_a_certificate_with_other_names(desk: Desk) -> None:
    """The certificate is not taken, since its names differ; ours is requested, and the shared records are.

    A part stands in the state already, as after a deploy that went no further.
    """
    synthesized(desk).apply("-target=aws_lb_target_group.link")
    cdk = LeftByCdk(desk.aws)
    theirs = cdk.certificate("www.getorcha.com")
    cdk.alias()
    cdk.firewall()
    code, output = edge(desk, "adopt", "prod")
    assert code == 0, output
    assert "5 to import" in output, output
    assert theirs not in (desk.folder / "environments" / IMPORTS).read_text(encoding="utf-8")
    before = {thing for thing in things(desk) if thing.name != "v1-orcha-link-tg"}  # which gets its instances now
    assert "0 destroyed." in synthesized(desk).apply()  # the command itself is the first test's
    assert before <= things(desk)


WILDCARD = "*.web.prod.getorcha.com"
DOCS = """
[services.docs]
port        = 9102
priority    = 50
hosts       = ["docs.web.prod.getorcha.com"]
certificate = "link"
"""


@pytest.mark.whole
def test_a_certificate_with_a_wildcard_is_adopted_and_serves_another_service(desk: Desk) -> None:
    """Whoever requested it put the wildcard on it for more than Link; docs comes to it with the adoption's deploy."""
    named = prod_toml(names=f'priority = 20\n -> priority = 20\ncertificate_names = ["{WILDCARD}"]\n')
    desk.write(named + DOCS)
    LeftByCdk(desk.aws).everything(WILDCARD)
    before = things(desk)
    code, output = edge(desk, "adopt", "prod")
    assert code == 0, output + desk.aws.last_words()
    assert re.search(r"12 to import, \d+ to add or change beside, 0 to destroy, 0 to replace\.", output), output
    with Sampler(desk.aws, ENVIRONMENT, always=HOSTS, pause_seconds=2) as client:
        code, output = edge(desk, "deploy", "prod", "--auto-approve")
    assert code == 0, output + desk.aws.last_words()
    assert client.samples.bad == []
    assert " 0 destroyed." in output, output
    assert before <= things(desk)
    certificates = [thing for thing in things(desk) if thing.kind == "certificate"]
    assert sum(WILDCARD in thing.detail for thing in certificates) == 1
    assert len(certificates) == sum(thing.kind == "certificate" for thing in before)
    planned = stack(desk).plan()
    assert planned.returncode == 0, planned.stdout + planned.stderr
