"""Arguments and options that commands share."""

from __future__ import annotations

from typing import Annotated

import typer

__all__ = ["Cores", "DryRun", "Extra", "Gpus", "Json", "Slug", "Tier"]


def _slugs(incomplete: str) -> list[str]:
    """The films that there are, for the shell's completion."""
    from vtx_app.project.paths import projects_root

    return sorted(
        path.parent.name for path in projects_root().glob("*/metadata.yaml") if path.parent.name.startswith(incomplete)
    )


Slug = Annotated[str, typer.Argument(help="the film", autocompletion=_slugs)]
Json = Annotated[bool, typer.Option("--json", help="for scripts")]
DryRun = Annotated[bool, typer.Option("-n", "--dry-run", help="say what would be done")]
Cores = Annotated[int | None, typer.Option("-c", "--cores", min=1, help="jobs at a time; left out: up to 4")]
Gpus = Annotated[int | None, typer.Option(min=1, help="GPUs to render on; left out: VTX_MAX_PARALLEL_JOBS, else 1")]
Tier = Annotated[str, typer.Option(help="final, draft or animatic")]
Extra = Annotated[list[str] | None, typer.Argument(help="after --: options for Snakemake")]
