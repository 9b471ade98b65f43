"""Where the weights wait: on the card, in main memory, or on disk. None of it changes a pixel.

Measured: ``--offload`` changes no output, and streaming from main memory together with a registry that keeps
weights gives wrong output without a word. So a mode here is both things at once, and that pair is none of them.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from vtx_app.errors import RenderError

__all__ = ["MODES", "Mode", "choose", "free_main_memory", "tighter", "too_big"]

_HEADROOM = 0.25
"""Of the card, for activations and the decoder; an estimate: where it is too little, the next mode is tried."""
_MAIN_MEMORY_USED = 0.8


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
    "cpu": Mode("cpu", "cpu", "nothing", "streamed from main memory"),
    "disk": Mode("disk", "disk", "nothing", "streamed from disk"),
}
_TIGHTER = {"resident": "parked", "parked": "disk", "cpu": "disk"}
_SAID = {"none": "resident", "resident": "resident", "parked": "parked", "cpu": "cpu", "disk": "disk"}


def free_main_memory() -> int:
    """Bytes of main memory that a process could have now.

    The kernel's own estimate (proc(5), MemAvailable): pages that only keep files it has read count as free, and after
    a model was read those are most of them. Elsewhere than on Linux, the pages that are free outright.
    """
    with contextlib.suppress(OSError):
        for line in Path("/proc/meminfo").read_text(encoding="ascii").splitlines():
            if line.startswith("MemAvailable:"):
                return int(line.split()[1]) * 1024
    return os.sysconf("SC_AVPHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")


def tighter(mode: Mode) -> Mode | None:
    """The next mode that needs less of the card; None where there is none."""
    name = _TIGHTER.get(mode.name)
    return MODES[name] if name else None


def too_big(pipeline: str, words: Sequence[str], reason: str, *, retried: bool) -> RenderError:
    """What to tell of a call that ran out of memory, in the tightest mode too if it was ``retried``."""
    advice = "make the clip shorter or smaller, or take a pipeline that needs less"
    if "--quantization" not in words:
        advice += ", or lock the film to LTX_QUANTIZATION=fp8-cast (it changes pixels: vtx models lock)"
    again = ", and again with its weights kept in less of it" if retried else ""
    return RenderError(f"{pipeline} ran out of GPU memory{again} ({reason}): {advice}")


def choose(said: str, weights: Mapping[str, int], card: int | None, main: int, *, fused: bool) -> Mode:
    """The mode for models of these ``weights`` (bytes by ``transformer``, ``text_encoder``, ``rest``).

    ``said`` is ``LTX_OFFLOAD``, which decides where it says something. ``card`` and ``main`` are bytes of the card's
    memory (None without one: then main memory is the card) and of main memory that is free. ``fused``: LoRAs are
    fused into a second copy of the transformer. Raises :class:`RenderError` for a word that is none.
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
    if max(transformer, encoder) + rest <= room and transformer + encoder + rest <= main * _MAIN_MEMORY_USED:
        return MODES["parked"]
    return MODES["disk"]
