"""Certificates: requested for the declared hosts alone, and changed only where they carry the environment's tags."""

from tools.policies.documents import Statement
from tools.policies.home import Home


def reads(home: Home) -> Statement:
    """Let a plan read certificates, which have nothing but an id in their ARNs."""
    return Statement(
        sid="ReadCertificates",
        actions=("acm:DescribeCertificate", "acm:ListTagsForCertificate"),
        resources=(home.arn("acm", "certificate/*"),),
    )


def writes(home: Home, leaving: tuple[str, ...] = ()) -> list[Statement]:
    """Let a deploy request certificates for the declared hosts alone, proven by DNS, and delete its own.

    https://docs.aws.amazon.com/acm/latest/userguide/acm-conditions.html
    """
    environment, certificate = home.environment, (home.arn("acm", "certificate/*"),)
    hosts = {host for service in environment.services.values() for host in service.hosts} | set(leaving)
    names = tuple(filter(None, [*sorted(hosts), environment.default_certificate_name]))
    request = Statement(
        sid="RequestCertificates",  # "*": a certificate has no ARN before it is requested
        actions=("acm:RequestCertificate",),
        resources=("*",),
        conditions={
            "StringEquals": {**home.tagged_in_request, "acm:ValidationMethod": "DNS"},
            "ForAllValues:StringEquals": {"acm:DomainNames": names},
            "Null": {"acm:DomainNames": "false"},
        },
    )
    return [
        *([request] if names else []),
        # ACM asks for this with a request that has tags, and knows no key that tells it from a later change.
        Statement(
            sid="TagCertificates",
            actions=("acm:AddTagsToCertificate",),
            resources=certificate,
            conditions=home.made_ours,
        ),
        Statement(
            sid="ChangeCertificates",
            actions=("acm:AddTagsToCertificate", "acm:DeleteCertificate"),
            resources=certificate,
            conditions=home.ours,
        ),
    ]
