"""The ``vtx`` application: every command and every group of commands."""

from __future__ import annotations

from typing import Annotated

import typer

from vtx_app import __version__
from vtx_app.commands import (
    config,
    edit,
    models,
    project,
    projects,
    registry,
    render,
    story,
    storyboard,
    take_transfer,
    takes,
)
from vtx_app.commands.doctor import doctor
from vtx_app.commands.edit_lists import diff, take_over
from vtx_app.commands.options import command
from vtx_app.commands.planning import plan, why
from vtx_app.commands.resume import resume
from vtx_app.commands.review import review
from vtx_app.commands.schemas import schemas

__all__ = ["app"]

app = typer.Typer(no_args_is_help=True, add_completion=True, pretty_exceptions_enable=False)
app.add_typer(projects.app, name="projects")
app.add_typer(story.app, name="story")
app.add_typer(render.app, name="render")
app.add_typer(render.assemble, name="assemble")
app.add_typer(storyboard.app, name="storyboard")
app.add_typer(project.app, name="project")
app.add_typer(config.app, name="config")
app.add_typer(takes.app, name="take")
app.add_typer(take_transfer.app, name="takes")
app.add_typer(edit.app, name="edit")
app.add_typer(models.app, name="models")
app.add_typer(registry.app, name="registry")
command(app)(resume)
command(app, anywhere=True)(doctor)
command(app, anywhere=True)(schemas)
command(app)(review)
command(takes.app)(edit.trim)
command(edit.app, name="import")(take_over)
command(edit.app)(diff)
command(app)(takes.gc)
command(app)(plan)
command(app)(why)


def _print_version(wanted: bool) -> None:
    if wanted:
        print(f"vtx {__version__}")  # noqa: T201
        raise typer.Exit


@app.callback()
def vtx(
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="print the version")
    ] = False,
) -> None:
    """Shows the state of films and records your decisions. Builds are Snakemake's: vtx prints the command it runs."""
