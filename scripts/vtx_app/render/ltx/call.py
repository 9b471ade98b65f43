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
from vtx_app.formats.generations import possible_generations
from vtx_app.formats.pipelines import (
    DETAILING_LORA,
    DISTILLED_LORA,
    TEMPORAL_UPSAMPLER,
    Flag,
    Pipeline,
    pipeline_row,
    version_text,
)
from vtx_app.render.ltx.package import LtxPackage

__all__ = ["LocalFiles", "Part", "PipelineCall", "Weights", "compile_call", "encoder_models", "require_supported"]

Part = Literal["transformer", "text encoder", "other", "LoRA"]
Option = tuple[str, ...]

_DISTILLED_WEIGHT = 0.8
"""Of the LoRA that refines the second stage, unless the clip gives one (the brief; LTX-2's own examples)."""

_NUMBERS = ("seed", "width", "height", "frames", "rate", "guidance_scale", "steps", "retake_start", "retake_end")
_NOT_FOR_PROMPTS = (
    DISTILLED_LORA,
    DETAILING_LORA,
    TEMPORAL_UPSAMPLER,
    "LTX_SPATIAL_UPSAMPLER_PATH",
    "LTX_VIDEO_VAE_PATH",
    "LTX_AUDIO_VAE_PATH",
)


@dataclass(frozen=True, slots=True)
class Weights:
    """A model or LoRA that a call loads: its absolute path, what it is for, and its size in memory, in bytes.

    ``streamed``: what of it lies on the GPU at a time while its blocks are streamed.
    """

    path: str
    part: Part
    size: int
    streamed: int = 0


@dataclass(frozen=True, slots=True)
class PipelineCall:
    """A run of ``python -m ltx_pipelines.<pipeline>`` that writes ``output``.

    ``options`` (models, LoRAs, numbers) and ``media`` (what it starts from) are command-line options, each a flag and
    its values. ``quantization``: how the transformer is stored in memory. ``encoder``: fingerprints of the models that
    encode the prompt. ``weights``: all that is loaded. ``offload``: the setting ``LTX_OFFLOAD``. ``log``: where the
    pipeline's output goes. ``tokens`` of the picture (0: unknown). ``peaks``: of earlier takes like it, each its memory
    mode, tokens and peak of GPU memory in bytes.
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
    tokens: int = 0
    peaks: tuple[tuple[str, int, int], ...] = ()

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
    row = pipeline_row(request.pipeline, request.generation)
    if not row.stands_in(package):
        raise RenderError(_other_pipeline(request, row, package))
    made, wanted = possible_generations(request.pipeline, package), request.generation or 1
    if wanted not in made:
        raise RenderError(
            f"{request.pipeline} is asked for as its generation {wanted} and ltx-pipelines {package} makes "
            f"{' or '.join(map(str, sorted(made)))} (README.md, Rendering with LTX-2): install the version the film is "
            "locked to, or move the film: vtx models lock"
        )
    for name, flag in _given_options(request, row):
        if not flag.stands_in(package):
            raise RenderError(
                f"render.options.{name} needs ltx-pipelines {version_text(flag.since)} or newer, and {package} is here"
            )
    if package.offloads:
        return
    if any(model.slot == "LTX_TEXT_ENCODER_PATH" for model in request.models):
        raise RenderError(f"ltx-pipelines {package} takes one checkpoint, not one file a part: install 1.2 or newer")
    if request.loras and not row.flags["loras"].stands_in(package):
        raise RenderError(f"the retake of ltx-pipelines {package} fails with any LoRA: remove them, or install 1.2")
    if request.quantization not in (None, "fp8-cast", "fp8-scaled-mm"):
        raise RenderError(
            f"ltx-pipelines {package} has no {request.quantization}: lock the film to another, or install 1.2"
        )


def _other_pipeline(request: RenderRequest, row: Pipeline, package: LtxPackage) -> str:
    since = version_text(row.since)
    if package < row.since:
        return f"{request.pipeline} is not in ltx-pipelines {package}; it needs {since} or newer"
    return (
        f"{request.pipeline} of ltx-pipelines {package} takes other models than that of {since}, which the film is "
        f"locked to: install {since}, or move the film: vtx models lock"
    )


def _given_options(request: RenderRequest, row: Pipeline) -> Iterator[tuple[str, Flag]]:
    """Yield the pipeline's options that the request sets."""
    for name, flag in row.options.items():
        if request.options is not None and getattr(request.options, name) is not None:
            yield name, flag


def _options(request: RenderRequest, files: LocalFiles, package: LtxPackage) -> Iterator[Option]:
    row = pipeline_row(request.pipeline, request.generation)
    for model in request.models:
        if model.slot != DISTILLED_LORA:
            yield row.model_flag(model.slot, package), _path(files.models[model.slot])
    yield from _loras(request, files)
    doublings = _doublings(request)
    for name in _NUMBERS:
        value = getattr(request, name)
        if name == "frames":
            value = (value - 1) // 2**doublings + 1
        elif name == "rate":
            value = legal_rate(value) / 2**doublings
        if value is not None and row.accepts(name):
            yield row.flags[name].name, _number(value)
    for name, flag in _given_options(request, row):
        value = getattr(request.options, name)
        yield (flag.name,) if value is True else (flag.name, str(value))


def _doublings(request: RenderRequest) -> int:
    """How often the pipeline doubles the rate: it is asked for the frames and pictures before that."""
    return (request.options.temporal_upscalings or 0) if request.options is not None else 0


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
    row = pipeline_row(request.pipeline, request.generation)
    flags = {name: flag.name for name, flag in row.flags.items()}
    doublings = _doublings(request)
    if files.first_frame is not None:
        yield flags["images"], _path(files.first_frame), "0", "1"
    for image in request.images:
        frame = image.frame // 2**doublings
        yield flags["images"], _path(files.inputs[image.sha256]), str(frame), _number(image.strength)
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
