"""The honest certificate authority: it issues once DNS proves every name, and not before."""

import hashlib
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from moto.acm.models import AWSCertificateManagerBackend, CertBundle
from moto.core.exceptions import AWSError
from moto.elbv2.models import elbv2_backends

from embedded_aws.certificate_delays import CertificateDelays
from embedded_aws.corrections.dns import PublicDns
from embedded_aws.corrections.patching import replace
from embedded_aws.dns_names import base_of, parse, written

_AMAZON = frozenset({"amazon.com", "amazontrust.com", "awstrust.com", "amazonaws.com"})
_ONCE_ISSUED = frozenset({"ISSUED", "EXPIRED", "REVOKED"})
_A_YEAR, _A_DAY = timedelta(days=365), timedelta(days=1)
_HEX = 32
_LETTERS = 10


def apply(dns: PublicDns, delays: CertificateDelays) -> None:
    """Correct moto's Certificate Manager in this process; `delays` may change while it serves."""
    authority = Authority(dns, delays)
    replace(AWSCertificateManagerBackend, "request_certificate", authority.request)
    replace(AWSCertificateManagerBackend, "delete_certificate", _refuse_deleting_what_serves)
    replace(CertBundle, "check", authority.check)
    replace(CertBundle, "describe", authority.describe)


def validation_record(account_id: str, domain: str) -> tuple[str, str]:
    """Give the CNAME, name and value, that proves an account's control over a domain.

    AWS: it is the same for every certificate of the account that holds the domain, for ever, and a wildcard shares it
    with its base name. https://docs.aws.amazon.com/acm/latest/userguide/dns-validation.html
    moto: one constant name and value for every domain and account. Here: a hash of both.
    """
    base = written(base_of(parse(domain)))
    digest = hashlib.sha512(f"{account_id} {base}".encode()).hexdigest()
    letters = "".join(chr(ord("a") + int(pair, 16) % 26) for pair in _pairs(digest[2 * _HEX :]))
    value = f"_{digest[_HEX : 2 * _HEX]}.{letters[:_LETTERS]}.acm-validations.aws."
    return f"_{digest[:_HEX]}.{base}.", value


def _pairs(text: str) -> Iterator[str]:
    return (text[index : index + 2] for index in range(0, len(text), 2))


class Authority:
    """What moto does not keep about a certificate: its names in order, when it was requested and issued, by ARN."""

    def __init__(self, dns: PublicDns, delays: CertificateDelays) -> None:
        self._dns, self._delays = dns, delays
        self._names: dict[str, list[str]] = {}
        self._requested_at: dict[str, float] = {}
        self._issued_at: dict[str, datetime] = {}

    def request(self, original: Callable[..., str]) -> Callable[..., str]:
        """Remember the names in the order of the request; moto puts them through a set."""

        def request_certificate(
            self: AWSCertificateManagerBackend,
            domain_name: str,
            idempotency_token: str,
            subject_alt_names: list[str],
            tags: list[dict[str, str]],
            cert_authority_arn: str | None = None,
            cert_options: dict[str, Any] | None = None,
        ) -> str:
            arn = original(
                self, domain_name, idempotency_token, subject_alt_names, tags, cert_authority_arn, cert_options
            )
            names.setdefault(arn, list(dict.fromkeys([domain_name, *(subject_alt_names or [])])))
            requested_at.setdefault(arn, time.monotonic())
            return arn

        names, requested_at = self._names, self._requested_at
        return request_certificate

    def check(self, _original: Callable[[CertBundle], None]) -> Callable[[CertBundle], None]:
        """Issue a pending certificate once every validation record stands, and then for good.

        AWS: ACM asks the public DNS for every record; it gives up after 72 hours, which no test waits for.
        https://docs.aws.amazon.com/acm/latest/userguide/dns-validation.html
        moto: issues after a timer (MOTO_ACM_VALIDATION_WAIT) and looks at no DNS. Here: whenever someone asks for the
        certificate, the records are looked up in the zone that answers for each name; one that is delayed by
        `certificate_delays` comes only after its time.

        AWS: a CAA record that names other authorities ends in FAILED, with CAA_ERROR, and never comes back.
        https://docs.aws.amazon.com/acm/latest/userguide/troubleshooting-caa.html
        moto: asks no CAA. Here: as AWS, as far as the declared zones hold CAA records.
        """

        def check(self: CertBundle) -> None:
            pending = self.type == "AMAZON_ISSUED" and self.status == "PENDING_VALIDATION"
            if pending and any(authority.is_forbidden(name) for name in authority._names[self.arn]):
                self.status = "FAILED"
            elif pending and authority._is_due(self.arn) and authority._all_proven(self.arn):
                self.status = "ISSUED"
                authority._issued_at[self.arn] = datetime.now(UTC)

        authority = self
        return check

    def describe(self, original: Callable[[CertBundle], dict[str, Any]]) -> Callable[[CertBundle], dict[str, Any]]:
        """Describe a certificate with its own options in order, each with its own status, and who uses it.

        AWS: https://docs.aws.amazon.com/acm/latest/APIReference/API_CertificateDetail.html (IssuedAt "exists only when
        the certificate type is AMAZON_ISSUED" and is issued; InUseBy lists the load balancers' ARNs).
        moto: options in a set's order, one status for all, IssuedAt at once, and listeners that used it once.
        """

        def describe(self: CertBundle) -> dict[str, Any]:
            answer = original(self)
            detail = answer["Certificate"]
            detail["InUseBy"] = _load_balancers_using(self.arn)
            if self.type == "AMAZON_ISSUED":
                detail.update(authority._detail(self))
                absent = [] if self.status in _ONCE_ISSUED else ["IssuedAt", "NotBefore", "NotAfter", "Serial"]
                for key in absent:
                    detail.pop(key, None)
                if self.status == "EXPIRED":
                    now = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
                    detail |= {"NotBefore": (now - _A_YEAR).timestamp(), "NotAfter": (now - _A_DAY).timestamp()}
                if self.status == "FAILED":
                    detail["FailureReason"] = "CAA_ERROR"
            return answer

        authority = self
        return describe

    def _detail(self, certificate: CertBundle) -> dict[str, Any]:
        names = self._names[certificate.arn]
        issued_at = self._issued_at.get(certificate.arn)
        return {
            "DomainName": names[0],
            "SubjectAlternativeNames": names,
            "DomainValidationOptions": [self._option(certificate, name) for name in names],
            "IssuedAt": issued_at.timestamp() if issued_at else None,
        }

    def _option(self, certificate: CertBundle, name: str) -> dict[str, Any]:
        proven = certificate.status == "ISSUED" or self._proven(certificate.arn, name)
        record_name, value = validation_record(_account_id(certificate.arn), name)
        return {
            "DomainName": name,
            "ValidationDomain": name,
            "ValidationStatus": "SUCCESS" if proven else "PENDING_VALIDATION",
            "ValidationMethod": "DNS",
            "ResourceRecord": {"Name": record_name, "Type": "CNAME", "Value": value},
        }

    def is_forbidden(self, name: str) -> bool:
        """Tell whether CAA records keep Amazon from issuing for a name (RFC 8659 sections 4.2 and 4.3).

        Its own issuers: https://docs.aws.amazon.com/acm/latest/userguide/setup-caa.html
        """
        records = [text.split(maxsplit=2) for text in self._dns.caa(base_of(parse(name)))]
        issuers = {
            tag: [value.strip('"').partition(";")[0].strip() for _, key, value in records if key == tag]
            for tag in ("issue", "issuewild")
        }
        counting = issuers["issuewild"] if name.startswith("*.") and issuers["issuewild"] else issuers["issue"]
        return bool(counting) and _AMAZON.isdisjoint(counting)

    def _is_due(self, arn: str) -> bool:
        waited = time.monotonic() - self._requested_at[arn]
        return self._delays.is_over(self._names[arn][0], waited_seconds=waited)

    def _all_proven(self, arn: str) -> bool:
        return all(self._proven(arn, name) for name in self._names[arn])

    def _proven(self, arn: str, name: str) -> bool:
        record_name, value = validation_record(_account_id(arn), name)
        return [parse(found) for found in self._dns.cnames(record_name)] == [parse(value)]


def _refuse_deleting_what_serves(original: Callable[..., None]) -> Callable[..., None]:
    """Refuse to delete a certificate that a listener uses, as default or by SNI.

    AWS: ResourceInUseException, with the sentence of https://github.com/dfds/infrastructure-modules/issues/5.
    https://docs.aws.amazon.com/acm/latest/APIReference/API_DeleteCertificate.html
    moto: deletes it under the listener. Here: as AWS, but at once, where AWS takes seconds to notice.
    """

    def delete_certificate(self: AWSCertificateManagerBackend, arn: str) -> None:
        if _load_balancers_using(arn):
            sentence = f"Certificate {arn} in account {self.account_id} is in use."
            raise AWSError(sentence, exception_type="ResourceInUseException")
        original(self, arn)

    return delete_certificate


def _account_id(arn: str) -> str:
    return arn.split(":")[4]


def _load_balancers_using(arn: str) -> list[str]:
    backend = elbv2_backends[_account_id(arn)][arn.split(":")[3]]
    return [
        balancer.arn
        for balancer in list(backend.load_balancers.values())
        if any(arn in listener.certificates for listener in list(balancer.listeners.values()))
    ]
