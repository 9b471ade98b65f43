"""A clip's spec and all it names → its render request. Pure: files are only read, to name them by content."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import Any

from vtx_app.compile.canvas import canvas, clip_picture
from vtx_app.compile.clip_inputs import ClipInputs, clip_inputs, require_retake, require_sound, require_source
from vtx_app.compile.duration import clip_frames, legal_frames, record_length
from vtx_app.compile.earlier import ReadEarlier, compile_earlier
from vtx_app.compile.heading import compile_heading
from vtx_app.compile.models import clip_generation, clip_models, lora_inputs, quantization, triggers, used_loras
from vtx_app.compile.negative import compile_negative, extend_negative
from vtx_app.compile.options import clip_options
from vtx_app.compile.pipeline_choice import (
    DRAFT_PIPELINE,
    clip_pipeline,
    given_options,
    ignored_settings,
    left_out_of_draft,
    wrong_pipeline,
)
from vtx_app.compile.prompt import compile_prompt, with_triggers
from vtx_app.compile.request import RenderRequest
from vtx_app.compile.sources import RequestSources
from vtx_app.compile.staging import compile_staging
from vtx_app.errors import SpecError
from vtx_app.formats.clip_spec import ClipSpec
from vtx_app.formats.film_lock import NEWEST_PROMPTS
from vtx_app.formats.pipelines import Pipeline, pipeline_row
from vtx_app.formats.rate import exact_rate
from vtx_app.formats.renderers import RENDERERS
from vtx_app.models.locked import LockedModels
from vtx_app.project.film import Clip, Film
from vtx_app.project.handles import NO_HANDLES, Handles, clip_handles
from vtx_app.project.paths import LOCK

__all__ = ["Compiled", "Parent", "compile_request", "default_seed"]

_PROFILE = "continuity.shared_prompt_profile"


@dataclass(frozen=True, slots=True)
class Parent:
    """The take that a clip continues from, and its last frame that is seen in the film (from 0 in the take)."""

    digest: str
    frame: int


@dataclass(frozen=True, slots=True)
class Compiled:
    """A clip's request, and what else is needed to render it.

    ``files``: sha256 of an input → its path. ``slots``: model variable or LoRA → fingerprint, of all models
    the request names. ``sources``: where each part of the request is written. ``notes``: what the spec
    asks for and the render ignores, a line each.
    """

    request: RenderRequest
    files: Mapping[str, Path]
    slots: Mapping[str, str]
    sources: RequestSources
    notes: tuple[str, ...] = ()


def default_seed(clip_id: str) -> int:
    """The seed of a clip whose spec gives none: made from its id, the same for ever (0 ≤ seed < 2³¹)."""
    return int.from_bytes(hashlib.sha256(f"seed:{clip_id}".encode()).digest()[:4], "big") >> 1


def compile_request(
    clip: Clip,
    film: Film,
    renderer: str,
    models: LockedModels,
    parent: Parent | None,
    *,
    draft: bool = False,
    read_earlier: ReadEarlier | None = None,
) -> Compiled:
    """The request that decides the clip's take, with its inputs and sources.

    ``read_earlier`` reads what a storyboard has from earlier shots of the scene; without it, it has nothing from them.

    Raises :class:`SpecError` naming the clip's file and line for what can't be rendered, :class:`ModelError`.
    """
    spec, sources = clip.spec, RequestSources(clip.stem, film.settings)
    pipeline = DRAFT_PIPELINE if draft else clip_pipeline(clip, film)
    frames = clip_frames(clip, film)
    handles = clip_handles(clip, film) if RENDERERS[renderer].uses_models else NO_HANDLES  # a storyboard is steady
    chosen = given_options(spec) if RENDERERS[renderer].uses_models and not draft else {}
    size = canvas(*clip_picture(clip, film, draft=draft), pipeline, chosen.get("spatial_upscalings", 1))
    profile = sources.setting("profile", "style_profile", spec.continuity.shared_prompt_profile, _PROFILE)
    version = _prompt_version(renderer, models, sources)
    heading = compile_heading(clip, film, profile, sources) if version > 1 else ""
    prompt = compile_prompt(spec, film.bibles, profile, sources, heading)
    negative = compile_negative(spec, film.bibles, profile, sources)
    inputs = clip_inputs(clip, film, frames, handles.head, sources)
    seed = spec.render.seed if spec.render.seed is not None else default_seed(clip.clip_id)
    parts: dict[str, Any] = {
        "renderer": renderer,
        "renderer_version": sources.read("renderer_version", "VTX", renderer, RENDERERS[renderer].version),
        "pipeline": pipeline,
        "input_type": sources.spec("input_type", "inputs.type", spec.inputs.type),
        "prompt": prompt,
        "negative": negative,
        "width": size[0],
        "height": size[1],
        "frames": legal_frames(frames + handles.frames, chosen.get("temporal_upscalings", 0)),
        "rate": exact_rate(sources.setting("rate", "fps")),
        "seed": sources.spec("seed", "render.seed", seed),
        "guidance_scale": sources.spec("guidance_scale", "render.guidance_scale", spec.render.guidance_scale),
        "images": inputs.images,
        "video": inputs.video,
        "continue_from": parent.digest if parent else None,
        "continue_frame": parent.frame if parent else None,
        "head": handles.head or None,
    }
    _record_shape(clip, film, renderer, pipeline, sources, draft=draft)
    loras = lora_inputs(clip, film, sources)
    if not RENDERERS[renderer].uses_models:
        staging = compile_staging(clip, film, profile, sources)
        if read_earlier is not None:
            painted = not inputs.images and (inputs.video is None or parent is not None)
            earlier = compile_earlier(clip, film, staging, sources, read_earlier, painted=painted)
            staging = replace(staging, earlier=earlier) if earlier else staging
        return Compiled(RenderRequest(**parts, loras=loras, staging=staging), inputs.files, {}, sources)
    _record_handles(clip, sources)
    generation = clip_generation(pipeline, models, sources)
    row = pipeline_row(pipeline, generation)
    parts |= {"quantization": quantization(models, sources), "generation": generation}
    if row.accepts("negative"):
        parts["negative"] = extend_negative(negative, models, sources)
    parts["steps"] = sources.spec("steps", "render.steps", spec.render.steps)
    if draft:
        # The parent's last frame is frame 0, also for a clip whose final continues from a tail and has a picture there.
        parts["images"] = tuple(image for image in inputs.images if parent is None or image.frame > 0)
        parts["input_type"] = "i2v" if parent or inputs.images else "t2v"
    else:
        if faults := list(wrong_pipeline(spec, pipeline)):
            raise SpecError([f"{clip.location(*keys)}: {message}" for keys, message in faults])
        parts["options"] = clip_options(clip, pipeline, generation or 1, size, handles.head, sources)
        parts |= _source_shape(clip, film, frames, handles, parts["rate"]) | _input_use(spec, inputs, sources)
    used = used_loras(clip, film, pipeline, generation, draft=draft)
    parts["prompt"] = with_triggers(prompt, triggers(clip, film, used, sources))
    temporal = "temporal_upscalings" in chosen
    slots, parts["loras"], parts["models"] = clip_models(
        clip, film, (pipeline, generation), models, sources, draft=draft, temporal=temporal
    )
    request = RenderRequest(**parts | _unused_fields(row))
    return Compiled(request, inputs.files, slots, sources, _notes(clip, pipeline, generation, draft=draft))


def _prompt_version(renderer: str, models: LockedModels, sources: RequestSources) -> int:
    """The version in which prompts are compiled: the lock's, and the newest for storyboards."""
    locked = RENDERERS[renderer].uses_models and (models.lock.models or models.lock.prompts)
    version = models.lock.prompt_version if locked else NEWEST_PROMPTS
    return sources.read("prompts", LOCK if locked else "VTX", "prompts", version)


def _record_shape(
    clip: Clip, film: Film, renderer: str, pipeline: str, sources: RequestSources, *, draft: bool
) -> None:
    """Record what decides renderer, pipeline, size, length, and the frame of the other clip that this one continues."""
    spec, render = clip.spec, clip.spec.render
    if renderer == film.settings["renderer"]:
        sources.setting("renderer", "renderer")
    else:
        sources.read("renderer", "VTX", "renderer of the tier", renderer)
    if draft:
        sources.read("pipeline", "VTX", "pipeline of drafts", pipeline)
    elif pipeline == film.settings.of_clip("pipeline", render.pipeline):
        sources.setting("pipeline", "pipeline", render.pipeline, "render.pipeline")
    else:
        sources.spec("pipeline", "inputs.type", spec.inputs.type)
    sources.setting("width", "width", render.width, "render.width")
    sources.setting("height", "height", render.height, "render.height")
    record_length(clip, "frames", sources)
    if parent := sources.spec("continue_from", "inputs.continue_from", spec.inputs.continue_from):
        record_length(film.clips[parent], "continue_frame", sources, f", so the last frame of {parent}")


def _record_handles(clip: Clip, sources: RequestSources) -> None:
    """Record what decides the spare frames around the shot."""
    written = clip.spec.render.handles
    if not clip.spec.inputs.gives_beginning:
        sources.setting("head", "handles.head", written.head, "render.handles.head")
    sources.setting("tail", "handles.tail", written.tail, "render.handles.tail")


def _input_use(spec: ClipSpec, inputs: ClipInputs, sources: RequestSources) -> dict[str, Any]:
    """How the files that a clip starts from are used."""
    given, read = spec.inputs, sources.spec
    many = given.continue_frames if given.continue_from and given.continue_frames > 1 else None
    start, end = (given.retake.start, given.retake.end) if given.retake else (None, None)
    return {
        "video_strength": read("video_strength", "inputs.strength", given.strength if given.type == "v2v" else None),
        "mask": inputs.mask,
        "mask_strength": read("mask_strength", "inputs.mask_strength", given.mask_strength if inputs.mask else None),
        "audio": inputs.audio,
        "audio_start": read("audio_start", "inputs.audio_start", given.audio_start or None),
        "retake_start": read("retake_start", "inputs.retake.start", start),
        "retake_end": read("retake_end", "inputs.retake.end", end),
        "continue_frames": read("continue_frames", "inputs.continue_frames", many),
    }


def _source_shape(clip: Clip, film: Film, frames: int, handles: Handles, rate: Fraction) -> dict[str, Any]:
    """The size and length that a retake takes over from its source. Checks that the sources of the clip fit it."""
    kind = clip.spec.inputs.type
    if kind == "retake":
        source = require_retake(clip, film, frames)
        return {"width": source.width, "height": source.height, "frames": source.frames}
    if kind == "v2v":
        require_source(clip, film, frames, handles.tail)
    if kind == "a2v":
        require_sound(clip, film, frames, handles.tail, rate)
    return {}


def _unused_fields(row: Pipeline) -> dict[str, Any]:
    """Empty values for the fields that the pipeline has no use for: an edit of those must render nothing."""
    empty = {"images": (), "video": None, "guidance_scale": None, "steps": None, "negative": ""}
    return {field: value for field, value in empty.items() if not row.accepts(field)}


def _notes(clip: Clip, pipeline: str, generation: int | None, *, draft: bool) -> tuple[str, ...]:
    found = left_out_of_draft(clip.spec) if draft else ignored_settings(clip.spec, pipeline, generation)
    return tuple(f"{clip.location(*keys)}: {message}" for keys, message in found)
