"""Takes for the checks: a moving picture with grain and a voice, and the faults that models make."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from fractions import Fraction
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kit.movie import video_frame
from vtx_app.media.writer import write_film
from vtx_app.qc.take_checks import Asked

Picture = NDArray[np.uint8]
RATE = Fraction(24)
WIDTH, HEIGHT, FRAMES = 192, 112, 72


def scene(
    seed: int = 1, *, brightness: float = 1.0, speed: float = 3.0, grain: float = 1.5
) -> Callable[[int], Picture]:
    """Frames of soft shapes that drift by ``speed`` pixels a frame, under grain of so many levels."""
    random = np.random.default_rng(seed)
    coarse = random.uniform(20, 220, (10, 14, 3))
    high, wide = HEIGHT + 32, WIDTH * 3
    rows, columns = np.linspace(0, 8.999, high), np.linspace(0, 12.999, wide)
    ground = coarse[rows.astype(int)][:, columns.astype(int)]
    for axis, at in ((0, rows), (1, columns)):
        part = (at % 1).reshape((-1, 1, 1) if axis == 0 else (1, -1, 1))
        following = np.roll(ground, -(high // 9) if axis == 0 else -(wide // 13), axis=axis)
        ground = ground * (1 - part) + following * part

    def frame(number: int) -> Picture:
        right = round(WIDTH * 2 - abs(number * speed % (WIDTH * 4) - WIDTH * 2))
        down = round(8 + 7 * np.sin(number / 9))
        part = ground[down : down + HEIGHT, right : right + WIDTH] * brightness
        noise = np.random.default_rng((seed, number)).normal(0, grain, (HEIGHT, WIDTH, 1))
        return np.asarray((part + noise).clip(0, 255), np.uint8)

    return frame


def plain(level: int) -> Picture:
    """A picture of one grey."""
    return np.full((HEIGHT, WIDTH, 3), level, np.uint8)


def voice(seconds: float, level: float = 0.1, pitch: float = 130) -> NDArray[np.float64]:
    """Syllables with pauses over a quiet room, shape (n, 2)."""
    random = np.random.default_rng(int(pitch))
    t = np.arange(round(seconds * 48_000)) / 48_000
    tone = sum(np.sin(2 * np.pi * pitch * n * t * (1 + 0.01 * np.sin(7 * t)) + n) / n for n in range(1, 10))
    beats = np.arange(0, seconds + 0.13, 0.125)
    syllables = np.interp(t, beats, np.resize([0, 1, 0.6, 0.9, 0.2, 0, 0, 0.8], len(beats)))
    mono = tone * syllables * level + random.normal(0, 0.0008, len(t))
    return np.stack([mono, mono * 0.8], axis=1)


def write_take(
    path: Path, pictures: Iterable[Picture], sound: NDArray[np.float64] | None = None, rate: Fraction = RATE
) -> Path:
    """A take as a renderer leaves it: its folder is the clip's id. Without ``sound`` it is a voice as long."""
    path.parent.mkdir(parents=True, exist_ok=True)
    frames = list(pictures)
    height, width = frames[0].shape[:2]
    sound = voice(float(len(frames) / rate)) if sound is None else sound
    with write_film(path, width, height, rate) as film:
        for picture in frames:
            film.picture(video_frame(picture))
        film.sound(np.asarray((sound * 32767).clip(-32768, 32767), np.int16))
    return path


def asked(**changed: object) -> Asked:
    """What the takes of these tests were to be."""
    wanted: dict[str, object] = {
        "frames": FRAMES,
        "width": WIDTH,
        "height": HEIGHT,
        "rate": RATE,
        "first": 0,
        "end": FRAMES,
        "speaks": True,
        "drawn": False,
    }
    return Asked(**wanted | changed)  # type: ignore[arg-type]
