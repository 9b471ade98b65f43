"""Measuring takes of 1280×720 with sound: film seconds for each second of two cores, and against decoding alone.

::

    python tests/bench/qc.py

The takes are 4 s at 24 frames per second of a moving picture with grain, about as large as LTX-2's own files (2 to
4 Mbit/s). CPU seconds of the process are counted, both threads of it.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import av
import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from kit.checked import FRAMES, RATE, scene, write_take
from vtx_app.qc.measure import measure_take

TAKES = 4
AT_ONCE = 2
TARGET = 20
MOST = 1.8


def takes(folder: Path) -> list[Path]:
    """Moving pictures, each pixel of a small one 7 pixels wide, with grain of their own."""
    made = []
    for number in range(TAKES):
        frame, random = scene(number, speed=2, grain=0), np.random.default_rng(number)

        def picture(
            at: int, frame: Callable[[int], np.ndarray] = frame, random: np.random.Generator = random
        ) -> np.ndarray:
            large = frame(at).repeat(7, 0).repeat(7, 1)[:720, :1280].astype(np.int16)
            grain = random.normal(0, 1.5, (720, 1280, 1)).astype(np.int16)
            return np.asarray((large + grain).clip(0, 255), np.uint8)

        made.append(write_take(folder / f"A01_S01_SH{number:03d}" / f"{'a' * 64}.mp4", map(picture, range(FRAMES))))
    return made


def decode(path: Path) -> None:
    with av.open(str(path)) as container:
        container.streams.video[0].codec_context.thread_count = 1
        for _ in container.decode(video=0):
            pass
    with av.open(str(path)) as container:
        for _ in container.decode(audio=0):
            pass


def cpu_seconds(work: Callable[[Path], object], paths: list[Path]) -> float:
    start = time.process_time()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(work, paths))
    return time.process_time() - start


def rows() -> list[tuple[str, str, str, bool]]:
    """What was measured, the figure, the target, and whether it is met."""
    with tempfile.TemporaryDirectory() as name:
        paths = takes(Path(name))
        size = sum(path.stat().st_size for path in paths) * 8 / 1e6 / (TAKES * FRAMES / float(RATE))
        measure_take(paths[0])
        pairs = [(cpu_seconds(measure_take, paths), cpu_seconds(decode, paths)) for _ in range(3)]
    ours, theirs = sorted(pairs, key=lambda pair: pair[0] / pair[1])[1]
    speed = TAKES * FRAMES / float(RATE) / ours * AT_ONCE
    what = f"check takes of 1280×720 ({size:.1f} Mbit/s)"
    return [
        (what, f"{speed:.0f} film seconds a second of two cores", f"≥ {TARGET}", speed >= TARGET),
        (f"{what}, against decoding them", f"{ours / theirs:.2f}×", f"≤ {MOST}×", ours / theirs <= MOST),
    ]


def main() -> None:
    for what, figure, target, met in rows():
        print(f"{what}: {figure}, target {target}: {'met' if met else 'MISSED'}")


if __name__ == "__main__":
    main()
