"""``vtx story …``: the stages from the brief to the clip specs."""

from __future__ import annotations

from typing import Annotated

import typer

from vtx_app.commands.build import snakemake
from vtx_app.commands.options import Cores, DryRun, Slug
from vtx_app.commands.showing import telling

__all__ = ["app"]

app = typer.Typer(help="Make the story: what is not written yet.", no_args_is_help=True)

Llm = Annotated[int, typer.Option(min=1, help="model calls at a time")]


def _make(slug: str, stage: str | None, dry_run: bool, cores: int | None, llm: int) -> None:
    with telling():
        from vtx_app.project.paths import project_folder
        from vtx_app.story.plan import OUTPUTS

        folder = project_folder(slug)
        targets = ["story"] if stage is None else [(folder / name).as_posix() for name in OUTPUTS[stage]]
        config = {"project": slug} if stage is None else None
        raise typer.Exit(snakemake(targets, config=config, dry_run=dry_run, cores=cores, resources={"llm": llm}))


@app.command()
def outline(slug: Slug, dry_run: DryRun = False, cores: Cores = None, llm: Llm = 4) -> None:
    """story/01_outline.yaml: acts, scenes, who and where."""
    _make(slug, "outline", dry_run, cores, llm)


@app.command()
def treatment(slug: Slug, dry_run: DryRun = False, cores: Cores = None, llm: Llm = 4) -> None:
    """story/02_treatment.md: the film in prose."""
    _make(slug, "treatment", dry_run, cores, llm)


@app.command()
def bibles(slug: Slug, dry_run: DryRun = False, cores: Cores = None, llm: Llm = 4) -> None:
    """prompts/characters.yaml and locations.yaml: those that are missing."""
    _make(slug, "bibles", dry_run, cores, llm)


@app.command()
def screenplay(slug: Slug, dry_run: DryRun = False, cores: Cores = None, llm: Llm = 4) -> None:
    """story/03_screenplay: a file for each scene."""
    _make(slug, "screenplay", dry_run, cores, llm)


@app.command()
def shotlist(slug: Slug, dry_run: DryRun = False, cores: Cores = None, llm: Llm = 4) -> None:
    """story/04_shotlist.yaml: the shots in the order of the cut."""
    _make(slug, "shotlist", dry_run, cores, llm)


@app.command()
def clips(slug: Slug, dry_run: DryRun = False, cores: Cores = None, llm: Llm = 4) -> None:
    """prompts/clips: a spec for each shot."""
    _make(slug, "clips", dry_run, cores, llm)


@app.command("all")
def everything(slug: Slug, dry_run: DryRun = False, cores: Cores = None, llm: Llm = 4) -> None:
    """Every stage."""
    _make(slug, None, dry_run, cores, llm)
