"""``vtx projects list``, without Typer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vtx_app.commands.output import exit_on_error, print_json, print_line, print_table
from vtx_app.commands.snakemake_command import change_to_snakefile

if TYPE_CHECKING:
    from vtx_app.registry.films import FilmSummary

__all__ = ["print_films"]

_HEADS = ("film", "title", "renderer", "clips", "rendered", "approved", "to render", "seconds", "trouble")


def print_films(*, json: bool, sync: bool) -> None:
    """Print every film; ``sync`` the registry with their files first. Exits with code 1 on an error."""
    with exit_on_error():
        from vtx_app.registry.films import all_films
        from vtx_app.studio.sync import query

        change_to_snakefile()
        films = query(all_films, sync_first=sync)
        if json:
            print_json([film.data() for film in films])
        elif films:
            print_table(_HEADS, [_row(film) for film in films])
        else:
            print_line("no films yet: vtx projects new <slug> --title …")


def _row(film: FilmSummary) -> tuple[object, ...]:
    stopped = ", ".join(
        f"{count} {state}" for state, count in {"failed": film.failed, "interrupted": film.interrupted}.items() if count
    )
    counts = film.clips, film.rendered, film.approved, film.to_render
    return film.slug, film.title, film.renderer, *counts, f"{film.seconds:.1f}", film.trouble or stopped
