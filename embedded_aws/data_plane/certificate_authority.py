"""A throwaway certificate authority: it signs what ACM says it holds, with those names and that validity.

Its key never leaves this process; only its certificate is written, for clients to trust.
"""

import threading
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

_CA_DAYS = 2
_COMMON_NAME_MAX_CHARACTERS = 64  # RFC 5280 appendix A.1, ub-common-name


class CertificateAuthority:
    """Writes `ca.pem` into a folder, and beside it a file with certificate and key for each that it signs."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._key, self._leaf_key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
        self._name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Orcha Edge throwaway authority")])
        self._signed: dict[tuple[tuple[str, ...], datetime, datetime], Path] = {}
        self._lock = threading.Lock()
        self.file = folder / "ca.pem"
        self.file.write_bytes(self._own_certificate().public_bytes(serialization.Encoding.PEM))

    def chain(self, names: Sequence[str], not_before: datetime, not_after: datetime) -> Path:
        """Give the file with a certificate for DNS names, and its key; it is made once."""
        wanted = (tuple(names), not_before, not_after)
        with self._lock:
            if wanted not in self._signed:
                file = self._folder / f"certificate-{len(self._signed) + 1}.pem"
                file.touch(mode=0o600)
                file.write_bytes(self._sign(*wanted).public_bytes(serialization.Encoding.PEM) + self._leaf_key_pem())
                self._signed[wanted] = file
            return self._signed[wanted]

    def chain_of_today(self, names: Sequence[str]) -> Path:
        """Give the file with a certificate for DNS names that is valid for as long as the authority."""
        today = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
        return self.chain(names, today - timedelta(days=1), today + timedelta(days=_CA_DAYS))

    def _own_certificate(self) -> x509.Certificate:
        now = datetime.now(UTC)
        usage = x509.KeyUsage(
            digital_signature=True,
            key_cert_sign=True,
            crl_sign=True,
            content_commitment=False,
            key_encipherment=False,
            data_encipherment=False,
            key_agreement=False,
            encipher_only=False,
            decipher_only=False,
        )
        return (
            self._builder(self._name, self._key, now - timedelta(hours=1), now + timedelta(days=_CA_DAYS))
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(usage, critical=True)
            .sign(self._key, hashes.SHA256())
        )

    def _sign(self, names: tuple[str, ...], not_before: datetime, not_after: datetime) -> x509.Certificate:
        short = next((name for name in names if len(name) <= _COMMON_NAME_MAX_CHARACTERS), "long-name")
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, short)])
        return (
            self._builder(subject, self._leaf_key, not_before, not_after)
            .add_extension(x509.SubjectAlternativeName([x509.DNSName(name) for name in names]), critical=False)
            .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .sign(self._key, hashes.SHA256())
        )

    def _builder(
        self, subject: x509.Name, key: ec.EllipticCurvePrivateKey, not_before: datetime, not_after: datetime
    ) -> x509.CertificateBuilder:
        return (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(self._name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(not_before)
            .not_valid_after(not_after)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key()), critical=False)
        )

    def _leaf_key_pem(self) -> bytes:
        return self._leaf_key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
