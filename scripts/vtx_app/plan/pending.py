"""What building a target makes: which clips are conformed, which pieces drawn and which takes rendered."""

from __future__ import annotations

from collections.abc import Iterable

from vtx_app.plan.clip_plan import ClipPlan, chain_of
from vtx_app.plan.film_plan import ActPlan, FilmPlan, InsertPlan
from vtx_app.sound.mix_plan import MixPlan

__all__ = [
    "clips_for_manifest",
    "clips_for_poster",
    "clips_heard",
    "clips_to_check",
    "clips_to_conform",
    "clips_to_render",
    "has_checks",
    "mixes_film",
    "pieces_to_draw",
    "takes_for",
]


def clips_to_conform(plan: FilmPlan, target: str) -> list[ClipPlan]:
    """The stale clips that ``target`` (final, acts, clips, handover) needs.

    A current act or final needs none of its clips, and a hand-over is made of takes.
    """
    clips: Iterable[ClipPlan] = plan.clips.values()
    if target in ("handover", "qc") or (target == "final" and not _makes_final(plan)):
        clips = ()
    elif target == "acts":
        clips = (clip for act in _stale_acts(plan) for clip in act.clips)
    return [clip for clip in clips if not plan.is_current(clip)]


def pieces_to_draw(plan: FilmPlan, target: str) -> list[InsertPlan]:
    """The stale drawn pieces that ``target`` needs."""
    if target in ("clips", "handover", "qc") or (target == "final" and not _makes_final(plan)):
        return []
    if plan.film.settings["acts_enabled"]:
        parts = [part for act in _stale_acts(plan) for part in act.parts]
    else:
        parts = list(plan.inserts.values())
    return [part for part in parts if isinstance(part, InsertPlan) and not plan.is_current(part)]


def mixes_film(plan: FilmPlan, target: str) -> bool:
    """Whether ``target`` needs a mix of the film that is not there."""
    return target == "final" and _makes_final(plan) and plan.mix is not None and not plan.is_current(plan.mix)


def takes_for(plan: FilmPlan, target: str) -> list[ClipPlan]:
    """The clips whose takes ``target`` is made from: to conform, to draw, to mix, for the poster; to be checked."""
    needed = clips_to_conform(plan, target)
    needed += [clip for piece in pieces_to_draw(plan, target) for clip in piece.clips]
    if target == "qc":
        needed += clips_to_check(plan)
    if target == "handover":
        needed += plan.clips.values()
    if mixes_film(plan, target) and plan.mix is not None:
        needed += clips_heard(plan, plan.mix.plan)
    makes_final = target == "final" and _makes_final(plan)
    if target == "acts" or makes_final:
        needed += [clip for act in _acts_of(plan, target) for clip in clips_heard(plan, act.mix)]
    if makes_final:
        needed += clips_for_poster(plan)
    return list({clip.clip_id: clip for clip in needed}.values())


def clips_to_check(plan: FilmPlan) -> list[ClipPlan]:
    """The clips whose take was not measured yet."""
    from vtx_app.qc.measures import read_measures  # films without checks don't pay for it

    return [
        clip for clip in plan.clips.values() if read_measures(plan.film.folder, clip.clip_id, clip.take.digest) is None
    ]


def has_checks(plan: FilmPlan) -> bool:
    """Whether any take of the film was measured, or has to be before the film is cut."""
    return plan.film.metadata.qc.policy != "warn" or (plan.film.folder / "renders/qc").is_dir()


def clips_heard(plan: FilmPlan, mix: MixPlan) -> list[ClipPlan]:
    """The clips whose sound is in ``mix``, in the order of the film."""
    return [clip for clip in plan.clips.values() if clip.clip_id in mix.takes]


def clips_for_poster(plan: FilmPlan) -> list[ClipPlan]:
    """The clip that a stale poster is a frame of, with the chain that its colour is matched to; empty if the poster is
    current."""
    if plan.poster is None or plan.is_current(plan.poster):
        return []
    (clip,) = (clip for clip in plan.clips.values() if clip.clip_id == plan.poster.clip_id)
    return chain_of(clip) if clip.delivery.match else [clip]


def _makes_final(plan: FilmPlan) -> bool:
    return plan.final is not None and not plan.is_current(plan.final)


def _stale_acts(plan: FilmPlan) -> list[ActPlan]:
    return [act for act in plan.acts.values() if not plan.is_current(act)]


def _acts_of(plan: FilmPlan, target: str) -> list[ActPlan]:
    return _stale_acts(plan) if target == "acts" or plan.film.settings["acts_enabled"] else []


def clips_for_manifest(plan: FilmPlan) -> list[ClipPlan]:
    """The stale clips that no stale act copies: a new final's manifest lists the bytes of all."""
    if plan.final is None or not _makes_final(plan):
        return []
    if plan.film.settings["acts_enabled"]:
        joined = {clip.clip_id for act in _stale_acts(plan) for clip in act.clips}
    else:
        joined = {part.clip_id for part in plan.final.parts if isinstance(part, ClipPlan)}
    return [clip for clip in plan.clips.values() if clip.clip_id not in joined and not plan.is_current(clip)]


def clips_to_render(clips: Iterable[ClipPlan]) -> list[ClipPlan]:
    """Of ``clips`` and the clips they continue from, those whose take does not exist; parents first."""
    missing: dict[str, ClipPlan] = {}
    for clip in clips:
        chain: list[ClipPlan] = []
        link: ClipPlan | None = clip
        while link is not None and not link.take.exists():
            chain.append(link)
            link = link.parent
        missing |= {each.clip_id: each for each in reversed(chain)}
    return list(missing.values())
