"""Validation records: which one proves a domain, learned from any certificate over it, and whose it is."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from edge.aws.survey.certificates import names_of
from edge.aws.survey.model import Wanted, has_tags
from edge.aws.survey.reader import Reader
from environments import naming
from environments.dns_names import base_name, canonical
from environments.text import listed

# https://docs.aws.amazon.com/acm/latest/userguide/dns-validation.html: what each validation record leads to
_TO_ACM = ".acm-validations.aws"


@dataclass(frozen=True)
class Proof:
    """The CNAME that proves a domain to ACM."""

    name: str
    value: str


def proof_of(domain: str, certificates: Iterable[Mapping[str, Any]]) -> Proof | None:
    """Learn a domain's record from any certificate over it: ACM gives all of an account's the same.

    https://docs.aws.amazon.com/acm/latest/userguide/dns-validation.html
    """
    return next((proof for _, proof in _proven(domain, certificates)), None)


def others_resting_on(domain: str, reader: Reader) -> list[str]:
    """Name the certificates for which a domain's record stands, where none of this environment's is among them.

    Of other regions only where none of the environment's region is: there the environment requests no certificate.
    """
    here = [found for found, _ in _proven(domain, reader.certificates)]
    ours = naming.default_tags(reader.environment.name)
    if any(has_tags(reader.tags_of_certificate(found["CertificateArn"]), ours) for found in here):
        return []
    return [_named(found) for found in here or [found for found, _ in _proven(domain, reader.elsewhere.certificates)]]


def _named(found: Mapping[str, Any]) -> str:
    """Name a certificate with its region, which is a part of its ARN."""
    arn = found["CertificateArn"]
    return f"certificate {arn.rpartition('/')[2]} over {', '.join(sorted(names_of(found)))} in {arn.split(':')[3]}"


def _proven(domain: str, certificates: Iterable[Mapping[str, Any]]) -> Iterator[tuple[Mapping[str, Any], Proof]]:
    for found in certificates:
        for option in found.get("DomainValidationOptions", ()):
            record = option.get("ResourceRecord")
            if record and base_name(option["DomainName"].lower()) == base_name(domain.lower()):
                yield found, Proof(record["Name"], record["Value"])
                break


def proof(wanted: Wanted, domain: str, reader: Reader) -> Proof | None:
    """Learn a domain's record from a certificate over it.

    Those of other regions are asked only where some validation record stands right below the domain.
    """
    if found := proof_of(domain, reader.certificates):
        return found
    return proof_of(domain, reader.elsewhere.certificates) if _to_acm(wanted, domain, reader) else None


def _to_acm(wanted: Wanted, domain: str, reader: Reader) -> list[str]:
    """Name the records right below a domain that prove something to ACM, of whichever account."""
    return [
        canonical(standing["Name"])
        for standing in reader.zone_records(wanted.account, str(wanted.values["zone_id"]))
        if standing["Type"] == "CNAME"
        and canonical(standing["Name"]).partition(".")[2] == base_name(domain)
        and any(canonical(entry["Value"]).endswith(_TO_ACM) for entry in standing.get("ResourceRecords", ()))
    ]


def unexplained_proof(wanted: Wanted, reader: Reader) -> str:
    """Say that a validation record stands of which nobody can tell whether a deploy would write it too; else nothing.

    A certificate of another account has another record over the same domain, and one that is gone has left its own.
    """
    domain, zone_id = wanted.domain, wanted.values.get("zone_id")
    if domain is None or zone_id is None or proof(wanted, domain, reader) is not None:
        return ""
    if not (standing := _to_acm(wanted, domain, reader)):
        return ""
    unasked = f" ({reader.elsewhere.unasked})" if reader.elsewhere.unasked else ""
    name = reader.environment.name
    return (
        f"{listed(standing)} in account {wanted.account} proves {base_name(domain)} to ACM, for a certificate that "
        f"account {reader.environment.platform.account} does not have{unasked}. Where ACM wants the same for ours, "
        f'the deploy ends with "already exists", and `edge recover {name}` then takes the record in.'
    )
