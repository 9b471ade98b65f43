"""``vtx story …``: the stages from the brief to the clip specs."""

from __future__ import annotations

from typing import Annotated

import typer

from vtx_app.commands.options import Cores, DryRun, Extra, Slug, command, group
from vtx_app.commands.snakemake_command import run_snakemake, snakemake_command

__all__ = ["app"]

app = group("Write the missing parts of the story.")

Llm = Annotated[int, typer.Option(min=1, help="model calls at a time")]

_STAGES = {
    "outline": "story/01_outline.yaml: acts, scenes, who and where.",
    "treatment": "story/02_treatment.md: the film in prose.",
    "bibles": "prompts/characters.yaml and locations.yaml, if missing.",
    "screenplay": "story/03_screenplay: a file for each scene.",
    "shotlist": "story/04_shotlist.yaml: the shots in the order of the cut.",
    "clips": "prompts/clips: a spec for each shot.",
    "all": "Every stage.",
}


def _add(stage: str, help: str) -> None:
    @command(app, stage, help=help)
    def write(slug: Slug, dry_run: DryRun = False, cores: Cores = None, llm: Llm = 4, extra: Extra = None) -> int:
        from vtx_app.project.paths import project_folder
        from vtx_app.story.plan import OUTPUTS

        folder = project_folder(slug)
        if stage == "all":
            targets, config = ["story"], {"project": slug}
        else:
            targets, config = [(folder / name).as_posix() for name in OUTPUTS[stage]], {}
        return run_snakemake(
            snakemake_command(targets, config=config, dry_run=dry_run, cores=cores, resources={"llm": llm}, extra=extra)
        )


for _stage, _help in _STAGES.items():
    _add(_stage, _help)
