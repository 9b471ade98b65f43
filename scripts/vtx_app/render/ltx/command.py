"""A render request as the words of ``python -m ltx_pipelines.<pipeline>``: pure, and the same for every runner."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from vtx_app.compile.canvas import legal_rate
from vtx_app.compile.request import RenderRequest
from vtx_app.errors import RenderError
from vtx_app.formats.pipelines import DISTILLED_LORA, MODEL_FLAGS, PIPELINES
from vtx_app.render.ltx.package import LtxPackage

__all__ = ["DISTILLED_WEIGHT", "Material", "arguments", "module_name", "require_able"]

DISTILLED_WEIGHT = 0.8
"""Of the LoRA that refines the second stage, where no clip says another (the brief; LTX-2's own examples)."""


@dataclass(frozen=True, slots=True)
class Material:
    """Where everything that a request names lies on this machine.

    ``models``: model variable → path; ``loras``: fingerprint → path; ``files``: sha256 → path. ``first`` is the
    picture that a continued clip starts from, ``tail`` the film; ``sound`` the a2v sound that is heard.
    """

    models: Mapping[str, Path]
    loras: Mapping[str, Path] = field(default_factory=dict)
    files: Mapping[str, Path] = field(default_factory=dict)
    first: Path | None = None
    tail: Path | None = None
    sound: Path | None = None


def module_name(request: RenderRequest) -> str:
    """The module that renders the request."""
    return f"ltx_pipelines.{request.pipeline}"


def arguments(request: RenderRequest, material: Material, out: Path, package: LtxPackage) -> list[str]:
    """The words after ``python -m ltx_pipelines.<pipeline>`` that render ``request`` to ``out``.

    Everything that the request says is said; what it leaves open (steps, guidance, the negative) is the package's
    choice for the model. What comes from people stands behind ``=``: it can't be taken for a flag. Paths are
    absolute. Raises :class:`RenderError` for what the installed version can't do.
    """
    require_able(request, package)
    row = PIPELINES[request.pipeline]
    flags = row.flags
    words = [f"{flags['prompt']}={request.prompt}", f"--output-path={out.absolute()}"]
    for model in request.models:
        if model.slot != DISTILLED_LORA:
            words += [_model_flag(model.slot, request, package), _at(material.models[model.slot])]
    words += _loras(request, material)
    plain = {
        "seed": request.seed,
        "width": request.width,
        "height": request.height,
        "frames": request.frames,
        "rate": legal_rate(request.rate),
        "guidance_scale": request.guidance_scale,
        "steps": request.steps,
        "retake_start": request.retake_start,
        "retake_end": request.retake_end,
        "quantization": request.quantization,
    }
    for name, value in plain.items():
        if value is not None and row.takes(name):
            words += [flags[name], _number(value)]
    if request.negative:
        words.append(f"{flags['negative']}={request.negative}")
    if material.first is not None:
        words += [flags["images"], _at(material.first), "0", "1"]
    for image in request.images:
        words += [flags["images"], _at(material.files[image.sha256]), str(image.frame), _number(image.strength)]
    return words + _films(request, material, flags)


def require_able(request: RenderRequest, package: LtxPackage) -> None:
    """Raise :class:`RenderError` where this version of the package can't render the request."""
    row = PIPELINES[request.pipeline]
    here = ".".join(map(str, package))
    if tuple(package) < row.since:
        raise RenderError(
            f"{request.pipeline} is not in ltx-pipelines {here}; it needs {'.'.join(map(str, row.since))} or newer"
        )
    if not package.offloads and any(model.slot == "LTX_TEXT_ENCODER_PATH" for model in request.models):
        raise RenderError(f"ltx-pipelines {here} takes one checkpoint, not one file a part: install 1.2 or newer")
    if not package.offloads and request.pipeline == "retake" and request.loras:
        raise RenderError(f"the retake of ltx-pipelines {here} fails with any LoRA: take them out, or install 1.2")
    if not package.offloads and request.quantization not in (None, "fp8-cast", "fp8-scaled-mm"):
        raise RenderError(
            f"ltx-pipelines {here} has no {request.quantization}: lock the film to another, or install 1.2"
        )


def _model_flag(slot: str, request: RenderRequest, package: LtxPackage) -> str:
    if request.pipeline == "retake" and not package.offloads and slot == "LTX_DISTILLED_CHECKPOINT_PATH":
        return MODEL_FLAGS["LTX_CHECKPOINT_PATH"]  # 1.0 gives the same model another name there
    return MODEL_FLAGS[slot]


def _loras(request: RenderRequest, material: Material) -> list[str]:
    """The LoRAs in order; the one that refines the second stage has a flag of its own."""
    refiner = next((model for model in request.models if model.slot == DISTILLED_LORA), None)
    words: list[str] = []
    weight = DISTILLED_WEIGHT
    for lora in request.loras:
        if refiner is not None and lora.fingerprint == refiner.fingerprint:
            weight = lora.weight
        else:
            words += ["--lora", _at(material.loras[lora.fingerprint]), _number(lora.weight)]
    if refiner is not None:
        words += ["--distilled-lora", _at(material.models[DISTILLED_LORA]), _number(weight)]
    return words


def _films(request: RenderRequest, material: Material, flags: Mapping[str, str]) -> list[str]:
    words: list[str] = []
    source = material.tail if request.video is None else material.files[request.video]
    if source is not None and "retake_start" in flags:
        words += [flags["video"], _at(source)]
    elif source is not None:
        words += [flags["video"], _at(source), _number(_or_one(request.video_strength))]
    if request.mask is not None:
        words += [flags["mask"], _at(material.files[request.mask]), _number(_or_one(request.mask_strength))]
    if request.audio is not None:
        sound = material.sound or material.files[request.audio]
        words += [flags["audio"], _at(sound), flags["audio_start"], _number(request.audio_start or 0.0)]
    return words


def _or_one(strength: float | None) -> float:
    return 1.0 if strength is None else strength


def _at(path: Path) -> str:
    return str(path.absolute())


def _number(value: object) -> str:
    """``0.8`` → ``0.8``, ``1.0`` → ``1``: as a person would write it. (``-1e-05`` would be taken for a flag.)"""
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else f"{Decimal(repr(value)):f}"
    return str(value)
