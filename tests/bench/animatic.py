"""Storyboard film made per second on two cores, take and conform together: ``python tests/bench/animatic.py``.

Two processes at once, as in a build with two cores, each making its clips from words alone (painted) and
conforming them with the slate at 854×480. The film's length is divided by the wall time of both, start of
Python and imports not counted: a build pays those for its jobs, whatever the renderer.
"""

from __future__ import annotations

import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from fractions import Fraction
from multiprocessing import get_context
from pathlib import Path

from vtx_app.compile.request import Line, RenderRequest, StagedPlace, Staging
from vtx_app.cut.conform import conform
from vtx_app.cut.delivery import Delivery, SlateText
from vtx_app.cut.slate import Slate
from vtx_app.render.animatic.renderer import AnimaticRenderer
from vtx_app.render.renderer import Sources

Row = tuple[str, str, str, bool]

_RATE = Fraction(24)
_FRAMES = 120
_SIZE = (854, 480)
_CANVAS = (896, 512)
_TARGET = 2.0
_PROCESSES = 2
_SHOTS = (
    ("A wide shot of the lighthouse at dusk, a boat on the water. Slow push in.", "The point by the sea"),
    ("Medium two-shot by lamplight, night. The camera pans left.", "The kitchen"),
    ("Storm at night, rain; a keeper walks on the rocks. Wide, track right.", "The point by the sea"),
    ("Close-up of her face, listening, dawn. Hold.", "The street"),
    ("A girl in the forest at dawn, fog, wide. Tilt up.", "The wood"),
    ("Full shot, handheld: a man walks down the street in the rain at night.", "The street"),
)


def make_clip(number: int, folder: str) -> float:
    """Render and conform shot ``number`` into ``folder``; returns the seconds of film."""
    action, place = _SHOTS[number % len(_SHOTS)]
    said = (Line("Mara", "I counted all night. It never missed one."),)
    request = RenderRequest(
        renderer="animatic",
        renderer_version=1,
        pipeline="ti2vid_two_stages",
        input_type="t2v",
        prompt=action,
        negative="",
        width=_CANVAS[0],
        height=_CANVAS[1],
        frames=_FRAMES // 8 * 8 + 1,
        rate=_RATE,
        seed=number,
        staging=Staging(action, (StagedPlace(place, place),), said),
    )
    take, clip = Path(folder) / f"take{number}.mp4", Path(folder) / f"clip{number}.mp4"
    AnimaticRenderer().render(request, Sources(), take, lambda done, total: None)
    text = SlateText(f"A01_S01_SH{number:03d}", "Count with me", ("She waits", "She turns"), said)
    delivery = Delivery(*_SIZE, *_SIZE, _RATE, _FRAMES, text)
    conform(take, clip, delivery, burner=Slate(text, *_SIZE, _RATE, _FRAMES))
    return float(_FRAMES / _RATE)


def film_seconds_per_second(clips: int = 12) -> float:
    """Seconds of finished film that two processes make in a second of wall time."""
    with (
        tempfile.TemporaryDirectory() as folder,
        ProcessPoolExecutor(_PROCESSES, mp_context=get_context("spawn")) as pool,
    ):
        list(pool.map(make_clip, range(_PROCESSES), [folder] * _PROCESSES))  # both are started and warm
        started = time.perf_counter()
        made = sum(pool.map(make_clip, range(clips), [folder] * clips))
        return made / (time.perf_counter() - started)


def rows() -> list[Row]:
    """What was measured: (what, figure, target, whether it was met)."""
    speed = film_seconds_per_second()
    what = f"animatic, take and clip, {_SIZE[0]}×{_SIZE[1]}, {_PROCESSES} processes: film seconds per second"
    return [(what, f"{speed:.1f}", f"≥ {_TARGET:g}", speed >= _TARGET)]


def main() -> int:
    """Print the rows; the exit code says whether all targets were met."""
    found = rows()
    for what, figure, target, met in found:
        print(f"{what}: {figure} (target {target}, {'met' if met else 'missed'})")
    return 0 if all(row[3] for row in found) else 1


if __name__ == "__main__":
    sys.exit(main())
