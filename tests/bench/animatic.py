"""Storyboard film made per second on two cores, take and conform together: ``python tests/bench/animatic.py``.

Two processes at once, as in a build with two cores, each making its clips from words alone (painted) and
conforming them with the slate. The film's length is divided by the wall time of both, start of Python and imports not
counted: a build pays those for its jobs, whatever the renderer. On a busy machine, look at the processor's
milliseconds per frame: they don't depend on who else is at work.
"""

from __future__ import annotations

import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from fractions import Fraction
from multiprocessing import get_context
from pathlib import Path

from vtx_app.compile.request import Line, RenderRequest, StagedCharacter, StagedPlace, Staging
from vtx_app.cut.conform import conform
from vtx_app.cut.delivery import Delivery, SlateText
from vtx_app.cut.slate import Slate
from vtx_app.formats.renderers import RENDERERS
from vtx_app.render.animatic.cast_of import cast_of
from vtx_app.render.animatic.renderer import AnimaticRenderer
from vtx_app.render.renderer import Sources

Row = tuple[str, str, str, bool]

_RATE = Fraction(24)
_FRAMES = 120
_SIZES = ((854, 480, 8.0), (1280, 720, 5.0), (1920, 1080, 2.5))
"""Width, height, and the film seconds a second that are wanted."""

_PROCESSES = 2
_SHOTS = (
    ("A wide shot of the lighthouse at dusk, a boat on the water. Slow push in.", "The point by the sea"),
    ("Medium two-shot by lamplight, night. The camera pans left.", "The kitchen"),
    ("Storm at night, rain; a keeper walks on the rocks. Wide, track right.", "The point by the sea"),
    ("Close-up of her face, listening, dawn. Hold.", "The street"),
    ("A girl in the forest at dawn, fog, wide. Tilt up.", "The wood"),
    ("Full shot, handheld: a man walks down the street in the rain at night.", "The street"),
)

_MARA = StagedCharacter("mara", "Mara", "Mara, a woman of sixty with grey hair", "in a yellow oilskin", "a low voice")


def make_clip(number: int, width: int, height: int, folder: str) -> tuple[float, float]:
    """Render and conform shot ``number`` into ``folder``; returns seconds of film, and the processor's."""
    started = time.process_time()
    action, place = _SHOTS[number % len(_SHOTS)]
    said = (Line("Mara", "I counted all night. It never missed one."),)
    request = RenderRequest(
        renderer="animatic",
        renderer_version=RENDERERS["animatic"].version,
        pipeline="ti2vid_two_stages",
        input_type="t2v",
        prompt=action,
        negative="",
        width=-(-width // 64) * 64,
        height=-(-height // 64) * 64,
        frames=_FRAMES // 8 * 8 + 1,
        rate=_RATE,
        seed=number,
        staging=Staging(action, (StagedPlace(place, place),), said, (_MARA,), ("mara",)),
    )
    take, clip = Path(folder) / f"take{number}.mp4", Path(folder) / f"clip{number}.mp4"
    AnimaticRenderer().render(request, Sources(), take, lambda done, total: None)
    text = SlateText(f"A01_S01_SH{number:03d}", "Count with me", ("She waits", "She turns"), said)
    delivery = Delivery(width, height, width, height, _RATE, _FRAMES, text)
    conform(take, clip, delivery, burner=Slate(text, width, height, _RATE, _FRAMES, cast=cast_of(request)))
    return float(_FRAMES / _RATE), time.process_time() - started


def film_seconds_per_second(width: int, height: int, clips: int = 12) -> tuple[float, float]:
    """Seconds of finished film that two processes make in a second, and the processor's milliseconds for a frame."""
    with (
        tempfile.TemporaryDirectory() as folder,
        ProcessPoolExecutor(_PROCESSES, mp_context=get_context("spawn")) as pool,
    ):
        sizes = [width] * clips, [height] * clips, [folder] * clips
        list(pool.map(make_clip, range(_PROCESSES), *sizes))  # both are started and warm
        started = time.perf_counter()
        made = list(pool.map(make_clip, range(clips), *sizes))
        wall = time.perf_counter() - started
    return sum(film for film, _ in made) / wall, sum(busy for _, busy in made) / clips / _FRAMES * 1000


def rows() -> list[Row]:
    """What was measured: (what, figure, target, whether it was met)."""
    found = []
    for width, height, target in _SIZES:
        speed, busy = film_seconds_per_second(width, height)
        what = f"animatic, take and clip, {width}×{height}, {_PROCESSES} processes: film seconds per second"
        found.append((f"{what} ({busy:.1f} ms of processor a frame)", f"{speed:.1f}", f"≥ {target:g}", speed >= target))
    return found


def main() -> int:
    """Print the rows; the exit code says whether all targets were met."""
    found = rows()
    for what, figure, target, met in found:
        print(f"{what}: {figure} (target {target}, {'met' if met else 'missed'})")
    return 0 if all(row[3] for row in found) else 1


if __name__ == "__main__":
    sys.exit(main())
