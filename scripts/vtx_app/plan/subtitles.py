"""The subtitles of a film as data: what is said in its shots, and the stamp of the files made from that."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from vtx_app.compile.request import stamp_of
from vtx_app.compile.sources import spec_file
from vtx_app.cut.timeline import Heard, Timeline
from vtx_app.formats.rate import exact_rate
from vtx_app.plan.clip_plan import ClipPlan
from vtx_app.project.film import Film
from vtx_app.subtitles.files import SubtitleFiles
from vtx_app.subtitles.film import cut_frames
from vtx_app.subtitles.words import spoken_text
from vtx_app.takes.records import take_record

__all__ = ["SpokenClip", "SubtitlesPlan", "plan_subtitles"]

SUBTITLES_VERSION = 1
"""Raised when the same film would get other subtitles."""

_UNKNOWN_LANGUAGE = "und"
"""BCP 47: undetermined."""


@dataclass(frozen=True, slots=True)
class SpokenClip:
    """A shot in which somebody speaks: the take at ``path``, whose frame ``head`` is the first of the shot's
    ``frames``, and its ``lines`` (speaker, words)."""

    clip_id: str
    path: Path
    digest: str
    head: int
    frames: int
    lines: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class SubtitlesPlan:
    """The subtitles of a film of ``frames`` at ``rate``: made from the ``clips`` (by id) that are heard in ``sound``,
    kept to its ``cuts``. ``language`` is a tag of BCP 47."""

    files: SubtitleFiles
    stamp: str
    language: str
    rate: Fraction
    frames: int
    cuts: tuple[int, ...]
    sound: tuple[Heard, ...]
    clips: Mapping[str, SpokenClip]

    @property
    def path(self) -> Path:
        """The ``.srt``, which the final shows."""
        return self.files.srt

    def is_current(self) -> bool:
        """Whether the files exist and were made from exactly what the plan says. Reads them."""
        return self.files.are_current(self.stamp)

    @property
    def content(self) -> str:
        """What the final shows, for its stamp: these subtitles, or the file that a person wrote. Reads the file."""
        return self.files.edited() or self.stamp


def plan_subtitles(film: Film, final: Path, clips: Iterable[ClipPlan], timeline: Timeline) -> SubtitlesPlan | None:
    """The subtitles of the film at ``final``; None if nothing is said in it, and nobody wrote subtitles for it."""
    rate, heard = exact_rate(film.settings["fps"]), {each.clip_id for each in timeline.sound}
    spoken: dict[str, SpokenClip] = {}
    for plan in clips:
        if plan.clip_id in heard and (lines := _lines(film, plan)):
            head, frames = plan.material.head, plan.material.frames
            spoken[plan.clip_id] = SpokenClip(plan.clip_id, plan.take.path, plan.take.digest, head, frames, lines)
    files = SubtitleFiles.beside(final)
    if not spoken and not files.edited():
        return None
    language = film.metadata.language or _UNKNOWN_LANGUAGE
    sound = tuple(each for each in timeline.sound if each.clip_id in spoken)
    cuts = tuple(cut_frames(timeline))
    facts = {
        "language": language,
        "rate": rate,
        "frames": timeline.frames,
        "cuts": cuts,
        "sound": [(each.clip_id, each.first, each.frames, each.start) for each in sound],
        "clips": [(each.clip_id, each.digest, each.head, each.frames, each.lines) for each in spoken.values()],
    }
    stamp = stamp_of("subtitles", SUBTITLES_VERSION, facts)
    return SubtitlesPlan(files, stamp, language, rate, timeline.frames, cuts, sound, spoken)


def _lines(film: Film, plan: ClipPlan) -> tuple[tuple[str, str], ...]:
    """Who says what in the shown take; for an approved take that is out of date, by its record."""
    written = [(each.character, each.line) for each in plan.clip.spec.prompt.dialogue]
    if plan.choice.out_of_date:
        sources = take_record(film.folder, plan.clip_id, plan.take.digest).sources.get("prompt", {})
        label = f"{spec_file(plan.clip.stem)}: prompt.dialogue."
        texts = [text for name, text in sources.items() if name.startswith(label)]
        written = [(who, line) for who, _, line in (text.partition(": ") for text in texts)] if sources else written
    people = film.bibles.characters
    spoken_lines = [(people[who].name if who in people else who, spoken_text(line)) for who, line in written]
    return tuple((" ".join(who.split()), text) for who, text in spoken_lines if text)
