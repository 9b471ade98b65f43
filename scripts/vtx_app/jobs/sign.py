"""Sign a finished film, as the last step before the file gets its name."""

from __future__ import annotations

from pathlib import Path

from vtx_app import __version__
from vtx_app.formats.renderers import RENDERERS
from vtx_app.media.credentials import SIGNED_FORMATS, sign
from vtx_app.media.xmp import ALGORITHMIC_MEDIA, TRAINED_ALGORITHMIC_MEDIA
from vtx_app.plan.film_plan import FilmPlan
from vtx_app.project.signing import is_signed, signatory

__all__ = ["sign_if_asked"]


def sign_if_asked(plan: FilmPlan, part: Path) -> None:
    """Sign the finished film ``part``, stamp and all, if it is to be signed and its format can be.

    Nothing may be appended to it afterwards.

    Raises :class:`vtx_app.errors.VtxError` if this machine can't sign, and if the signature does not verify.
    """
    if not is_signed(plan.film, plan.tier) or part.suffix not in SIGNED_FORMATS:
        return
    own = signatory()
    by_model = bool(plan.film.metadata.disclosure) or RENDERERS[plan.renderer].uses_models
    sign(
        part,
        certificate=own.certificate,
        key=own.key,
        password=own.password,
        timestamp=own.timestamp,
        title=str(plan.film.settings["title"]),
        source_type=TRAINED_ALGORITHMIC_MEDIA if by_model else ALGORITHMIC_MEDIA,
        version=__version__,
    )
