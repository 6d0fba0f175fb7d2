"""Every certificate on the listener, ours or not: which is bad, and which will not be renewed."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from edge.verify.check import CheckFailedError
from edge.verify.severity import Severity
from edge.verify.standing import listener_certificates
from tests.support.files import environment, prod

NOW = datetime.now(UTC)
PROOF = {"Name": "_a.shop.getorcha.com.", "Type": "CNAME", "Value": "_b.acm-validations.aws."}
STANDING = ["_b.acm-validations.aws"]


def certificate(name: str = "shop.getorcha.com", **changes: Any) -> dict[str, Any]:
    return {
        "CertificateArn": "arn:aws:acm:eu-central-1:111111111111:certificate/c-1",
        "DomainName": name,
        "SubjectAlternativeNames": [name],
        "Status": "ISSUED",
        "Type": "AMAZON_ISSUED",
        "NotAfter": NOW + timedelta(days=200),
        "DomainValidationOptions": [{"DomainName": name, "ResourceRecord": PROOF}],
        **changes,
    }


def imported(**changes: Any) -> dict[str, Any]:
    return certificate(**{"Type": "IMPORTED", "Issuer": "R13", "Subject": "CN=shop", **changes})


def judged(found: dict[str, Any], answer: list[str] | None = None, **tags: str) -> list[tuple[Severity | None, str]]:
    proof = {found["CertificateArn"]: tags}
    faults = listener_certificates.faults(environment(prod()), [found], proof, lambda _: answer or STANDING)
    return [(fault.severity, fault.found) for fault in faults]


@pytest.mark.parametrize(
    ("found", "severity", "words"),
    [
        (certificate(), None, ""),
        (imported(), None, ""),
        (certificate(Status="EXPIRED"), None, "has expired"),
        (certificate("link.getorcha.com", Status="EXPIRED"), Severity.PART, "may be sent for link.getorcha.com"),
        (certificate("*.getorcha.com", NotAfter=NOW - timedelta(days=1)), Severity.PART, "has expired"),
        (imported(NotAfter=NOW + timedelta(days=10)), None, "was not renewed"),
        (certificate(NotAfter=NOW + timedelta(days=10)), None, "was not renewed"),
        (imported(DomainName="link.getorcha.com", Issuer="me", Subject="CN=me"), Severity.PART, "is self-signed"),
        (certificate(Status="REVOKED"), None, "is REVOKED"),
        (certificate(RenewalSummary={"RenewalStatus": "SUCCESS"}), None, ""),
        (
            certificate(RenewalSummary={"RenewalStatus": "FAILED", "RenewalStatusReason": "CAA_ERROR"}),
            None,
            "was not renewed by ACM (CAA_ERROR)",
        ),
    ],
)
def test_a_certificate_on_the_listener_is_good_and_lasts(
    found: dict[str, Any], severity: Severity | None, words: str
) -> None:
    faults = judged(found)
    assert [found_severity for found_severity, _ in faults] == ([severity] if words else [])
    assert words in "".join(text for _, text in faults)


def test_whose_certificate_is_at_risk_is_said() -> None:
    missing = ["_other.acm-validations.aws"]
    (theirs,) = judged(certificate(), missing, **{"aws:cloudformation:stack-name": "shop"})
    assert theirs[1].startswith("the certificate of the CloudFormation stack shop for shop.getorcha.com (c-1), cannot")
    assert "not ACM's value" in theirs[1]
    assert judged(certificate(), missing)[0][1].startswith("the certificate of somebody else")
    assert judged(certificate(), missing, Environment="prod")[0][1].startswith("our certificate")
    assert judged(certificate(), missing, Environment="staging")[0][1].startswith("the certificate of staging")


def test_a_proof_that_cannot_be_looked_up_or_is_gone() -> None:
    def failing(_: str) -> list[str]:
        raise CheckFailedError("the DNS server does not answer", "")

    found = certificate()
    tags: dict[str, dict[str, str]] = {}
    (fault,) = listener_certificates.faults(environment(prod()), [found], tags, failing)
    assert "does not answer" in fault.found
    (gone,) = listener_certificates.faults(environment(prod()), [found], tags, lambda _: [])
    assert "its validation CNAME _a.shop.getorcha.com is missing" in gone.found
    assert gone.remedy == "write the CNAME _a.shop.getorcha.com with the value _b.acm-validations.aws"
