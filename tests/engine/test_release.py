"""A service that is let go stays as it is and serves on, and another environment takes it over."""

import json
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from edge.aws import inventory
from edge.tfplan.parse import parse
from embedded_aws.process import LocalAws
from environments.loader import load
from tests.support.planning import Desk, prod_toml

(ENVIRONMENT,) = load(["prod"])
RELEASED = "prod.released.toml"

pytestmark = pytest.mark.takes(minutes=4)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with LocalAws.start([ENVIRONMENT], lifetime_seconds=1800) as aws:
        desk = Desk(tmp_path_factory.mktemp("desk"), aws)
        desk.write(prod_toml())
        done = desk.python("edge", "deploy", "prod", "--auto-approve")
        assert done.returncode == 0, done.stdout + done.stderr + aws.last_words()
        yield desk


def things(desk: Desk) -> set[inventory.Thing]:
    return set(inventory.take(ENVIRONMENT, desk.aws.client))


def edge(desk: Desk, *arguments: str) -> tuple[int, str]:
    done = desk.python("edge", *arguments)
    return done.returncode, done.stdout + done.stderr


def without_services() -> str:
    return prod_toml().partition("[services.")[0]


def state(desk: Desk, key: str) -> list[dict[str, Any]]:
    s3 = desk.aws.client("s3", "111111111111", ENVIRONMENT.region)
    content = json.loads(s3.get_object(Bucket="v1-orcha-terraform-state", Key=key)["Body"].read())
    return [resource for resource in content["resources"] if resource["mode"] == "managed"]


def test_a_service_is_let_go_and_another_environment_takes_it(desk: Desk) -> None:
    before, made = things(desk), state(desk, "edge/prod.tfstate")
    file: Path = desk.folder / "environments" / RELEASED
    code, output = edge(desk, "release", "prod", "link")
    assert code == 0, output + desk.aws.last_words()
    assert len(tomllib.loads(file.read_text(encoding="utf-8"))["released"]["link"]) == len(made)

    code, output = edge(desk, "deploy", "prod", "--auto-approve")
    assert (code, "released.link: is still a service of prod.toml" in output) == (2, True), output

    desk.write(without_services())
    code, output = edge(desk, "deploy", "prod", "--auto-approve")
    assert code == 1, output
    assert "1 risk is open" in output, output
    assert f"{len(made)} resources" in " ".join(output.split()), output
    code, output = edge(desk, "deploy", "prod", "--auto-approve", "--accept", "FORGET:services.link")
    assert code == 0, output + desk.aws.last_words()
    assert "0 destroyed." in output
    assert (things(desk), state(desk, "edge/prod.tfstate")) == (before, [])

    code, output = edge(desk, "release", "prod")
    assert (code, file.exists()) == (0, False), output

    desk.write(prod_toml(key="edge/prod.tfstate -> edge/blue.tfstate"), "blue")
    code, output = edge(desk, "adopt", "blue")
    assert code == 0, output + desk.aws.last_words()
    assert "0 to destroy, 0 to replace." in output
    code, output = edge(desk, "deploy", "blue", "--auto-approve")
    assert code == 0, output + desk.aws.last_words()
    assert "0 destroyed." in output
    assert things(desk) == before
    assert len(state(desk, "edge/blue.tfstate")) == len(made)


@pytest.mark.whole
def test_a_certificate_that_another_load_balancer_serves_is_let_go_before_its_names_change(desk: Desk) -> None:
    """AWS would not delete it, and the apply would fail after 20 minutes."""
    elbv2, acm = (desk.aws.client(service, "111111111111", ENVIRONMENT.region) for service in ("elbv2", "acm"))
    (ours,) = elbv2.describe_load_balancers(Names=["v1-orcha-alb"])["LoadBalancers"]
    subnets = [zone["SubnetId"] for zone in ours["AvailabilityZones"]]
    (other,) = elbv2.create_load_balancer(Name="shop", Subnets=subnets, Type="application")["LoadBalancers"]
    found = acm.list_certificates()["CertificateSummaryList"]
    link = next(item["CertificateArn"] for item in found if item["DomainName"] == "link.prod.getorcha.com")
    elbv2.create_listener(
        LoadBalancerArn=other["LoadBalancerArn"],
        Protocol="HTTPS",
        Port=443,
        Certificates=[{"CertificateArn": link}],
        DefaultActions=[{"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "404"}}],
    )
    more = ('"link.getorcha.com"', '"link.getorcha.com", "more.getorcha.com"')
    text = prod_toml(key="edge/prod.tfstate -> edge/blue.tfstate")
    assert more[0] in text
    desk.write(text.replace(*more), "blue")
    before, folder = things(desk), desk.folder / "plans" / "blue"
    code, output = edge(desk, "plan", "blue", "--write", str(folder))
    assert (code, things(desk)) == (2, before), output
    assert "aws_acm_certificate.link is in use elsewhere, by loadbalancer/app/shop/" in output
    command = "edge release blue --certificate aws_acm_certificate.link"
    assert f"`{command}`" in output

    code, output = edge(desk, *command.split()[1:], "--yes")
    assert code == 2, output
    assert (
        "blue.imports.toml would take aws_acm_certificate.link in again; `edge adopt blue` removes it first" in output
    )
    assert edge(desk, "adopt", "blue")[0] == 0
    code, output = edge(desk, *command.split()[1:], "--yes")
    assert code == 0, output + desk.aws.last_words()
    assert things(desk) == before
    code, output = edge(desk, "deploy", "blue", "--auto-approve")
    assert code == 0, output + desk.aws.last_words()
    (kept,) = [item for item in acm.list_certificates()["CertificateSummaryList"] if item["CertificateArn"] == link]
    assert kept["Status"] == "ISSUED"
    assert acm.describe_certificate(CertificateArn=link)["Certificate"]["InUseBy"] == [other["LoadBalancerArn"]]
    (made,) = [resource for resource in state(desk, "edge/blue.tfstate") if resource["type"] == "aws_acm_certificate"]
    assert "more.getorcha.com" in made["instances"][0]["attributes"]["subject_alternative_names"]
    assert edge(desk, "plan", "blue", "--write", str(folder))[0] == 0
    assert parse(json.loads((folder / "plan.json").read_text(encoding="utf-8"))).changes_nothing

    desk.write(text.replace(more[0], '"more.getorcha.com"'), "blue")
    assert edge(desk, "plan", "blue", "--write", str(folder))[0] == 0
    code, output = edge(desk, "review", "--plan", str(folder), "--json")
    (unrenewed,) = [risk for risk in json.loads(output)["risks"] if risk["id"].startswith("UNRENEWED:")]
    assert (code, unrenewed["id"]) == (1, "UNRENEWED:aws_route53_record.link_getorcha_com__validation")
    assert f"certificate {link.rpartition('/')[2]} in {ENVIRONMENT.region}, in use by " in unrenewed["sentence"]
    assert "shop" in unrenewed["sentence"]
