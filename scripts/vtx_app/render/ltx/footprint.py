"""How much GPU memory a call is expected to need: its weights by mode, and what it works with, by its size.

The figures are estimates until takes of the same kind were measured: no GPU was. Where they come from stands beside
them; a take that runs out of memory all the same is tried again in a mode that needs less.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass

from vtx_app.compile.request import RenderRequest
from vtx_app.render.ltx.call import Part, PipelineCall
from vtx_app.render.ltx.memory import Mode

__all__ = ["CUDA_CONTEXT", "Footprint", "footprint", "least", "request_tokens", "video_tokens"]

CUDA_CONTEXT = 512 * 2**20
"""Bytes that CUDA itself takes of a GPU for a process, about; torch counts them neither as free nor as allocated."""

_BYTES_PER_TOKEN = 350_000
"""By users' reports: an RTX 4090 (24,564 MiB) renders 1280×704 up to about 7 s at 24 frames per second (19,360 tokens)
with the transformer of LTX-2.5 stored as fp8-cast (18.1 GB). This is what they leave, less ``CUDA_CONTEXT``."""

_LEAST_PER_TOKEN = 82_000
"""What a step can't do without: the picture, its norm, and both sides of the activation in the feed-forward, in bf16 at
the transformer's width of 4,096 (``LTXModel`` and ``FeedForward`` of ltx-core: 2 × (2 × 4,096 + 2 × 16,384) bytes)."""

_WINDOW = 97
"""Frames of a window (``--chunk-pixel-frames`` of ltx-pipelines 1.4, its default)."""

_UNKNOWN = 1 / 3
"""Of the weights' size, for the work of a call whose tokens are unknown: a quarter of a GPU that is full then."""

_ENCODING = 0.2
"""Of the text encoder on the GPU, while it encodes: unquantized Gemma of 24 GB peaks near 29 GB (users' reports)."""


@dataclass(frozen=True, slots=True)
class Footprint:
    """GPU memory in bytes that a call needs at its peak: ``weights`` that lie there then, and ``work``.

    ``measured``: a take of the same kind was measured in this mode.
    """

    weights: int
    work: int
    measured: bool = False

    @property
    def total(self) -> int:
        """All of it."""
        return self.weights + self.work


def video_tokens(width: int, height: int, frames: int) -> int:
    """Return the tokens that the transformer attends to: one for each 32×32 pixels of each 8 frames, the first alone.

    1280, 704, 121 → 14,080. The factors are those of LTX-2's video autoencoder (``VIDEO_SCALE_FACTORS`` of ltx-core).
    """
    return (width // 32) * (height // 32) * ((frames - 1) // 8 + 1)


def request_tokens(request: RenderRequest, *, width: int = 0, height: int = 0, frames: int = 0) -> int:
    """Return the tokens of a request, or of one like it in another size; 0 if they can't be told from its size.

    In windows (``render.options.chunked``), those of one window.
    """
    size = width or request.width, height or request.height
    length = frames or request.frames
    options = asdict(request.options) if request.options is not None else {}
    given = {name for name, value in options.items() if value is not None}
    if given == {"chunked"}:
        return video_tokens(*size, min(length, _WINDOW))
    return 0 if given else video_tokens(*size, length)


def footprint(call: PipelineCall, mode: Mode) -> Footprint:
    """Return what ``call`` is expected to need in ``mode``: of the phases that follow each other, the worst."""
    encoding, denoising = _weights(call, mode)
    if not call.tokens:
        most = max(encoding, denoising)
        return Footprint(most, round(most * _UNKNOWN))
    points = _points(call.peaks, mode)
    if points:
        total = _interpolated(points, call.tokens)
        return Footprint(min(denoising, total), max(0, total - denoising), measured=True)
    phases = (
        Footprint(encoding, round(_ENCODING * _part(call, "text encoder", mode))),
        Footprint(denoising, _BYTES_PER_TOKEN * call.tokens),
    )
    return max(phases, key=lambda each: each.total)


def least(call: PipelineCall, mode: Mode) -> int:
    """Return the bytes that ``call`` certainly needs in ``mode``.

    What a take that was not larger needed, or what no calculation of the model can do without; never more than what was
    enough for a take that was not smaller.
    """
    points = _points(call.peaks, mode)
    encoding, denoising = (weights - call.size("other") for weights in _weights(call, mode))
    smaller = (peak for tokens, peak in points if tokens <= call.tokens)
    needed = max(encoding, denoising + _LEAST_PER_TOKEN * call.tokens, *smaller)
    return min([needed, *(peak for tokens, peak in points if tokens >= call.tokens)])


def _weights(call: PipelineCall, mode: Mode) -> tuple[int, int]:
    """Return the bytes of weights on the GPU while the prompt is encoded, and while the picture is denoised.

    Kept on the GPU: all of them, and the copy that LoRAs are fused into. Else one model at a time, or, streamed, a few
    blocks of one. The smaller models are counted in each.
    """
    encoder, transformer, other = (_part(call, part, mode) for part in ("text encoder", "transformer", "other"))
    if mode.keeps == "GPU":
        kept = transformer * (2 if call.has_loras else 1) + encoder + other
        return kept, kept
    return encoder + other, transformer + other


def _part(call: PipelineCall, part: Part, mode: Mode) -> int:
    """Return the bytes of one part on the GPU while it is in use."""
    if mode.offload == "none" or part == "other":
        return call.size(part)
    return sum(each.streamed for each in call.weights if each.part == part)


def _points(peaks: Iterable[tuple[str, int, int]], mode: Mode) -> Sequence[tuple[int, int]]:
    """Return (tokens, bytes) by tokens. Of takes of one size, the smallest peak was enough."""
    points: dict[int, int] = {}
    for name, tokens, peak in peaks:
        if name == mode.name:
            points[tokens] = min(peak, points.get(tokens, peak))
    return sorted(points.items())


def _interpolated(points: Sequence[tuple[int, int]], tokens: int) -> int:
    """Return the peak for a number of tokens: between measured ones linear, beyond the largest by the estimate.

    Below the smallest it is that one's: what it needed is enough.
    """
    below = max((point for point in points if point[0] <= tokens), default=None)
    above = min((point for point in points if point[0] >= tokens), default=None)
    if below is None or above is None:
        nearest, peak = below or above or (tokens, 0)
        return peak + _BYTES_PER_TOKEN * max(0, tokens - nearest)
    share = (tokens - below[0]) / (above[0] - below[0]) if above[0] > below[0] else 0.0
    return round(below[1] + share * (above[1] - below[1]))
