"""``vtx project env-create``: a film's own Python."""

from __future__ import annotations

import typer

from vtx_app.commands.build import argv, at_snakefile, snakemake
from vtx_app.commands.options import DryRun, Slug
from vtx_app.commands.showing import telling

__all__ = ["app"]

app = typer.Typer(help="One film's own environment.", no_args_is_help=True)


@app.callback()
def _group() -> None:
    """One film's own environment."""


@app.command("env-create")
def env_create(slug: Slug, dry_run: DryRun = False) -> None:
    """Build projects/<slug>/.venv from env/requirements.txt, unless it is what that asks for already."""
    with telling():
        from vtx_app.errors import ProjectError
        from vtx_app.project.environment import REQUIREMENTS, environment_record, has_environment
        from vtx_app.project.paths import project_folder, shown

        at_snakefile()
        folder = project_folder(slug)
        if not has_environment(folder):
            there = "lists nothing" if (folder / REQUIREMENTS).exists() else "no such file"
            raise ProjectError(f"{shown(folder / REQUIREMENTS)}: {there}: list what the film needs, a line each")
        raise typer.Exit(snakemake(argv([environment_record(slug).as_posix()], dry_run=dry_run)))
