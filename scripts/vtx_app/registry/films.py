"""Queries of the registry: every film and how far it is, and the unfinished ones."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from vtx_app.registry.database import Connection, transaction
from vtx_app.registry.job_rows import mark_interrupted, newest_jobs, now

__all__ = ["FilmSummary", "all_films", "open_film", "unfinished_films"]


class FilmSummary(NamedTuple):
    """One film of the list.

    ``rendered`` clips have their take, and a person ``approved`` some of them; a build of the final makes
    ``to_render`` takes and ``to_conform`` clips; ``failed`` and ``interrupted`` clips lack their take. Seconds of
    film. ``trouble``: the first fault of its files.
    """

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
        """The film as JSON data."""
        return self._asdict()


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


def all_films(db: Connection) -> list[FilmSummary]:
    """Every film, by slug."""
    films = map(FilmSummary._make, db.execute(_FILMS))
    return [film._replace(finished=bool(film.finished)) for film in films]


def unfinished_films(db: Connection, only: Sequence[str] = ()) -> list[FilmSummary]:
    """The films whose final is not what their specs ask for, in the order in which to finish them.

    ``only``: these, in this order. Else films with interrupted or failed work come first, then those with takes, each
    group by seconds left to render; films that can't be read come last.
    """
    found = {film.slug: film for film in all_films(db) if not film.finished}
    if only:
        return [found[slug] for slug in dict.fromkeys(only) if slug in found]

    def order(film: FilmSummary) -> tuple[bool, bool, bool, float, str]:
        stopped = film.failed + film.interrupted > 0
        return bool(film.trouble), not stopped, film.rendered == 0, film.seconds_to_render, film.slug

    return sorted(found.values(), key=order)


def open_film(db: Connection, slug: str) -> dict[tuple[str, str], tuple[str, str]]:
    """Record that a person looks at the film; return state and error of the newest job of each of its takes."""
    with transaction(db):
        mark_interrupted(db)
        db.execute("UPDATE projects SET last_opened = ? WHERE slug = ?", (now(), slug))
    return newest_jobs(db, slug)
