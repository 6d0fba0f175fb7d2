"""A CAA record forbids Amazon: found before the deploy, fatal to a certificate, and healed by a recovery.

One that expires is replaced by the next plan, which says why, and serves until the new one does.
"""

import json
from collections.abc import Iterator

import pytest

from embedded_aws.process import LocalAws
from environments.loader import load
from tests.support.aws_calls import PROD, REGION
from tests.support.call_recorder import recording
from tests.support.planning import Desk, prod_toml

pytestmark = pytest.mark.takes(minutes=4)

(ENVIRONMENT,) = load(["prod"])
RISK = "UNPROVABLE:aws_acm_certificate.link"
PRIMARY = "link.prod.getorcha.com"
SWITCH = ("AddListenerCertificates", "RemoveListenerCertificates", "DeleteCertificate")
CAA = {"Name": "getorcha.com", "Type": "CAA", "TTL": 300, "ResourceRecords": [{"Value": '0 issue "letsencrypt.org"'}]}


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with LocalAws.start([ENVIRONMENT], lifetime_seconds=3600) as aws:
        desk = Desk(tmp_path_factory.mktemp("forbidden"), aws)
        desk.write(prod_toml())
        yield desk


def test_a_certificate_that_caa_forbids_is_found_fails_and_is_replaced(desk: Desk) -> None:
    route53 = desk.aws.client("route53", ENVIRONMENT.accounts["management"].id, REGION)
    zones = route53.list_hosted_zones()["HostedZones"]
    zone = next(item["Id"] for item in zones if item["Name"] == "getorcha.com.")

    def change(action: str) -> None:
        batch = {"Changes": [{"Action": action, "ResourceRecordSet": CAA}]}
        route53.change_resource_record_sets(HostedZoneId=zone, ChangeBatch=batch)

    change("CREATE")
    plan = desk.plan("forbidden")
    review = desk.python("edge", "review", "--plan", str(plan), "--json")
    assert review.returncode == 1
    assert RISK in [risk["id"] for risk in json.loads(review.stdout)["risks"]]
    accepted = desk.apply(plan, "--auto-approve", "--accept", RISK)
    assert accepted.returncode == 1, accepted.stdout + accepted.stderr
    assert statuses(desk.aws) == {"FAILED"}

    change("DELETE")
    healed = desk.python("edge", "recover", "prod", "--yes")
    assert healed.returncode == 0, healed.stdout + healed.stderr
    assert "aws_acm_certificate.link is FAILED at ACM, which never changes; the plan replaces it" in healed.stderr
    assert statuses(desk.aws) == {"ISSUED"}


@pytest.mark.whole
def test_a_certificate_that_expires_is_replaced_by_the_next_plan(desk: Desk) -> None:
    """After the last, on what that left."""
    desk.aws.end_certificates(PRIMARY, "EXPIRED")
    with recording(desk.aws) as recorder:
        renewing = desk.plan("renewing")
        shown = json.loads(desk.python("edge", "review", "--plan", str(renewing), "--json").stdout)
        lines = {line["address"]: line["sentence"] for line in shown["changes"]}
        assert "because it is EXPIRED at ACM, which never changes" in lines["aws_acm_certificate.link"]
        assert shown["drift"] == [], "nobody changed anything"
        assert shown["exit_code"] == 0, shown["risks"]
        done = desk.apply(renewing, "--auto-approve")
        assert done.returncode == 0, done.stdout + done.stderr
    assert statuses(desk.aws) == {"ISSUED"}
    assert [call.operation for call in recorder.calls if call.operation in SWITCH] == list(SWITCH)


def statuses(aws: LocalAws) -> set[str]:
    """Give the statuses of Link's certificates."""
    acm = aws.client("acm", PROD, REGION)
    found = acm.list_certificates()["CertificateSummaryList"]
    arns = [item["CertificateArn"] for item in found if item["DomainName"] == PRIMARY]
    return {acm.describe_certificate(CertificateArn=arn)["Certificate"]["Status"] for arn in arns}
