"""What the film-maker should know about the cut: what the edit does, and what of it is still to be made."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from vtx_app.cut.stills import long_stills
from vtx_app.formats.check import location
from vtx_app.formats.edit import Edit
from vtx_app.plan.film_plan import FilmPlan, InsertPlan
from vtx_app.plan.pending import mixes_film
from vtx_app.project.edit_file import edit_path
from vtx_app.text import plural

__all__ = ["cut_data", "cut_lines", "cut_notices", "nothing_shown"]


def nothing_shown(plan: FilmPlan) -> str:
    """The error of a film that shows no clip: it has no specs, or its shot list names none of them."""
    if not plan.left_out:
        return f"{plan.film.slug} has no clip specs yet"
    return (
        f"none of the {plural(len(plan.left_out), 'clip')} of {plan.film.slug} is in the film: "
        "story/04_shotlist.yaml names none of them"
    )


def cut_notices(plan: FilmPlan) -> Iterator[str]:
    """A line for each chain that a trim tears, and for each picture that stands still for long."""
    film = plan.film
    for keys, text in long_stills(film.edit, plan.rate):
        yield f"{location(edit_path(film.folder), *keys)}: {text}"
    for parent, child in plan.timeline.torn:
        clip_id = child if film.edit.of_clip(child).in_ else parent
        at = location(edit_path(film.folder), "clips", clip_id)
        yield f"{at}: {child} continues {parent}, but no longer runs on from it: one of them is trimmed where they meet"


def cut_lines(plan: FilmPlan, target: str, draw: Sequence[InsertPlan]) -> list[str]:
    """What the edit does to the film, and which parts of the cut are still to be made; empty without an edit."""
    timeline, left_out = plan.timeline, plan.film.edit.left_out
    facts = [f"{plural(len(left_out), 'clip')} left out"] if left_out else []
    if timeline.overlapped:
        facts.append(f"{plural(timeline.overlapped, 'frame')} shorter by dissolves without handles")
    if timeline.repeated:
        facts.append(
            f"{plural(timeline.repeated, 'frame')} shorter where clips continue others, whose last frame they repeat"
        )
    lines = [f"  cut: {', '.join(facts)}"] if facts else []
    frames = sum(piece.piece.frames for piece in draw)
    make = [f"{plural(len(draw), 'piece')} to draw ({frames / float(plan.rate):.1f} s)"] if draw else []
    if mixes_film(plan, target) and (draw or plan.film.edit != Edit()):
        make.append("the film's sound to mix")
    return lines + ([f"  cut: {', '.join(make)}"] if make else [])


def cut_data(plan: FilmPlan, target: str, draw: Sequence[InsertPlan]) -> dict[str, Any]:
    """For ``--json``: lengths in frames."""
    return {
        "frames": plan.timeline.frames,
        "overlapped": plan.timeline.overlapped,
        "repeated": plan.timeline.repeated,
        "left_out": sorted(plan.film.edit.left_out),
        "unlisted": list(plan.film.unlisted),
        "torn": [list(chain) for chain in plan.timeline.torn],
        "draw": [piece.piece.name for piece in draw],
        "mix": mixes_film(plan, target),
    }
