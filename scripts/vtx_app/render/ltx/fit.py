"""Choose a call's memory mode by its expected needs, for the plan and for both runners."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from vtx_app.errors import RenderError
from vtx_app.render.gpus import large_enough
from vtx_app.render.ltx.call import PipelineCall
from vtx_app.render.ltx.footprint import CUDA_CONTEXT, Footprint, footprint, least
from vtx_app.render.ltx.memory import MODES, LoadedWeights, Memory, Mode, can_stream, forced_mode
from vtx_app.render.ltx.package import LtxPackage
from vtx_app.render.ltx.stored_weights import has_diffusion_vae
from vtx_app.text import format_memory

__all__ = [
    "Fit",
    "choose_mode",
    "fit",
    "gpus_for",
    "process_mode",
    "require_fit",
    "smaller_mode",
    "tiles_by_free_memory",
    "usable",
]

_FRAGMENTATION = 1.05
"""Factor on a measured peak, which counts only allocated bytes: fragmentation takes more."""


@dataclass(frozen=True, slots=True)
class Fit:
    """How a call fits into a GPU: its ``mode``, what it ``needs`` there, and whether that ``fits``.

    ``least``: bytes that it needs even in the most frugal mode; ``refused`` if the GPU has fewer.
    """

    mode: Mode
    needs: Footprint
    fits: bool
    least: int
    refused: bool


def usable(total_bytes: int) -> int:
    """Return the bytes that torch can allocate of a GPU with ``total_bytes``."""
    return max(0, total_bytes - CUDA_CONTEXT)


def choose_mode(call: PipelineCall, memory: Memory, package: LtxPackage) -> Mode:
    """Return the mode that ``LTX_OFFLOAD`` sets, else the first of ``MODES`` that the call fits in.

    Weights don't stay on the GPU if the decoder's tiles depend on free memory, because tiles change pixels. Raises
    :class:`RenderError` as :func:`forced_mode` does.
    """
    mode = forced_mode(call.offload, call.quantization, package) or _first_that_fits(call, memory, package)
    if mode.keeps == "GPU" and memory.gpu is not None and tiles_by_free_memory(call):
        return smaller_mode(mode, call, memory, package) or mode
    return mode


def process_mode(call: PipelineCall, memory: Memory, package: LtxPackage) -> Mode:
    """Return the mode for a call in its own process, where nothing stays loaded.

    Raises :class:`RenderError` as :func:`choose_mode` does.
    """
    mode = choose_mode(call, memory, package)
    return MODES["reloaded"] if mode.offload == "none" else mode


def smaller_mode(mode: Mode, call: PipelineCall, memory: Memory, package: LtxPackage) -> Mode | None:
    """Return the next mode that needs less GPU memory for the call; None if there is none."""
    if not package.offloads:
        return None
    if mode.name == "resident":
        return _beside_the_gpu(call, memory)
    return MODES["disk"] if mode.name != "disk" and can_stream(call.quantization) else None


def fit(call: PipelineCall, mode: Mode, memory: Memory, package: LtxPackage) -> Fit:
    """Return how the call fits into the GPU in ``mode``, which :func:`choose_mode` or :func:`process_mode` returned."""
    frugal = mode
    while (smaller := smaller_mode(frugal, call, memory, package)) is not None:
        frugal = smaller
    if not package.offloads:  # 1.0 loads each model when it needs it, then frees it
        mode = frugal = MODES["reloaded"]
        peaks = tuple((mode.name, tokens, peak) for _, tokens, peak in call.peaks)
        call = replace(call, peaks=peaks)
    needed = least(call, frugal) if call.tokens else 0
    refused = memory.gpu is not None and needed > memory.gpu
    return Fit(mode, footprint(call, mode), _fits(call, mode, memory), needed, refused)


def gpus_for(call: PipelineCall, gpus: Sequence[str], package: LtxPackage) -> Sequence[str]:
    """Return those of ``gpus`` that can hold the call in some mode; all if none can, which :func:`require_fit`
    reports."""
    if len(gpus) < 2:
        return gpus
    least_needed = fit(call, MODES["resident"], Memory(None, 0), package).least
    return large_enough(gpus, least_needed + CUDA_CONTEXT)


def require_fit(call: PipelineCall, mode: Mode, memory: Memory, package: LtxPackage) -> None:
    """Raise :class:`RenderError` if no mode leaves the call enough of the GPU's memory."""
    found = fit(call, mode, memory, package)
    if found.refused:
        needed, free = format_memory(found.least), format_memory(memory.gpu or 0)
        raise RenderError(
            f"{call.pipeline} needs at least {needed} of GPU memory, and {free} are free: make the clip shorter, or "
            "smaller"
        )


def tiles_by_free_memory(call: PipelineCall) -> bool:
    """Return whether the decoder's tiles, and so the pixels, depend on what is free on the GPU."""
    return has_diffusion_vae(Path(each.path) for each in call.weights if each.part != "LoRA")


def _first_that_fits(call: PipelineCall, memory: Memory, package: LtxPackage) -> Mode:
    if memory.gpu is None or not package.offloads or _fits(call, MODES["resident"], memory):
        return MODES["resident"]
    beside = _beside_the_gpu(call, memory)
    return beside if _fits(call, beside, memory) or not can_stream(call.quantization) else MODES["disk"]


def _beside_the_gpu(call: PipelineCall, memory: Memory) -> Mode:
    return MODES["parked" if LoadedWeights.of(call).fit(MODES["parked"], memory) else "reloaded"]


def _fits(call: PipelineCall, mode: Mode, memory: Memory) -> bool:
    needs = footprint(call, mode)
    return memory.gpu is None or needs.total * (_FRAGMENTATION if needs.measured else 1.0) <= memory.gpu
