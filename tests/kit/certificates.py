"""Certificates that tests throw away: a root of their own, and what it issues to whoever signs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

__all__ = ["Issued", "issue"]


@dataclass(frozen=True)
class Issued:
    """PEM files: the signer's certificate with that of its root, and the signer's key."""

    certificate: Path
    key: Path


def issue(
    folder: Path,
    name: str = "VTX Tests",
    *,
    key: Any = None,
    password: str | None = None,
    days: tuple[int, int] = (-1, 30),
    signs: bool = True,
) -> Issued:
    """A certificate for ``name`` and its key (P-256, or ``key``), valid for ``days`` from now (from, until).

    ``signs``: it may be used to sign files, as C2PA asks of it.
    """
    root, own = ec.generate_private_key(ec.SECP256R1()), key or ec.generate_private_key(ec.SECP256R1())
    root_certificate = _certificate("Root of " + name, root, "Root of " + name, root, (-2, 60), authority=True)
    certificate = _certificate(name, own, "Root of " + name, root, days, authority=False, signs=signs)
    folder.mkdir(parents=True, exist_ok=True)
    pem = serialization.Encoding.PEM
    chain = b"".join(each.public_bytes(pem) for each in (certificate, root_certificate))
    (folder / "certificate.pem").write_bytes(chain)
    protection: serialization.KeySerializationEncryption = serialization.NoEncryption()
    if password:
        protection = serialization.BestAvailableEncryption(password.encode())
    private = own.private_bytes(pem, serialization.PrivateFormat.PKCS8, protection)
    (folder / "key.pem").write_bytes(private)
    return Issued(folder / "certificate.pem", folder / "key.pem")


def _certificate(
    name: str,
    key: Any,
    issuer: str,
    issuer_key: Any,
    days: tuple[int, int],
    *,
    authority: bool,
    signs: bool = True,
) -> x509.Certificate:
    now = datetime.now(UTC)
    usage = x509.KeyUsage(
        digital_signature=not authority,
        key_cert_sign=authority,
        crl_sign=authority,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )
    builder = (
        x509.CertificateBuilder()
        .subject_name(_name(name))
        .issuer_name(_name(issuer))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now + timedelta(days=days[0]))
        .not_valid_after(now + timedelta(days=days[1]))
        .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(usage, critical=True)
    )
    if not authority:
        purpose = ExtendedKeyUsageOID.EMAIL_PROTECTION if signs else ExtendedKeyUsageOID.SERVER_AUTH
        builder = builder.add_extension(x509.ExtendedKeyUsage([purpose]), critical=False)
    return builder.sign(issuer_key, hashes.SHA256())


def _name(name: str) -> x509.Name:
    organisation = x509.NameAttribute(NameOID.ORGANIZATION_NAME, name)
    return x509.Name([organisation, x509.NameAttribute(NameOID.COMMON_NAME, name)])
