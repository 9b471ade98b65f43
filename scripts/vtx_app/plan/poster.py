"""Which frame stands for the film: the one named in the edit, else one of an establishing shot."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from vtx_app.cut.poster_plan import PosterPlan
from vtx_app.cut.timeline import Use
from vtx_app.errors import SpecError
from vtx_app.formats.check import location
from vtx_app.plan.clip_plan import ClipPlan
from vtx_app.project.film import Film

__all__ = ["is_establishing", "plan_poster"]

_ESTABLISHING = re.compile(
    r"\b(establishing|master|wide|long|aerial|panorama|panoramic|[ev]?[wl]s|xws|xls)\b", re.IGNORECASE
)
_CLOSER = re.compile(r"\b(medium|mid|close|closeup|ms|mls|mws|cu|ecu|mcu)\b", re.IGNORECASE)


def is_establishing(size: str) -> bool:
    """Whether the shot list's ``size`` is that of a shot that shows where we are.

    Wide and long shots are (very or extremely so too), aerials and masters: ``wide``, ``extreme long shot``, ``WS``.
    Medium and close ones are not, and neither is ``medium wide``.
    """
    return bool(_ESTABLISHING.search(size)) and not _CLOSER.search(size)


def plan_poster(
    film: Film, clips: Mapping[str, ClipPlan], uses: Sequence[Use], edit_file: Path, folder: Path, title: str
) -> PosterPlan:
    """The poster of the film, for the file ``<slug>.poster.jpg`` in ``folder``.

    It is the frame that the edit names; else the middle frame of the first approved establishing shot, else of the
    first establishing shot, else of the first clip. ``clips`` by clip id; ``uses`` are the showings in the film, in
    order (at least one): a shot's middle is that of what is shown of it first.

    Raises :class:`SpecError` if the edit names a frame that its clip doesn't have.
    """
    if film.edit.poster is not None:
        clip, frame = clips[film.edit.poster.clip], film.edit.poster.frame
        last = clip.delivery.shot_frames - 1
        if frame > last:
            at = location(edit_file, "poster", "frame")
            raise SpecError([f"{at}: {frame}: {clip.clip_id} has the frames 0 to {last}"])
    else:
        use = _use_for_poster(film, clips, uses)
        clip, frame = clips[use.clip_id], use.first + use.frames // 2
    frame += clip.delivery.head or 0
    return PosterPlan(
        clip.clip_id,
        clip.take.path,
        clip.take.digest,
        frame,
        clip.delivery,
        title,
        film.metadata.disclosure or "",
        folder / f"{film.slug}.poster.jpg",
    )


def _use_for_poster(film: Film, clips: Mapping[str, ClipPlan], uses: Sequence[Use]) -> Use:
    establishing = [use for use in uses if (shot := film.shots.get(use.clip_id)) and is_establishing(shot.size)]
    approved = [use for use in establishing if clips[use.clip_id].choice.state == "approved"]
    return next(iter([*approved, *establishing, *uses]))
