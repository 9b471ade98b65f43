"""Requests with a value for every field that their pipeline takes, their files, and what a module must parse."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from itertools import combinations
from pathlib import Path
from typing import Any

from vtx_app.compile.request import ImageInput, LoraInput, ModelInput, PipelineOptions, RenderRequest
from vtx_app.formats.generations import possible_generations
from vtx_app.formats.pipelines import (
    CHECKPOINTS,
    DETAILING_LORA,
    DISTILLED_LORA,
    MODEL_FLAGS,
    TRANSFORMERS,
    Pipeline,
    model_slots,
    pipeline_row,
)
from vtx_app.render.ltx.call import LocalFiles
from vtx_app.render.ltx.package import LtxPackage

__all__ = [
    "STYLES",
    "everything",
    "files_for",
    "fingerprint",
    "newest_row",
    "one_field_less",
    "parsed_options",
    "supported",
]

STYLES = ("a.safetensors", "-b c.safetensors")
"""Files of LoRAs that clips name."""

FIRST, SECOND, FILM, MASK, SOUND = (hashlib.sha256(word.encode()).hexdigest() for word in ("1", "2", "f", "m", "s"))
_NAMES = {FIRST: "first.png", SECOND: "a still.png", FILM: "film.mp4", MASK: "mask.mp4", SOUND: "sound.wav"}
_DEFAULT_REFINER = 0.8


def fingerprint(name: str) -> str:
    """The fingerprint that a model has in these requests."""
    return f"sha256-sampled:{hashlib.sha256(name.encode()).hexdigest()}"


def supported(pipeline: str, package: LtxPackage, *, split: bool) -> bool:
    """Return whether that version has the pipeline, and takes models in that layout."""
    return newest_row(pipeline, package).stands_in(package) and (package.offloads or not split)


def newest_row(pipeline: str, package: LtxPackage) -> Pipeline:
    """Return the pipeline as that version has it."""
    return pipeline_row(pipeline, max(possible_generations(pipeline, package)))


_OPTIONS = {"generated_keyframes": 3, "temporal_upscalings": 1, "spatial_upscalings": 2}
"""What the options that are numbers are set to; the others are set."""


def _options(row: Pipeline, package: LtxPackage) -> PipelineOptions | None:
    given: dict[str, Any] = {
        name: _OPTIONS.get(name, True) for name, flag in row.options.items() if flag.stands_in(package)
    }
    return PipelineOptions(**given) if given else None


def everything(pipeline: str, package: LtxPackage, *, split: bool = False) -> RenderRequest:
    """A request with a value for every field that the pipeline takes (no LoRA on the retake of 1.0: it can't)."""
    row = newest_row(pipeline, package)
    generation = max(possible_generations(pipeline, package))
    options = _options(row, package)
    temporal = options is not None and options.temporal_upscalings is not None
    slots = model_slots(pipeline, split=split, generation=generation, temporal=temporal)
    loras = tuple(LoraInput(fingerprint(name), weight) for name, weight in zip(STYLES, (0.7, -0.5), strict=True))
    values: dict[str, Any] = {
        "loras": loras if package.offloads or pipeline != "retake" else (),
        "quantization": "fp8-cast",
        "images": (ImageInput(FIRST, 0, 1.0), ImageInput(SECOND, 8, 0.35)),
        "negative": "blur, text",
        "guidance_scale": 3.5,
        "steps": 12,
        "video": FILM,
        "mask": MASK,
        "audio": SOUND,
        "audio_start": 1.25,
        "retake_start": 0.25,
        "retake_end": 0.75,
    }
    more = {key: value for key, value in values.items() if row.accepts(key)}
    if row.accepts("mask"):
        more["mask_strength"] = 0.25
    if row.accepts("video") and not row.accepts("retake_start"):
        more["video_strength"] = 0.6
    return RenderRequest(
        renderer="ltx",
        renderer_version=1,
        pipeline=pipeline,
        input_type="t2v",
        prompt="A quay at dawn.",
        width=192,
        height=128,
        frames=17 if temporal else 9,
        rate=Fraction(16),
        seed=7,
        models=tuple(ModelInput(slot, fingerprint(slot)) for slot in slots),
        generation=generation if generation > 1 else None,
        options=options,
        **({"negative": ""} | more),
    )


_EMPTY: dict[str, Any] = {"loras": (), "images": (), "negative": ""}
_OPTIONAL = ("loras", "images", "negative", "guidance_scale", "steps", "quantization", "mask", "audio_start")


def one_field_less(request: RenderRequest) -> Iterator[RenderRequest]:
    """The request without each one, and each two, of what its pipeline can do without."""
    there = [name for name in _OPTIONAL if getattr(request, name)]
    for count in (1, 2):
        for names in combinations(there, count):
            without: dict[str, Any] = {name: _EMPTY.get(name) for name in names}
            if "mask" in names:
                without["mask_strength"] = None
            yield replace(request, **without)


def files_for(folder: Path) -> LocalFiles:
    """Return the files that these requests name: empty files in ``folder``."""

    def at(name: str) -> Path:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
        return path

    models = {slot: at(f"models/{slot.lower()}") for slot in (*MODEL_FLAGS, DISTILLED_LORA)}
    loras = {fingerprint(name): at(f"loras/{name}") for name in STYLES}
    loras[fingerprint(DISTILLED_LORA)] = models[DISTILLED_LORA]
    return LocalFiles(models, loras, {sha256: at(f"inputs/{name}") for sha256, name in _NAMES.items()})


def parsed_options(request: RenderRequest, files: LocalFiles, package: LtxPackage, out: Path) -> dict[str, Any]:
    """Return what a module must parse: the values of its flags by name, paths resolved.

    Pictures, LoRAs and sources are lists of a path and its numbers, as the modules have them.
    """

    def path(found: Path) -> str:
        return str(found.resolve())

    row = pipeline_row(request.pipeline, request.generation)
    rounds = (request.options.temporal_upscalings or 0) if request.options else 0
    wanted: dict[str, Any] = {"prompt": request.prompt, "output_path": path(out), "seed": request.seed}
    if request.negative:
        wanted["negative_prompt"] = request.negative
    if row.accepts("frames"):
        wanted |= {"width": request.width, "height": request.height}
        wanted["num_frames"] = (request.frames - 1) // 2**rounds + 1
        wanted["frame_rate"] = round(request.rate) / 2**rounds
    for field, name in (("guidance_scale", "video_cfg_guidance_scale"), ("steps", "num_inference_steps")):
        if getattr(request, field) is not None:
            wanted[name] = getattr(request, field)
    if request.quantization is not None:
        wanted["quantization"] = request.quantization
    for name in row.options:
        value = getattr(request.options, name) if request.options else None
        if value is not None:
            wanted["num_generated_keyframes" if name == "generated_keyframes" else name] = value
    return wanted | _models(request, files, package) | _inputs(request, files, rounds)


def _models(request: RenderRequest, files: LocalFiles, package: LtxPackage) -> dict[str, Any]:
    wanted: dict[str, Any] = {}
    for slot in (model.slot for model in request.models if model.slot != DISTILLED_LORA):
        name = {"LTX_GEMMA_ROOT": "gemma_root"}.get(slot, slot.removeprefix("LTX_").lower())
        if slot in TRANSFORMERS:
            name = "transformer_path"
        elif slot in CHECKPOINTS and request.pipeline == "retake":
            name = "distilled_checkpoint_path" if package.offloads else "checkpoint_path"
        wanted[name] = str(files.models[slot].resolve())
        if slot == DETAILING_LORA:
            wanted["detailing_lora"] = [(wanted.pop(name),)]
    row = pipeline_row(request.pipeline, request.generation)
    refined = fingerprint(DISTILLED_LORA) if row.distilled_lora else None
    styles = [lora for lora in request.loras if lora.fingerprint != refined]
    if styles:
        wanted["lora"] = [(str(files.loras[lora.fingerprint].resolve()), lora.weight) for lora in styles]
    if refined is not None:
        weight = next((lora.weight for lora in request.loras if lora.fingerprint == refined), _DEFAULT_REFINER)
        wanted["distilled_lora"] = [(str(files.models[DISTILLED_LORA].resolve()), weight)]
    return wanted


def _inputs(request: RenderRequest, files: LocalFiles, rounds: int) -> dict[str, Any]:
    def path(sha256: str) -> str:
        return str(files.inputs[sha256].resolve())

    images = [(path(image.sha256), image.frame // 2**rounds, image.strength) for image in request.images]
    if files.first_frame is not None:
        images.insert(0, (str(files.first_frame.resolve()), 0, 1.0))
    wanted: dict[str, Any] = {"image": images} if images else {}
    source = path(request.video) if request.video is not None else None
    if source is None and files.tail is not None:
        source = str(files.tail.resolve())
    if request.pipeline == "retake":
        wanted |= {"video_path": source, "start_time": request.retake_start, "end_time": request.retake_end}
    elif source is not None:
        strength = 1.0 if request.video_strength is None else request.video_strength
        wanted["video_conditioning"] = [(source, strength)]
    if request.mask is not None:
        strength = 1.0 if request.mask_strength is None else request.mask_strength
        wanted["conditioning_attention_mask"] = [(path(request.mask), strength)]
    if request.audio is not None:
        wanted["audio_path"] = str((files.sound or files.inputs[request.audio]).resolve())
        wanted["audio_start_time"] = request.audio_start or 0.0
    return wanted
