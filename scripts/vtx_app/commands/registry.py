"""``vtx registry sync``: the index of all films, made to say what their files say."""

from __future__ import annotations

import typer

from vtx_app.commands.build import at_snakefile
from vtx_app.commands.options import Json
from vtx_app.commands.showing import as_json, say, telling
from vtx_app.text import plural

__all__ = ["app"]

app = typer.Typer(help="The index of all films. It can be deleted at any time.", no_args_is_help=True)


@app.callback()
def _group() -> None:
    """The index of all films. It can be deleted at any time."""


@app.command("sync")
def sync_films(json: Json = False) -> None:
    """Read the films that have changed since the last time, and find jobs that were killed."""
    with telling():
        from vtx_app.registry.database import use
        from vtx_app.studio.sync import sync

        at_snakefile()
        done = use(sync)
        if json:
            as_json(done.data())
            return
        films = len(done.read) + done.unchanged
        gone = f", {len(done.gone)} gone ({', '.join(done.gone)})" if done.gone else ""
        say(f"{plural(films, 'film')}: {len(done.read)} read, {done.unchanged} unchanged{gone}")
        for slug, fault in done.faults.items():
            say(f"  {slug}: {fault}")
        for slug, subject in done.interrupted:
            say(f"  {slug}: {subject} was interrupted")
