"""Where weights wait between uses: on the GPU, in main memory, or on disk. No choice here changes a pixel.

Measured: ``--offload`` changes no output, but streaming from main memory together with a registry that keeps weights
silently gives wrong output. A mode sets both, and no mode combines those two.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from vtx_app.errors import RenderError
from vtx_app.render.ltx.call import PipelineCall
from vtx_app.render.ltx.package import LtxPackage

__all__ = [
    "MODES",
    "LoadedWeights",
    "Memory",
    "Mode",
    "can_stream",
    "forced_mode",
    "is_out_of_memory",
    "out_of_memory",
]

_WORK = 0.25
"""Share of the GPU for activations and the decoder, of calls whose size is unknown: an estimate."""
_MAIN_MEMORY_SHARE = 0.7
"""Of free main memory: torch hands out pinned memory in powers of two (CachingHostAllocator), so parked weights take
more than their size; the pipeline itself needs the rest."""

_STREAMABLE = (None, "fp8-cast")
"""Quantizations that the package can stream: it refuses ``--offload`` with any other
(``DiffusionStage._build_streaming_builder`` of ltx-pipelines 1.2.0)."""

_OUT_OF_MEMORY = re.compile(
    r"OutOfMemoryError|\b(CUDA|HIP|MPS)\b.{0,20}\bout of memory"
    r"|CUDA_ERROR_OUT_OF_MEMORY|cudaErrorMemoryAllocation|(CUBLAS|CUDNN)_STATUS_ALLOC_FAILED"
    r"|Cannot fit a DiffVAE decode tile under the memory budget"
)
"""Errors of torch's allocator; of the driver, as a RuntimeError (pinned memory, kernels that are loaded late); of
cuBLAS and cuDNN; of Triton; of the diffusion decoder."""


@dataclass(frozen=True, slots=True)
class Mode:
    """A memory policy: the package's ``--offload``, and where the worker's registry keeps weights between uses.

    ``description`` completes "weights …" in messages.
    """

    name: str
    offload: str
    keeps: str
    description: str


MODES: dict[str, Mode] = {
    "resident": Mode("resident", "none", "GPU", "on the GPU"),
    "parked": Mode("parked", "none", "main memory", "in main memory"),
    "reloaded": Mode("reloaded", "none", "nothing", "reloaded for each use"),
    "cpu": Mode("cpu", "cpu", "nothing", "streamed from main memory"),
    "disk": Mode("disk", "disk", "nothing", "streamed from disk"),
}
"""From the one that needs the most GPU memory to the one that needs the least."""
_SETTINGS = {"none": MODES["resident"]} | MODES


@dataclass(frozen=True, slots=True)
class Memory:
    """Bytes that weights may take: of the GPU (None without one: main memory takes its place) and of main memory."""

    gpu: int | None
    main: int


@dataclass(frozen=True, slots=True)
class LoadedWeights:
    """Bytes of the models (by path and quantization) and LoRAs (by path) that calls have loaded.

    A registry evicts nothing by itself, and films that are built together, or clips of two pipelines, may each have
    models that only fit alone.
    """

    models: dict[tuple[str, str | None], int] = field(default_factory=dict)
    loras: dict[str, int] = field(default_factory=dict)

    @classmethod
    def of(cls, call: PipelineCall) -> LoadedWeights:
        """Return what ``call`` loads."""
        own = cls()
        for weights in call.weights:
            if weights.part == "LoRA":
                own.loras[weights.path] = weights.size
            else:
                own.models[weights.path, call.quantization] = weights.size
        return own

    def __or__(self, other: LoadedWeights) -> LoadedWeights:
        return LoadedWeights(self.models | other.models, self.loras | other.loras)

    def fit(self, mode: Mode, memory: Memory, *, fused: int = 0, work: int | None = None) -> bool:
        """Return whether the registry of ``mode`` can keep all of them in ``memory``.

        On the GPU, beside ``fused`` bytes of weights and ``work`` bytes of activations (None: unknown). LoRAs are kept
        in main memory in every mode.
        """
        models, loras = sum(self.models.values()), sum(self.loras.values())
        main = memory.main * _MAIN_MEMORY_SHARE
        if mode.keeps == "nothing":
            return True
        if mode.keeps == "GPU" and memory.gpu is not None:
            room = memory.gpu * (1 - _WORK) if work is None else memory.gpu - work
            return models + fused <= room and loras <= main
        return models + loras <= main

    def leave_room_for(self, call: PipelineCall, mode: Mode, memory: Memory, *, work: int | None = None) -> bool:
        """Return whether they can stay loaded while ``call`` runs with ``work`` bytes of activations (None: unknown).

        What the call itself needs is no reason to evict.
        """
        own = LoadedWeights.of(call)
        both = self | own
        fused = call.size("transformer") if call.has_loras else 0
        return both == own or both.fit(mode, memory, fused=fused, work=work)


def can_stream(quantization: str | None) -> bool:
    """Return whether the package can stream weights that are stored so."""
    return quantization in _STREAMABLE


def forced_mode(offload: str, quantization: str | None, package: LtxPackage) -> Mode | None:
    """Return the mode that ``LTX_OFFLOAD`` sets; None if it is empty.

    Raises :class:`RenderError` for an unknown value, for one that the package is too old for, and for one that would
    stream weights that the package can't stream.
    """
    if not offload:
        return None
    mode = _SETTINGS.get(offload)
    if mode is None:
        raise RenderError(f"LTX_OFFLOAD is {offload!r}; expected one of {', '.join(_SETTINGS)}, or leave it empty")
    if mode.name != "resident" and not package.offloads:
        raise RenderError(
            f"LTX_OFFLOAD is {offload!r}, and ltx-pipelines {package} has no --offload (it came with 1.2): unset it"
        )
    if mode.offload != "none" and not can_stream(quantization):
        raise RenderError(
            f"LTX_OFFLOAD is {offload!r}, and ltx-pipelines can't stream weights stored as {quantization}: leave it "
            "empty, or use parked or reloaded"
        )
    return mode


def is_out_of_memory(error: str) -> bool:
    """Return whether the text of an error means that the GPU's memory ran out."""
    return _OUT_OF_MEMORY.search(error) is not None


def out_of_memory(call: PipelineCall, reason: str, *, retried: bool) -> RenderError:
    """Return the error for a call that ran out of GPU memory, after a second attempt in another mode if ``retried``."""
    advice = "make the clip shorter or smaller, or use a pipeline that needs less"
    if call.quantization is None:
        advice += ", or lock the film to LTX_QUANTIZATION=fp8-cast (it changes pixels: vtx models lock)"
    again = ", and again with less of its weights kept there" if retried else ""
    return RenderError(f"{call.pipeline} ran out of GPU memory{again} ({reason}): {advice}")
