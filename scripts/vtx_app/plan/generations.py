"""Check that this machine's LTX-2 renders in the generation that the film is locked to."""

from __future__ import annotations

from collections.abc import Collection

from vtx_app.errors import ModelError
from vtx_app.formats.generations import GENERATIONS
from vtx_app.formats.pipelines import MAIN_MODELS, version_text
from vtx_app.models.locked import LockedModels
from vtx_app.plan.shots import Shot
from vtx_app.text import plural

__all__ = ["require_locked_generations"]


def require_locked_generations(clips: Collection[Shot], models: LockedModels) -> None:
    """Raise :class:`ModelError` if a pipeline of the ``clips`` would render in another generation than the locked one.

    A machine without ltx-pipelines or without any checkpoint has nothing to compare.
    """
    for pipeline in sorted({clip.choice.request.pipeline for clip in clips} & set(GENERATIONS)):
        locked = models.locked_generation(pipeline)
        paths = [models.configured_path(slot) for slot in MAIN_MODELS]
        if locked is None or not any(path.is_file() for path in paths if path is not None):
            continue
        here = models.local_generation(pipeline)
        if here is not None and here != locked:
            takes = sum(clip.take.exists() for clip in clips if clip.choice.request.pipeline == pipeline)
            raise ModelError(_message(pipeline, locked, here, takes, models.folder.name))


def _message(pipeline: str, locked: int, here: int, takes: int, slug: str) -> str:
    rows = {each.number: each for each in GENERATIONS[pipeline]}
    if locked > here:
        way = f"install ltx-pipelines {version_text(rows[locked].package)} or newer, with the film's checkpoint"
        other = f"not yet as its generation {locked} ({rows[locked].change})"
    else:
        way = f"install ltx-pipelines before {version_text(rows[locked + 1].package)}"
        other = f"as its generation {here} ({rows[here].change})"
    return (
        f"{pipeline} renders here {other}, and this film was rendered with generation {locked} (film.lock.yaml): it "
        f"changes pixels. {way[0].upper()}{way[1:]}, or move the film to what is here, which costs "
        f"{plural(takes, 'take')}: vtx models lock {slug}"
    )
