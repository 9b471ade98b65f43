"""Compute the plan of a film from its files: every take, clip, act and the final, each with its digest.

Pure: it reads the film's files and the names of existing takes, and writes nothing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from fractions import Fraction
from itertools import groupby
from pathlib import Path

from vtx_app.compile.canvas import clip_picture, draft_size
from vtx_app.compile.clip_request import Compiled, Parent, compile_request
from vtx_app.compile.duration import clip_frames
from vtx_app.compile.request import RenderRequest, canonical_json, fold
from vtx_app.cut.delivery import Delivery, SlateText, clip_digest
from vtx_app.errors import SpecError
from vtx_app.formats.check import location
from vtx_app.formats.rate import exact_rate
from vtx_app.formats.renderers import RENDERERS
from vtx_app.models.fingerprint import file_sha256
from vtx_app.models.locked import LockedModels
from vtx_app.plan.choice import Choice, choose, covered, effective_select, status_rejects
from vtx_app.plan.film_plan import ActPlan, ClipPlan, FilmPlan, FinalPlan, Scene, TakePlan
from vtx_app.plan.generations import require_locked_generations
from vtx_app.project.film import Clip, Film
from vtx_app.project.handles import Handles
from vtx_app.project.load import load_film
from vtx_app.project.paths import renders, take_path
from vtx_app.project.selects import select_path
from vtx_app.takes.records import take_record

__all__ = ["plan_act", "plan_clips", "plan_film", "tier_renderer"]

JOIN_VERSION = 2
"""Raised when joining the same clips would give another file."""


def tier_renderer(film: Film, tier: str) -> str:
    """The renderer of the film's takes in ``tier``."""
    return {"animatic": "animatic", "draft": "ltx"}.get(tier) or str(film.settings["renderer"])


def plan_film(slug: str, tier: str) -> FilmPlan:
    """The plan of the film ``slug`` in ``tier``.

    Raises :class:`vtx_app.errors.VtxError` with every fault in the film's files.
    """
    film = load_film(slug)
    clips = plan_clips(film, tier)
    folder = film.folder / renders(tier)
    acts = _acts(clips.values(), folder / "acts")
    final = _final(film, folder / "final", list(clips.values()), acts) if clips else None
    return FilmPlan(film, tier, tier_renderer(film, tier), exact_rate(film.settings["fps"]), clips, acts, final)


def plan_act(slug: str, tier: str, name: str) -> ActPlan | None:
    """The plan of the act ``name`` (``A01``) alone; None if the film has no such act. Reads no other act's specs."""
    film = load_film(slug, act=int(name[1:]))
    return _acts(plan_clips(film, tier).values(), film.folder / renders(tier) / "acts").get(name)


def plan_clips(film: Film, tier: str, models: LockedModels | None = None) -> dict[str, ClipPlan]:
    """The plans of the film's clips by file stem, in the order of the cut; by default with the film's own models.

    Raises :class:`SpecError` and :class:`ModelError` for clips that can't be rendered.
    """
    tier_plan = _Tier.of(film, tier, models or LockedModels(film.folder, film.lock, film.variables))
    done: dict[str, ClipPlan] = {}
    for clip in film.clips.values():
        chain = [clip]
        while (parent_id := chain[-1].spec.inputs.continue_from) and parent_id not in done:
            chain.append(film.clips[parent_id])
        for link in reversed(chain):
            if link.clip_id not in done:
                parent_id = link.spec.inputs.continue_from
                done[link.clip_id] = tier_plan.clip(link, done[parent_id] if parent_id else None)
    if tier_plan.models.compared and RENDERERS[tier_plan.renderer].uses_models:
        require_locked_generations(done.values(), tier_plan.models)
    return {clip.stem: done[clip.clip_id] for clip in film.clips.values()}


@dataclass(frozen=True, slots=True)
class _Tier:
    """What all clips of a film have in common in one tier. ``size`` of the film's frame in pixels."""

    film: Film
    tier: str
    renderer: str
    models: LockedModels
    rate: Fraction
    size: tuple[int, int]
    slate_font: str

    @classmethod
    def of(cls, film: Film, tier: str, models: LockedModels) -> _Tier:
        renderer = tier_renderer(film, tier)
        size = film.settings["width"], film.settings["height"]
        size = draft_size(*size) if tier == "draft" else size
        slate_font = file_sha256(film.slate_font) if film.slate_font and RENDERERS[renderer].burns_slate else ""
        return cls(film, tier, renderer, models, exact_rate(film.settings["fps"]), size, slate_font)

    def clip(self, clip: Clip, parent: ClipPlan | None) -> ClipPlan:
        """The plan of one clip, given that of the clip it continues from."""
        film, draft = self.film, self.tier == "draft"
        source = Parent(parent.take.digest, parent.delivery.last) if parent else None
        compiled = compile_request(clip, film, self.renderer, self.models, source, draft=draft)
        select = effective_select(film, clip, compiled.request, self.tier)
        choice = choose(compiled.request, select, rejected=status_rejects(film, clip, self.tier))
        candidates = dict(choice.candidates)
        planned = choice.shown == choice.wanted or choice.shown in candidates
        request = candidates.get(choice.shown, choice.request)
        take = self._take(clip, parent, compiled, choice.shown, request)
        if not planned and not take.exists():
            raise _missing_choice(film, clip, choice)
        picture, frames = clip_picture(clip, film, draft=draft), clip_frames(clip, film)
        notes = compiled.notes
        head, rendered = request.head, request.frames
        if choice.state != "open":
            requested = picture, frames
            existing = asdict(request) if planned else take_record(film.folder, clip.clip_id, choice.shown).request
            head, rendered = existing.get("head"), existing.get("frames") or 0
            picture, frames = covered(existing, picture, frames)
            if (picture, frames) != requested:
                notes += (_short_take_note(clip, choice, picture, frames),)
        slate = _slate(clip, request) if RENDERERS[self.renderer].burns_slate else None
        delivery = Delivery(*self.size, *picture, self.rate, frames, slate, head)
        return ClipPlan(
            clip,
            take,
            tuple(
                self._take(clip, parent, compiled, digest, other)
                for digest, other in choice.candidates
                if digest != choice.shown
            ),
            parent,
            choice,
            delivery,
            clip_digest(choice.shown, delivery, self.slate_font),
            film.folder / f"{renders(self.tier)}/clips/{clip.stem}.mp4",
            notes,
            Handles(delivery.first, max(0, rendered - delivery.last - 1)),
        )

    def _take(
        self, clip: Clip, parent: ClipPlan | None, compiled: Compiled, digest: str, request: RenderRequest
    ) -> TakePlan:
        return TakePlan(
            clip.clip_id,
            clip.name,
            self.tier,
            request,
            digest,
            take_path(self.film.folder, clip.clip_id, digest),
            compiled.files,
            compiled.slots,
            compiled.sources,
            parent.take if parent else None,
        )


def _missing_choice(film: Film, clip: Clip, choice: Choice) -> SpecError:
    path = select_path(film.folder, clip.clip_id)
    return SpecError(
        [
            f"{location(path, 'take')}: the {choice.state} take {choice.shown[:12]}… is not in "
            f"renders/takes/{clip.clip_id}, and the edited shot no longer requests it: copy it back from where it was "
            f"rendered, or give it up: vtx take unfreeze {film.slug} {clip.clip_id}"
        ]
    )


def _short_take_note(clip: Clip, choice: Choice, picture: tuple[int, int], frames: int) -> str:
    size = "×".join(map(str, picture))
    shown_part = f"the film shows {frames} frames of {size}"
    return f"{clip.name}: its {choice.state} take is shorter or smaller than the shot: {shown_part}"


def _slate(clip: Clip, request: RenderRequest) -> SlateText:
    dialogue = request.staging.dialogue if request.staging else ()
    return SlateText(clip.clip_id, fold(clip.spec.title), tuple(map(fold, clip.spec.story_beats)), dialogue)


def _join_stamp(kind: str, parts: object) -> str:
    return hashlib.sha256(f"{kind}/{JOIN_VERSION}:{canonical_json(parts)}".encode()).hexdigest()


def _acts(clips: Iterable[ClipPlan], folder: Path) -> dict[str, ActPlan]:
    acts = {}
    for number, group in groupby(clips, key=lambda clip: clip.clip.spec.act):
        members = tuple(group)
        name = f"A{number:02d}"
        stamp = _join_stamp("act", [clip.stamp for clip in members])
        acts[name] = ActPlan(name, members, stamp, folder / f"{name}.mp4")
    return acts


def _final(film: Film, folder: Path, clips: list[ClipPlan], acts: Mapping[str, ActPlan]) -> FinalPlan:
    parts = tuple(acts.values()) if film.settings["acts_enabled"] else tuple(clips)
    chapters = _chapters(film, clips)
    title = fold(film.settings["title"])
    created = film.metadata.created_at.isoformat() if film.metadata.created_at else ""
    named = [(clip.clip.stem, clip.stamp) for clip in clips]  # the manifest names the files
    stamp = _join_stamp("final", {"clips": named, "chapters": chapters, "title": title, "created": created})
    path, manifest = folder / f"{film.slug}.mp4", folder / f"{film.slug}.manifest.json"
    return FinalPlan(stamp, path, manifest, parts, chapters, title, created)


def _chapters(film: Film, clips: list[ClipPlan]) -> tuple[Scene, ...]:
    """A chapter for every unbroken run of one scene, titled by act, scene and the screenplay's title."""
    chapters = []
    start = 0
    for (act, scene), group in groupby(clips, key=lambda clip: (clip.clip.spec.act, clip.clip.spec.scene)):
        end = start + sum(clip.delivery.frames for clip in group)
        name = film.scenes.get((act, scene), "")
        chapters.append(Scene(f"Act {act}, scene {scene}" + (f": {name}" if name else ""), start, end))
        start = end
    return tuple(chapters)
