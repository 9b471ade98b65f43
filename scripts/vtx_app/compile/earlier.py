"""What a shot has from the earlier ones of its scene: the weather, the hour and the light that they speak of.

Only shots at the same place, under headings of the same time of day, count. What their words say is read by the reader
that is given, since only the storyboard reads words; this module finds the shots, and records where the words are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields
from typing import Protocol

from vtx_app.compile.heading import clip_heading
from vtx_app.compile.request import StagedEarlier, StagedHeading, StagedPlace, Staging, fold
from vtx_app.compile.sources import SHOT_LIST_FILE, RequestSources, spec_file
from vtx_app.project.film import Clip, Film

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
        """What holds in a shot, whose picture is ``painted`` from its words or given; None if nothing does. And by
        field of it the number of each shot that said so, with its words."""
        ...


def compile_earlier(
    clip: Clip, film: Film, staging: Staging, sources: RequestSources, read: ReadEarlier, *, painted: bool
) -> StagedEarlier | None:
    """What the clip, with its own ``staging``, has from earlier shots. Raises :class:`SpecError` if one can't be read.

    ``painted``: its picture is painted from its words, not given. Where it is said is recorded in ``sources``: the
    specs of those shots.
    """
    shots = film.cut.before(clip.clip_id)
    before = [each for each in shots if _place(each, film) == _place(clip, film)]
    if shots:
        sources.read(ORDER, SHOT_LIST_FILE, "shots", " ".join(each.clip_id for each in shots))
    if not before:
        return None
    found, said = read(staging, [_staged(each, film) for each in before], painted=painted)
    for what, spoken in said.items():
        for number, words in spoken:
            sources.read(f"earlier.{what}", spec_file(before[number].stem), "prompt.positive", words)
    return found


def _place(clip: Clip, film: Film) -> tuple[str, str]:
    """Where and at which time of day a shot is, as its spec and heading have it."""
    heading = _heading(clip, film)
    return (clip.spec.continuity.locations or [fold(heading.place).casefold()])[0], heading.time.casefold()


def _heading(clip: Clip, film: Film) -> StagedHeading:
    heading = clip_heading(clip, film, "", RequestSources(clip.stem, film.settings))
    return StagedHeading(*map(fold, heading))


def _staged(clip: Clip, film: Film) -> Staging:
    """As much of an earlier shot as is read: its own words, and what says in which language they are."""
    spec, known = clip.spec, film.bibles.locations
    places = (
        StagedPlace(each, "", fold(known[each].description)) for each in spec.continuity.locations if each in known
    )
    return Staging(fold(spec.prompt.positive), tuple(places), (), clip=clip.clip_id, heading=_heading(clip, film),
                   film=fold(film.bibles.style.global_prefix))  # fmt: skip
