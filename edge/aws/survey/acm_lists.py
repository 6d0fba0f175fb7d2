"""The certificates that one region of an account holds, each as ACM describes it."""

from typing import Any

from botocore.exceptions import ClientError

# Certificates that can still serve: https://docs.aws.amazon.com/acm/latest/APIReference/API_ListCertificates.html
_USABLE = ["PENDING_VALIDATION", "ISSUED"]
# All, where without them ACM lists those with RSA keys alone:
# https://docs.aws.amazon.com/acm/latest/APIReference/API_Filters.html (keyTypes)
KEY_TYPES = ("RSA_1024", "RSA_2048", "RSA_3072", "RSA_4096", "EC_prime256v1", "EC_secp384r1", "EC_secp521r1")


def listed_certificates(acm: Any) -> list[dict[str, Any]]:
    """Give every certificate that serves or may yet."""
    pages = acm.get_paginator("list_certificates").paginate(
        CertificateStatuses=_USABLE, Includes={"keyTypes": list(KEY_TYPES)}
    )
    arns = [summary["CertificateArn"] for page in pages for summary in page["CertificateSummaryList"]]
    found = [described(acm, arn) for arn in arns]
    return [certificate for certificate in found if certificate is not None]


def described(acm: Any, arn: str) -> dict[str, Any] | None:
    """Describe a certificate; None where it is gone."""
    try:
        return dict(acm.describe_certificate(CertificateArn=arn)["Certificate"])
    except ClientError as error:
        if error.response["Error"]["Code"] == "ResourceNotFoundException":  # removed since it was listed
            return None
        raise
