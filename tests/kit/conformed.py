"""Takes that tests conform, the delivery that they ask for, and what is heard of a clip."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

from vtx_app.cut.delivery import Delivery
from vtx_app.cut.slate_layout import Layout
from vtx_app.media.codec import SAMPLE_RATE, samples_for
from vtx_app.media.writer import write_film

__all__ = ["NTSC", "Spot", "clicks", "delivery", "film_take", "flac_take", "heard_at", "tone"]


NTSC = Fraction(24000, 1001)


def delivery(width: int, height: int, frames: int, rate: Fraction = Fraction(16), **picture: int) -> Delivery:
    return Delivery(
        width, height, picture.get("picture_width", width), picture.get("picture_height", height), rate, frames
    )


def film_take(path: Path, width: int, height: int, frames: int, rate: Fraction) -> Path:
    """A take in the film's own setting: a horizontal ramp over luma, brighter by frame; a tone."""
    with write_film(path, width, height, rate) as film:
        for frame in range(frames):
            planes = np.full((height * 3 // 2, width), 128, np.uint8)
            planes[:height] = 40 + np.arange(width) // 2 % 100 + 4 * frame
            film.picture(av.VideoFrame.from_ndarray(planes, format="yuv420p"))
        film.sound(tone(samples_for(frames, rate)))
    return path


def tone(samples: int) -> NDArray[np.int16]:
    wave = (9_000 * np.sin(np.arange(samples) * 0.05)).astype(np.int16)
    return np.stack([wave, -wave], axis=1)


class Spot:
    """Burns a white square that moves with the frame's number, and remembers what it was given."""

    def __init__(self, left: int = 0, top: int = 0, width: int = 96, height: int = 64) -> None:
        self.seen: list[tuple[int, tuple[int, ...], tuple[int, ...]]] = []
        self.place = Layout(8, 8, top, 0, 1, left, top, width, height)
        self.pictures: set[tuple[int, int, int, int]] = set()

    def shrink(self, picture: av.VideoFrame, width: int, height: int) -> av.VideoFrame:
        return picture.reformat(width, height)

    def burn(
        self, y: NDArray[np.uint8], u: NDArray[np.uint8], v: NDArray[np.uint8], index: int,
        picture: tuple[int, int, int, int],
    ) -> None:  # fmt: skip
        self.pictures.add(picture)
        assert u.shape == v.shape
        self.seen.append((index, y.shape, u.shape))
        y[:16, index * 8 : index * 8 + 16] = 235


def clicks(events: list[int], take_rate: Fraction, seconds: Fraction, rate: int, channels: int) -> NDArray[np.int16]:
    """Sound of shape (n, ``channels``) at ``rate`` hertz: a click of 2 ms centred on the start of each frame."""
    time = np.arange(round(seconds * rate)) / rate
    wave = np.zeros(len(time))
    for event in events:
        near = np.abs(time - float(event / take_rate)) * 1000
        wave += np.where(near < 1, 20_000 * np.cos(np.pi / 2 * near) ** 2, 0)
    return np.repeat(wave.astype(np.int16)[:, None], channels, axis=1)


def flac_take(path: Path, picture: Path, sound: NDArray[np.int16], rate: int, lead: int = 0) -> Path:
    """The picture of ``picture`` with ``sound`` of shape (n, channels), which starts ``lead`` samples in."""
    layout = "mono" if sound.shape[1] == 1 else "stereo"
    with av.open(str(picture)) as source, av.open(str(path), "w", options={"strict": "-2"}) as container:
        stream = container.add_stream_from_template(source.streams.video[0])
        track = container.add_stream("flac", rate=rate, layout=layout)
        track.codec_context.format = "s16"
        for packet in source.demux(video=0):
            if packet.size:
                packet.stream = stream
                container.mux(packet)
        for start in range(0, len(sound), 4096):
            block = np.ascontiguousarray(sound[start : start + 4096]).reshape(1, -1)
            frame = av.AudioFrame.from_ndarray(block, format="s16", layout=layout)
            frame.sample_rate, frame.time_base, frame.pts = rate, Fraction(1, rate), lead + start
            container.mux(track.encode(frame))
        container.mux(track.encode(None))
    return path


def heard_at(sound: NDArray[np.int16]) -> list[float]:
    """The seconds at which the clicks in ``sound`` (shape (n, 2), 48 kHz) are: the middle of each one's energy."""
    loud = np.abs(sound.astype(float)).sum(axis=1)
    places = np.flatnonzero(loud > 4_000)
    groups = np.split(places, np.flatnonzero(np.diff(places) > 480) + 1)
    return [float((group * loud[group]).sum() / loud[group].sum() / SAMPLE_RATE) for group in groups if len(group)]
