"""Compute the plan of a film from its files: every take, clip and drawn piece, the acts, the mix and the final.

Pure: it reads the film's files and the names of existing takes, and writes nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from vtx_app.compile.request import fold, stamp_of
from vtx_app.cut.timeline import Copied, Timeline
from vtx_app.formats.edit import Edit
from vtx_app.formats.renderers import RENDERERS
from vtx_app.media.chapters import Chapter
from vtx_app.plan.clip_plan import ClipPlan
from vtx_app.plan.clips import cut_clips, film_timeline, plan_clips, plan_shots, runs
from vtx_app.plan.film_plan import ActPlan, FilmPlan, FinalPlan, InsertPlan, PiecePlan
from vtx_app.plan.inserts import plan_inserts
from vtx_app.plan.mix_file import mix_file
from vtx_app.plan.poster import plan_poster
from vtx_app.plan.shots import Tier, tier_renderer
from vtx_app.plan.subtitles import plan_subtitles
from vtx_app.project.edit_file import edit_path
from vtx_app.project.film import Film
from vtx_app.project.load import load_film
from vtx_app.project.paths import renders
from vtx_app.project.signing import is_signed
from vtx_app.sound.mix_plan import MixPlan, TakeHeard, mix_digest, mix_plan, stretch

__all__ = ["plan_act", "plan_clips", "plan_film", "plan_loaded_film", "tier_renderer"]

JOIN_VERSION = 4
"""Raised when joining the same clips would give another file."""


def plan_film(slug: str, tier: str) -> FilmPlan:
    """The plan of the film ``slug`` in ``tier``.

    Raises :class:`vtx_app.errors.VtxError` with every fault in the film's files.
    """
    return plan_loaded_film(load_film(slug), tier)


def plan_loaded_film(film: Film, tier: str) -> FilmPlan:
    """The plan in ``tier`` of a ``film`` that was read completely; raises as :func:`plan_film`."""
    common = Tier.of(film, tier)
    shots = plan_shots(common)
    timeline = film_timeline(common, shots)
    every = cut_clips(common, shots, [timeline])
    in_film = film.shown
    clips = {stem: clip for stem, clip in every.items() if clip.clip_id in in_film}
    left_out = {stem: clip for stem, clip in every.items() if stem not in clips}
    folder = film.folder / renders(tier)
    by_id = {clip.clip_id: clip for clip in clips.values()}
    inserts = plan_inserts(common, timeline, by_id, folder / "inserts")
    planned = film, tier, common.renderer, common.rate, clips, left_out, timeline, inserts
    plan = FilmPlan(*planned, {}, None, None, None, None)
    if not clips:
        return plan
    mix = _mix(plan, by_id)
    acts = _acts(timeline, by_id, inserts, mix, folder / "acts")
    title = fold(film.settings["title"])
    poster = plan_poster(film, by_id, timeline.uses, edit_path(film.folder), folder / "final", title)
    subtitles = plan_subtitles(film, folder / f"final/{film.slug}.mp4", clips.values(), timeline)
    shown = subtitles.content if subtitles else ""
    sound = mix_file(mix, folder, film.slug)
    final = _final(plan, acts, sound.stamp, poster.stamp, shown, folder / "final")
    return FilmPlan(*planned, acts, final, sound, poster, subtitles)


def plan_act(slug: str, tier: str, name: str) -> ActPlan | None:
    """The plan of the act ``name`` (``A01``) alone; None if the film has no such act.

    Reads no other act's specs, unless the film has an edit, which can reach over acts, or a clip of the act continues
    one that is not right before it.
    """
    film = load_film(slug, act=int(name[1:]))
    if film.edit != Edit() or film.metadata.disclosure or len(list(runs(film))) > 1:
        film = load_film(slug)
    return plan_loaded_film(film, tier).acts.get(name)


def _mix(plan: FilmPlan, clips: dict[str, ClipPlan]) -> MixPlan:
    film = plan.film
    takes = {
        clip_id: TakeHeard(
            clip_id,
            clip.take.digest,
            clip.take.path,
            clip.material.head,
            f"A{clip.material.act:02d}_S{clip.material.scene:02d}",
            bool(clip.clip.spec.prompt.dialogue),
        )
        for clip_id, clip in clips.items()
    }
    storyboard = not RENDERERS[plan.renderer].uses_models
    return mix_plan(
        plan.timeline,
        film.edit,
        takes,
        rate=plan.rate,
        storyboard=storyboard,
        folder=film.folder,
        file=edit_path(film.folder),
    )


def _pieces(
    timeline: Timeline, clips: dict[str, ClipPlan], inserts: dict[str, InsertPlan], start: int, end: int
) -> tuple[list[PiecePlan], tuple[ClipPlan | InsertPlan, ...]]:
    """The pieces in the film frames ``start`` up to ``end``, and the files that they are copied from."""
    pieces: list[PiecePlan] = []
    parts: dict[Path, ClipPlan | InsertPlan] = {}
    for piece in timeline.picture:
        if start <= piece.start < end:
            part: ClipPlan | InsertPlan = clips[piece.clip_id] if isinstance(piece, Copied) else inserts[piece.name]
            first = piece.first if isinstance(piece, Copied) else 0
            pieces.append(PiecePlan(part.path, part.stamp, first, piece.frames))
            parts.setdefault(part.path, part)
    return pieces, tuple(parts.values())


def _content(pieces: Sequence[PiecePlan]) -> list[tuple[str, int, int]]:
    return [(piece.stamp, piece.first, piece.frames) for piece in pieces]


def _acts(
    timeline: Timeline, clips: dict[str, ClipPlan], inserts: dict[str, InsertPlan], mix: MixPlan, folder: Path
) -> dict[str, ActPlan]:
    acts = {}
    for name, (start, end) in timeline.acts.items():
        pieces, parts = _pieces(timeline, clips, inserts, start, end)
        sound = stretch(mix, start, end)
        stamp = stamp_of("act", JOIN_VERSION, {"pieces": _content(pieces), "sound": mix_digest(sound)})
        acts[name] = ActPlan(name, end - start, tuple(pieces), parts, sound, stamp, folder / f"{name}.mp4")
    return acts


def _final(plan: FilmPlan, acts: dict[str, ActPlan], mix: str, poster: str, subtitles: str, folder: Path) -> FinalPlan:
    film, timeline = plan.film, plan.timeline
    by_id = {clip.clip_id: clip for clip in plan.clips.values()}
    pieces, products = _pieces(timeline, by_id, plan.inserts, 0, timeline.frames)
    parts: tuple[ActPlan, ...] | tuple[ClipPlan | InsertPlan, ...] = products
    joined = pieces
    if film.settings["acts_enabled"]:
        parts = tuple(acts.values())
        joined = [PiecePlan(act.path, act.stamp, 0, act.frames) for act in parts]
    chapters = _chapters(film, timeline)
    title = fold(film.settings["title"])
    language, disclosure = film.metadata.language or "", film.metadata.disclosure or ""
    content = {
        "pieces": _content(pieces),
        "clips": [(clip.clip.stem, clip.stamp) for clip in plan.clips.values()],  # the manifest names the files
        "mix": mix,
        "chapters": chapters,
        "title": title,
        "language": language,
        "disclosure": disclosure,
        "poster": poster,
        "subtitles": subtitles,
    }
    if is_signed(film, plan.tier):
        content["signed"] = True
    return FinalPlan(
        stamp_of("final", JOIN_VERSION, content),
        folder / f"{film.slug}.mp4",
        folder / f"{film.slug}.manifest.json",
        tuple(joined),
        parts,
        chapters,
        title,
        language,
        disclosure,
    )


def _chapters(film: Film, timeline: Timeline) -> tuple[Chapter, ...]:
    """A chapter for every unbroken run of one scene, titled by act, scene and the screenplay's title."""
    chapters = []
    ends = [start for _, _, start in timeline.scenes[1:]] + [timeline.frames]
    for number, ((act, scene, start), end) in enumerate(zip(timeline.scenes, ends, strict=True)):
        name = film.scenes.get((act, scene), "")
        begin = start if number else 0
        if begin < end:
            chapters.append(Chapter(f"Act {act}, scene {scene}" + (f": {name}" if name else ""), begin, end))
    return tuple(chapters)
