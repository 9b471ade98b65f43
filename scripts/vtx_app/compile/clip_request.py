"""A clip's spec and all it names → its render request. Pure: files are only read, to name them by content."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import Any

from vtx_app.compile.canvas import canvas, legal_frames
from vtx_app.compile.clip_inputs import ClipInputs, clip_inputs, require_retake, require_sound, require_source
from vtx_app.compile.duration import clip_seconds, wanted_frames
from vtx_app.compile.pipeline_choice import (
    DRAFT_PIPELINE,
    clip_pipeline,
    ignored_words,
    left_out_of_draft,
    wrong_pipeline,
)
from vtx_app.compile.prompt import compile_characters, compile_dialogue, compile_negative, compile_prompt
from vtx_app.compile.request import LoraInput, ModelInput, RenderRequest, Staging, fold
from vtx_app.compile.sources import LOCATIONS_FILE, LOCK_FILE, LORAS_FILE, Sources, SourceTexts, spec_file
from vtx_app.errors import ModelError, SpecError
from vtx_app.formats.bibles import Lora
from vtx_app.formats.check import place
from vtx_app.formats.clip_spec import ClipSpec
from vtx_app.formats.metadata import MAX_SECONDS
from vtx_app.formats.pipelines import DISTILLED_LORA, IC_LORA, PIPELINES, Pipeline
from vtx_app.formats.rate import exact_rate
from vtx_app.formats.renderers import RENDERERS
from vtx_app.models.locked import QUANTIZATION, LockedModels, lora_slot
from vtx_app.project.film import Clip, Film

__all__ = [
    "Compiled",
    "Parent",
    "clip_frames",
    "clip_loras",
    "clip_picture",
    "compile_request",
    "default_seed",
    "draft_size",
    "used_loras",
]


@dataclass(frozen=True, slots=True)
class Parent:
    """The take that a clip continues from, and its last frame that is seen in the film (from 0)."""

    digest: str
    frame: int


@dataclass(frozen=True, slots=True)
class Compiled:
    """A clip's request, and what must be known besides to render it.

    ``files``: sha256 of an input → where it lies. ``slots``: model variable or LoRA → fingerprint, of all models
    the request names. ``sources``: where each part of the request is written. ``notes``: what the spec asks for and
    the render passes over, a line each.
    """

    request: RenderRequest
    files: Mapping[str, Path]
    slots: Mapping[str, str]
    sources: SourceTexts
    notes: tuple[str, ...] = ()


def default_seed(clip_id: str) -> int:
    """The seed of a clip whose spec gives none: made from its id, the same for ever (0 ≤ seed < 2³¹)."""
    return int.from_bytes(hashlib.sha256(f"seed:{clip_id}".encode()).digest()[:4], "big") >> 1


def clip_frames(clip: Clip, film: Film) -> int:
    """The wanted length of a clip in frames: ``round(fps × seconds)``."""
    spec = clip.spec
    lines = [said.line for said in spec.prompt.dialogue]
    limit = film.settings["max_seconds"]
    seconds = clip_seconds(spec.render.duration, spec.story_beats, lines, spec.prompt.positive, limit)
    return wanted_frames(seconds, exact_rate(film.settings["fps"]))


def clip_picture(clip: Clip, film: Film, *, draft: bool = False) -> tuple[int, int]:
    """The (width, height) in pixels of a clip's own picture; in a draft half of it, even."""
    render = clip.spec.render
    size = film.settings.of_clip("width", render.width), film.settings.of_clip("height", render.height)
    return draft_size(*size) if draft else size


def draft_size(width: int, height: int) -> tuple[int, int]:
    """Half of ``width`` × ``height`` pixels, each side even and at least 64."""
    return max(64, width // 4 * 2), max(64, height // 4 * 2)


def clip_loras(clip: Clip, film: Film) -> list[Lora]:
    """The LoRAs a clip names: its bundle's, then its own."""
    return [*film.loras.bundles.get(clip.spec.continuity.shared_loras_profile or "", []), *clip.spec.loras]


def used_loras(clip: Clip, film: Film, pipeline: str, *, draft: bool = False) -> list[Lora]:
    """The LoRAs that the clip's take is made with: those it names and ``pipeline`` can use, and where it works by a
    LoRA and none is named, the machine's."""
    used = [lora for lora in clip_loras(clip, film) if not _left_out(lora, PIPELINES[pipeline], draft=draft)]
    return [Lora(env_path=IC_LORA)] if pipeline == "ic_lora" and not used else used


def compile_request(
    clip: Clip, film: Film, renderer: str, models: LockedModels, parent: Parent | None, *, draft: bool = False
) -> Compiled:
    """The request that decides the clip's take, with where its inputs lie.

    Raises :class:`SpecError` naming the clip's file and line for what can't be rendered, :class:`ModelError`.
    """
    spec, sources = clip.spec, Sources(clip.stem, film.settings)
    pipeline = DRAFT_PIPELINE if draft else clip_pipeline(clip, film)
    frames = clip_frames(clip, film)
    width, height = canvas(*clip_picture(clip, film, draft=draft), pipeline)
    profile = sources.setting("profile", "style_profile", spec.continuity.shared_prompt_profile, _PROFILE)
    prompt = compile_prompt(spec, film.bibles, profile, sources)
    negative = compile_negative(spec, film.bibles, profile, sources)
    inputs = clip_inputs(clip, film, frames, sources)
    seed = spec.render.seed if spec.render.seed is not None else default_seed(clip.clip_id)
    request = RenderRequest(
        renderer=renderer,
        renderer_version=sources.read("renderer_version", "VTX", renderer, RENDERERS[renderer].version),
        pipeline=pipeline,
        input_type=sources.spec("input_type", "inputs.type", spec.inputs.type),
        prompt=prompt,
        negative=negative,
        width=width,
        height=height,
        frames=legal_frames(frames),
        rate=exact_rate(sources.setting("rate", "fps")),
        seed=sources.spec("seed", "render.seed", seed),
        guidance_scale=sources.spec("guidance_scale", "render.guidance_scale", spec.render.guidance_scale),
        images=inputs.images,
        video=inputs.video,
        continue_from=parent.digest if parent else None,
        continue_frame=parent.frame if parent else None,
    )
    _record_shape(clip, film, request, sources, draft=draft)
    _record_loras(clip, film, sources)
    if not RENDERERS[renderer].uses_models:
        named = tuple(LoraInput(lora_slot(lora), lora.weight) for lora in clip_loras(clip, film))
        request = replace(request, loras=named, staging=_staging(clip, film, sources))
        return Compiled(request, inputs.files, {}, sources.texts)
    slots, loras, chosen = _models(clip, film, pipeline, models, sources, draft=draft)
    request = replace(request, models=chosen, loras=loras, quantization=_quantization(models, sources))
    if draft:
        # The parent's last frame is frame 0, also of a clip whose final goes on from a tail and has a picture there.
        images = tuple(image for image in inputs.images if parent is None or image.frame > 0)
        request = replace(request, images=images, input_type="i2v" if parent or inputs.images else "t2v")
    else:
        if faults := list(wrong_pipeline(spec, pipeline)):
            raise SpecError([f"{place(clip.path, clip.name, *keys)}: {message}" for keys, message in faults])
        request = replace(request, **_fitted(clip, film, frames, request.rate), **_from_files(spec, inputs, sources))
    request = replace(request, steps=sources.spec("steps", "render.steps", spec.render.steps))
    request = _projected(request, PIPELINES[pipeline])
    return Compiled(request, inputs.files, slots, sources.texts, _notes(clip, pipeline, draft=draft))


def _record_shape(clip: Clip, film: Film, request: RenderRequest, sources: Sources, *, draft: bool) -> None:
    """Record what decides renderer, pipeline, size and length, and the frame of another clip that this one goes on
    from."""
    spec, render = clip.spec, clip.spec.render
    if request.renderer == film.settings["renderer"]:
        sources.setting("renderer", "renderer")
    else:
        sources.read("renderer", "VTX", "renderer of the tier", request.renderer)
    if draft:
        sources.read("pipeline", "VTX", "pipeline of drafts", request.pipeline)
    elif request.pipeline == film.settings.of_clip("pipeline", render.pipeline):
        sources.setting("pipeline", "pipeline", render.pipeline, "render.pipeline")
    else:
        sources.spec("pipeline", "inputs.type", spec.inputs.type)
    sources.setting("width", "width", render.width, "render.width")
    sources.setting("height", "height", render.height, "render.height")
    _record_length(clip, film, "frames", sources)
    if parent := sources.spec("continue_from", "inputs.continue_from", spec.inputs.continue_from):
        _record_length(film.clips[parent], film, "continue_frame", sources, f", so the last frame of {parent}")


def _record_length(clip: Clip, film: Film, part: str, sources: Sources, why: str = "") -> None:
    """Record what decides the length of ``clip``: seconds that its spec gives, or the words it is estimated from."""
    spec, file = clip.spec, spec_file(clip.stem)
    duration = spec.render.duration
    if duration.mode == "fixed":
        sources.read(part, file, f"render.duration{why}", duration.seconds)
        return
    limits = f"auto, {duration.min_seconds:g} to {duration.max_seconds or MAX_SECONDS:g}"
    sources.read(part, file, f"render.duration{why}", limits)
    if duration.max_seconds is None:
        sources.setting("max_seconds", "max_seconds")
    sources.read(part, file, f"story_beats{why}", " / ".join(spec.story_beats) or None)
    for number, line in enumerate(spec.prompt.dialogue):
        sources.read(part, file, f"prompt.dialogue.{number}{why}", f"{line.character}: {line.line}")
    if not spec.story_beats and not spec.prompt.dialogue:
        sources.read(part, file, f"prompt.positive{why}", spec.prompt.positive)


def _from_files(spec: ClipSpec, inputs: ClipInputs, sources: Sources) -> dict[str, Any]:
    """What decides how the files that a clip starts from are used."""
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


def _quantization(models: LockedModels, sources: Sources) -> str | None:
    found = models.quantization()
    file, key = (LOCK_FILE, "quantization") if models.lock.models else ("environment", QUANTIZATION)
    sources.read("quantization", file, key, found or "none")
    return found


def _fitted(clip: Clip, film: Film, frames: int, rate: Fraction) -> dict[str, Any]:
    """What a source film or sound decides of the take; it is checked that the clip can be made from it."""
    kind = clip.spec.inputs.type
    if kind == "retake":
        source = require_retake(clip, film, frames)
        return {"width": source.width, "height": source.height, "frames": source.frames}
    if kind == "v2v":
        require_source(clip, film, frames)
    if kind == "a2v":
        require_sound(clip, film, frames, rate)
    return {}


_PROFILE = "continuity.shared_prompt_profile"
_OPTIONAL = ("images", "video", "guidance_scale", "steps")


def _projected(request: RenderRequest, row: Pipeline) -> RenderRequest:
    """The request without what its pipeline has no use for: an edit of that must render nothing."""
    unused: dict[str, Any] = {field: None for field in _OPTIONAL if not row.accepts(field)}
    if "images" in unused:
        unused["images"] = ()
    if not row.accepts("negative"):
        unused["negative"] = ""
    return replace(request, **unused)


def _staging(clip: Clip, film: Film, sources: Sources) -> Staging:
    names = clip.spec.continuity.locations
    places = [
        sources.read("prompt", LOCATIONS_FILE, f"locations.{name}.name", film.bibles.locations[name].name)
        for name in names
    ]
    return Staging(
        action=fold(clip.spec.prompt.positive),
        locations=tuple(map(fold, places)),
        dialogue=compile_dialogue(clip.spec, film.bibles),
        characters=compile_characters(clip.spec, film.bibles, sources),
    )


def _record_loras(clip: Clip, film: Film, sources: Sources) -> None:
    """Record the LoRAs that a clip names, by its bundle and itself."""
    bundle, own = clip.spec.continuity.shared_loras_profile, clip.spec.loras
    if sources.spec("loras", "continuity.shared_loras_profile", bundle) is not None:
        sources.read("loras", LORAS_FILE, f"bundles.{bundle}", _weights(film.loras.bundles.get(bundle or "", [])))
    sources.spec("loras", "loras", _weights(own) if own else None)


def _weights(loras: Iterable[Lora]) -> str:
    return ", ".join(f"{lora_slot(lora)} {lora.weight:g}" for lora in loras)


def _models(
    clip: Clip, film: Film, pipeline: str, models: LockedModels, sources: Sources, *, draft: bool
) -> tuple[dict[str, str], tuple[LoraInput, ...], tuple[ModelInput, ...]]:
    """Every slot with its fingerprint; the LoRAs with their weights; the pipeline's own models."""
    named = used_loras(clip, film, pipeline, draft=draft)
    slots: dict[str, str] = {}
    try:
        for part, of_part in (("models", models.slots(pipeline)), ("loras", map(lora_slot, named))):
            for slot in of_part:
                slots[slot] = sources.read(part, LOCK_FILE, f"models.{slot}", models.fingerprint(slot))
    except ModelError as error:
        raise ModelError(f"{clip.name}: {error}") from None
    loras = tuple(LoraInput(slots[lora_slot(lora)], lora.weight) for lora in named)
    return slots, loras, tuple(ModelInput(slot, slots[slot]) for slot in models.slots(pipeline))


def _left_out(lora: Lora, row: Pipeline, *, draft: bool) -> bool:
    """The LoRA that distils a model is not put on the distilled model, nor an IC-LoRA on words alone."""
    return (row.ignores_distilled_lora and lora.env_path == DISTILLED_LORA) or (draft and lora.env_path == IC_LORA)


def _notes(clip: Clip, pipeline: str, *, draft: bool) -> tuple[str, ...]:
    found = left_out_of_draft(clip.spec) if draft else ignored_words(clip.spec, pipeline)
    return tuple(f"{place(clip.path, clip.name, *keys)}: {message}" for keys, message in found)
