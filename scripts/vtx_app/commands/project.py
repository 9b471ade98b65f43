"""``vtx project env-create``: a film's own Python."""

from __future__ import annotations

from vtx_app.commands.options import DryRun, Slug, command, group
from vtx_app.commands.snakemake_command import run_snakemake, snakemake_command

__all__ = ["app"]

app = group("One film's own environment.")


@command(app, "env-create")
def env_create(slug: Slug, dry_run: DryRun = False) -> int:
    """Build projects/<slug>/.venv from env/requirements.txt unless it is up to date."""
    from vtx_app.errors import ProjectError
    from vtx_app.files import display_path
    from vtx_app.project.environment import REQUIREMENTS, environment_record, has_environment
    from vtx_app.project.paths import project_folder

    folder = project_folder(slug)
    if not has_environment(folder):
        reason = "lists nothing" if (folder / REQUIREMENTS).exists() else "no such file"
        raise ProjectError(f"{display_path(folder / REQUIREMENTS)}: {reason}: list what the film needs, a line each")
    return run_snakemake(snakemake_command([environment_record(slug).as_posix()], dry_run=dry_run))
