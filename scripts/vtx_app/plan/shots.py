"""Each shot by itself: its take, and how much of it there is to cut. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from fractions import Fraction

from vtx_app.compile.canvas import clip_picture, draft_size
from vtx_app.compile.clip_request import Compiled, Parent, compile_request
from vtx_app.compile.duration import clip_frames
from vtx_app.compile.request import RenderRequest, fold
from vtx_app.cut.delivery import SlateText
from vtx_app.cut.timeline import Material
from vtx_app.errors import SpecError
from vtx_app.formats.check import location
from vtx_app.formats.metadata import SlateStyle
from vtx_app.formats.rate import exact_rate
from vtx_app.formats.renderers import RENDERERS
from vtx_app.formats.select import Select
from vtx_app.models.fingerprint import file_sha256
from vtx_app.models.locked import LockedModels
from vtx_app.plan.choice import Choice, choose, covered, effective_select, status_rejects
from vtx_app.plan.clip_plan import TakePlan
from vtx_app.project.edit_file import EDIT
from vtx_app.project.film import Clip, Film
from vtx_app.project.paths import take_path
from vtx_app.project.selects import select_path
from vtx_app.render.renderer import reader_of_earlier
from vtx_app.takes.records import take_record

__all__ = ["Shot", "Tier", "tier_renderer"]


def tier_renderer(film: Film, tier: str) -> str:
    """The renderer of the film's takes in ``tier``."""
    return {"animatic": "animatic", "draft": "ltx"}.get(tier) or str(film.settings["renderer"])


@dataclass(frozen=True, slots=True)
class Shot:
    """A clip before the edit: its take, ``picture`` (width, height) and ``slate``; ``head`` frames of the take before
    the shot, None if it begins with the take. ``last``: the frame of the take that is the shot's last."""

    clip: Clip
    take: TakePlan
    candidates: tuple[TakePlan, ...]
    choice: Choice
    picture: tuple[int, int]
    slate: SlateText | None
    head: int | None
    material: Material
    notes: tuple[str, ...]

    @property
    def last(self) -> int:
        """The frame of the take (from 0) that a clip which continues the shot starts from: where its spec ends it."""
        return (self.head or 0) + self.material.chain_end - 1


@dataclass(frozen=True, slots=True)
class Tier:
    """What all clips of a film have in common in one tier. ``size`` of the film's frame in pixels."""

    film: Film
    tier: str
    renderer: str
    models: LockedModels
    rate: Fraction
    size: tuple[int, int]
    slate: SlateStyle
    slate_font: str

    @classmethod
    def of(cls, film: Film, tier: str, models: LockedModels | None = None) -> Tier:
        """The tier of a film; by default with the film's own models."""
        renderer = tier_renderer(film, tier)
        size = film.settings["width"], film.settings["height"]
        size = draft_size(*size) if tier == "draft" else size
        slate = film.metadata.slate_style(tier) or ("full" if RENDERERS[renderer].burns_slate else "none")
        slate_font = file_sha256(film.slate_font) if film.slate_font and slate != "none" else ""
        models = models or LockedModels(film.folder, film.lock, film.variables)
        return cls(film, tier, renderer, models, exact_rate(film.settings["fps"]), size, slate, slate_font)

    def shot(self, clip: Clip, parent: Shot | None) -> Shot:
        """One clip, given the one it continues from.

        Raises :class:`SpecError` and :class:`vtx_app.errors.ModelError` for a clip that can't be rendered.
        """
        film, draft = self.film, self.tier == "draft"
        source = Parent(parent.take.digest, parent.last) if parent else None
        earlier = reader_of_earlier(self.renderer)
        compiled = compile_request(clip, film, self.renderer, self.models, source, draft=draft, read_earlier=earlier)
        select = effective_select(film, clip, compiled.request, self.tier)
        choice = choose(compiled.request, select, rejected=status_rejects(film, clip, self.tier))
        candidates = dict(choice.candidates)
        planned = choice.shown == choice.wanted or choice.shown in candidates
        request = candidates.get(choice.shown, choice.request)
        take = self._take(clip, parent, compiled, choice.shown, request)
        if not planned and not take.exists():
            raise _missing_choice(film, clip, choice)
        picture, frames = clip_picture(clip, film, draft=draft), clip_frames(clip, film)
        head, rendered, notes = request.head, request.frames, compiled.notes
        if choice.state != "open":
            requested = picture, frames
            existing = asdict(request) if planned else take_record(film.folder, clip.clip_id, choice.shown).request
            head, rendered = existing.get("head"), existing.get("frames") or 0
            picture, frames = covered(existing, picture, frames)
            if (picture, frames) != requested:
                notes += (_short_take_note(clip, choice, picture, frames),)
        if select is not None and choice.state == "approved":
            notes += tuple(_older_freeze(film, select, picture, frames))
        return Shot(
            clip,
            take,
            tuple(
                self._take(clip, parent, compiled, digest, other)
                for digest, other in choice.candidates
                if digest != choice.shown
            ),
            choice,
            picture,
            _slate(clip, request, choice.shown, self.slate) if self.slate != "none" else None,
            head,
            Material(
                clip.clip_id,
                clip.spec.act,
                clip.spec.scene,
                frames,
                head or 0,
                max(0, rendered - (head or 0) - frames),
                fixed=choice.state != "open" or self.sketches,
                parent=clip.spec.inputs.continue_from,
                repeated=clip.spec.inputs.continue_frames if parent else 0,
                chained=_older_end(select, choice, frames, rendered - (head or 0)),
            ),
            notes,
        )

    @property
    def sketches(self) -> bool:
        """Whether this is the storyboard of a film whose own takes have handles: the edit is made for those."""
        return not RENDERERS[self.renderer].uses_models and RENDERERS[self.film.settings["renderer"]].uses_models

    def _take(
        self, clip: Clip, parent: Shot | None, compiled: Compiled, digest: str, request: RenderRequest
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


def _older_end(select: Select | None, choice: Choice, frames: int, there: int) -> int | None:
    """The frames after which an older approval ended the shot, and a chain from it starts; at most those ``there`` in
    the take."""
    if select is None or choice.state != "approved" or select.frames in (None, frames):
        return None
    return min(select.frames, there) if there > 0 else select.frames


def _older_freeze(film: Film, select: Select, picture: tuple[int, int], frames: int) -> Iterator[str]:
    """Older approvals also froze length and size. Where that is not what is shown now, say so.

    Clips that continue the shot still start where the approval ended it, so that none is rendered for this.
    """
    for key, frozen, shown in (
        ("frames", select.frames, frames),
        ("width", select.width, picture[0]),
        ("height", select.height, picture[1]),
    ):
        if frozen is not None and frozen != shown:
            at = location(select_path(film.folder, select.clip_id), key)
            way = f"clips.{select.clip_id}.out in {EDIT} sets it" if key == "frames" else f"render.{key} sets it"
            yield f"{at}: {frozen} no longer counts, as an approval keeps pixels alone; the clip has {shown}, and {way}"


def _slate(clip: Clip, request: RenderRequest, digest: str, style: SlateStyle) -> SlateText:
    if style == "small":
        return SlateText(clip.clip_id, fold(clip.spec.title), (), (), style)
    dialogue = request.staging.dialogue if request.staging else ()
    beats = tuple(map(fold, clip.spec.story_beats))
    return SlateText(clip.clip_id, fold(clip.spec.title), beats, dialogue, take=digest[:7])
