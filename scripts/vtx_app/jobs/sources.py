"""What jobs make files from: takes and parts that must exist, be whole and be current, and how clips show takes.

A film may be edited after its build was planned. Its jobs then fail with :class:`PlanMovedError`.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from vtx_app.errors import CutError, PlanMovedError
from vtx_app.files import display_path
from vtx_app.plan.clip_plan import ClipPlan, chain_of
from vtx_app.plan.film_plan import Product
from vtx_app.project.film import Film
from vtx_app.takes.store import require_whole

if TYPE_CHECKING:
    from vtx_app.cut.colour_match import Correction
    from vtx_app.cut.insert import Source
    from vtx_app.cut.slate import Slate
    from vtx_app.sound.mix_plan import MixPlan

__all__ = [
    "correction_of",
    "font_fault",
    "no_longer_there",
    "not_rendered",
    "require_current",
    "require_take",
    "slate_of",
    "source_of",
    "takes_heard",
]


def not_rendered(clip_id: str) -> PlanMovedError:
    """The error for a clip that now shows a take which the build did not render."""
    return PlanMovedError(
        f"{clip_id} was edited after this build was planned: its take is not rendered yet. Run the build again"
    )


def no_longer_there(slug: str, part: str = "any clips") -> PlanMovedError:
    """The error for a film that no longer has the ``part`` that the job makes."""
    return PlanMovedError(f"{slug} no longer has {part}. Run the build again")


def require_current(parts: Iterable[Product]) -> None:
    """Raise :class:`PlanMovedError` unless the files of all ``parts`` were made from what the film says now."""
    for part in parts:
        if not part.is_current():
            raise PlanMovedError(f"{part.path} is out of date: the film was edited meanwhile. Run the build again")


def require_take(clip: ClipPlan) -> None:
    """Check that the clip's take is there and whole.

    Raises :class:`PlanMovedError` if it is not rendered, :class:`CutError` if it is damaged.
    """
    if not clip.take.exists():
        raise not_rendered(clip.clip_id)
    require_whole(clip.take.path)


def slate_of(film: Film, clip: ClipPlan) -> Slate | None:
    """The slate burned into a clip; None if it has none. Raises :class:`CutError` if its font can't be used."""
    delivery, request = clip.delivery, clip.take.request
    if delivery.slate is None:
        return None
    from vtx_app.cut.slate import Slate  # the codecs load after planning
    from vtx_app.fonts import FONT
    from vtx_app.render.animatic.cast_of import cast_of

    cast = cast_of(request) if request.staging is not None and delivery.slate.style is None else None

    file, frames = film.slate_font or FONT, delivery.shot_frames
    try:
        return Slate(delivery.slate, delivery.width, delivery.height, delivery.rate, frames, file, cast)
    except OSError as error:
        raise font_fault(file, error) from error


def font_fault(file: Path, error: OSError) -> CutError:
    """The error for a film whose font for slates can't be used."""
    return CutError(f"{display_path(file)} can't be used as a font: {error}; see slate_font in metadata.yaml")


def source_of(film: Film, clip: ClipPlan) -> Source:
    """Where a drawn piece takes the clip's frames from; raises as :func:`require_take` and :func:`slate_of`."""
    from vtx_app.cut.insert import Source  # the codecs load after planning

    require_take(clip)
    return Source(clip.take.path, clip.delivery, slate_of(film, clip), correction_of(film, clip))


def correction_of(film: Film, clip: ClipPlan) -> Correction | None:
    """How the clip's colours are matched to those of its chain's first shot; None if they stay.

    Takes that were not measured yet are measured. Raises as :func:`require_take` for each shot of the chain, and
    :class:`CutError` if one can't be decoded.
    """
    match = clip.delivery.match
    if match is None:
        return None
    from vtx_app.qc.chain_match import chain_correction, look_of  # the codecs load after planning
    from vtx_app.qc.measure import measure_take
    from vtx_app.qc.measures import read_measures

    looks = []
    for link, (digest, first, end) in zip(chain_of(clip), match.links, strict=True):
        require_take(link)
        measures = read_measures(film.folder, link.clip_id, digest) or measure_take(link.take.path)
        looks.append(look_of(measures, first, end))
    correction = chain_correction(looks, match.strength)
    return None if correction.is_none else correction


@contextlib.contextmanager
def takes_heard(plan: MixPlan) -> Iterator[None]:
    """Mix ``plan`` in this block. Raises :class:`PlanMovedError` if a take is missing, and names a damaged one.

    Takes are searched for damage once the mix has failed: reading all of them through beforehand would take as long as
    the mix.
    """
    for take in plan.takes.values():
        if not take.path.exists():
            raise not_rendered(take.clip_id)
    try:
        yield
    except CutError:
        for take in plan.takes.values():
            require_whole(take.path)
        raise
