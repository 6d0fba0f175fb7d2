"""What an interrupted run left that no state knows: certificates with our tags, and the records that only they need."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from edge.aws.survey.balancing import hosts_of
from edge.aws.survey.certificates import names_of
from edge.aws.survey.model import has_tags
from edge.aws.survey.proofs import proof_of
from edge.aws.survey.reader import Reader
from environments import naming
from environments.dns_names import base_name, canonical, certificate_covers
from environments.text import listed


@dataclass(frozen=True, kw_only=True)
class Orphan:
    """A certificate that is provably ours and that no state knows.

    `listeners` are those from which it has to be taken first. `kept_because` says why it has to stay, and is empty
    where it may go.
    """

    arn: str
    names: frozenset[str]
    listeners: tuple[str, ...] = ()
    kept_because: str = ""
    proofs: Mapping[str, tuple[str, str]] = field(default_factory=dict)

    @property
    def thing(self) -> str:
        """What people call it."""
        return f"certificate {self.arn.rpartition('/')[2]} over {', '.join(sorted(self.names))}"


def orphans(reader: Reader, known: Collection[str], listener: str | None) -> list[Orphan]:
    """Find the certificates with this environment's tags whose ARN the state does not know.

    `known` are the ARNs of the state's certificates, `listener` the environment's HTTPS listener. What that listener
    serves by SNI may go only where the certificates that the state knows, on the same listener, cover every host that
    it serves there: those of the environment file, and those of any rule. A service that was let go has its rule and
    its certificate there still, with our tags on both.
    """
    ours = naming.default_tags(reader.environment.name)
    return [
        _judged(certificate, reader, known, listener)
        for certificate in reader.certificates
        if certificate["CertificateArn"] not in known
        and has_tags(reader.tags_of_certificate(certificate["CertificateArn"]), ours)
    ]


def _judged(certificate: Mapping[str, Any], reader: Reader, known: Collection[str], listener: str | None) -> Orphan:
    arn, names = certificate["CertificateArn"], names_of(certificate)
    served = reader.attached(listener) if listener else []
    attached = arn in served
    reason = ""
    balancers = [user.partition("loadbalancer/app/")[2].partition("/")[0] for user in certificate.get("InUseBy", ())]
    covering = [names_of(other) for other in reader.certificates if other["CertificateArn"] in {*served} & {*known}]
    alone = _served_alone(names, covering, _hosts(reader, listener)) if attached and listener else []
    if alone:
        reason = f"the listener serves {listed(alone)} by it, and by no other certificate that the state knows"
    elif not attached and balancers:
        reason = f"it is in use by {', '.join(sorted(balancers))}"
    elif set(balancers) - {reader.environment.load_balancer_name}:
        reason = "another load balancer uses it too"
    options = certificate.get("DomainValidationOptions", ())
    return Orphan(
        arn=arn,
        names=names,
        listeners=(listener,) if attached and listener else (),
        kept_because=reason,
        proofs={
            base_name(canonical(option["DomainName"])): (
                option["ResourceRecord"]["Name"],
                option["ResourceRecord"]["Value"],
            )
            for option in options
            if option.get("ResourceRecord")
        },
    )


def _hosts(reader: Reader, listener: str) -> frozenset[str]:
    """Give all hosts that clients may ask the listener for: those of the file, and those of its rules."""
    managed = reader.environment.managed
    routed = (host for rule in reader.rules(listener) for host in hosts_of(rule))
    return frozenset([*reader.environment.hosts, *([managed.own_name] if managed else []), *routed])


def _served_alone(names: Collection[str], others: Collection[Collection[str]], hosts: Collection[str]) -> list[str]:
    """List the hosts that a certificate over these names covers and none of the others does."""
    return sorted(
        host for host in hosts if _covers(names, host) and not any(_covers(other_names, host) for other_names in others)
    )


def _covers(names: Collection[str], host: str) -> bool:
    return any(certificate_covers(name, host) for name in names)


@dataclass(frozen=True, kw_only=True)
class OrphanRecord:
    """A validation record, equal to what ACM wants for an orphan's domain, that no other certificate needs."""

    account: str
    zone_id: str
    record: Mapping[str, Any]

    @property
    def thing(self) -> str:
        """What people call it."""
        return f"record CNAME {canonical(self.record['Name'])}"


def orphan_records(
    reader: Reader, leaving: Collection[Orphan], zone_ids: Mapping[str, tuple[str, str]], known: Collection[str]
) -> Iterator[OrphanRecord]:
    """Find the records that prove only the domains of certificates that leave.

    None while a region of the account does not answer: a record that stays harms nobody, and one that goes might.
    `zone_ids` gives the account's name and the zone's id by the zone's name, `known` the names of the state's records.
    """
    arns = {orphan.arn for orphan in leaving}
    if not arns or reader.elsewhere.unasked:
        return
    staying = [certificate for certificate in reader.sharing_proofs if certificate["CertificateArn"] not in arns]
    for domain, (name, value) in {key: proof for orphan in leaving for key, proof in orphan.proofs.items()}.items():
        zone = reader.environment.find_zone(domain)
        if zone is None or zone not in zone_ids or canonical(name) in known or proof_of(domain, staying):
            continue
        account, zone_id = zone_ids[zone]
        for record in reader.records(account, zone_id, name):
            values = [canonical(entry["Value"]) for entry in record.get("ResourceRecords", ())]
            if record["Type"] == "CNAME" and values == [canonical(value)]:
                yield OrphanRecord(account=account, zone_id=zone_id, record=record)
