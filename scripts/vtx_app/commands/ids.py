"""Slugs and ids of the parts of a film, and the shell's completion of them: by the names of files alone, so quick."""

from __future__ import annotations

from collections.abc import Callable

import typer

from vtx_app.commands.build import at_snakefile
from vtx_app.errors import VtxError

__all__ = ["completed", "completed_slugs", "completed_takes", "completed_tiers", "part_of"]


_LETTERS = 12


def part_of(clip_id: str, kind: str) -> str:
    """The clip id itself, or its scene's or act's."""
    return "_".join(clip_id.split("_")[: {"clip": 3, "scene": 2, "act": 1}[kind]])


def completed_slugs(incomplete: str) -> list[str]:
    """The films that there are."""
    from vtx_app.project.paths import projects_root

    try:
        at_snakefile()
        names = sorted(path.parent.name for path in projects_root().glob("*/metadata.yaml"))
    except (VtxError, OSError):
        return []
    return [name for name in names if name.startswith(incomplete)]


def completed(kind: str) -> Callable[[typer.Context, str], list[str]]:
    """The clips, scenes or acts of the film that stands before them on the command line."""

    def complete(ctx: typer.Context, incomplete: str) -> list[str]:
        from vtx_app.project.paths import project_folder

        try:
            at_snakefile()
            specs = (project_folder(str(ctx.params.get("slug"))) / "prompts/clips").glob("A*_S*_SH*__*.yaml")
            clip_ids = sorted(path.stem.partition("__")[0] for path in specs)
        except (VtxError, OSError):
            return []
        parts = dict.fromkeys(part_of(clip_id, kind) for clip_id in clip_ids)
        return [part for part in parts if part.startswith(incomplete)]

    return complete


def completed_takes(ctx: typer.Context, incomplete: str) -> list[str]:
    """The takes of the clip that stands before them on the command line, by their first letters."""
    from vtx_app.project.paths import project_folder
    from vtx_app.takes.records import take_digests

    try:
        at_snakefile()
        digests = sorted(take_digests(project_folder(str(ctx.params.get("slug"))), str(ctx.params.get("clip_id"))))
    except (VtxError, OSError):
        return []
    return [digest[:_LETTERS] for digest in digests if digest.startswith(incomplete)]


def completed_tiers(incomplete: str) -> list[str]:
    """The tiers that a film can be cut in."""
    from vtx_app.project.paths import TIERS

    return [tier for tier in sorted(TIERS) if tier.startswith(incomplete)]
