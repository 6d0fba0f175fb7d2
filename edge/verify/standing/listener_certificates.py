"""Every certificate on the HTTPS listener, ours or not: which may be sent for our hosts, and whether each is renewed.

Where several certificates have a name, the load balancer chooses by the client's abilities, so that any of them may be
sent: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/https-listener-certificates.html
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from edge.verify.aws_client import AwsClient
from edge.verify.check import Answered, CheckFailedError, Fault, expect_none
from edge.verify.dns_client import DnsClient
from edge.verify.resolution import sample
from edge.verify.severity import Severity
from edge.verify.standing.listeners import HTTPS
from environments.checked import Environment
from environments.dns_names import canonical, certificate_covers
from environments.text import listed

_Certificate = Mapping[str, Any]
_AMAZON = "AMAZON_ISSUED"
# ACM renews 60 days before the end; at 30 it has failed for a month.
# https://docs.aws.amazon.com/acm/latest/userguide/managed-renewal.html
_LATE = timedelta(days=30)
Proof = Callable[[str], list[str]]
"""Gives the values of the CNAME of a name, as the world sees it."""


def served(environment: Environment, load_balancer_arn: str, *, dns: DnsClient, aws: AwsClient) -> Answered[None]:
    """See that each certificate on the listener is good, and that ACM can renew it; others' are called theirs."""
    listener = aws.listener(load_balancer_arn, port=HTTPS)["ListenerArn"]
    pages = aws.client("elbv2").get_paginator("describe_listener_certificates").paginate(ListenerArn=listener)
    arns = dict.fromkeys(entry["CertificateArn"] for page in pages for entry in page["Certificates"])
    # A server certificate of IAM has no description here: https://docs.aws.amazon.com/IAM/latest/UserGuide/
    found = [aws.certificate(arn) for arn in arns if ":acm:" in arn]
    tags = {certificate["CertificateArn"]: _tags(aws, certificate) for certificate in found}

    def proof(name: str) -> list[str]:
        return [canonical(value) for value in dns.ask(name, "CNAME").values]

    expect_none("listener certificates", list(faults(environment, found, tags, proof)))
    others = len(arns) - sum(is_ours(environment, tags.get(arn, {})) for arn in arns)
    return Answered(f"{len(arns)} certificates, {others} of them others', are good and renewed", None)


def _tags(aws: AwsClient, certificate: _Certificate) -> dict[str, str]:
    answer = aws.client("acm").list_tags_for_certificate(CertificateArn=certificate["CertificateArn"])
    return {tag["Key"]: tag.get("Value", "") for tag in answer["Tags"]}


def is_ours(environment: Environment, tags: Mapping[str, str]) -> bool:
    """Tell by its tags whether a certificate is of this environment."""
    return tags.get("Environment") == environment.name


def faults(
    environment: Environment, found: Sequence[_Certificate], tags: Mapping[str, Mapping[str, str]], proof: Proof
) -> Iterator[Fault]:
    """Give a fault for each certificate that is bad, which meets clients where it has our hosts, or that will be."""
    for certificate in found:
        whose = _whose(environment, certificate, tags.get(certificate["CertificateArn"], {}))
        hosts = [host for host in dict.fromkeys(environment.hosts) if _covers(certificate, host)]
        sent = f", which may be sent for {listed(hosts)}" if hosts else ""
        for sentence, remedy in _bad_now(certificate):
            yield Fault(f"{whose}{sent}, {sentence}", remedy, Severity.PART if hosts else None)
        for sentence, remedy in _bad_later(certificate, proof):
            yield Fault(f"{whose}{sent}, {sentence}", remedy)


def _whose(environment: Environment, certificate: _Certificate, tags: Mapping[str, str]) -> str:
    stack = tags.get("aws:cloudformation:stack-name")
    by = (
        f" of the CloudFormation stack {stack}"
        if stack
        else f" of {tags['Environment']}"
        if "Environment" in tags
        else ""
    )
    owner = "our certificate" if is_ours(environment, tags) else f"the certificate{by or ' of somebody else'}"
    return f"{owner} for {certificate['DomainName']} ({certificate['CertificateArn'].rpartition('/')[2]})"


def _covers(certificate: _Certificate, host: str) -> bool:
    names = {certificate["DomainName"], *certificate.get("SubjectAlternativeNames", ())}
    return any(certificate_covers(name, sample(host)) for name in names)


def _bad_now(certificate: _Certificate) -> Iterator[tuple[str, str]]:
    end = certificate.get("NotAfter")
    if certificate["Status"] not in ("ISSUED", "EXPIRED"):
        yield f"is {certificate['Status']}", "take it off the listener, or replace it"
    elif certificate["Status"] == "EXPIRED" or (end is not None and end <= datetime.now(UTC)):
        yield "has expired", "take it off the listener, or replace it"
    elif certificate["Type"] == "IMPORTED" and _is_self_signed(certificate):
        yield "is self-signed, so that no client trusts it", "take it off the listener, or replace it"


def _is_self_signed(certificate: _Certificate) -> bool:
    return bool(certificate.get("Issuer")) and certificate["Issuer"] in (
        certificate.get("Subject"),
        str(certificate.get("Subject", "")).removeprefix("CN="),
    )


def _bad_later(certificate: _Certificate, proof: Proof) -> Iterator[tuple[str, str]]:
    """Say why a certificate that is good today will not be renewed."""
    end = certificate.get("NotAfter")
    if end is not None and datetime.now(UTC) < end < datetime.now(UTC) + _LATE:
        yield f"ends on {end:%Y-%m-%d} and was not renewed", "renew it, or replace it"
    # https://docs.aws.amazon.com/acm/latest/APIReference/API_RenewalSummary.html
    if certificate.get("RenewalSummary", {}).get("RenewalStatus") == "FAILED":
        reason = certificate["RenewalSummary"].get("RenewalStatusReason", "no reason given")
        yield f"was not renewed by ACM ({reason})", "see that its validation records stand and CAA permits Amazon"
    if certificate["Type"] != _AMAZON or certificate["Status"] != "ISSUED":
        return
    for option in certificate.get("DomainValidationOptions", ()):
        record = option.get("ResourceRecord")
        if record and (problem := _unproven(record, proof)):
            name, value = canonical(record["Name"]), canonical(record["Value"])
            yield f"cannot be renewed: {problem}", f"write the CNAME {name} with the value {value}"


def _unproven(record: Mapping[str, str], proof: Proof) -> str:
    name, value = canonical(record["Name"]), canonical(record["Value"])
    try:
        found = proof(name)
    except CheckFailedError as error:
        return error.found
    if not found:
        return f"its validation CNAME {name} is missing"
    return "" if found == [value] else f"its validation CNAME {name} is {', '.join(found)}, not ACM's value"
