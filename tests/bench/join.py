"""Joining 1,000 clips against ``ffmpeg -f concat -c copy -movflags +faststart`` of the same files, picture alone.

::

    python tests/bench/join.py

The clips are 854×480, 3 s at 24 frames per second with sound: a feature film's worth. Both write beside
each other in the temporary folder (2.6 GB), in turns, in one run; the ffmpeg is imageio-ffmpeg's. Processor time is
counted, so that other work on the machine matters little.
"""

from __future__ import annotations

import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import imageio_ffmpeg
import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from kit.movie import video_frame
from vtx_app.cut.join import Piece, join
from vtx_app.media.codec import samples_for
from vtx_app.media.labels import Labels
from vtx_app.media.writer import write_clip

CLIPS = 1_000
FRAMES = 72
RATE = Fraction(24)
WIDTH, HEIGHT = 854, 480
ROUNDS = 3
TARGET = 1.2


def make_clips(folder: Path) -> list[Path]:
    """A thousand clip files in ``folder``: four different ones, copied, so that each is read from its own place."""
    sources = []
    for number in range(4):
        rng = np.random.default_rng(number)
        paper = np.kron(rng.integers(0, 256, (20, 30, 3), np.uint8), np.ones((40, 40, 1), np.uint8))
        source = folder / f"source{number}.mp4"
        with write_clip(source, WIDTH, HEIGHT, RATE) as film:
            for frame in range(FRAMES):
                film.picture(video_frame(paper[frame : frame + HEIGHT, frame : frame + WIDTH]))
            hum = 3_000 * np.sin(np.arange(samples_for(FRAMES, RATE)) * 0.03 * (number + 1))
            sound = (hum + rng.normal(0, 100, len(hum))).astype(np.int16)
            film.sound(np.stack([sound, sound], axis=1))
        sources.append(source)
    clips = []
    for number in range(CLIPS):
        clips.append(folder / f"{number:04}.mp4")
        shutil.copyfile(sources[number % len(sources)], clips[-1])
    return clips


def seconds(work: Callable[[], object]) -> float:
    """Processor time of this process and of those that it waits for."""
    start = os.times()
    work()
    return sum(os.times()[:4]) - sum(start[:4])


def measure(folder: Path) -> tuple[float, float, float]:
    """Processor seconds of ours and of ffmpeg's join (medians of turns), and the film's size in MB."""
    clips = make_clips(folder)
    listing = folder / "list.txt"
    listing.write_text("".join(f"file '{clip}'\n" for clip in clips))
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-y", "-f", "concat", "-safe", "0"]
    command += ["-i", str(listing), "-map", "0:v", "-c", "copy", "-movflags", "+faststart", str(folder / "theirs.mp4")]
    pieces = [Piece(clip, FRAMES) for clip in clips]
    labels = Labels({"title": "Bench"})
    ours, theirs = [], []
    for _ in range(ROUNDS):
        theirs.append(seconds(lambda: subprocess.run(command, check=True)))
        ours.append(seconds(lambda: join(pieces, folder / "ours.mp4", rate=RATE, sound=None, labels=labels)))
    return statistics.median(ours), statistics.median(theirs), (folder / "ours.mp4").stat().st_size / 1e6


def rows() -> list[tuple[str, str, str, bool]]:
    """What was measured, the figure, the target, and whether it is met."""
    with tempfile.TemporaryDirectory() as folder:
        ours, theirs, size = measure(Path(folder))
    ratio = ours / theirs
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    what = f"join {CLIPS:,} clips to a film of {size:,.0f} MB ({ours:.1f} s, {memory:.0f} MB of memory)"
    return [(what, f"{ratio:.2f} × ffmpeg concat ({theirs:.1f} s)", f"≤ {TARGET:.1f} ×", ratio <= TARGET)]


def main() -> None:
    for what, figure, target, met in rows():
        print(f"{what}: {figure}, target {target}: {'met' if met else 'MISSED'}")


if __name__ == "__main__":
    main()
