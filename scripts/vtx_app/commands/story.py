"""``vtx story …``: the stages from the brief to the clip specs."""

from __future__ import annotations

from typing import Annotated

import typer

from vtx_app.commands.build import argv, at_snakefile, snakemake
from vtx_app.commands.options import Cores, DryRun, Extra, Slug
from vtx_app.commands.showing import telling

__all__ = ["app"]

app = typer.Typer(help="Make the story: what is not written yet.", no_args_is_help=True)

Llm = Annotated[int, typer.Option(min=1, help="model calls at a time")]


_STAGES = {
    "outline": "story/01_outline.yaml: acts, scenes, who and where.",
    "treatment": "story/02_treatment.md: the film in prose.",
    "bibles": "prompts/characters.yaml and locations.yaml: those that are missing.",
    "screenplay": "story/03_screenplay: a file for each scene.",
    "shotlist": "story/04_shotlist.yaml: the shots in the order of the cut.",
    "clips": "prompts/clips: a spec for each shot.",
    "all": "Every stage.",
}


def _add(stage: str, about: str) -> None:
    def make(slug: Slug, dry_run: DryRun = False, cores: Cores = None, llm: Llm = 4, extra: Extra = None) -> None:
        with telling():
            from vtx_app.project.paths import project_folder
            from vtx_app.story.plan import OUTPUTS

            at_snakefile()
            folder, named = project_folder(slug), stage == "all"
            targets = ["story"] if named else [(folder / name).as_posix() for name in OUTPUTS[stage]]
            config = {"project": slug} if named else None
            resources = {"llm": llm}
            words = argv(targets, config=config, dry_run=dry_run, cores=cores, resources=resources, extra=extra or ())
            raise typer.Exit(snakemake(words))

    app.command(stage, help=about)(make)


for _stage, _about in _STAGES.items():
    _add(_stage, _about)
