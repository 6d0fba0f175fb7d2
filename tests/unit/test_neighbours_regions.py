"""A validation record serves the certificates of a whole account: those of every region are asked before it goes."""

from dataclasses import replace
from threading import Barrier
from typing import Any

import pytest
from botocore.exceptions import ClientError
from moto import mock_aws

from edge.aws.neighbours.model import Neighbours, Part
from edge.aws.neighbours.reading import Ours, neighbours
from edge.aws.survey.reader import Reader
from edge.aws.survey.regions import Elsewhere, elsewhere
from tests.support.files import environment, prod
from tests.support.two_accounts import Accounts

PROD, MANAGEMENT = "111111111111", "222222222222"
HOME, CLOUDFRONT, IRELAND, NOT_ENABLED = "eu-central-1", "us-east-1", "eu-west-1", "me-south-1"
NAMES = ["link.getorcha.com", "go.getorcha.com"]
GOING = Ours(ids=frozenset(), groups=(), autoscaling_groups=(), leaving_proofs=tuple(NAMES))


def request(accounts: Accounts, region: str, account: str = PROD) -> str:
    answer = accounts("acm", account, region).request_certificate(
        DomainName=NAMES[0], SubjectAlternativeNames=NAMES, ValidationMethod="DNS"
    )
    return str(answer["CertificateArn"])


def test_those_of_every_region_that_the_account_has_enabled_are_found() -> None:
    """CloudFront's stand in us-east-1; ACM gives another account another record for the domain."""
    with mock_aws():
        accounts = Accounts()
        made = {region: request(accounts, region) for region in (HOME, CLOUDFRONT, IRELAND, NOT_ENABLED)}
        request(accounts, HOME, MANAGEMENT)
        none = neighbours(Reader(environment(prod()), accounts), replace(GOING, leaving_proofs=()))
        assert none.proofs == none.proofs_elsewhere == ()
        assert not {"ListCertificates", "DescribeRegions"} & set(accounts.calls), "no record goes"
        found = neighbours(Reader(environment(prod()), accounts), GOING)
    assert {(proof.domain, proof.certificate) for proof in found.proofs} == {(name, made[HOME]) for name in NAMES}
    assert {(proof.domain, proof.certificate) for proof in found.proofs_elsewhere} == {
        (name, made[region]) for name in NAMES for region in (CLOUDFRONT, IRELAND)
    }
    assert " in eu-west-1, " in next(one.shown for one in found.proofs_elsewhere if one.certificate == made[IRELAND])
    asked = [call for call in accounts.recorded if call.operation == "ListCertificates"]
    assert all("EC_prime256v1" in call.parameters["Includes"]["keyTypes"] for call in asked), "else RSA alone"
    assert Part.REGIONS not in found.unasked
    (difference,) = none.differences(none.model_copy(update={"proofs_elsewhere": found.proofs_elsewhere[:1]}))
    assert difference.endswith("proven by the record of go.getorcha.com is new")


def refusal(operation: str) -> ClientError:
    return ClientError({"Error": {"Code": "AccessDenied", "Message": "by a policy"}}, operation)


class Regions:
    """EC2 of an account that has these regions, and one that it has not enabled."""

    def __init__(self, *names: str) -> None:
        self.names = names

    def describe_regions(self) -> dict[str, Any]:
        if not self.names:
            raise refusal("DescribeRegions")
        enabled = [{"RegionName": name, "OptInStatus": "opt-in-not-required"} for name in self.names]
        return {"Regions": [*enabled, {"RegionName": NOT_ENABLED, "OptInStatus": "not-opted-in"}]}


def read(acm: str) -> list[dict[str, Any]]:
    """Answer as ACM of a region, named as its client here; two of them are denied."""
    if acm in ("ap-south-1", "sa-east-1"):
        raise refusal("ListCertificates")
    return [{"CertificateArn": acm}]


def looked(region: str, *regions: str) -> Elsewhere:
    return elsewhere(region, Regions(*regions), str, read)


def test_a_region_that_a_policy_denies_hides_no_other_and_is_named() -> None:
    found = looked(HOME, HOME, "ap-south-1", "sa-east-1", IRELAND, "cn-north-1")
    assert found.certificates == [{"CertificateArn": IRELAND}], "its own is read before; another partition is none"
    assert found.unasked.startswith("ap-south-1, sa-east-1: An error occurred (AccessDenied) when calling the ListCert")


def test_a_role_that_may_not_list_regions_still_asks_cloudfronts() -> None:
    found = looked(HOME)
    assert found.certificates == [{"CertificateArn": CLOUDFRONT}]
    assert found.unasked.startswith("which regions the account has: An error occurred (AccessDenied)")
    assert looked(CLOUDFRONT).certificates == looked("cn-north-1").certificates == []


def test_regions_are_asked_at_once() -> None:
    regions = [f"eu-west-{number}" for number in range(8)]
    together = Barrier(len(regions), timeout=30)  # seconds

    def answer(acm: str) -> list[dict[str, Any]]:
        together.wait()
        return [{"CertificateArn": acm}]

    found = elsewhere(HOME, Regions(*regions), str, answer)
    assert [one["CertificateArn"] for one in found.certificates] == regions


def test_what_a_denied_region_leaves_open_is_said_beside_what_the_others_hold(monkeypatch: pytest.MonkeyPatch) -> None:
    with mock_aws():
        accounts = Accounts()
        monkeypatch.setattr(Reader, "elsewhere", Elsewhere([], "sa-east-1: denied"))
        theirs = request(accounts, HOME)
        found = neighbours(Reader(environment(prod()), accounts), GOING)
    assert found.unasked[Part.REGIONS] == "sa-east-1: denied"
    assert {proof.certificate for proof in found.proofs} == {theirs}
    assert "the certificates of further regions could not be read again: sa-east-1: denied" in Neighbours().differences(
        found
    )
