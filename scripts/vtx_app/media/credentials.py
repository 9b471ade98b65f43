"""C2PA signatures (Content Credentials): who made a file and how, bound to its bytes.

The signature is made last. It covers the whole file but for the box that holds it, near the file's beginning, so
nothing may be appended afterwards; VTX's stamp stays at the end, and the signature covers it. What was signed is read
again and must verify. Whether a verifier also *trusts* the certificate is up to its list of issuers.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from vtx_app.errors import CutError
from vtx_app.files import publish

__all__ = ["SIGNED_FORMATS", "Signer", "read_credentials", "read_signer", "sign"]

SIGNED_FORMATS: Mapping[str, str] = {".mp4": "video/mp4", ".mov": "video/quicktime"}
"""Media types by suffix. C2PA has no way to bind a signature to a Matroska file (C2PA 2.2, A.3)."""

_ACTIONS = "c2pa.actions.v2"
_UNTRUSTED = "signingCredential.untrusted"
_CURVES = {"secp256r1": "es256", "secp384r1": "es384", "secp521r1": "es512"}


@dataclass(frozen=True, slots=True)
class Signer:
    """The ``name`` in a certificate and ``until`` when it is valid; the certificates of its ``chain`` and its private
    ``key`` as PEM, and C2PA's name of the ``algorithm`` that the key signs with."""

    name: str
    until: datetime
    chain: bytes
    key: bytes = field(repr=False)
    algorithm: str


def sign(
    path: Path,
    *,
    certificate: Path,
    key: Path,
    password: str | None,
    timestamp: str | None,
    title: str,
    source_type: str,
    version: str,
) -> None:
    """Sign the finished file at ``path``, which is replaced by the signed one.

    It is said to be created by VTX ``version``, and to be of the digital source type ``source_type`` (a URI of IPTC's
    vocabulary). ``certificate`` is a PEM file with the signer's certificate first, then its issuers'.

    Raises :class:`CutError` if it can't be signed or the signature does not verify, naming the certificate and never
    showing the key; the file is then as it was.
    """
    import c2pa

    signer = read_signer(certificate, key, password)
    action = {"action": "c2pa.created", "digitalSourceType": source_type, "softwareAgent": {"name": "VTX"}}
    manifest = {
        "title": title,
        "claim_generator_info": [{"name": "VTX", "version": version}],
        "assertions": [{"label": _ACTIONS, "data": {"actions": [action]}}],
    }
    signed = path.with_name(f"{path.stem}.signed{path.suffix}")
    signed.unlink(missing_ok=True)
    try:
        info = c2pa.C2paSignerInfo(signer.algorithm.encode(), signer.chain, signer.key, timestamp)
        with (
            c2pa.Signer.from_info(info) as own,
            c2pa.Builder(manifest) as builder,
            path.open("rb") as source,
            signed.open("w+b") as target,
        ):
            builder.sign(own, SIGNED_FORMATS[path.suffix], source, target)
        faults = [code for code in read_credentials(signed)["faults"] if code != _UNTRUSTED]
        if faults:
            raise CutError(f"can't sign with {certificate}: the signature does not verify ({faults[0]})")
        publish(signed, path)
    except c2pa.C2paError as error:
        raise CutError(f"can't sign with {certificate}: {_reason(error)}") from None
    finally:
        signed.unlink(missing_ok=True)


def read_credentials(path: Path) -> dict[str, Any]:
    """The signature of the file at ``path``, verified against its bytes.

    ``state`` is Valid, Trusted or Invalid, ``faults`` are C2PA's codes for what fails, ``title`` and ``issuer`` what is
    said of the file and of who signed it, ``source_type`` the digital source type of its creation.

    Raises :class:`CutError` if the file has no signature or can't be read.
    """
    import c2pa

    try:
        with path.open("rb") as file, c2pa.Reader(SIGNED_FORMATS[path.suffix], file) as reader:
            store = json.loads(reader.json())
    except c2pa.C2paError as error:
        raise CutError(f"{path}: it has no signature that can be read: {_reason(error)}") from None
    manifest = store["manifests"][store["active_manifest"]]
    actions = [
        action
        for assertion in manifest["assertions"]
        if assertion["label"].startswith("c2pa.actions")
        for action in assertion["data"]["actions"]
    ]
    return {
        "state": store["validation_state"],
        "faults": [status["code"] for status in store.get("validation_status", [])],
        "title": manifest.get("title", ""),
        "issuer": manifest.get("signature_info", {}).get("issuer", ""),
        "source_type": next((action.get("digitalSourceType", "") for action in actions), ""),
    }


def read_signer(certificate: Path, key: Path, password: str | None) -> Signer:
    """Who signs with these files. Raises :class:`CutError` naming the file that is not a certificate or not its key."""
    from cryptography import x509
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives import serialization
    from cryptography.x509.oid import NameOID

    try:
        chain = certificate.read_bytes()
        own = x509.load_pem_x509_certificates(chain)[0]
    except (OSError, ValueError, IndexError):
        raise CutError(f"{certificate}: expected certificates in PEM format, yours first") from None
    try:
        private = serialization.load_pem_private_key(key.read_bytes(), password.encode() if password else None)
    except TypeError:
        what = "needs no password" if password else "needs a password"
        raise CutError(f"{key}: the key {what}: VTX_SIGN_PASSWORD") from None
    except (OSError, ValueError, UnsupportedAlgorithm):
        wrong = " or its password is another" if password else ""
        raise CutError(f"{key}: expected a private key in PEM format{wrong}") from None
    if private.public_key() != own.public_key():
        raise CutError(f"{key} is not the key of {certificate}")
    algorithm = _algorithm(private)
    if algorithm is None:
        raise CutError(f"{key}: C2PA has no signature with this kind of key; use P-256, P-384, P-521, Ed25519 or RSA")
    pem, form = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    names = own.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    return Signer(
        str(names[0].value) if names else own.subject.rfc4514_string(),
        own.not_valid_after_utc,
        chain,
        private.private_bytes(pem, form, serialization.NoEncryption()),
        algorithm,
    )


def _algorithm(key: object) -> str | None:
    """C2PA's name of the signature that ``key`` makes (C2PA 2.2, 13.2.1); None if it knows none."""
    from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

    if isinstance(key, ec.EllipticCurvePrivateKey):
        return _CURVES.get(key.curve.name)
    if isinstance(key, rsa.RSAPrivateKey):
        return "ps256"
    return "ed25519" if isinstance(key, ed25519.Ed25519PrivateKey) else None


def _reason(error: Exception) -> str:
    """The first line of an error of c2pa, and what it asks of a certificate (C2PA 2.2, 14.5.1) if it refuses one."""
    line = str(error).strip().partition("\n")[0][:300]
    hint = ": it must be for signing (extended key usage emailProtection, say), and issued by another"
    return line + hint if line.endswith("the certificate is invalid") else line
