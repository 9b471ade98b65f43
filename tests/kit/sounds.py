"""Takes and music for tests of the mix: real files of small pictures and any sound, and films made of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

from vtx_app.cut.timeline import Heard
from vtx_app.media.sound_blocks import sound_blocks
from vtx_app.sound.mix_plan import MixPlan, TakeHeard
from vtx_app.sound.scenes import SceneRun

Sound = NDArray[np.floating]

SECOND = 48_000


def tone(seconds: float, hertz: float = 440, amplitude: float = 0.1, rate: int = SECOND) -> Sound:
    """A sine on one side: shape (n, 1)."""
    return amplitude * np.sin(2 * np.pi * hertz * np.arange(round(seconds * rate)) / rate)[:, None]


def noise(seconds: float, amplitude: float, seed: int = 1, sides: int = 2) -> Sound:
    """White noise of an RMS of ``amplitude``, shape (n, sides)."""
    return np.random.default_rng(seed).standard_normal((round(seconds * SECOND), sides)) * amplitude


def decibels(ratio: float) -> float:
    return float(20 * np.log10(ratio))


def rms(sound: Sound) -> float:
    return float(np.sqrt(np.mean(np.square(sound, dtype=np.float64))))


def sound_file(path: Path, sound: Sound, *, rate: int = SECOND, codec: str = "flac") -> Path:
    """A file of nothing but ``sound``, shape (n, channels): 1, 2, or 6 as L R C LFE Ls Rs."""
    with av.open(str(path), "w") as container:
        _write_sound(container, _sound_stream(container, sound, rate, codec), sound, rate)
    return path


def take_file(
    path: Path,
    sound: Sound | None,
    *,
    frames: int,
    fps: Fraction | int = 24,
    rate: int = SECOND,
    codec: str = "flac",
    flash: int = -1,
    size: int = 32,
) -> Path:
    """A film of ``frames`` grey pictures at ``fps`` with ``sound``, shape (n, channels) at ``rate`` hertz, or without.

    Picture ``flash`` is white; a picture is ``size`` × ``size``.

    ``codec``: ``flac`` (16 bit), ``aac``, or in a .mkv file ``pcm_f32le``, which keeps what is not a number.
    """
    with av.open(str(path), "w", options={"strict": "-2"}) as container:
        picture = container.add_stream("libx264", rate=Fraction(fps), options={"preset": "ultrafast"})
        picture.width = picture.height = size
        picture.pix_fmt = "yuv420p"
        stream = _sound_stream(container, sound, rate, codec) if sound is not None else None
        for number in range(frames):
            frame = av.VideoFrame.from_ndarray(
                np.full((size * 3 // 2, size), 235 if number == flash else 90, np.uint8), format="yuv420p"
            )
            frame.pts, frame.time_base = number, 1 / Fraction(fps)
            container.mux(picture.encode(frame))
        container.mux(picture.encode(None))
        if stream is not None and sound is not None:
            _write_sound(container, stream, sound, rate)
    return path


def _sound_stream(
    container: av.container.OutputContainer, sound: Sound, rate: int, codec: str
) -> av.audio.stream.AudioStream:
    layout = {1: "mono", 2: "stereo", 6: "5.1"}[sound.shape[1]]
    stream = container.add_stream(codec, rate=rate, layout=layout)
    stream.codec_context.format = {"flac": "s16", "aac": "fltp", "pcm_f32le": "flt", "pcm_s16le": "s16"}[codec]
    return stream


def _write_sound(
    container: av.container.OutputContainer, stream: av.audio.stream.AudioStream, sound: Sound, rate: int
) -> None:
    form, layout = stream.codec_context.format.name, stream.codec_context.layout.name
    for start in range(0, len(sound), 1024):
        block = sound[start : start + 1024].astype(np.float32)
        if form == "s16":
            block = np.rint(np.clip(block, -1, 32_767 / 32_768) * 32_768).astype(np.int16)
        data = block.T if form == "fltp" else block.reshape(1, -1)
        frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(data), format=form, layout=layout)
        frame.sample_rate, frame.time_base, frame.pts = rate, Fraction(1, rate), start
        container.mux(stream.encode(frame))
    container.mux(stream.encode(None))


def decoded(path: Path) -> NDArray[np.float32]:
    """All the sound of a file, shape (n, 2)."""
    return np.concatenate([np.empty((0, 2), np.float32), *sound_blocks(path)])


@dataclass(frozen=True)
class Shot:
    """A clip of a test's film: its take's file, and ``frames`` of it from ``first`` on. ``gap``: still frames after."""

    take: Path
    frames: int
    first: int = 0
    scene: str = "A01_S01"
    speaks: bool = True
    head: int = 0
    gap: int = 0
    mute: bool = False


def film_of(shots: Sequence[Shot], *, rate: Fraction | int = 24, **changes: object) -> MixPlan:
    """The mix of ``shots`` one after another with straight cuts: no room tone, no levels, unless ``changes`` say so.

    The film keeps its own loudness measure: -16 LUFS and -1 dBTP.
    """
    heard: list[Heard] = []
    takes: dict[str, TakeHeard] = {}
    runs: list[SceneRun] = []
    place = 0
    for number, shot in enumerate(shots):
        clip_id = f"{shot.scene}_SH{number + 1:03d}"
        if not shot.mute:
            takes[clip_id] = TakeHeard(clip_id, f"{number:064x}", shot.take, shot.head, shot.scene, shot.speaks)
            heard.append(Heard(clip_id, shot.first, shot.frames, place))
        end = place + shot.frames + shot.gap
        if runs and runs[-1].scene == shot.scene:
            runs[-1] = replace(runs[-1], end=end)
        else:
            runs.append(SceneRun(shot.scene, place, end))
        place = end
    plan = MixPlan(place, Fraction(rate), tuple(heard), takes, (), tuple(runs), "off", False, -16.0, -1.0)
    return replace(plan, **changes)  # type: ignore[arg-type]
