"""``vtx takes push`` and ``vtx takes pull``: the takes of a film to a store of takes and back."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

import typer
from typer.core import TyperGroup

from vtx_app.commands.options import DryRun, Json, Slug, command, group
from vtx_app.commands.output import print_json, print_line
from vtx_app.commands.snakemake_command import started_in
from vtx_app.commands.takes import takes
from vtx_app.formats.names import CLIP_ID_PATTERN
from vtx_app.text import format_bytes, plural

__all__ = ["app"]

Url = Annotated[
    str, typer.Argument(help="the store: s3://bucket/folder, file:///folder or a folder; one for each film")
]
AtOnce = Annotated[int, typer.Option("--at-once", min=1, max=64, help="takes that are copied at a time")]

_LIST = "list"


class _Takes(TyperGroup):
    """``vtx takes <film> <clip>`` lists. A clip id can't be a slug, so a film may be called push."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        if args and args[0] != "--help" and (args[0] not in self.commands or _names_clip(args[1:2])):
            args = [_LIST, *args]
        return super().parse_args(ctx, args)

    def shell_complete(self, ctx: Any, incomplete: str) -> list[Any]:
        films = self.commands[_LIST].params[0].shell_complete(ctx, incomplete)
        return [*super().shell_complete(ctx, incomplete), *films]


def _names_clip(words: list[str]) -> bool:
    return bool(words) and re.fullmatch(CLIP_ID_PATTERN, words[0].partition("__")[0]) is not None


app = group(
    "List the takes of a clip: vtx takes <film> <clip>. Copy the takes of a film to a store and back.", cls=_Takes
)
command(app, _LIST)(takes)


@command(app)
def push(slug: Slug, url: Url, at_once: AtOnce = 8, dry_run: DryRun = False, json: Json = False) -> int:
    """Copy the takes of a film that a store lacks into it. Nothing there is deleted or written over."""
    return _transfer("push", slug, url, at_once, dry_run=dry_run, json=json)


@command(app)
def pull(slug: Slug, url: Url, at_once: AtOnce = 8, dry_run: DryRun = False, json: Json = False) -> int:
    """Copy the takes of a store that a film lacks into it: what was rendered elsewhere is not rendered here."""
    return _transfer("pull", slug, url, at_once, dry_run=dry_run, json=json)


def _transfer(verb: Literal["push", "pull"], slug: str, url: str, at_once: int, *, dry_run: bool, json: bool) -> int:
    """Copy takes, or with ``dry_run`` none, and print which; return the exit code, 1 if a take is damaged."""
    from vtx_app.project.paths import project_folder
    from vtx_app.takes.remote import open_remote
    from vtx_app.takes.transfer import pull, push

    folder, remote = project_folder(slug), open_remote(url, started_in())
    copied = (push if verb == "push" else pull)(folder, remote, at_once, dry_run=dry_run)
    place = f"{'to' if verb == 'push' else 'from'} {remote.shown}"
    if json:
        print_json(
            {
                "dry_run": dry_run,
                "copied": copied.copied,
                "bytes": copied.size,
                "present": copied.present,
                "different": copied.different,
                "damaged": copied.damaged,
            }
        )
        return int(bool(copied.damaged))
    for take, why in (copied.different | copied.damaged).items():
        clip_id, _, digest = take.partition("/")
        print_line(f"{clip_id} {digest[:12]}: {why}", err=take in copied.damaged)
    done = f"would {verb}" if dry_run else f"{verb}ed"
    parts = [f"{done} {plural(len(copied.copied), 'take')} ({format_bytes(copied.size)}) {place}"]
    for takes_of, what in (
        (copied.present, "there already"),
        (copied.different, "different"),
        (copied.damaged, "damaged"),
    ):
        if takes_of:
            parts.append(f"{len(takes_of):,} {what}")
    print_line("; ".join(parts))
    return int(bool(copied.damaged))
