"""A render request → the call of its LTX-2 pipeline: its command line and what it loads, the same for every runner."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Literal

from vtx_app.compile.duration import legal_rate
from vtx_app.compile.request import RenderRequest
from vtx_app.errors import RenderError
from vtx_app.formats.pipelines import DISTILLED_LORA, MODEL_FLAGS, PIPELINES
from vtx_app.render.ltx.package import LtxPackage

__all__ = ["LocalFiles", "Part", "PipelineCall", "Weights", "compile_call", "encoder_models", "require_supported"]

Part = Literal["transformer", "text encoder", "other", "LoRA"]
Option = tuple[str, ...]

_DISTILLED_WEIGHT = 0.8
"""Of the LoRA that refines the second stage, unless the clip gives one (the brief; LTX-2's own examples)."""

_NUMBERS = ("seed", "width", "height", "frames", "rate", "guidance_scale", "steps", "retake_start", "retake_end")
_NOT_FOR_PROMPTS = (DISTILLED_LORA, "LTX_SPATIAL_UPSAMPLER_PATH", "LTX_VIDEO_VAE_PATH", "LTX_AUDIO_VAE_PATH")


@dataclass(frozen=True, slots=True)
class Weights:
    """A model or LoRA that a call loads: its absolute path, what it is for, and its size in memory, in bytes."""

    path: str
    part: Part
    size: int


@dataclass(frozen=True, slots=True)
class PipelineCall:
    """A run of ``python -m ltx_pipelines.<pipeline>`` that writes ``output``.

    ``options`` (models, LoRAs, numbers) and ``media`` (what it starts from) are command-line options, each a flag and
    its values. ``quantization``: how the transformer is stored in memory. ``encoder``: fingerprints of the models that
    encode the prompt. ``weights``: all that is loaded. ``offload``: the setting ``LTX_OFFLOAD``. ``log``: where the
    pipeline's output goes.
    """

    pipeline: str
    output: Path
    prompt: str
    negative: str = ""
    options: tuple[Option, ...] = ()
    media: tuple[Option, ...] = ()
    quantization: str | None = None
    encoder: tuple[str, ...] = ()
    weights: tuple[Weights, ...] = ()
    offload: str = ""
    log: Path | None = None

    @property
    def module(self) -> str:
        """The module that runs the pipeline."""
        return f"ltx_pipelines.{self.pipeline}"

    @property
    def has_loras(self) -> bool:
        """Whether LoRAs are fused into a copy of the transformer."""
        return any(each.part == "LoRA" for each in self.weights)

    def size(self, part: Part) -> int:
        """Bytes in memory of all weights for that part."""
        return sum(each.size for each in self.weights if each.part == part)

    def argv(self, *, offload: str = "none", names: Mapping[str, str] | None = None) -> list[str]:
        """Return the arguments of the module.

        Text from a person is joined to its flag by ``=``, so it can't be mistaken for a flag. ``offload``: the
        package's ``--offload``. ``names`` replaces paths.
        """
        names = names or {}
        output = str(self.output.absolute())
        options: list[Option] = [(f"--prompt={self.prompt}",), (f"--output-path={names.get(output, output)}",)]
        options += self.options
        if self.quantization is not None:
            options.append(("--quantization", self.quantization))
        if self.negative:
            options.append((f"--negative-prompt={self.negative}",))
        options += self.media
        if offload != "none":
            options.append(("--offload", offload))
        return [word for flag, *values in options for word in (flag, *(names.get(value, value) for value in values))]


@dataclass(frozen=True, slots=True)
class LocalFiles:
    """The files that a request names by content, on this machine.

    ``models``: model variable → path; ``loras``: fingerprint → path; ``inputs``: SHA-256 → path. ``first_frame`` and
    ``tail``: a picture or a film of the take that the clip continues. ``sound``: the stereo version of its audio.
    """

    models: Mapping[str, Path]
    loras: Mapping[str, Path] = field(default_factory=dict)
    inputs: Mapping[str, Path] = field(default_factory=dict)
    first_frame: Path | None = None
    tail: Path | None = None
    sound: Path | None = None


def compile_call(request: RenderRequest, files: LocalFiles, output: Path, package: LtxPackage) -> PipelineCall:
    """Return the call that renders ``request`` to ``output``, without what depends on the machine's memory.

    It states everything that the request states. What the request leaves open (steps, guidance, the negative) is the
    package's choice for the model. Paths are absolute. Raises :class:`RenderError` for what the installed version
    can't do.
    """
    require_supported(request, package)
    return PipelineCall(
        pipeline=request.pipeline,
        output=output,
        prompt=request.prompt,
        negative=request.negative,
        options=tuple(_options(request, files, package)),
        media=tuple(_media(request, files)),
        quantization=request.quantization,
        encoder=encoder_models(request),
    )


def encoder_models(request: RenderRequest) -> tuple[str, ...]:
    """Return the fingerprints of what encodes the prompt: the text encoder, and the model with its connectors."""
    return tuple(model.fingerprint for model in request.models if model.slot not in _NOT_FOR_PROMPTS)


def require_supported(request: RenderRequest, package: LtxPackage) -> None:
    """Raise :class:`RenderError` if this version of the package can't render the request."""
    since = PIPELINES[request.pipeline].since
    if package < since:
        raise RenderError(
            f"{request.pipeline} is not in ltx-pipelines {package}; it needs {'.'.join(map(str, since))} or newer"
        )
    if package.offloads:
        return
    if any(model.slot == "LTX_TEXT_ENCODER_PATH" for model in request.models):
        raise RenderError(f"ltx-pipelines {package} takes one checkpoint, not one file a part: install 1.2 or newer")
    if request.pipeline == "retake" and request.loras:
        raise RenderError(f"the retake of ltx-pipelines {package} fails with any LoRA: remove them, or install 1.2")
    if request.quantization not in (None, "fp8-cast", "fp8-scaled-mm"):
        raise RenderError(
            f"ltx-pipelines {package} has no {request.quantization}: lock the film to another, or install 1.2"
        )


def _options(request: RenderRequest, files: LocalFiles, package: LtxPackage) -> Iterator[Option]:
    pipeline = PIPELINES[request.pipeline]
    for model in request.models:
        if model.slot != DISTILLED_LORA:
            yield _model_flag(model.slot, request, package), _path(files.models[model.slot])
    yield from _loras(request, files)
    for name in _NUMBERS:
        value = legal_rate(request.rate) if name == "rate" else getattr(request, name)
        if value is not None and pipeline.accepts(name):
            yield pipeline.flags[name], _number(value)


def _model_flag(slot: str, request: RenderRequest, package: LtxPackage) -> str:
    if request.pipeline == "retake" and not package.offloads and slot == "LTX_DISTILLED_CHECKPOINT_PATH":
        return MODEL_FLAGS["LTX_CHECKPOINT_PATH"]  # the flag's name in 1.0
    return MODEL_FLAGS[slot]


def _loras(request: RenderRequest, files: LocalFiles) -> Iterator[Option]:
    """Yield the LoRAs in order; the one that refines the second stage has its own flag."""
    refiner = next((model.fingerprint for model in request.models if model.slot == DISTILLED_LORA), None)
    weight = _DISTILLED_WEIGHT
    for lora in request.loras:
        if lora.fingerprint == refiner:
            weight = lora.weight
        else:
            yield "--lora", _path(files.loras[lora.fingerprint]), _number(lora.weight)
    if refiner is not None:
        yield "--distilled-lora", _path(files.models[DISTILLED_LORA]), _number(weight)


def _media(request: RenderRequest, files: LocalFiles) -> Iterator[Option]:
    flags = PIPELINES[request.pipeline].flags
    if files.first_frame is not None:
        yield flags["images"], _path(files.first_frame), "0", "1"
    for image in request.images:
        yield flags["images"], _path(files.inputs[image.sha256]), str(image.frame), _number(image.strength)
    source = files.tail if request.video is None else files.inputs[request.video]
    if source is not None:
        strength = () if "retake_start" in flags else (_strength(request.video_strength),)
        yield flags["video"], _path(source), *strength
    if request.mask is not None:
        yield flags["mask"], _path(files.inputs[request.mask]), _strength(request.mask_strength)
    if request.audio is not None:
        yield flags["audio"], _path(files.sound or files.inputs[request.audio])
        yield flags["audio_start"], _number(request.audio_start or 0.0)


def _path(path: Path) -> str:
    return str(path.absolute())


def _strength(value: float | None) -> str:
    return _number(1.0 if value is None else value)


def _number(value: float) -> str:
    """``0.8`` → ``0.8``, ``1.0`` → ``1``; never ``-1e-05``, which argparse takes for a flag."""
    return str(int(value)) if float(value).is_integer() else f"{Decimal(repr(value)):f}"
