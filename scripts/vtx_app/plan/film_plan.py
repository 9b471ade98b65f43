"""The plan of a film: every take, clip, act and the final, each with the digest of what it is made from.

One pure function of the files on disk, used by the dry-run, by the build and by every job. A file is
current exactly if it is there under its digest (a take) or carries it as its stamp (clip, act, final).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from fractions import Fraction
from functools import cache
from itertools import groupby
from pathlib import Path

from vtx_app.compile.clip_request import Parent, clip_frames, clip_picture, compile_request, draft_size
from vtx_app.compile.prompt import length_warning
from vtx_app.compile.request import RenderRequest, canonical_json, fold
from vtx_app.compile.sources import SourceTexts
from vtx_app.cut.delivery import Delivery, SlateText, clip_digest
from vtx_app.errors import ProjectError, SpecError
from vtx_app.formats.check import near, place
from vtx_app.formats.rate import exact_rate
from vtx_app.formats.renderers import RENDERERS
from vtx_app.models.fingerprint import file_sha256
from vtx_app.models.locked import LockedModels
from vtx_app.plan.choice import Choice, choose, covered
from vtx_app.plan.said import select_of, told_of
from vtx_app.project.film import Clip, Film
from vtx_app.project.load import load_film
from vtx_app.project.paths import renders, shown, take_path
from vtx_app.project.selects import select_path
from vtx_app.takes.records import take_request

__all__ = ["ActPlan", "ClipPlan", "FilmPlan", "FinalPlan", "Scene", "plan_clips", "plan_film", "tier_renderer"]

_SHOWN_NOTES = 12

JOIN_VERSION = 2
"""Raised when the same clips would be joined into another file."""


@dataclass(frozen=True, slots=True)
class ClipPlan:
    """One clip: its request and take, how it is delivered, and the ``stamp`` that the delivered file carries.

    ``files``, ``slots``, ``sources`` and ``notes`` are those of :class:`vtx_app.compile.clip_request.Compiled`.
    ``digest`` and ``take`` are of the take that is shown, which need not be the one that the spec asks for: see
    ``choice``.
    """

    clip: Clip
    request: RenderRequest
    files: Mapping[str, Path]
    slots: Mapping[str, str]
    sources: SourceTexts
    notes: tuple[str, ...]
    digest: str
    take: Path
    parent: ClipPlan | None
    delivery: Delivery
    stamp: str
    path: Path
    choice: Choice

    def renderable(self) -> Iterator[ClipPlan]:
        """This plan, and those of further seeds that a person asked for: every take a build may be asked to make."""
        yield self
        for digest, request in self.choice.candidates:
            if digest != self.digest:
                yield replace(self, request=request, digest=digest, take=self.take.with_name(f"{digest}.mp4"))


@dataclass(frozen=True, slots=True)
class ActPlan:
    """One act: its clips in order, joined."""

    name: str
    clips: tuple[ClipPlan, ...]
    stamp: str
    path: Path


@dataclass(frozen=True, slots=True)
class Scene:
    """A run of clips of one scene in the final, as a chapter: frames from the film's start, end exclusive."""

    title: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class FinalPlan:
    """The final cut: joined from the acts, or from the clips where the film has no acts."""

    stamp: str
    path: Path
    manifest: Path
    parts: tuple[ActPlan, ...] | tuple[ClipPlan, ...]
    chapters: tuple[Scene, ...]
    title: str
    created: str


@dataclass(frozen=True, slots=True)
class FilmPlan:
    """A whole film in one tier. ``clips`` by file stem, in the order of the cut; ``acts`` by name (``A01``)."""

    film: Film
    tier: str
    renderer: str
    rate: Fraction
    clips: dict[str, ClipPlan]
    acts: dict[str, ActPlan]
    final: FinalPlan | None

    def clip(self, stem: str) -> ClipPlan:
        """The clip of that file stem. Raises :class:`ProjectError` where no spec makes it."""
        if stem not in self.clips:
            raise ProjectError(
                f"no clip {stem!r} in {self.film.folder / 'prompts/clips'}: "
                f"a clip is named as its spec is{near(stem, self.clips)}"
            )
        return self.clips[stem]

    def warnings(self) -> list[str]:
        """What the film-maker should know before rendering, a line each, by clip."""
        notes = [note for plan in self.clips.values() for note in plan.notes]
        more = len(notes) - _SHOWN_NOTES
        return [
            *_unwritten(self.film),
            *(line for plan in self.clips.values() for line in told_of(self.film, plan.clip, plan.choice)),
            *(
                f"{plan.clip.name}: {warning}"
                for plan in self.clips.values()
                if (warning := length_warning(plan.request.prompt)) is not None
            ),
            *notes[:_SHOWN_NOTES],
            *([f"… and {more} more that are passed over"] if more > 0 else []),
        ]


def _unwritten(film: Film) -> Iterator[str]:
    if film.unwritten:
        first = ", ".join(film.unwritten[:_SHOWN_NOTES]) + (", …" if len(film.unwritten) > _SHOWN_NOTES else "")
        yield (
            f"{film.folder / 'story/04_shotlist.yaml'}: {len(film.unwritten)} of its shots have no spec and are not in "
            f"the film: {first}. The target story writes them"
        )


def _join_stamp(kind: str, parts: object) -> str:
    return hashlib.sha256(f"{kind}/{JOIN_VERSION}:{canonical_json(parts)}".encode()).hexdigest()


def tier_renderer(film: Film, tier: str) -> str:
    """The renderer of the film's takes in ``tier``."""
    return {"animatic": "animatic", "draft": "ltx"}.get(tier) or str(film.settings["renderer"])


def plan_clips(film: Film, tier: str, models: LockedModels | None = None) -> dict[str, ClipPlan]:
    """The plans of the film's clips by file stem, in the film's order; by default with the film's own models.

    Raises :class:`SpecError` and :class:`ModelError` for what can't be rendered.
    """
    renderer, draft = tier_renderer(film, tier), tier == "draft"
    models = models or LockedModels(film.folder, film.lock, film.variables)
    rate = exact_rate(film.settings["fps"])
    width, height = film.settings["width"], film.settings["height"]
    size = draft_size(width, height) if draft else (width, height)
    folder = film.folder / renders(tier) / "clips"
    slate_font = file_sha256(film.slate_font) if film.slate_font and RENDERERS[renderer].burns_slate else ""
    done: dict[str, ClipPlan] = {}

    def planned(clip: Clip) -> ClipPlan:
        parent_id = clip.spec.inputs.continue_from
        parent = done[parent_id] if parent_id else None
        source = Parent(parent.digest, parent.delivery.frames - 1) if parent else None
        compiled = compile_request(clip, film, renderer, models, source, draft=draft)
        select = select_of(film, clip, compiled.request) if tier == "final" else None
        rejected = tier == "final" and clip.spec.status.state == "rejected"
        choice = choose(compiled.request, select, rejected=rejected)
        request, digest = dict(choice.candidates).get(choice.shown, choice.request), choice.shown
        slate = _slate(clip, request) if RENDERERS[renderer].burns_slate else None
        picture, frames = clip_picture(clip, film, draft=draft), clip_frames(clip, film)
        if select is not None and choice.state == "approved":
            picture = select.width or picture[0], select.height or picture[1]
            frames = select.frames or frames
        less: tuple[str, ...] = ()
        known = digest in (choice.wanted, *dict(choice.candidates))
        if choice.state != "open":
            made_of = asdict(request) if known else take_request(film.folder, clip.clip_id, digest)
            picture, frames = covered(made_of, *(asked := (picture, frames)))
            less = () if (picture, frames) == asked else (_less(clip, choice, picture, frames),)
        delivery = Delivery(size[0], size[1], picture[0], picture[1], rate, frames, slate)
        take = take_path(film.folder, clip.clip_id, digest)
        if not known and not take.exists():
            raise _lost(film, clip, choice)
        stamp = clip_digest(digest, delivery, slate_font)
        path = folder / f"{clip.stem}.mp4"
        told = compiled.files, compiled.slots, compiled.sources, (*compiled.notes, *less)
        return ClipPlan(clip, request, *told, digest, take, parent, delivery, stamp, path, choice)

    for clip in film.clips.values():
        chain = [clip]
        while (parent_id := chain[-1].spec.inputs.continue_from) and parent_id not in done:
            chain.append(film.clips[parent_id])
        for link in reversed(chain):
            if link.clip_id not in done:
                done[link.clip_id] = planned(link)
    return {clip.stem: done[clip.clip_id] for clip in film.clips.values()}


def _lost(film: Film, clip: Clip, choice: Choice) -> SpecError:
    path = select_path(film.folder, clip.clip_id)
    return SpecError(
        [
            f"{place(path, shown(path), 'take')}: the {choice.state} take {choice.shown[:12]}… is not in "
            f"renders/takes/{clip.clip_id}, and the shot asks for another by now: copy it there from where it was "
            f"rendered, or give it up: vtx take unfreeze {film.slug} {clip.clip_id}"
        ]
    )


def _less(clip: Clip, choice: Choice, picture: tuple[int, int], frames: int) -> str:
    size = "×".join(map(str, picture))
    return (
        f"{clip.name}: its {choice.state} take is shorter or smaller than the shot: shown are {frames} frames of {size}"
    )


def _slate(clip: Clip, request: RenderRequest) -> SlateText:
    dialogue = request.staging.dialogue if request.staging else ()
    return SlateText(clip.clip_id, fold(clip.spec.title), tuple(map(fold, clip.spec.story_beats)), dialogue)


@cache
def plan_film(slug: str, tier: str) -> FilmPlan:
    """The plan of the film ``slug`` in ``tier``, compiled once a run.

    Raises :class:`vtx_app.errors.VtxError` with every fault of the film's files.
    """
    film = load_film(slug)
    clips = plan_clips(film, tier)
    folder = film.folder / renders(tier)
    acts = {}
    for number, group in groupby(clips.values(), key=lambda plan: plan.clip.spec.act):
        members = tuple(group)
        name = f"A{number:02d}"
        stamp = _join_stamp("act", [plan.stamp for plan in members])
        acts[name] = ActPlan(name, members, stamp, folder / "acts" / f"{name}.mp4")
    renderer = tier_renderer(film, tier)
    rate = exact_rate(film.settings["fps"])
    final = _final(film, folder / "final", list(clips.values()), acts) if clips else None
    return FilmPlan(film, tier, renderer, rate, clips, acts, final)


def _final(film: Film, folder: Path, clips: list[ClipPlan], acts: Mapping[str, ActPlan]) -> FinalPlan:
    parts = tuple(acts.values()) if film.settings["acts_enabled"] else tuple(clips)
    chapters = _chapters(film, clips)
    title = fold(film.settings["title"])
    created = film.metadata.created_at.isoformat() if film.metadata.created_at else ""
    named = [(plan.clip.stem, plan.stamp) for plan in clips]  # the manifest names the files
    stamp = _join_stamp("final", {"clips": named, "chapters": chapters, "title": title, "created": created})
    return FinalPlan(
        stamp,
        folder / f"{film.slug}.mp4",
        folder / f"{film.slug}.manifest.json",
        parts,
        chapters,
        title,
        created,
    )


def _chapters(film: Film, clips: list[ClipPlan]) -> tuple[Scene, ...]:
    """A chapter for every unbroken run of one scene, titled by act, scene and the screenplay's title."""
    chapters = []
    start = 0
    for (act, scene), group in groupby(clips, key=lambda plan: (plan.clip.spec.act, plan.clip.spec.scene)):
        end = start + sum(plan.delivery.frames for plan in group)
        name = film.scenes.get((act, scene), "")
        chapters.append(Scene(f"Act {act}, scene {scene}" + (f": {name}" if name else ""), start, end))
        start = end
    return tuple(chapters)
