"""Who signs a film's files: the certificate and key that this machine's variables name.

Like all secrets, they are read from the process environment or ``config/global.env``, and never written.
"""

from __future__ import annotations

import importlib.util
import os
from dataclasses import dataclass, field
from pathlib import Path

from vtx_app.errors import ProjectError
from vtx_app.project.film import Film
from vtx_app.project.paths import machine_variable

__all__ = ["Signatory", "is_signed", "signatory"]

_CERTIFICATE, _KEY, _PASSWORD, _TIMESTAMP = (
    f"VTX_SIGN_{name}" for name in ("CERTIFICATE", "KEY", "PASSWORD", "TIMESTAMP")
)


@dataclass(frozen=True, slots=True)
class Signatory:
    """``certificate``: a PEM file with the signer's certificate and those it is issued by. ``key``: its private key, a
    PEM file, with the ``password`` that it may need. ``timestamp``: the address of a time stamp server (RFC 3161)."""

    certificate: Path
    key: Path
    password: str | None = field(default=None, repr=False)
    timestamp: str | None = None


def is_signed(film: Film, tier: str) -> bool:
    """Whether the film's final and deliveries of ``tier`` carry a signature; the storyboard and the draft never do."""
    return film.metadata.sign and tier == "final"


def signatory() -> Signatory:
    """Who signs on this machine. Raises :class:`ProjectError` if nobody can, with what is missing."""
    advice = "or set sign: false in metadata.yaml"
    if importlib.util.find_spec("c2pa") is None:
        raise ProjectError(
            f"the film is to be signed, and c2pa-python is not installed: pip install '.[sign]', {advice}"
        )
    files = []
    for variable, what in ((_CERTIFICATE, "certificate"), (_KEY, "private key")):
        named = machine_variable(variable)
        if not named:
            raise ProjectError(
                f"the film is to be signed, and {variable} is not set: name the file of your {what} (PEM) in the "
                f"environment or in config/global.env, {advice}"
            )
        path = Path(named).expanduser()
        if not os.access(path, os.R_OK) or not path.is_file():
            raise ProjectError(
                f"{variable}: {named}: no such file, or it can't be read: name your {what} (PEM), {advice}"
            )
        files.append(path)
    return Signatory(files[0], files[1], machine_variable(_PASSWORD), machine_variable(_TIMESTAMP))
