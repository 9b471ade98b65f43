"""Mixing a film of 1,000 clips and encoding it as AAC, in film seconds for each second of one core.

::

    python tests/bench/mix.py
    python tests/bench/mix.py 2700      # so many clips: three hours, with 8.3 GB in the temporary folder

The clips are 4 s at 24 frames per second: a voice with pauses, in a room, at levels 24 dB apart; half of them have
lines. Music lies under all of it and steps back. Both room tone and levels are on. The limiter is at work: the peaks of
a voice need it at -16 LUFS. CPU seconds of the process are counted, all its threads.
"""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from kit.sounds import SECOND, Shot, film_of, noise, sound_file, take_file
from vtx_app.media.aac import AacTrack
from vtx_app.media.codec import write_mp4
from vtx_app.media.sound_blocks import sound_blocks
from vtx_app.models.fingerprint import file_sha256
from vtx_app.sound.mix import mix
from vtx_app.sound.mix_plan import MixPlan
from vtx_app.sound.score import Ducking, Laid

CLIPS = 1_000
FRAMES = 96
TARGET = 100


def voice(seed: int, level: float) -> np.ndarray:
    """Four seconds of syllables, four a second with pauses, in a room; stereo."""
    random = np.random.default_rng(seed)
    count = FRAMES * 2_000
    t = np.arange(count) / SECOND
    pitch = 110 + 30 * seed
    sound = sum(np.sin(2 * np.pi * pitch * n * t + n) / n for n in range(1, 12))
    syllables = np.interp(t, np.arange(0, 4.01, 0.125), random.uniform(0, 1, 33) ** 3 * (np.arange(33) % 8 < 6))
    mono = sound * syllables * level
    return np.stack([mono, mono * 0.8], axis=1) + noise(FRAMES / 24, 0.001, seed)


def film(folder: Path, clips: int = CLIPS) -> MixPlan:
    """So many clips of four takes, ten a scene, with music."""
    takes = [
        take_file(folder / f"{n}.mp4", voice(n, level), frames=FRAMES)
        for n, level in enumerate((0.01, 0.04, 0.1, 0.16))
    ]
    shots = [Shot(takes[n % 4], FRAMES, scene=f"A01_S{n // 10:02d}", speaks=n % 2 == 0) for n in range(clips)]
    theme = sound_file(folder / "theme.flac", voice(9, 0.05))
    duck = Ducking(9.0, 0.2, 0.8)
    laid = Laid("music", theme, file_sha256(theme), 0, clips * FRAMES, 0.0, -12.0, 0, 0, True, duck)
    return replace(film_of(shots, level="scene", room_tone=True), laid=(laid,))


def cpu_seconds(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


def encode(sound: Path, out: Path) -> None:
    with write_mp4(out, Fraction(24)) as container:
        track = AacTrack(container)
        for block in sound_blocks(sound):
            track.write(block)
        track.finish()


def rows(clips: int = CLIPS) -> list[tuple[str, str, str, bool]]:
    """What was measured, the figure, the target, and whether it is met."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        plan = film(folder, clips)
        seconds = plan.frames / 24
        mixing = cpu_seconds(lambda: mix(plan, folder / "mix.flac"))
        coding = cpu_seconds(lambda: encode(folder / "mix.flac", folder / "mix.mp4"))
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    both = seconds / (mixing + coding)
    what = f"mix {clips:,} clips ({seconds / mixing:.0f} s/s, {memory:.0f} MB of memory) and encode AAC"
    what += f" ({seconds / coding:.0f} s/s)"
    return [(what, f"{both:.0f} film seconds a second of one core", f"≥ {TARGET}", both >= TARGET)]


def main() -> None:
    for what, figure, target, met in rows(*map(int, sys.argv[1:])):
        print(f"{what}: {figure}, target {target}: {'met' if met else 'MISSED'}")


if __name__ == "__main__":
    main()
