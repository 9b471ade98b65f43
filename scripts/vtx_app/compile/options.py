"""Check a clip's ``render.options`` against its pipeline and put them into its request."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from vtx_app.compile.pipeline_choice import Fault, given_options
from vtx_app.compile.request import PipelineOptions
from vtx_app.compile.sources import RequestSources
from vtx_app.errors import SpecError
from vtx_app.formats.clip_spec import ClipSpec
from vtx_app.formats.generations import GENERATIONS
from vtx_app.formats.pipelines import PIPELINES, pipeline_row, version_text
from vtx_app.project.film import Clip

__all__ = ["clip_options"]

_TILE = (1536, 1024)
"""Width and height in pixels of the window of ``--tile`` (ltx_pipelines.ic_lora, 1.4)."""


def clip_options(
    clip: Clip, pipeline: str, generation: int, canvas: tuple[int, int], head: int, sources: RequestSources
) -> PipelineOptions | None:
    """The options for the clip's request; None if it sets none.

    ``canvas``: size in pixels. ``head``: frames of the take before frame 0. Raises :class:`SpecError` with file and
    line for options that the pipeline lacks or can't apply to this clip.
    """
    given = given_options(clip.spec)
    if faults := list(_faults(clip.spec, given, pipeline, generation, canvas, head)):
        raise SpecError([f"{clip.location(*keys)}: {message}" for keys, message in faults])
    for name, value in given.items():
        sources.spec("options", f"render.options.{name}", value)
    return PipelineOptions(**given) if given else None


def _faults(
    spec: ClipSpec, given: Mapping[str, Any], pipeline: str, generation: int, canvas: tuple[int, int], head: int
) -> Iterator[Fault]:
    has = pipeline_row(pipeline, generation).options
    for name in given:
        if name not in has:
            owners = _owners(name)
            own = f"{pipeline} of generation {generation}" if pipeline in owners else pipeline
            since = min(owners.values())
            message = f"{own} has none; {' or '.join(owners)} has it, from ltx-pipelines {since} on"
            yield ("render", "options", name), message
    wide, high = canvas
    if "tile" in given and "stage_2_ic_lora" not in given and (wide > _TILE[0] or high > _TILE[1]):
        yield (
            ("render", "options", "tile"),
            f"tiles of a canvas of {wide}×{high} each need the source: set stage_2_ic_lora too, as LTX-2 requires",
        )
    step = 2 ** int(given.get("temporal_upscalings", 0))
    for index, key in enumerate(spec.inputs.keyframes):
        if (key.frame + head) % step:
            before = key.frame - (key.frame + head) % step
            yield (
                ("inputs", "keyframes", index, "frame"),
                f"{key.frame}: with temporal_upscalings {given['temporal_upscalings']} a picture can stand at every "
                f"{step}{'nd' if step == 2 else 'th'} frame: {before} or {before + step}",
            )


def _owners(name: str) -> dict[str, str]:
    """Pipeline → the version that added the option, for pipelines whose newest generation has it."""
    found: dict[str, str] = {}
    for pipeline in PIPELINES:
        newest = GENERATIONS[pipeline][-1].number if pipeline in GENERATIONS else 1
        if (flag := pipeline_row(pipeline, newest).options.get(name)) is not None:
            found[pipeline] = version_text(flag.since)
    return found
