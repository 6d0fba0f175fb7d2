"""A certificate whose proof is missing in one account stays pending, and the apply says so; with it, all is well."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from edge.aws import inventory
from embedded_aws.process import LocalAws
from environments.loader import load
from tests.support.files import PROD_TOML
from tests.support.workspace import Workspace, synthesize

MANAGEMENT, REGION = "222222222222", "eu-central-1"
(ENVIRONMENT,) = load(["prod"])
PROOFS = ["link_prod_getorcha_com__validation", "link_getorcha_com__validation"]


def remove_management_proof(aws: LocalAws) -> None:
    """Take the validation record out of the management account's zone, as a person could by mistake."""
    route53 = aws.client("route53", MANAGEMENT, REGION)
    (zone,) = [item for item in route53.list_hosted_zones()["HostedZones"] if item["Name"] == "getorcha.com."]
    records = route53.list_resource_record_sets(HostedZoneId=zone["Id"])["ResourceRecordSets"]
    (proof,) = [record for record in records if record["Name"].endswith(".link.getorcha.com.")]
    changes = [{"Action": "DELETE", "ResourceRecordSet": proof}]
    route53.change_resource_record_sets(HostedZoneId=zone["Id"], ChangeBatch={"Changes": changes})


def certificate_of_link(aws: LocalAws) -> inventory.Thing:
    things = inventory.take(ENVIRONMENT, aws.client)
    (certificate,) = [
        thing for thing in things if (thing.kind, thing.name) == ("certificate", "link.prod.getorcha.com")
    ]
    return certificate


@pytest.fixture
def waiting_twenty_seconds(tmp_path: Path) -> Iterator[tuple[LocalAws, Workspace]]:
    """Terraform waits 75 minutes for a certificate, which no test does."""
    with LocalAws.start([ENVIRONMENT], lifetime_seconds=3600) as aws:
        workspace = synthesize(PROD_TOML.read_text(encoding="utf-8"), name="prod", folder=tmp_path, aws=aws)
        workspace.edit("resource.aws_acm_certificate_validation.link.timeouts", {"create": "20s"})
        yield aws, workspace


def test_without_the_management_accounts_record_the_apply_fails_and_serves_nothing(
    waiting_twenty_seconds: tuple[LocalAws, Workspace],
) -> None:
    aws, workspace = waiting_twenty_seconds
    workspace.apply(*[f"-target=aws_route53_record.{name}" for name in PROOFS])
    remove_management_proof(aws)

    failed = workspace.terraform("apply", "-auto-approve", "-input=false", "-refresh=false")
    assert failed.returncode == 1
    assert "waiting for ACM Certificate" in failed.stderr
    assert "timeout while waiting for state to become 'ISSUED' (last state: 'PENDING_VALIDATION'" in failed.stderr
    assert "aws_acm_certificate_validation.link" in failed.stderr
    assert certificate_of_link(aws).detail.startswith("PENDING_VALIDATION")
    kinds = {item.kind for item in inventory.take(ENVIRONMENT, aws.client) if "link.getorcha.com" in item.detail}
    assert "listener rule" not in kinds

    workspace.apply()
    assert certificate_of_link(aws).detail.startswith("ISSUED")
    assert workspace.plan().returncode == 0
