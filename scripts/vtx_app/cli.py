"""``vtx``: the film-maker's desk. Whatever makes a file of a film it leaves to Snakemake, and says the command."""

from __future__ import annotations

import io
import sys
from typing import Annotated

import typer

from vtx_app import __version__
from vtx_app.commands import config, models, planning, project, projects, registry, render, story, takes
from vtx_app.commands.doctor import doctor
from vtx_app.commands.resume import resume
from vtx_app.commands.schemas import schemas

app = typer.Typer(no_args_is_help=True, add_completion=True, pretty_exceptions_enable=False)
app.add_typer(projects.app, name="projects")
app.add_typer(story.app, name="story")
app.add_typer(render.app, name="render")
app.add_typer(render.assemble, name="assemble")
app.add_typer(project.app, name="project")
app.add_typer(config.app, name="config")
app.add_typer(takes.app, name="take")
app.add_typer(models.app, name="models")
app.add_typer(registry.app, name="registry")
app.command()(resume)
app.command()(doctor)
app.command()(schemas)
app.command()(takes.takes)
app.command()(takes.gc)
app.command()(planning.plan)
app.command()(planning.why)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"vtx {__version__}")
        raise typer.Exit


@app.callback()
def desk(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="say which VTX this is")
    ] = False,
) -> None:
    """The film-maker's desk. Whatever makes a file of a film is left to Snakemake, whose command is said."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a terminal of another encoding shows what it can of a title
            stream.reconfigure(errors="replace")


if __name__ == "__main__":
    app()
