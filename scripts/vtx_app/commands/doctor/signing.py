"""What the doctor finds of the signature that a film asks for."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from vtx_app.commands.doctor.findings import Finding, Subject, problems
from vtx_app.errors import VtxError

__all__ = ["signing"]


def signing(subject: Subject) -> Iterator[Finding]:
    """Who signs the film on this machine, and until when; nothing if it is not signed."""
    from vtx_app.project.signing import signatory

    if subject.film is None or not subject.film.metadata.sign:
        return
    try:
        own = signatory()
        from vtx_app.media.credentials import read_signer  # c2pa is an extra

        signer = read_signer(own.certificate, own.key, own.password)
    except VtxError as error:
        yield from problems("signature", error)
        return
    day = f"{signer.until:%Y-%m-%d}"
    if signer.until < datetime.now(UTC):
        advice = "name another: VTX_SIGN_CERTIFICATE, VTX_SIGN_KEY"
        yield Finding("signature", "problem", f"the certificate of {signer.name} expired on {day}", advice)
    else:
        yield Finding("signature", "ok", f"the film is signed by {signer.name}, whose certificate is valid until {day}")
