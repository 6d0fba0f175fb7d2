"""Certificates: found by their names, and the record that proves a domain, learned from any certificate over it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from edge.aws.survey.model import Found, Standing, Wanted, has_tags
from edge.aws.survey.reader import Reader

_SERVING = "ISSUED"


def names_of(certificate: Mapping[str, Any]) -> frozenset[str]:
    """Give all names of a certificate, in lower case."""
    names = (certificate["DomainName"], *certificate.get("SubjectAlternativeNames", ()))
    return frozenset(name.lower() for name in names)


def preferred(certificates: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Sort certificates over the same names: those in use first, then those issued, then the newest."""
    return sorted(
        certificates,
        key=lambda each: (bool(each.get("InUseBy")), each["Status"] == _SERVING, str(each.get("CreatedAt"))),
        reverse=True,
    )


def certificate(wanted: Wanted, reader: Reader) -> Iterator[Found]:
    """Find the certificates with exactly the wanted names and the same primary name, the one to prefer first."""
    for candidate in preferred(_over(wanted, reader)):
        arn = candidate["CertificateArn"]
        thing = f"certificate {arn.rpartition('/')[2]} over {', '.join(sorted(names_of(candidate)))}"
        if has_tags(reader.tags_of_certificate(arn), wanted.tags):
            yield Found(wanted=wanted, import_id=arn, thing=thing, standing=Standing.OURS)
        else:
            yield _of_another(wanted, candidate, thing, reader)


def choice(best: Found, matches: Sequence[Found], reader: Reader) -> str:
    """Say why one of several certificates over the same names is taken, and which are left."""
    used = {item["CertificateArn"] for item in reader.certificates if item.get("InUseBy")}
    of_others = "it is in use" if best.import_id in used else "none is in use, and it is the newest"
    why = "it is ours" if best.ours else of_others
    others = ", ".join(match.import_id.rpartition("/")[2] for match in matches if match is not best)
    return f"chosen among {len(matches)} over these names, since {why}; left as they are: {others}"


def _over(wanted: Wanted, reader: Reader) -> list[Mapping[str, Any]]:
    values = wanted.values
    names = frozenset(
        name.lower() for name in (values["domain_name"], *(values.get("subject_alternative_names") or ()))
    )
    return [
        certificate
        for certificate in reader.certificates
        if certificate["DomainName"].lower() == values["domain_name"].lower() and names_of(certificate) == names
    ]


def _of_another(wanted: Wanted, candidate: Mapping[str, Any], thing: str, reader: Reader) -> Found:
    """Judge a certificate without our tags: alike where ACM issued it by DNS, and only our load balancer uses it."""
    balancers = {arn.partition("loadbalancer/")[2].split("/")[1] for arn in candidate.get("InUseBy", ()) if "/" in arn}
    others = balancers - {reader.environment.load_balancer_name}
    methods = {option.get("ValidationMethod") for option in candidate.get("DomainValidationOptions", ())}
    reasons = {
        "ACM did not issue it, it was imported": candidate.get("Type") != "AMAZON_ISSUED",
        "it is not proven by DNS": methods != {"DNS"},
        f"it is in use by {', '.join(sorted(others))} too": bool(others),
        "it is not issued yet": candidate["Status"] != _SERVING,
    }
    against = [reason for reason, applies in reasons.items() if applies]
    standing = Standing.IN_THE_WAY if against else Standing.ALIKE
    reason = "; ".join(against) or "another tool requested it over the same names; take it over with `edge adopt`"
    return Found(wanted=wanted, import_id=candidate["CertificateArn"], thing=thing, standing=standing, reason=reason)
