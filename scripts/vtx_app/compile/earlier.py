"""What earlier shots of its scene decide in a shot: the weather, the hour and the light that their words mention.

Only shots at the same place, under headings of the same time of day, count. This module finds the shots and records
where their words are. The reader that is given reads the words, because only the storyboard does so.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields
from typing import Protocol
from weakref import WeakKeyDictionary

from vtx_app.compile.heading import clip_heading
from vtx_app.compile.request import StagedEarlier, StagedHeading, StagedPlace, Staging, fold
from vtx_app.compile.sources import RequestSources, spec_file
from vtx_app.project.film import Clip, Film, Scenes
from vtx_app.project.paths import SHOT_LIST

__all__ = ["EARLIER", "ORDER", "ReadEarlier", "compile_earlier"]

EARLIER = tuple(f"earlier.{each.name}" for each in fields(StagedEarlier))
"""The parts of a request's sources that other shots of the scene decide."""


ORDER = "earlier shots"
"""The part of a request's sources that names the shots before it in its scene, which decide nothing by themselves."""


class ReadEarlier(Protocol):
    """Reads what holds in a shot from those before it."""

    def __call__(
        self, staging: Staging, before: Sequence[Staging], /, *, painted: bool
    ) -> tuple[StagedEarlier | None, Mapping[str, Sequence[tuple[int, str]]]]:
        """What holds in a shot, or None; and by its fields, the number and the words of each shot that said so.
        ``painted``: the shot's picture is painted from its words, not given."""
        ...


def compile_earlier(
    clip: Clip, film: Film, staging: Staging, sources: RequestSources, read: ReadEarlier, *, painted: bool
) -> StagedEarlier | None:
    """What earlier shots decide in the clip with this ``staging``. Raises :class:`SpecError` if one can't be read.

    ``painted``: its picture is painted from its words, not given. ``sources`` records where it is said: in the specs of
    those shots.
    """
    shots = film.cut.before(clip.clip_id)
    if not shots:
        return None
    sources.read(ORDER, SHOT_LIST, "shots", " ".join(each.clip_id for each in shots))
    kept = _STAGED.setdefault(film.cut, {})
    for each in (clip, *shots):
        if each.clip_id not in kept:
            kept[each.clip_id] = _staged(each, film)
    here, _ = kept[clip.clip_id]
    before = [each for each in shots if kept[each.clip_id][0] == here]
    found, said = read(staging, [kept[each.clip_id][1] for each in before], painted=painted)
    for what, spoken in said.items():
        for number, words in spoken:
            sources.read(f"earlier.{what}", spec_file(before[number].stem), "prompt.positive", words)
    return found


_STAGED: WeakKeyDictionary[Scenes, dict[str, tuple[tuple[str, str], Staging]]] = WeakKeyDictionary()
"""Film → clip id → where and when it is, and what of it is read: each shot is staged once for all that follow."""


def _staged(clip: Clip, film: Film) -> tuple[tuple[str, str], Staging]:
    """Where and at which time of day a shot is, as its spec and heading have it, and the parts of it that are read: its
    own words, and what tells their language."""
    spec, known = clip.spec, film.bibles.locations
    ids = spec.continuity.locations
    heading = StagedHeading(*map(fold, clip_heading(clip, film, "", RequestSources(clip.stem, film.settings))))
    places = tuple(StagedPlace(each, "", fold(known[each].description)) for each in ids if each in known)
    staging = Staging(fold(spec.prompt.positive), places, (), clip=clip.clip_id, heading=heading,
                      film=fold(film.bibles.style.global_prefix))  # fmt: skip
    place = ids[0] if ids else heading.place.casefold()
    return (place, heading.time.casefold()), staging
