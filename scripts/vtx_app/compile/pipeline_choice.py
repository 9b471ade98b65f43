"""Which pipeline renders a clip, and whether that pipeline can do what the spec asks for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from vtx_app.formats.clip_spec import ClipSpec
from vtx_app.formats.pipelines import DISTILLED_LORA, PIPELINES, pipeline_row, pipelines_for
from vtx_app.formats.render_options import RenderOptions
from vtx_app.project.film import Clip, Film

__all__ = [
    "DRAFT_PIPELINE",
    "Fault",
    "clip_pipeline",
    "given_options",
    "ignored_settings",
    "left_out_of_draft",
    "wrong_pipeline",
]

DRAFT_PIPELINE = "distilled"
"""The quickest pipeline that starts from words and pictures; drafts use it for every clip."""

Fault = tuple[tuple[str | int, ...], str]
"""The keys of a spec's value, and what is wrong with it."""


def clip_pipeline(clip: Clip, film: Film) -> str:
    """The pipeline of a clip: the spec's own, else one that its input type needs, else the film's default."""
    inputs = clip.spec.inputs.type
    needed = pipelines_for(inputs)
    chosen: str = film.settings.of_clip("pipeline", clip.spec.render.pipeline)
    chosen_here = clip.spec.render.pipeline is not None or film.settings.overrides_clips("pipeline")
    if chosen_here or inputs in ("t2v", "i2v") or chosen in needed:
        return chosen
    return needed[0]


def _stills(spec: ClipSpec) -> int:
    """How many single pictures the clip is given."""
    inputs = spec.inputs
    continued = inputs.continue_from is not None and inputs.continue_frames == 1
    return len(inputs.keyframes) + (inputs.reference_image is not None) + continued


def wrong_pipeline(spec: ClipSpec, pipeline: str) -> Iterator[Fault]:
    """What the spec asks for that the pipeline can't do, and the given inputs that it would ignore."""
    row, kind, at = PIPELINES[pipeline], spec.inputs.type, ("render", "pipeline")
    able = pipelines_for(kind)
    if kind not in ("t2v", "i2v") and pipeline not in able:
        yield at, f"{pipeline} does not make clips of inputs.type {kind}; {' or '.join(able)} does"
        return
    for need in row.needs:
        if kind in ("t2v", "i2v"):
            yield at, f"{pipeline} needs {need}, and inputs.type is {kind}; for {kind} take {able[0]}"
            return
    if _stills(spec) < row.min_images:
        yield (
            at,
            f"{pipeline} goes between pictures and needs {row.min_images} or more; "
            f"the clip has {_stills(spec)}: give inputs.keyframes, or take {pipelines_for('i2v')[0]}",
        )
    if _stills(spec) and not row.accepts("images"):
        yield at, f"{pipeline} would ignore the picture that the clip starts from; take {pipelines_for('i2v')[0]}"
    if spec.inputs.continue_from is not None and spec.inputs.continue_frames == 1:
        yield from _two_firsts(spec)


def _two_firsts(spec: ClipSpec) -> Iterator[Fault]:
    reason = "the clip continues from the last frame of another, which is its frame 0 already"
    if spec.inputs.reference_image is not None:
        yield ("inputs", "reference_image"), f"{reason}; give the picture as one of keyframes, at the frame it is for"
    for index, key in enumerate(spec.inputs.keyframes):
        if key.frame == 0:
            yield ("inputs", "keyframes", index, "frame"), f"0: {reason}; move the keyframe"


def ignored_settings(spec: ClipSpec, pipeline: str, generation: int | None = None) -> Iterator[Fault]:
    """Settings of the spec that the pipeline has no use for. They change nothing, and are not in the request."""
    row = pipeline_row(pipeline, generation)
    given: tuple[tuple[str, tuple[str, ...], bool], ...] = (
        ("guidance_scale", ("render", "guidance_scale"), spec.render.guidance_scale is not None),
        ("steps", ("render", "steps"), spec.render.steps is not None),
        ("negative", ("prompt", "negative"), bool(spec.prompt.negative.strip())),
    )
    for field, keys, is_given in given:
        if is_given and not row.accepts(field):
            yield keys, f"{pipeline} has none and ignores it"
    for index, lora in enumerate(spec.loras):
        if lora.env_path == DISTILLED_LORA and row.ignores_distilled_lora:
            own = "is distilled already" if row.distilled else "has strengths of its own for it"
            yield ("loras", index), f"{pipeline} {own}, and the weight is ignored"


def given_options(spec: ClipSpec) -> dict[str, Any]:
    """The options that the spec sets to something else than LTX-2's default, by name."""
    if "options" not in spec.render.model_fields_set:
        return {}
    written, fields = spec.render.options, RenderOptions.model_fields
    return {name: value for name in fields if (value := getattr(written, name)) != fields[name].default}


def left_out_of_draft(spec: ClipSpec) -> Iterator[Fault]:
    """What the final is made from and the draft is not: the draft's pipeline takes words and pictures only."""
    inputs = spec.inputs
    tail = inputs.continue_from is not None and inputs.continue_frames > 1
    for key in ("input_video", "mask", "audio", "retake"):
        if getattr(inputs, key) is not None:
            yield ("inputs", key), "the draft is rendered without it"
    if given_options(spec):
        yield ("render", "options"), "the draft is rendered without them"
    if tail:
        yield ("inputs", "continue_frames"), "the draft starts from the last frame alone"
