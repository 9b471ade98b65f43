"""Estimate a call's GPU memory: its weights by memory mode, and its working memory by size.

The figures are estimates, each with its source beside it, until takes of the same kind have been measured; no GPU has
been yet. A take that still runs out of memory is tried again in a mode that needs less.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass

from vtx_app.compile.request import RenderRequest
from vtx_app.render.ltx.call import Part, PipelineCall
from vtx_app.render.ltx.memory import Mode

__all__ = ["CUDA_CONTEXT", "Footprint", "footprint", "least", "request_tokens", "video_tokens"]

CUDA_CONTEXT = 512 * 2**20
"""Bytes that CUDA itself takes per process, roughly; torch counts them neither as free nor as allocated."""

_BYTES_PER_TOKEN = 350_000
"""By users' reports: an RTX 4090 (24,564 MiB) renders 1280×704 up to about 7 s at 24 frames per second (19,360 tokens)
with the transformer of LTX-2.5 stored as fp8-cast (18.1 GB). This is the rest, less ``CUDA_CONTEXT``, per token."""

_LEAST_PER_TOKEN = 82_000
"""The least for a step: the picture, its norm, and both sides of the feed-forward's activation, in bf16 at the
transformer's width of 4,096 (``LTXModel`` and ``FeedForward`` of ltx-core: 2 × (2 × 4,096 + 2 × 16,384) bytes)."""

_WINDOW = 97
"""Frames of a window (``--chunk-pixel-frames`` of ltx-pipelines 1.4, its default)."""

_UNKNOWN = 1 / 3
"""Working memory as a share of the weights if a call's tokens are unknown: a quarter of the total."""

_ENCODING = 0.2
"""Working memory as a share of the text encoder: unquantized Gemma of 24 GB peaks near 29 GB (users' reports)."""


@dataclass(frozen=True, slots=True)
class Footprint:
    """GPU memory in bytes at a call's peak: its ``weights`` on the GPU, and its working memory (``work``).

    ``measured``: a take of the same kind was measured in this mode.
    """

    weights: int
    work: int
    measured: bool = False

    @property
    def total(self) -> int:
        """Weights and working memory."""
        return self.weights + self.work


def video_tokens(width: int, height: int, frames: int) -> int:
    """Return the tokens that the transformer attends to: one for each 32×32 pixels of each 8 frames, the first alone.

    1280, 704, 121 → 14,080. The factors are those of LTX-2's video autoencoder (``VIDEO_SCALE_FACTORS`` of ltx-core).
    """
    return (width // 32) * (height // 32) * ((frames - 1) // 8 + 1)


def request_tokens(request: RenderRequest, *, width: int = 0, height: int = 0, frames: int = 0) -> int:
    """Return the tokens of a request, or of the same request in another size; 0 if its options make them unknown.

    With ``render.options.chunked``, the tokens of one window.
    """
    size = width or request.width, height or request.height
    length = frames or request.frames
    options = asdict(request.options) if request.options is not None else {}
    given = {name for name, value in options.items() if value is not None}
    if given == {"chunked"}:
        return video_tokens(*size, min(length, _WINDOW))
    return 0 if given else video_tokens(*size, length)


def footprint(call: PipelineCall, mode: Mode) -> Footprint:
    """Return what ``call`` is expected to need in ``mode``: its most demanding phase."""
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
    """Return the fewest bytes that ``call`` can need in ``mode``.

    At least the model's minimum and the peak of any take that was no larger; at most the peak of one that was no
    smaller.
    """
    points = _points(call.peaks, mode)
    encoding, denoising = (weights - call.size("other") for weights in _weights(call, mode))
    smaller = (peak for tokens, peak in points if tokens <= call.tokens)
    needed = max(encoding, denoising + _LEAST_PER_TOKEN * call.tokens, *smaller)
    return min([needed, *(peak for tokens, peak in points if tokens >= call.tokens)])


def _weights(call: PipelineCall, mode: Mode) -> tuple[int, int]:
    """Return the bytes of weights on the GPU while encoding the prompt, and while denoising.

    A mode that keeps weights there has all of them, and a second transformer to fuse LoRAs into. Other modes have one
    model at a time or, streamed, a few blocks of it. Both phases count the smaller models.
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
    """Return (tokens, bytes) in order of tokens. Among takes of one size the smallest peak counts: it was enough."""
    points: dict[int, int] = {}
    for name, tokens, peak in peaks:
        if name == mode.name:
            points[tokens] = min(peak, points.get(tokens, peak))
    return sorted(points.items())


def _interpolated(points: Sequence[tuple[int, int]], tokens: int) -> int:
    """Return the peak for a number of tokens: linear between measured takes, by the estimate above the largest.

    Below the smallest take, its peak.
    """
    below = max((point for point in points if point[0] <= tokens), default=None)
    above = min((point for point in points if point[0] >= tokens), default=None)
    if below is None or above is None:
        nearest, peak = below or above or (tokens, 0)
        return peak + _BYTES_PER_TOKEN * max(0, tokens - nearest)
    share = (tokens - below[0]) / (above[0] - below[0]) if above[0] > below[0] else 0.0
    return round(below[1] + share * (above[1] - below[1]))
