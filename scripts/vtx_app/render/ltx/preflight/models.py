"""Whether the models on this machine can render a take, by the headers of their files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from vtx_app.compile.request import RenderRequest
from vtx_app.errors import ModelError, RenderError
from vtx_app.formats.pipelines import (
    DETAILING_LORA,
    DISTILLED_LORA,
    IC_LORA,
    MAIN_MODELS,
    MODEL_VARIABLES,
    TEMPORAL_UPSAMPLER,
)
from vtx_app.models.compatibility import Kind, require_kind, require_lora_fits, require_same_generation
from vtx_app.models.locked import LockedModels
from vtx_app.models.safetensors_header import Header, model_config, read_header
from vtx_app.render.ltx.package import LtxPackage
from vtx_app.render.ltx.stored_weights import require_quantization

__all__ = ["PlannedTake", "model_problems", "quantization_problems", "require_suitable_models"]

_KINDS: dict[str, Kind] = {
    "LTX_CHECKPOINT_PATH": "checkpoint",
    "LTX_DISTILLED_CHECKPOINT_PATH": "checkpoint",
    "LTX_GEMMA_ROOT": "gemma_root",
    "LTX_TRANSFORMER_PATH": "transformer",
    "LTX_DISTILLED_TRANSFORMER_PATH": "transformer",
    "LTX_TEXT_ENCODER_PATH": "text_encoder",
    "LTX_VIDEO_VAE_PATH": "video_vae",
    "LTX_AUDIO_VAE_PATH": "audio_vae",
    "LTX_SPATIAL_UPSAMPLER_PATH": "upsampler",
    TEMPORAL_UPSAMPLER: "temporal_upsampler",
    DISTILLED_LORA: "lora",
    DETAILING_LORA: "lora",
    IC_LORA: "lora",
}


@dataclass(frozen=True, slots=True)
class PlannedTake:
    """A take to be rendered: the name of its spec, its request, and its models (slot → fingerprint)."""

    name: str
    request: RenderRequest
    slots: Mapping[str, str]


def model_problems(take: PlannedTake, models: LockedModels) -> Iterator[str]:
    """Yield what is wrong with a take's models: missing, cut short, of another kind, not made for each other."""
    paths: dict[str, Path] = {}
    for slot in take.slots:
        try:
            path = models.path(slot)
            require_kind(path, _KINDS.get(slot, "lora"))
            paths[slot] = path
        except ModelError as error:
            named = str(error).startswith(slot.removeprefix("path:"))
            yield str(error) if named else f"{slot}: {error}"
    main = next((path for slot, path in paths.items() if slot in MAIN_MODELS), None)
    if main is None:
        return
    for slot, path in paths.items():
        try:
            if _KINDS.get(slot, "lora") == "lora":
                require_lora_fits(path, main)
            if path != main and path.is_file():
                require_same_generation(main, path)
        except ModelError as error:
            yield f"{slot}: {error}"


def quantization_problems(takes: Sequence[PlannedTake], models: LockedModels, package: LtxPackage) -> Iterator[str]:
    """Yield the transformers that can't be stored in memory as the film is locked to, or as they are."""
    pairs: Iterable[tuple[str, str | None]] = (
        (slot, take.request.quantization) for take in takes for slot in take.slots if slot in MAIN_MODELS
    )
    for slot, quantization in dict.fromkeys(pairs):
        try:
            header = read_header(models.path(slot))
        except ModelError:
            continue  # one of model_problems
        try:
            require_quantization(quantization, header, slot, package)
        except ModelError as error:
            yield str(error)


def require_suitable_models(take: PlannedTake, models: LockedModels) -> None:
    """Raise :class:`RenderError` if a model's own settings exclude the take.

    The pipeline itself finds out only after the text encoder is loaded.
    """
    options = take.request.options
    by_keyframes = (
        "dfr_pipeline"
        if take.request.pipeline == "dfr_pipeline"
        else "render.options.generated_keyframes"
        if options is not None and options.generated_keyframes
        else ""
    )
    for slot in take.slots:
        keyframes = by_keyframes and slot in MAIN_MODELS
        references = take.request.pipeline == "ic_lora" and (slot == IC_LORA or slot not in MODEL_VARIABLES)
        if not keyframes and not references:
            continue
        try:
            header = read_header(models.path(slot))
        except ModelError:
            continue  # one of model_problems
        if references:
            _require_whole_references(take.request, slot, header.metadata)
        elif not _has_keyframe_positions(header):
            raise RenderError(f"{by_keyframes} needs a checkpoint made for generated keyframes; {slot} is none")


def _has_keyframe_positions(header: Header) -> bool:
    transformer = model_config(header).get("transformer")
    return isinstance(transformer, dict) and bool(transformer.get("use_keyframes_abs_pos_embedding"))


def _require_whole_references(request: RenderRequest, slot: str, metadata: Mapping[str, str]) -> None:
    """References are encoded at a fraction of the first stage's size, in cells of 32 pixels (ic_lora's code)."""
    factor = metadata.get("reference_downscale_factor", "1")
    step = 64 * (int(factor) if factor.isdecimal() and len(factor) < 10 else 1) or 64
    if request.width % step or request.height % step:
        raise RenderError(
            f"{slot} needs references at 1/{factor} of the size, so both sides of the canvas must be multiples of "
            f"{step}, and it is {request.width}×{request.height}: choose a clip size that is"
        )
