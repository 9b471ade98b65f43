"""What is asked of the registry: the films with how far each is, and those that are not finished."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from vtx_app.registry.db import Connection, writing
from vtx_app.registry.job_rows import interrupt_dead, newest_jobs, now

__all__ = ["FilmLine", "films", "look_at", "unfinished"]


@dataclass(frozen=True, slots=True)
class FilmLine:
    """One film as a line of a list. ``rendered`` clips have their take, ``approved`` ones of them a person's word;
    ``to_render`` takes and ``to_conform`` clips are what building the final would make; ``failed`` and
    ``interrupted`` clips have no take because of it. Seconds of film. ``trouble`` is the first fault of its files."""

    slug: str
    project_id: str
    title: str
    path: str
    renderer: str
    clips: int
    rendered: int
    approved: int
    to_render: int
    to_conform: int
    failed: int
    interrupted: int
    seconds: float
    seconds_to_render: float
    finished: bool
    last_opened: str | None
    trouble: str

    def data(self) -> dict[str, Any]:
        """For scripts."""
        return asdict(self)


_FILMS = """
SELECT slug, project_id, title, path, renderer,
    coalesce(clips, 0), coalesce(rendered, 0), coalesce(approved, 0), to_render, to_conform,
    coalesce(failed, 0), coalesce(interrupted, 0), round(seconds, 2), round(seconds_to_render, 2),
    finished, last_opened, error
FROM projects LEFT JOIN (
    SELECT slug AS of_film, count(*) AS clips, sum(state IN ('rendered', 'approved')) AS rendered,
        sum(state = 'approved') AS approved, sum(state = 'failed') AS failed, sum(state = 'interrupted') AS interrupted
    FROM clips GROUP BY slug
) ON of_film = slug
WHERE active ORDER BY slug
"""


def films(db: Connection) -> list[FilmLine]:
    """Every film there is, by slug."""
    lines = (FilmLine(*row) for row in db.execute(_FILMS))
    return [replace(line, finished=bool(line.finished)) for line in lines]


def unfinished(db: Connection, only: Sequence[str] = ()) -> list[FilmLine]:
    """The films whose final is not what their specs ask for, in the order to go on with them.

    ``only``: these, in this order. Else first those in which work was interrupted or failed, then those that were
    begun, and of each the ones with the fewest seconds left to render; films that can't be read stand last.
    """
    found = {film.slug: film for film in films(db) if not film.finished}
    if only:
        return [found[slug] for slug in dict.fromkeys(only) if slug in found]

    def order(film: FilmLine) -> tuple[bool, bool, bool, float, str]:
        stopped = film.failed + film.interrupted > 0
        return bool(film.trouble), not stopped, film.rendered == 0, film.seconds_to_render, film.slug

    return sorted(found.values(), key=order)


def look_at(db: Connection, slug: str) -> dict[tuple[str, str], tuple[str, str]]:
    """Note that a person looks at this film now; returns (state, error) of the newest job of each of its takes."""
    with writing(db):
        interrupt_dead(db)
        db.execute("UPDATE projects SET last_opened = ? WHERE slug = ?", (now(), slug))
    return newest_jobs(db, slug)
