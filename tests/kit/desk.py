"""A person's decisions on one clip of the film ``harbour``, where the test stands."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from kit.film import Film
from kit.machine import forget
from vtx_app.plan.film_plan import ClipPlan, FilmPlan
from vtx_app.plan.planner import plan_film
from vtx_app.review import decisions

CLIP = "A01_S01_SH002"
SELECT = f"review/selects/{CLIP}.yaml"
NOTES = f"review/notes/{CLIP}.md"


def planned() -> FilmPlan:
    """The plan of the film as its files are now."""
    forget()
    return plan_film("harbour", "final")


def the_clip() -> ClipPlan:
    """The plan of the clip."""
    return decisions.find_clip(planned().clips, CLIP)


def decide(decision: Callable[..., Any], *more: Any) -> None:
    """Save a decision on the clip, such as ``decisions.approve``; ``more`` are its further arguments."""
    plan = planned()
    decisions.save(plan.film, decision(plan.film, decisions.find_clip(plan.clips, CLIP), *more))


def note(text: str, take: str = "") -> None:
    """Add a note on the clip."""
    plan = planned()
    decisions.add_note(plan.film, decisions.find_clip(plan.clips, CLIP), text, take)


def edit_all_clips(film: Film) -> None:
    """Edit the style bible, which every clip's request contains."""
    film.edit("prompts/style_bible.yaml", "soft grain", "hard grain")
