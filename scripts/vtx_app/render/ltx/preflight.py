"""What would stop a render on this machine, found before any weights are loaded: headers, sizes and settings alone."""

from __future__ import annotations

import json
import os
import shutil
import statistics
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from vtx_app.compile.request import RenderRequest
from vtx_app.errors import ModelError, RenderError, VtxError
from vtx_app.formats.pipelines import DISTILLED_LORA, IC_LORA, MODEL_VARIABLES, SPLIT, WHOLE
from vtx_app.models.locked import LockedModels
from vtx_app.models.safetensors_header import read_header
from vtx_app.models.weights import Kind, require_kind, require_lora_fits, require_same_generation
from vtx_app.render.gpus import gpus, newest_capability, visible_gpus
from vtx_app.render.ltx.command import require_able
from vtx_app.render.ltx.memory import choose, require_streamable
from vtx_app.render.ltx.package import installed
from vtx_app.render.ltx.runner import runner_settings
from vtx_app.render.ltx.stored import require_stored_as
from vtx_app.render.ltx.tokens import MODEL_TOKENS, count_tokens
from vtx_app.render.ltx.torch_build import CPU_ONLY, torch_is_for_cpus
from vtx_app.text import format_bytes, format_memory, plural

__all__ = ["Wanted", "faults", "unfit_models"]

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
    DISTILLED_LORA: "lora",
    IC_LORA: "lora",
}
_BYTES_A_PIXEL = 0.05
"""Of a take, where none was rendered yet: three times what H.264 at CRF 19 takes for moving film."""
_RECORDS = 200
_MULTIPLIES_FP8 = (8, 9)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A take that is to be rendered: where its spec stands, its request, and its models by slot."""

    name: str
    request: RenderRequest
    slots: Mapping[str, str]


def faults(wanted: Sequence[Wanted], models: LockedModels) -> list[str]:
    """Why the takes can't be rendered on this machine, a line each; none where nothing is known against it."""
    if not wanted:
        return []
    found: list[str] = []
    for check in (_package, _torch, _settings, _models, _stored, _capable, _unfit_requests, _tokens, _room, _card):
        found += check(wanted, models)
    return list(dict.fromkeys(found))


def _package(wanted: Sequence[Wanted], _: LockedModels) -> list[str]:
    try:
        package = installed()
    except RenderError as error:
        return [str(error)]
    return [*_caught(wanted, lambda take: require_able(take.request, package))]


def _torch(_: Sequence[Wanted], __: LockedModels) -> list[str]:
    visible = visible_gpus(os.environ) != ("",)
    return [f"this machine has a GPU, and {CPU_ONLY}"] if visible and torch_is_for_cpus() and gpus() else []


def _settings(wanted: Sequence[Wanted], models: LockedModels) -> list[str]:
    try:
        runner_settings(models.variables)
        said = models.variables.get("LTX_OFFLOAD", "")
        mode = choose(said, {}, None, 0, fused=False)
        if not installed().offloads and mode.name != "resident":
            return [f"LTX_OFFLOAD is {said!r}, and this ltx-pipelines has no --offload (it came with 1.2): unset it"]
        for quantization in {take.request.quantization for take in wanted}:
            require_streamable(said, quantization)
    except RenderError as error:
        return [str(error)]
    return []


def _models(wanted: Sequence[Wanted], models: LockedModels) -> list[str]:
    return [line for take in _one_of_each(wanted) for line in unfit_models(take, models)]


def _stored(wanted: Sequence[Wanted], models: LockedModels) -> Iterator[str]:
    """Transformers that can't be stored as the film is locked to, or as they are."""
    for slot, quantization in dict.fromkeys(
        (slot, take.request.quantization) for take in wanted for slot in take.slots
    ):
        if slot not in WHOLE | SPLIT:
            continue
        try:
            header, package = read_header(models.place(slot)), installed()
        except (ModelError, RenderError):
            continue  # told by _models, by _package
        try:
            require_stored_as(quantization, header, slot, package)
        except ModelError as error:
            yield str(error)


def _capable(wanted: Sequence[Wanted], _: LockedModels) -> list[str]:
    """Cards that can't multiply in fp8 (``torch._scaled_mm``: compute capability 8.9, Ada, or newer)."""
    if not any(take.request.quantization == "fp8-scaled-mm" for take in wanted):
        return []
    newest = newest_capability()
    if newest is None or newest >= _MULTIPLIES_FP8:
        return []
    here, needed = (".".join(map(str, each)) for each in (newest, _MULTIPLIES_FP8))
    return [
        f"LTX_QUANTIZATION=fp8-scaled-mm needs a GPU of compute capability {needed} or newer, and the newest here has "
        f"{here}: take fp8-cast"
    ]


def _unfit_requests(wanted: Sequence[Wanted], models: LockedModels) -> list[str]:
    """What a model's own settings rule out: told at once, not when the text encoder has been loaded."""

    def check(take: Wanted) -> None:
        for slot in take.slots:
            checkpoint = take.request.pipeline == "dfr_pipeline" and slot in WHOLE | SPLIT
            lora = take.request.pipeline == "ic_lora" and (slot == IC_LORA or slot not in MODEL_VARIABLES)
            if not checkpoint and not lora:
                continue
            try:
                metadata = read_header(models.place(slot)).metadata
            except ModelError:
                continue  # told by _models
            if lora:
                _require_whole_references(take.request, slot, metadata)
            elif not _has_keyframe_positions(metadata):
                raise RenderError(f"dfr_pipeline needs a checkpoint made for generated keyframes; {slot} is none")

    return [*_caught(wanted, check)]


def _has_keyframe_positions(metadata: Mapping[str, str]) -> bool:
    try:
        config = json.loads(metadata.get("config", "{}"))
        return bool(config["transformer"]["use_keyframes_abs_pos_embedding"])
    except (ValueError, KeyError, TypeError, RecursionError):
        return False


def _require_whole_references(request: RenderRequest, slot: str, metadata: Mapping[str, str]) -> None:
    """The reference is encoded at a fraction of the first stage's size, in cells of 32 pixels (ic_lora's code)."""
    factor = metadata.get("reference_downscale_factor", "1")
    step = 64 * (int(factor) if factor.isdecimal() and len(factor) < 10 else 1) or 64
    if request.width % step or request.height % step:
        raise RenderError(
            f"{slot} wants references at 1/{factor} of the size, so both sides of the canvas must be multiples of "
            f"{step}, and it is {request.width}×{request.height}: choose a clip size that is"
        )


def _one_of_each(wanted: Sequence[Wanted]) -> Iterable[Wanted]:
    """A take for every set of models: the others have the same faults."""
    return {tuple(sorted(take.slots)): take for take in reversed(wanted)}.values()


def unfit_models(take: Wanted, models: LockedModels) -> Iterator[str]:
    """What is wrong with the models of one take: missing, cut short, of another kind, not made for each other."""
    places: dict[str, Path] = {}
    for slot in take.slots:
        try:
            places[slot] = models.place(slot)
            require_kind(places[slot], _KINDS.get(slot, "lora"))
        except ModelError as error:
            named = str(error).startswith(slot.removeprefix("path:"))
            yield str(error) if named else f"{slot}: {error}"
            places.pop(slot, None)
    main = next((place for slot, place in places.items() if slot in WHOLE | SPLIT), None)
    if main is None:
        return
    for slot, place in places.items():
        try:
            if _KINDS.get(slot, "lora") == "lora":
                require_lora_fits(place, main)
            if place != main and place.is_file():
                require_same_generation(main, place)
        except ModelError as error:
            yield f"{slot}: {error}"


def _tokens(wanted: Sequence[Wanted], models: LockedModels) -> list[str]:
    """Prompts that the model would not read to their end, counted by its own tokenizer where that is installed."""

    def check(take: Wanted) -> None:
        slots = [slot for slot in ("LTX_GEMMA_ROOT", "LTX_TEXT_ENCODER_PATH") if slot in take.slots]
        root = models.location(slots[0]) if slots else None
        for what, text in (("prompt", take.request.prompt), ("negative", take.request.negative)):
            tokens = count_tokens(text, root)
            if tokens is not None and tokens > MODEL_TOKENS:
                raise RenderError(
                    f"the compiled {what} has {tokens:,} tokens and the model reads {MODEL_TOKENS:,}: its end would "
                    "not be seen; shorten the clip's words or the descriptions it names"
                )

    return [*_caught(wanted, check)]


def _caught(wanted: Sequence[Wanted], check: Callable[[Wanted], None]) -> Iterator[str]:
    for take in wanted:
        try:
            check(take)
        except VtxError as error:
            yield f"{take.name}: {error}"


def _room(wanted: Sequence[Wanted], models: LockedModels) -> list[str]:
    """Whether the takes can be written where they belong, and have room there."""
    folder = models.folder / "renders" / "takes"
    there = next(each for each in (folder, *folder.parents) if each.exists())
    if not os.access(there, os.W_OK | os.X_OK):
        return [f"{there} can't be written to: make the folder writable, the takes of {models.folder.name} go there"]
    rate = [size / pixels for pixels, size in _past_sizes(models.folder)] or [_BYTES_A_PIXEL]
    needed = round(statistics.median(rate) * sum(map(_pixels, (take.request for take in wanted))))
    free = shutil.disk_usage(there).free
    if needed > free:
        return [
            f"{plural(len(wanted), 'take')} of about {format_bytes(needed)} in all, and {there} has "
            f"{format_bytes(free)} left: make room there, or render a part of the film (an act, a clip) first"
        ]
    return []


def _card(wanted: Sequence[Wanted], models: LockedModels) -> list[str]:
    """Takes that needed more of a card before than the largest here has, whatever was done to save memory."""
    records = [record for record in _records(models.folder) if record.get("peak_vram_bytes")]
    card = max((gpu.total_bytes or 0 for gpu in gpus()), default=0) if records else 0
    if not card:
        return []
    needed: dict[tuple[object, ...], int] = {}
    for record in records:
        if record.get("memory") == "disk":  # nothing tighter is left to try
            key = tuple(record["request"].get(name) for name in ("pipeline", "width", "height", "frames"))
            needed[key] = min(needed.get(key, record["peak_vram_bytes"]), record["peak_vram_bytes"])
    return [
        f"{take.name}: takes of {request.pipeline} at {request.width}×{request.height}, {request.frames} frames needed "
        f"{format_memory(peak)} of GPU memory and the largest card here has {format_memory(card)}: "
        "make the clip shorter or smaller"
        for take in wanted
        if (request := take.request)
        and (peak := needed.get((request.pipeline, request.width, request.height, request.frames), 0)) > card
    ]


def _records(folder: Path) -> Iterator[dict[str, Any]]:
    """The records of the newest takes of the film."""
    paths = sorted((folder / "renders" / "takes").glob("*/*.json"), key=lambda path: -path.stat().st_mtime_ns)
    for path in paths[:_RECORDS]:
        try:
            record = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            continue
        if isinstance(record, dict) and isinstance(record.get("request"), dict):
            yield record


def _past_sizes(folder: Path) -> Iterator[tuple[int, int]]:
    """Pixels and bytes of takes that are there."""
    for record in _records(folder):
        request = record["request"]
        take = folder / "renders" / "takes" / str(record.get("clip_id")) / f"{record.get('digest')}.mp4"
        if request.get("renderer") == "ltx" and take.exists():
            yield request["width"] * request["height"] * request["frames"], take.stat().st_size


def _pixels(request: RenderRequest) -> int:
    return request.width * request.height * request.frames
