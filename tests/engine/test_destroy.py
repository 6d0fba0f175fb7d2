"""`edge destroy` by real Terraform: refused as a whole where one thing cannot go, and done without the platform.

So is the removal of one service of two, of which the lookups of the platform and of a zone would let Terraform plan
nothing. The names lie in four zones of three accounts.
"""

import json

import pytest

from edge.aws import inventory
from embedded_aws.process import LocalAws
from tests.engine.test_live_priorities import https_listener
from tests.support.aws_calls import PROD, REGION
from tests.support.files import environment_of
from tests.support.planning import Desk, prod_toml

pytestmark = [pytest.mark.whole, pytest.mark.takes(minutes=3.5)]

PARTNER = "333333333333"
THIRD_ACCOUNT = f'[accounts.partner]\nid = "{PARTNER}"\nprofile = "partner"\n\n'
LINK = prod_toml(
    account=f"[accounts.management] -> {THIRD_ACCOUNT}[accounts.management]",
    zones='[zones] -> [zones]\n"orcha.example" = "partner"\n"eu.orcha.example" = "partner"',
    hosts='"link.getorcha.com"] -> "link.getorcha.com", "link.orcha.example"]',
)
OF_DOCS = ["docs.prod.getorcha.com", "docs.getorcha.com", "docs.orcha.example", "docs.eu.orcha.example"]
DOCS = f"\n[services.docs]\nport = 9100\npriority = 30\nhosts = {json.dumps(OF_DOCS)}\n"
ENVIRONMENT = environment_of(LINK + DOCS)


def test_a_destroy_takes_all_or_nothing_and_needs_no_platform(tmp_path_factory: pytest.TempPathFactory) -> None:
    with LocalAws.start([ENVIRONMENT], lifetime_seconds=3600) as aws:
        desk = Desk(tmp_path_factory.mktemp("destroy"), aws)
        desk.write(LINK + DOCS)
        before = inventory.take(ENVIRONMENT, aws.client)
        applied = desk.apply(desk.plan("three-accounts"), "--auto-approve")
        assert applied.returncode == 0, applied.stdout + applied.stderr
        stand = {(item.account, item.name) for item in inventory.take(ENVIRONMENT, aws.client) if "docs." in item.name}
        in_accounts = ("management", "partner", "partner")  # of the host in prod's own zone, the alias
        assert {*zip(in_accounts, OF_DOCS[1:], strict=True), ("prod", OF_DOCS[0])} <= stand

        elbv2, acm = (aws.client(service, PROD, REGION) for service in ("elbv2", "acm"))
        (ours,) = elbv2.describe_load_balancers(Names=["v1-orcha-alb"])["LoadBalancers"]
        subnets = [zone["SubnetId"] for zone in ours["AvailabilityZones"]]
        (other,) = elbv2.create_load_balancer(Name="shop", Subnets=subnets, Type="application")["LoadBalancers"]
        found = acm.list_certificates()["CertificateSummaryList"]
        link = next(item["CertificateArn"] for item in found if item["DomainName"] == "link.prod.getorcha.com")
        (listener,) = elbv2.create_listener(
            LoadBalancerArn=other["LoadBalancerArn"],
            Protocol="HTTPS",
            Port=443,
            Certificates=[{"CertificateArn": link}],
            DefaultActions=[{"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "404"}}],
        )["Listeners"]
        stands = inventory.take(ENVIRONMENT, aws.client)
        refused = desk.python("edge", "destroy", "prod", "--auto-approve")
        assert refused.returncode == 2, refused.stdout + refused.stderr
        assert "aws_acm_certificate.link is in use elsewhere, by loadbalancer/app/shop/" in refused.stderr
        assert inventory.take(ENVIRONMENT, aws.client) == stands
        elbv2.delete_listener(ListenerArn=listener["ListenerArn"])
        elbv2.delete_load_balancer(LoadBalancerArn=other["LoadBalancerArn"])

        # CDK's stack is gone: what Terraform would look up is not there any more.
        autoscaling = aws.client("autoscaling", PROD, REGION)
        autoscaling.delete_auto_scaling_group(AutoScalingGroupName="v1-orcha-asg", ForceDelete=True)
        remove_docs(desk, aws)
        elbv2.delete_listener(ListenerArn=https_listener(elbv2))
        done = desk.python("edge", "destroy", "prod", "--auto-approve")
        assert done.returncode == 0, done.stdout + done.stderr
        assert "DESTROY:environment.prod" in done.stdout, "by the state alone it is one decision too"
        assert "all of prod is destroyed: link stops; it goes with " in " ".join(done.stdout.split())
        after = inventory.take(ENVIRONMENT, aws.client)
        # By name: CDK's target groups have lost their instances with the scaling group.
        assert {(item.kind, item.name) for item in after} <= {(item.kind, item.name) for item in before}
        assert "expected one" not in (done.stdout + done.stderr).lower()
        again = desk.python("edge", "destroy", "prod", "--auto-approve")
        assert (again.returncode, "Nothing to destroy" in again.stderr) == (0, True)


def remove_docs(desk: Desk, aws: LocalAws) -> None:
    """Take one service of two out of the file, whose platform is not all there: it goes, and the other one stays."""
    gone = "platform.autoscaling_group: account prod (111111111111) holds no Auto Scaling groups named v1-orcha-asg"
    stands = inventory.take(ENVIRONMENT, aws.client)
    unchanged = desk.python("edge", "plan", "prod", "--write", str(desk.folder / "plans" / "unchanged"))
    assert unchanged.returncode == 2, unchanged.stdout + unchanged.stderr
    assert gone in unchanged.stderr
    assert "Error:" not in unchanged.stderr
    recovered = desk.python("edge", "recover", "prod", "--yes")
    assert recovered.returncode == 2, recovered.stdout + recovered.stderr
    assert gone in recovered.stderr
    assert "Nothing was planned." in recovered.stderr
    assert "Error:" not in recovered.stderr
    desk.write(LINK)
    delete_zone(aws, "orcha.example")
    plan = desk.plan("without-docs")
    review = json.loads(desk.python("edge", "review", "--plan", str(plan), "--json").stdout)
    assert all("docs" in line["address"] for line in review["changes"])
    assert len(review["changes"]) > 10
    risks = [risk["id"] for risk in review["risks"]]
    assert "INCOMPLETE:plan" in risks
    deployed = desk.python("edge", "deploy", "prod", "--auto-approve", "--accept", " ".join(risks))
    assert deployed.returncode == 0, deployed.stdout + deployed.stderr
    assert gone in deployed.stderr
    assert 'zones."orcha.example": account partner (333333333333) holds no public hosted zone of this name' in (
        deployed.stderr
    )
    assert "Error:" not in deployed.stdout + deployed.stderr
    left = inventory.take(ENVIRONMENT, aws.client)
    assert not [item for item in left if "docs" in f"{item.name} {item.detail}"]
    of_link = {
        (item.kind, item.name)
        for item in stands
        if "link" in f"{item.name} {item.detail}" and not item.name.endswith(".orcha.example")
    }
    assert of_link <= {(item.kind, item.name) for item in left}


def delete_zone(aws: LocalAws, name: str) -> None:
    """Delete a zone with all that is in it, as somebody does who gives a domain up."""
    route53 = aws.client("route53", PARTNER, REGION)
    (zone,) = [zone for zone in route53.list_hosted_zones()["HostedZones"] if zone["Name"] == f"{name}."]
    records = route53.list_resource_record_sets(HostedZoneId=zone["Id"])["ResourceRecordSets"]
    changes = [
        {"Action": "DELETE", "ResourceRecordSet": record}
        for record in records
        if record["Name"] != zone["Name"] or record["Type"] not in ("NS", "SOA")
    ]
    route53.change_resource_record_sets(HostedZoneId=zone["Id"], ChangeBatch={"Changes": changes})
    route53.delete_hosted_zone(Id=zone["Id"])
