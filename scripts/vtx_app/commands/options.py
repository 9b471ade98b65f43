"""Arguments and options that commands share."""

from __future__ import annotations

from typing import Annotated

import typer

from vtx_app.commands.ids import completed, completed_slugs, completed_tiers
from vtx_app.errors import ProjectError

__all__ = ["ClipId", "Cores", "DryRun", "Extra", "Gpus", "Json", "MaybeSlug", "Slug", "Tier", "require_tier"]


def _id_of(name: str) -> str:
    """The clip id in ``name``, which may be that of the clip's spec: A01_S02_SH003__title."""
    return name.partition("__")[0]


Slug = Annotated[str, typer.Argument(help="the film", autocompletion=completed_slugs)]
MaybeSlug = Annotated[str | None, typer.Argument(help="a film; left out: all", autocompletion=completed_slugs)]
ClipId = Annotated[
    str, typer.Argument(help="the shot, as in A01_S02_SH003", autocompletion=completed("clip"), callback=_id_of)
]
Json = Annotated[bool, typer.Option("--json", help="for scripts")]
DryRun = Annotated[bool, typer.Option("-n", "--dry-run", help="say what would be done")]
Cores = Annotated[int | None, typer.Option("-c", "--cores", min=1, help="jobs at a time; left out: up to 4")]
Gpus = Annotated[int | None, typer.Option(min=1, help="GPUs to render on; left out: VTX_MAX_PARALLEL_JOBS, else 1")]
Tier = Annotated[str, typer.Option(help="final, draft or animatic", autocompletion=completed_tiers)]
Extra = Annotated[list[str] | None, typer.Argument(help="after --: options for Snakemake")]


def require_tier(tier: str) -> str:
    """``tier`` where it is one. Raises :class:`ProjectError`."""
    from vtx_app.project.paths import TIERS

    if tier not in TIERS:
        raise ProjectError(f"--tier {tier!r}: expected {', '.join(sorted(TIERS))}")
    return tier
