"""Where the weights wait: on the card, in main memory, or on disk. None of it changes a pixel.

Measured: ``--offload`` changes no output, and streaming from main memory together with a registry that keeps
weights gives wrong output without a word. So a mode here is both things at once, and that pair is none of them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from vtx_app.errors import RenderError

__all__ = [
    "MODES",
    "Mode",
    "choose",
    "fits_together",
    "is_out_of_memory",
    "require_streamable",
    "streams",
    "tighter",
    "too_big",
]

_HEADROOM = 0.25
"""Of the card, for activations and the decoder; an estimate: where it is too little, the next mode is tried."""
_MAIN_MEMORY_USED = 0.7
"""Of what is free: torch hands pinned memory out in powers of two (CachingHostAllocator), so parked weights take more
of it than they have, and the rest is for the pipeline itself."""

_STREAMED_QUANTIZATIONS = (None, "fp8-cast")
"""What the package can stream: it refuses ``--offload`` with any other (``DiffusionStage._build_streaming_builder``
of ltx-pipelines 1.2.0)."""

_FULL = re.compile(
    r"OutOfMemoryError|\b(CUDA|HIP|MPS)\b.{0,20}\bout of memory"
    r"|CUDA_ERROR_OUT_OF_MEMORY|cudaErrorMemoryAllocation|(CUBLAS|CUDNN)_STATUS_ALLOC_FAILED"
    r"|Cannot fit a DiffVAE decode tile under the memory budget"
)
"""How a full card is told of: by torch's allocator; by the driver (pinned memory, kernels that are loaded late), as a
RuntimeError; by cuBLAS and cuDNN for what they need themselves; by Triton; by a decoder that finds no room."""


@dataclass(frozen=True, slots=True)
class Mode:
    """One policy: the package's ``--offload``, and whether the registry keeps weights, on the card or parked.

    ``told`` says to people where the weights are while they are not used.
    """

    name: str
    offload: str
    keeps: str
    told: str


MODES: dict[str, Mode] = {
    "resident": Mode("resident", "none", "card", "on the card"),
    "parked": Mode("parked", "none", "main memory", "in main memory"),
    "reloaded": Mode("reloaded", "none", "nothing", "read anew for each use"),
    "cpu": Mode("cpu", "cpu", "nothing", "streamed from main memory"),
    "disk": Mode("disk", "disk", "nothing", "streamed from disk"),
}
_SAID = {"none": "resident"} | {name: name for name in MODES}


def streams(quantization: str | None) -> bool:
    """Whether the package can stream weights that are stored so."""
    return quantization in _STREAMED_QUANTIZATIONS


def require_streamable(said: str, quantization: str | None) -> None:
    """Raise :class:`RenderError` where ``LTX_OFFLOAD`` says to stream what the package can't stream."""
    if said in ("cpu", "disk") and not streams(quantization):
        raise RenderError(
            f"LTX_OFFLOAD is {said!r}, and ltx-pipelines can't stream weights stored as {quantization}: leave it "
            "empty, or say parked or reloaded"
        )


def is_out_of_memory(told: str) -> bool:
    """Whether an error's words say that the card's memory ran out."""
    return _FULL.search(told) is not None


def tighter(mode: Mode, *, parks: bool = True, streamed: bool = True) -> Mode | None:
    """The next mode that needs less of the card; None where there is none.

    ``parks``: main memory has room for all weights; ``streamed``: the package can stream them.
    """
    if mode.name == "resident":
        return MODES["parked" if parks else "reloaded"]
    return MODES["disk"] if streamed and mode.name != "disk" else None


def too_big(pipeline: str, words: Sequence[str], reason: str, *, retried: bool) -> RenderError:
    """What to tell of a call that ran out of memory, in the tightest mode too if it was ``retried``."""
    advice = "make the clip shorter or smaller, or take a pipeline that needs less"
    if "--quantization" not in words:
        advice += ", or lock the film to LTX_QUANTIZATION=fp8-cast (it changes pixels: vtx models lock)"
    again = ", and again with its weights kept in less of it" if retried else ""
    return RenderError(f"{pipeline} ran out of GPU memory{again} ({reason}): {advice}")


def choose(
    said: str,
    weights: Mapping[str, int],
    card: int | None,
    main: int,
    *,
    fused: bool,
    streamed: bool = True,
) -> Mode:
    """The mode for models of these ``weights`` (bytes by ``transformer``, ``text_encoder``, ``rest``).

    ``said`` is ``LTX_OFFLOAD``, which decides where it says something. ``card`` and ``main`` are bytes of the card's
    memory (None without one: then main memory is the card) and of main memory that is free. ``fused``: LoRAs are
    fused into a second copy of the transformer. ``streamed``: the package can stream such weights. Raises
    :class:`RenderError` for a word that is none.
    """
    if said:
        if said not in _SAID:
            raise RenderError(f"LTX_OFFLOAD is {said!r}; expected one of {', '.join(_SAID)}, or leave it empty")
        return MODES[_SAID[said]]
    transformer, encoder = weights.get("transformer", 0), weights.get("text_encoder", 0)
    rest = weights.get("rest", 0)
    if card is None:
        return MODES["resident"]
    room = card * (1 - _HEADROOM)
    if transformer * (2 if fused else 1) + encoder + rest <= room:
        return MODES["resident"]
    if max(transformer, encoder) + rest > room and streamed:
        return MODES["disk"]
    parks = transformer + encoder + rest <= main * _MAIN_MEMORY_USED
    return MODES["parked" if parks else "reloaded"]


def fits_together(mode: Mode, models: int, loras: int, card: int | None, main: int, *, fused: int = 0) -> bool:
    """Whether the registry of ``mode`` has room for these bytes of models and of LoRAs, which wait in main memory in
    any mode. ``fused`` bytes are in use beside them. ``card`` and ``main`` as in :func:`choose`."""
    if mode.keeps == "nothing":
        return True
    if mode.keeps == "card" and card is not None:
        return models + fused <= card * (1 - _HEADROOM) and loras <= main * _MAIN_MEMORY_USED
    return models + loras <= main * _MAIN_MEMORY_USED
