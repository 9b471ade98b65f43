"""Generations of a pipeline: what of package and checkpoint decides the pixels that the same request gives.

From upstream's changelog. A pipeline that is not in the table gives the same request the same pixels in all versions.
"""

from __future__ import annotations

from dataclasses import dataclass

from vtx_app.formats.pipelines import Version

__all__ = ["GENERATIONS", "Generation", "generation_of", "possible_generations"]


@dataclass(frozen=True, slots=True)
class Generation:
    """How a pipeline renders with ltx-pipelines ``package`` or newer, on a checkpoint of ``model_version``
    ``checkpoint`` or newer. ``is_so`` says what is another way than before."""

    number: int
    package: Version
    checkpoint: Version
    is_so: str


GENERATIONS: dict[str, tuple[Generation, ...]] = {
    "distilled": (Generation(2, (1, 4), (2, 5), "both stages sample with Euler ancestral"),),
    "dfr_pipeline": (
        Generation(2, (1, 3), (), "runs on the distilled checkpoint, with a detailing LoRA"),
        Generation(3, (1, 4), (), "all stages sample with Euler ancestral"),
    ),
}
"""Pipeline → its generations after the first, the oldest first. The first is what all earlier packages do."""


def generation_of(pipeline: str, package: Version, checkpoint: Version) -> int:
    """Return the generation of a pipeline with that package, on a checkpoint of that ``model_version``."""
    own = [each for each in GENERATIONS.get(pipeline, ()) if each.package <= package and each.checkpoint <= checkpoint]
    return own[-1].number if own else 1


def possible_generations(pipeline: str, package: Version) -> set[int]:
    """Return the generations that the package makes, each on some checkpoint."""
    checkpoints = {(), *(each.checkpoint for each in GENERATIONS.get(pipeline, ()))}
    return {generation_of(pipeline, package, checkpoint) for checkpoint in checkpoints}
