"""``vtx``: the film-maker's desk. Whatever makes a file of a film it leaves to Snakemake, and says the command."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from vtx_app import __version__
from vtx_app.commands import config, planning, project, projects, render, story, takes
from vtx_app.commands.doctor import doctor
from vtx_app.errors import VtxError

app = typer.Typer(no_args_is_help=True, pretty_exceptions_enable=False)
models = typer.Typer(help="The models a film is rendered with.", no_args_is_help=True)
app.add_typer(models, name="models")
app.add_typer(projects.app, name="projects")
app.add_typer(story.app, name="story")
app.add_typer(render.app, name="render")
app.add_typer(render.assemble, name="assemble")
app.add_typer(project.app, name="project")
app.add_typer(config.app, name="config")
app.add_typer(takes.app, name="take")
app.command()(doctor)
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


@app.command()
def schemas(folder: Annotated[Path, typer.Option(help="where to write them")] = Path("config/schemas")) -> None:
    """Write the JSON Schemas of all formats, generated from the models."""
    from vtx_app.formats.schemas import write_schemas

    for path in write_schemas(folder):
        typer.echo(path)


@models.command("lock")
def lock(
    slug: Annotated[str, typer.Argument(help="the film")],
    yes: Annotated[bool, typer.Option("--yes", help="do it, whatever it costs")] = False,
) -> None:
    """Lock a film to the models that lie on this machine, and say how many takes that renders anew."""
    from vtx_app.plan.relock import relock

    try:
        change = relock(slug, write=yes)
    except VtxError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from None
    for line in change.lines():
        typer.echo(line)
    if change.needs_yes and not yes:
        typer.echo(f"Nothing is changed yet. To go on: vtx models lock {slug} --yes")
        raise typer.Exit(2)


if __name__ == "__main__":
    app()
