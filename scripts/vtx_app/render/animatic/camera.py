"""Camera moves: the camera words of a prompt as a moving crop of the picture.

A :class:`View` is the position and zoom of the crop. Each layer of a picture derives its own box from it, so that near
objects move further than far ones. A box is always inside its picture.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

__all__ = ["Box", "Move", "View", "box_of", "read_move", "view_at"]

Box = tuple[float, float, float, float]
"""Left, top, right, bottom in pixels of the picture, fractions of a pixel included."""

DEEPEST = 0.62
"""The largest share of a picture's width that is cropped away; beyond it, pixels would show."""


@dataclass(frozen=True, slots=True)
class View:
    """``across`` and ``down`` from -1 (left, top edge) to 1 (right, bottom edge), and ``zoom``: the share of the
    picture's width and height that is cropped away, from 0 to :data:`DEEPEST`."""

    across: float = 0.0
    down: float = 0.0
    zoom: float = 0.0


@dataclass(frozen=True, slots=True)
class Move:
    """A move from one view to another.

    ``depth`` is how much near layers move faster than far ones (0: a flat picture, 1: a travelling camera); ``pace`` is
    "even", "eased" (soft at both ends) or "whip" (sudden); ``shake`` is that of a hand, as a share of the free travel.
    """

    start: View
    end: View
    depth: float = 0.4
    pace: str = "eased"
    shake: float = 0.0


def _has(words: str, pattern: str) -> bool:
    return re.search(pattern, words) is not None


_SLOWLY = r"(?:\s+(?:slow|slowly|gently|quickly|fast|slightly|steadily|smoothly))*"
_GOES = r"(?:move|creep|glide|drift|inch|track|travel|push|pull|float|edge|ease|come|go|fly|fl)(?:e?s|ies)?"
_CAMERA_GOES = rf"\bcamera{_SLOWLY}\s+{_GOES}{_SLOWLY}\s+"
_PUSH = (
    rf"\b(?:push|pushes|pushing|dolly|dollies|dollying|zoom|zooms|zooming){_SLOWLY}[ -]?in(?:to|ward)?\b"
    rf"|{_CAMERA_GOES}(?:in|into|closer|forwards?|towards?|up to|on)\b|\bcrash zoom|\bslow push\b|\bsteadicam\b"
    rf"|\b(?:dolly|dollies|track|tracks){_SLOWLY}\s+(?:forwards?|towards?|closer)\b"
)
_PULL = (
    rf"\b(?:pull|pulls|pulling|dolly|dollies|dollying|zoom|zooms|zooming){_SLOWLY}[ -]?(?:out|back|backwards?)\b"
    rf"|{_CAMERA_GOES}(?:out|back|backwards?|away)\b|\bwidens? out\b|\breveal shot\b|\btracks? back\b"
)
_STILL = (
    r"\b(?:static|locked|locked-off|lock-off|tripod|motionless (?:camera|shot|frame)|fixed (?:camera|shot|frame)"
    r"|still (?:camera|frame|shot))\b|\b(?:camera|shot|frame|we) (?:holds?|does not move|stays|is still|remains)\b"
    r"|\bholds? on\b|\bholding shot|(?:^|[.,;:]\s*)(?:and )?holds?(?=[.,;:]|$)"
)
_BETWEEN = r"(?:\s+(?:from|across|along|over|to|the|away|towards?))*"
_TURN = r"(?:pan|pans|panning|swish|whip[ -]?pan|whip[ -]?pans)"
_RIDE = (
    r"(?:truck|trucks|trucking|track|tracks|tracking|tracking shot|slide|slides|sliding|dolly|dollies"
    r"|camera (?:moves|drifts|glides))"
)
_LIFT = r"(?:crane|cranes|craning|boom|booms|jib|jibs|pedestal|camera)\s+(?:shot\s+)?"
_RISE = rf"\b{_LIFT}(?:up|rises?|rising|lifts?|climbs?)|\bcrane shot\b(?! down)"
_SINK = rf"\b{_LIFT}(?:down|descends?|sinks?|lowers?)"
_PANS = rf"\bcamera {_TURN}\b|\b{_TURN}{_SLOWLY}\s+(?:across|from|to|left|right|over|along|shot)\b|\bslow pan\b"
_RIDES = (
    rf"\b{_RIDE}{_SLOWLY}\s+(?:from |to |the )*(?:left|right|along|with|beside|past|shot)\b"
    r"|\btracking shot\b|\bcamera follows\b"
)


def _side(words: str, verb: str) -> float:
    """-1 (left), 1 (right) or 0 if the words don't say; ``verb`` is the pattern of the move."""
    found = re.search(rf"\b{verb}{_SLOWLY}{_BETWEEN}\s+(left|right)\b", words)
    if found is None:
        return 0.0
    side = -1.0 if found.group(1) == "left" else 1.0
    origin = re.search(rf"\b{verb}{_SLOWLY}\s+(?:across\s+)?from\s+(?:the\s+)?(left|right)\b", words)
    return -side if origin else side


def read_move(words: str, seconds: float, seed: int) -> Move:
    """The camera move that ``words`` (an action or a prompt) describe, for a clip of ``seconds``.

    ``seed`` decides what they leave open: the side of a bare "pan", the direction of the slow drift of a shot without
    camera words. Left, right, up and down are the camera's own, as on a set.
    """
    words = " ".join(words.lower().split())
    reach = min(1.0, max(0.45, seconds / 5.0))
    if _has(words, r"\b(?:slow|slowly|subtle|subtly|gentle|gently|slightly|barely)\b"):
        reach *= 0.75
    open_side = 1.0 if seed % 2 else -1.0

    push = _has(words, _PUSH) or _has(words, r"\b(?:aerial|drone) (?:shot|view)\b")
    pull = _has(words, _PULL)
    across = down = depth = 0.0
    if _has(words, _PANS):
        across = _side(words, _TURN) or open_side
        depth = 0.25
    if _has(words, _RIDES):
        across = _side(words, _RIDE) or across or open_side
        depth = 1.0
    if _has(words, r"\b(?:orbit|orbits|orbiting|arc shot|arcs around|circles (?:around )?|camera circles|360)\b"):
        across, depth = across or open_side, 1.6
    if _has(words, rf"\btilt(?:s|ing)?{_SLOWLY}\s+up\b"):
        down, depth = -1.0, max(depth, 0.25)
    elif _has(words, rf"\btilt(?:s|ing)?{_SLOWLY}\s+down\b"):
        down, depth = 1.0, max(depth, 0.25)
    if _has(words, _RISE):
        down, depth = -1.0, 1.0
    elif _has(words, _SINK):
        down, depth = 1.0, 1.0
    hand = 0.10 if _has(words, r"\bhand-?\s?held\b|\bshaky\b|\bdocumentary camera\b") else 0.0
    whip = _has(words, r"\bwhip|\bswish|\bcrash zoom")

    if not (push or pull or across or down):
        if _has(words, _STILL) or hand:
            still = View(zoom=0.08 if hand else 0.0)
            return Move(still, still, shake=hand)
        wide, close = View(across=-0.4 * open_side, zoom=0.02), View(across=0.4 * open_side, zoom=0.02 + 0.07 * reach)
        return Move(wide, close, pace="even") if seed // 2 % 3 else Move(close, wide, pace="even")

    base = 0.06 if (push or pull) and not (across or down) else 0.16 + 0.10 * reach
    if hand:
        base = max(base, 0.1)
    near = base + 0.26 * reach if push or pull else base
    first, last = (near, base) if pull and not push else (base, near)
    if not (across or down):
        first -= 0.0 if hand else 0.06
        last -= 0.0 if hand or push else 0.06
    return Move(
        View(-across, -down, first),
        View(across, down, last),
        depth=depth or 0.7,
        pace="whip" if whip else "eased",
        shake=hand,
    )


def _eased(t: float, pace: str) -> float:
    if pace == "even":
        return t
    if pace == "whip":
        t = min(1.0, max(0.0, (t - 0.35) / 0.3))
        return t * t * t * (t * (6 * t - 15) + 10)
    soft = t * t * (3 - 2 * t)
    return 0.75 * soft + 0.25 * t


def view_at(move: Move, index: int, frames: int, rate: float) -> View:
    """The view of frame ``index`` of ``frames`` at ``rate`` frames per second."""
    t = _eased(index / (frames - 1) if frames > 1 else 0.0, move.pace)
    a, b = move.start, move.end
    across, down, zoom = (p + (q - p) * t for p, q in ((a.across, b.across), (a.down, b.down), (a.zoom, b.zoom)))
    if move.shake:
        s = index / rate * math.tau
        across += move.shake * (math.sin(0.61 * s) + 0.6 * math.sin(1.47 * s + 1.0) + 0.25 * math.sin(3.1 * s))
        down += move.shake * (math.sin(0.83 * s + 2.0) + 0.6 * math.sin(1.71 * s) + 0.25 * math.sin(3.7 * s + 0.5))
    return View(min(1.0, max(-1.0, across)), min(1.0, max(-1.0, down)), min(DEEPEST, max(0.0, zoom)))


def box_of(view: View, width: int, height: int, nearness: float = 0.0, depth: float = 0.0) -> Box:
    """The crop of a ``width`` × ``height`` picture for ``view``, of the same aspect.

    ``nearness`` of the layer: -1 far, 0 the subject, 1 at the lens; ``depth`` as in :class:`Move`.
    """
    zoom = min(DEEPEST, max(0.0, view.zoom * (1.0 + 0.5 * nearness * depth)))
    w, h = width * (1.0 - zoom), height * (1.0 - zoom)
    left = min(width - w, max(0.0, (width - w) * (view.across + 1.0) / 2.0))
    top = min(height - h, max(0.0, (height - h) * (view.down + 1.0) / 2.0))
    return left, top, min(float(width), left + w), min(float(height), top + h)
