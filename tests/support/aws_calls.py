"""How the tests ask the embedded AWS: by account, zone and record."""

from typing import Any

from embedded_aws.process import LocalAws

PROD, MANAGEMENT, STAGING = "111111111111", "222222222222", "333333333333"
REGION = "eu-central-1"


def zone_id(aws: LocalAws, *, account: str, zone: str) -> str:
    """Find the zone of this name in the account; the oldest, where there are several."""
    zones = aws.client("route53", account, REGION).list_hosted_zones()["HostedZones"]
    found: str = next(entry["Id"] for entry in zones if entry["Name"] == f"{zone}.")
    return found


def change(aws: LocalAws, action: str, *, account: str, zone: str, name: str, values: list[str], **more: Any) -> None:
    """Change one record; `zone` is a name, or an id that starts with a slash; `kind` is CNAME unless given."""
    record = {
        "Name": name,
        "Type": more.get("kind", "CNAME"),
        "TTL": 300,
        "ResourceRecords": [{"Value": value} for value in values],
    }
    aws.client("route53", account, REGION).change_resource_record_sets(
        HostedZoneId=zone if zone.startswith("/") else zone_id(aws, account=account, zone=zone),
        ChangeBatch={"Changes": [{"Action": action, "ResourceRecordSet": record}]},
    )


def request(aws: LocalAws, *names: str, account: str = PROD) -> str:
    """Request a certificate for names, the first being the primary one, and return its ARN."""
    sans = {"SubjectAlternativeNames": list(names)} if names[1:] else {}
    answer = aws.client("acm", account, REGION).request_certificate(DomainName=names[0], ValidationMethod="DNS", **sans)
    arn: str = answer["CertificateArn"]
    return arn


def describe(aws: LocalAws, arn: str) -> dict[str, Any]:
    """Describe a certificate in the account that its ARN names."""
    detail: dict[str, Any] = aws.client("acm", arn.split(":")[4], REGION).describe_certificate(CertificateArn=arn)
    return dict(detail["Certificate"])


def status(aws: LocalAws, arn: str) -> str:
    """Give a certificate's status."""
    return str(describe(aws, arn)["Status"])


def record_of(aws: LocalAws, arn: str, name: str) -> dict[str, str]:
    """Give the validation record of one name on a certificate."""
    options = describe(aws, arn)["DomainValidationOptions"]
    record: dict[str, str] = next(option["ResourceRecord"] for option in options if option["DomainName"] == name)
    return record


def prove(aws: LocalAws, arn: str, name: str, *, account: str, zone: str, **instead: str) -> None:
    """Write the validation record of a name into a zone; `value` and `kind` may be given instead of the right ones."""
    record = record_of(aws, arn, name)
    value, kind = instead.get("value", record["Value"]), instead.get("kind", record["Type"])
    change(aws, "UPSERT", account=account, zone=zone, name=record["Name"], values=[value], kind=kind)


def issued(aws: LocalAws, name: str, *, account: str = PROD, zone: str = "prod.getorcha.com") -> str:
    """Request a certificate for a name, prove it in the account and zone of the name, and return its ARN."""
    arn = request(aws, name)
    prove(aws, arn, name, account=account, zone=zone)
    assert status(aws, arn) == "ISSUED"
    return arn
