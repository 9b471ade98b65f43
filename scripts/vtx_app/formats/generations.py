"""Generations of a pipeline: the combinations of package and checkpoint that render one request to other pixels.

From upstream's changelog. A pipeline that isn't in the table renders the same pixels in every version.
"""

from __future__ import annotations

from dataclasses import dataclass

from vtx_app.formats.pipelines import Version

__all__ = ["GENERATIONS", "Generation", "generation_of", "possible_generations"]


@dataclass(frozen=True, slots=True)
class Generation:
    """How a pipeline renders from ltx-pipelines ``package`` and the checkpoint's ``model_version`` ``checkpoint`` on.

    ``change``: what differs from the generation before.
    """

    number: int
    package: Version
    checkpoint: Version
    change: str


GENERATIONS: dict[str, tuple[Generation, ...]] = {
    "distilled": (Generation(2, (1, 4), (2, 5), "both stages sample with Euler ancestral"),),
    "dfr_pipeline": (
        Generation(2, (1, 3), (), "runs on the distilled checkpoint, with a detailing LoRA"),
        Generation(3, (1, 4), (), "all stages sample with Euler ancestral"),
    ),
}
"""Pipeline → its later generations, oldest first. Generation 1 is how all earlier packages render."""


def generation_of(pipeline: str, package: Version, checkpoint: Version) -> int:
    """Return a pipeline's generation with this package and this ``model_version`` of the checkpoint."""
    own = [each for each in GENERATIONS.get(pipeline, ()) if each.package <= package and each.checkpoint <= checkpoint]
    return own[-1].number if own else 1


def possible_generations(pipeline: str, package: Version) -> set[int]:
    """Return the generations that the package can render, on whatever checkpoint."""
    checkpoints = {(), *(each.checkpoint for each in GENERATIONS.get(pipeline, ()))}
    return {generation_of(pipeline, package, checkpoint) for checkpoint in checkpoints}
