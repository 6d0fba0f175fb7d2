"""Certificates: requested for the declared hosts alone, and changed only where they carry the environment's tags."""

from edge.roles.documents import Statement
from edge.roles.home import Home
from environments.certificates import Certificates

_NAMES_MAX_CHARACTERS = 4000  # with quotes and commas around the shortest of them, well below a document's limit


def reads(home: Home) -> Statement:
    """Let a plan read certificates, which have nothing but an id in their ARNs; every region's share our proofs."""
    return Statement(
        sid="ReadCertificates",
        actions=("acm:DescribeCertificate", "acm:ListTagsForCertificate"),
        resources=(f"arn:{home.partition}:acm:*:{home.account_id}:certificate/*",),
    )


def writes(home: Home) -> list[Statement]:
    """Let a deploy request certificates for the declared hosts alone, proven by DNS, and delete its own.

    https://docs.aws.amazon.com/acm/latest/userguide/acm-conditions.html
    """
    certificate = (home.arn("acm", "certificate/*"),)
    return [
        *(_request(home, names, number) for number, names in enumerate(_groups(home), 1)),
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


def _request(home: Home, names: tuple[str, ...], number: int) -> Statement:
    return Statement(
        sid=f"Certificates{number}Request",  # "*": a certificate has no ARN before it is requested
        actions=("acm:RequestCertificate",),
        resources=("*",),
        conditions={
            "StringEquals": {**home.tagged_in_request, "acm:ValidationMethod": "DNS"},
            "ForAllValues:StringEquals": {"acm:DomainNames": names},
            "Null": {"acm:DomainNames": "false"},
        },
    )


def _groups(home: Home) -> list[tuple[str, ...]]:
    """Put certificates' names together, as many as a statement holds; one request names all of a certificate's."""
    managed, having = home.environment.managed, Certificates(home.environment)
    certificates = [
        *([(managed.own_name,)] if managed else []),
        *filter(None, map(having.names_on, home.environment.services)),
    ]
    groups: list[tuple[str, ...]] = []
    for names in certificates:
        if groups and len("".join((*groups[-1], *names))) <= _NAMES_MAX_CHARACTERS:
            groups[-1] += names
        else:
            groups.append(names)
    return groups
