"""Renewal: ACM renews a certificate only while every validation record stands, in the world's DNS, with ACM's value."""

from typing import Any

from edge.verify.aws_client import AwsClient
from edge.verify.check import Answered, CheckFailedError
from edge.verify.dns_client import DnsClient
from environments.checked import Environment
from environments.dns_names import canonical


def certificates(hosts: tuple[str, ...], balancer: str, *, aws: AwsClient) -> Answered[list[dict[str, Any]]]:
    """Find the certificates that name any of a service's hosts; one of them must name all.

    The value is those that serve on the load balancer of this name, whoever made them: what it does not use may be
    pending, imported or expired for as long as somebody likes. Where it uses none, it is those that could serve.
    https://docs.aws.amazon.com/acm/latest/APIReference/API_CertificateDetail.html (InUseBy)
    """
    found = aws.certificates(hosts)
    whole = [certificate for certificate in found if set(hosts) <= set(_names(certificate))]
    if not whole:
        raise CheckFailedError(f"no certificate of ACM names {', '.join(hosts)}", "deploy again")
    part = f":loadbalancer/app/{balancer}/"
    serving = [item for item in found if any(part in arn for arn in item.get("InUseBy", ()))] or whole
    notes = (
        f"{certificate['CertificateArn']} ({certificate['Status']}) names one of them too, and serves nothing here"
        for certificate in found
        if certificate not in serving
    )
    return Answered(f"ACM holds {len(serving)} for {', '.join(hosts)}", serving, tuple(notes))


def issued(arn: str, *, aws: AwsClient) -> Answered[None]:
    """See that a certificate is issued, by ACM itself, which renews no other."""
    certificate = aws.certificate(arn)
    if certificate["Type"] != "AMAZON_ISSUED":
        remedy = "request a certificate from ACM in its place, and delete this one"
        raise CheckFailedError(f"{arn} was imported, and ACM does not renew it", remedy)
    if certificate["Status"] != "ISSUED":
        remedy = "see that its validation records stand, or delete it if nothing uses it"
        raise CheckFailedError(f"{arn} is {certificate['Status']}, not ISSUED", remedy)
    return Answered(f"{arn} is issued", None)


def validation(option: dict[str, Any], *, environment: Environment, dns: DnsClient, aws: AwsClient) -> Answered[None]:
    """See that one name's validation CNAME stands, as the world sees it, with the value that ACM gives."""
    record = option["ResourceRecord"]
    name, value = canonical(record["Name"]), canonical(record["Value"])
    zone = environment.find_zone(option["DomainName"])
    account = aws.zone_account(zone)[0] if zone else "of another tool"
    place = f"the zone {zone} of account {account}"
    remedy = f"write the CNAME {name} with the value {value} into {place}, or ACM cannot renew"
    answer = dns.ask(name, "CNAME")
    found = [canonical(text) for text in answer.values]
    if not found:
        raise CheckFailedError(f"the validation CNAME {name} is missing from {place}", remedy)
    if found != [value]:
        raise CheckFailedError(f"the validation CNAME {name} is {', '.join(found)}, not ACM's value", remedy)
    return Answered(f"{name} stands in {place}", None)


def options(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """List the validation options of certificates, each record once: a wildcard shares its base name's."""
    every = [option for certificate in found for option in certificate.get("DomainValidationOptions", [])]
    once = {option["ResourceRecord"]["Name"]: option for option in reversed(every) if "ResourceRecord" in option}
    return list(reversed(once.values()))


def _names(certificate: dict[str, Any]) -> list[str]:
    return [certificate["DomainName"], *certificate["SubjectAlternativeNames"]]
