"""The hand-over of a film as data: its cut, the takes that go with it, and the stamps of its files."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import floor
from pathlib import Path
from typing import Any

from vtx_app.compile.request import fold, stamp_of
from vtx_app.cut.disclosure import disclosure_card
from vtx_app.cut.edited import film_row
from vtx_app.errors import ProjectError
from vtx_app.formats.deliveries import STEMS, Stem
from vtx_app.formats.rate import has_time_code
from vtx_app.handover.lay_out import Format, lay_out
from vtx_app.handover.model import Cut, Laid, Marker, Media
from vtx_app.handover.names import media_name, portable_name, reel_name
from vtx_app.handover.record import is_handed_over
from vtx_app.media.sound_length import sound_length
from vtx_app.plan.clip_plan import ClipPlan
from vtx_app.plan.film_plan import FilmPlan
from vtx_app.plan.mix_file import MixFile
from vtx_app.plan.subtitles import SubtitlesPlan
from vtx_app.project.notes import notes_of
from vtx_app.project.paths import renders, take_path
from vtx_app.takes.records import TakeRecord, take_records

__all__ = ["HANDOVER_VERSION", "HandoverPlan", "film_cut", "plan_handover"]

HANDOVER_VERSION = 3
"""Raised when the same film would get other lists."""

MEDIA_VERSION = 2
"""Raised when the same take would get another file."""

_LONGEST_NOTE = 500


@dataclass(frozen=True, slots=True)
class HandoverPlan:
    """The folder of a hand-over, whose record at ``path`` carries ``stamp``.

    ``takes``: the take behind each of the cut's media, by its file. ``music``: the film's own file behind each of
    ``music/``. ``stems``: parts of the mix. ``stamps``: of every file that is not a list, by its name in the folder.
    """

    cut: Cut
    folder: Path
    path: Path
    stamp: str
    takes: Mapping[str, Path]
    music: Mapping[str, Path]
    stems: Mapping[str, Stem]
    stamps: Mapping[str, str]
    mix: MixFile
    subtitles: SubtitlesPlan | None

    def is_current(self) -> bool:
        """Whether every file is there and was made from exactly what the plan says. Reads the record."""
        return is_handed_over(self.path, self.stamp)

    @property
    def lists(self) -> tuple[str, ...]:
        """The suffixes of the lists that the film's rate allows."""
        return (".otio", ".xml", ".fcpxml", ".edl", ".ale") if has_time_code(self.cut.rate) else (".otio",)


def plan_handover(plan: FilmPlan) -> HandoverPlan:
    """The hand-over of a film. Raises :class:`ProjectError` for a film without clips."""
    if plan.final is None or plan.mix is None:
        raise ProjectError(f"{plan.film.slug} has no clips yet, and so nothing to hand over")
    folder = plan.film.folder / renders(plan.tier) / "handover" / plan.film.slug
    cut, takes = _cut_and_takes(plan)
    files = _music_files(plan)
    rate = str(cut.rate)
    stamps = {
        each.file: stamp_of("media", MEDIA_VERSION, [each.digest, each.name, each.reel, each.frames, rate])
        for each in cut.media
    }
    stamps |= {name: sha256 for _, (name, sha256) in files.items()}
    buses = {"dialogue", *(each.bus for each in cut.laid)}
    stems = {f"stems/{plan.film.slug}.{stem}.wav": stem for stem in STEMS if stem in buses}
    stamps |= {name: stamp_of("stem", MEDIA_VERSION, [plan.mix.stamp, stem]) for name, stem in stems.items()}
    words = plan.subtitles.content if plan.subtitles else ""
    facts = {"cut": cut, "stamps": stamps, "subtitles": words, "mix": plan.mix.stamp}
    return HandoverPlan(
        cut,
        folder,
        folder / f"{plan.film.slug}.handover.json",
        stamp_of("handover", HANDOVER_VERSION, facts),
        takes,
        {name: path for path, (name, _) in files.items()},
        stems,
        stamps,
        plan.mix,
        plan.subtitles,
    )


def film_cut(plan: FilmPlan) -> Cut:
    """The cut of the film, as an editing program lays it out. Raises :class:`ProjectError` for a film without clips."""
    if plan.final is None:
        raise ProjectError(f"{plan.film.slug} has no clips yet, and so no cut")
    return _cut_and_takes(plan)[0]


def _cut_and_takes(plan: FilmPlan) -> tuple[Cut, dict[str, Path]]:
    film = plan.film
    shown: dict[str, Media] = {}
    every: list[Media] = []
    for stem, clip in plan.every_clip.items():
        media = list(_media(plan, clip, in_film=stem in plan.clips))
        every += media
        shown |= {each.clip_id: each for each in media if each.shown}
    card = disclosure_card(film.metadata.disclosure, plan.rate, *plan.size)
    row = film_row([clip.material for clip in plan.clips.values()], film.edit, disclosure=card)
    cut = lay_out(
        Format(fold(film.settings["title"]), film.slug, plan.rate, *plan.size),
        row,
        plan.timeline.sound,
        shown,
        edit=film.edit,
        laid=list(_laid(plan)),
        markers=list(_markers(plan)),
        media=every,
    )
    return cut, {each.file: take_path(film.folder, each.clip_id, each.digest) for each in every}


def _media(plan: FilmPlan, clip: ClipPlan, *, in_film: bool) -> Iterator[Media]:
    """The take that a clip shows, and the others like it that nobody rejected. Of a clip that is left out, what is
    rendered."""
    film, records = plan.film, take_records(plan.film.folder, clip.clip_id)
    select = film.selects.get(clip.clip_id)
    rejected = set(select.rejected if select else ())
    numbers = {record.digest: number for number, record in enumerate(records, 1)}
    material, digest = clip.material, clip.take.digest
    notes = notes_of(film, clip.clip_id)
    title = fold(clip.clip.spec.title)

    def noted(take: str) -> str:
        return _short(" / ".join(note.text for note in notes if take.startswith(note.take)))

    if in_film or digest in numbers:
        number = numbers.get(digest, len(records) + 1)
        frames = material.head + material.frames + material.tail
        names = media_name(clip.clip_id, number), clip.clip_id, number, digest, reel_name(clip.clip_id, number)
        yield Media(*names, frames, material.head, material.frames, in_film, title, noted(digest))
    for record in records:
        frames, head = (_whole(record.request.get(key)) for key in ("frames", "head"))
        if record.digest == digest or record.digest in rejected or not frames or not _alike(record, clip):
            continue
        number = numbers[record.digest]
        names = media_name(clip.clip_id, number), clip.clip_id, number, record.digest, reel_name(clip.clip_id, number)
        yield Media(
            *names, frames, head, max(0, min(material.frames, frames - head)), False, title, noted(record.digest)
        )


def _alike(record: TakeRecord, clip: ClipPlan) -> bool:
    """Whether a take is an alternate: by the same renderer, and of the same size."""
    request = clip.take.request
    own = (request.renderer, request.width, request.height)
    return tuple(record.request.get(key) for key in ("renderer", "width", "height")) == own


def _whole(value: Any) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else 0


def _music_files(plan: FilmPlan) -> dict[Path, tuple[str, str]]:
    """The files of music and effects: their names in the folder, and their content's digest."""
    laid = {each.path: each.sha256 for each in (plan.mix.plan.laid if plan.mix else ())}
    names = {path: portable_name(path.name) for path in laid}
    counts = Counter(map(str.casefold, names.values()))
    return {
        path: (f"music/{name if counts[name.casefold()] == 1 else f'{laid[path][:8]}-{name}'}", laid[path])
        for path, name in names.items()
    }


def _laid(plan: FilmPlan) -> Iterator[Laid]:
    files = _music_files(plan)
    for each in plan.mix.plan.laid if plan.mix else ():
        length = floor(sound_length(each.path) * plan.rate)
        first, start = round(each.skip * float(plan.rate)), each.start
        first, start = (first - start, 0) if start < 0 else (first, start)
        frames = min(each.start + each.frames, plan.timeline.frames) - start
        frames = min(frames, length - first)
        if frames > 0:
            yield Laid(
                files[each.path][0],
                each.bus,
                length,
                start=start,
                frames=frames,
                first=first,
                gain_db=each.gain_db,
                fade_in=each.fade_in if each.start >= 0 else 0,
                fade_out=each.fade_out,
            )


def _markers(plan: FilmPlan) -> Iterator[Marker]:
    for name, (start, _) in plan.timeline.acts.items():
        yield Marker(start, "act", f"Act {int(name[1:])}")
    for act, scene, start in plan.timeline.scenes:
        yield Marker(start, "scene", f"Scene {act}.{scene}", fold(plan.film.scenes.get((act, scene), "")))
    starts: dict[str, int] = {}
    for use in plan.timeline.uses:
        starts.setdefault(use.clip_id, use.start)
    for clip_id, start in starts.items():
        for note in notes_of(plan.film, clip_id):
            yield Marker(start, "note", clip_id, _short(f"{note.when} {note.text}"))


def _short(text: str) -> str:
    """A note on one line, not longer than programs show."""
    text = fold(text)
    return text if len(text) <= _LONGEST_NOTE else f"{text[: _LONGEST_NOTE - 1]}…"
