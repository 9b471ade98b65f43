"""``vtx registry sync``: bring the index of all films up to date."""

from __future__ import annotations

from vtx_app.commands.options import Json, command, group
from vtx_app.commands.output import print_json, print_line
from vtx_app.text import plural

__all__ = ["app"]

app = group("The index of all films. It may be deleted at any time.")


@command(app, "sync")
def sync_films(json: Json = False) -> None:
    """Read the films that have changed since the last sync, and find jobs that were killed."""
    from vtx_app.registry.database import use
    from vtx_app.studio.sync import sync

    synced = use(sync)
    if json:
        print_json(synced.data())
        return
    films = plural(len(synced.read) + synced.unchanged, "film")
    gone = f", {len(synced.gone)} gone ({', '.join(synced.gone)})" if synced.gone else ""
    print_line(f"{films}: {len(synced.read)} read, {synced.unchanged} unchanged{gone}")
    for slug, fault in synced.faults.items():
        print_line(f"  {slug}: {fault}")
    for slug, subject in synced.interrupted:
        print_line(f"  {slug}: {subject} was interrupted")
