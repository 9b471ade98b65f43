"""Whether this machine can render what a build needs."""

from __future__ import annotations

from kit.film import Film
from kit.shot import MONOLITH_LOCK
from vtx_app.formats.film_lock import FilmLock
from vtx_app.models.locked import film_lock_text
from vtx_app.plan.planner import plan_film
from vtx_app.plan.readiness import memory_lines, render_faults


def test_requirements_that_cannot_be_read_are_one_of_the_faults(film: Film) -> None:
    """Said once, and the plan says all the rest besides."""
    film.edit("metadata.yaml", "renderer: animatic", "renderer: ltx")
    film.write("film.lock.yaml", film_lock_text(FilmLock(models=MONOLITH_LOCK)))
    film.write("env/requirements.txt", "-r missing.txt\n")
    plan = plan_film("harbour", "final")
    takes = [clip.take for clip in plan.clips.values()]
    assert memory_lines(plan.film, takes) == []
    faults = render_faults(plan.film, takes)
    assert [fault for fault in faults if "missing.txt" in fault] == [
        "projects/harbour/env/requirements.txt:1: 'missing.txt': no such file; it is looked for in projects/harbour/env"
    ]
    assert len(faults) > 1
