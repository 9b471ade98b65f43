"""A shot for every pipeline, with the films and sounds that some start from."""

from __future__ import annotations

import io
import wave
from fractions import Fraction
from typing import Any

import av
import numpy as np

from kit.film import picture
from kit.ltx.film import LtxFilm, shot


def moving(frames: int, width: int = 128, height: int = 96, rate: int = 8) -> bytes:
    """An MP4 of a bar that moves to the right over a gradient, with a tone in stereo."""
    data = io.BytesIO()
    with av.open(data, "w", format="mp4") as film:
        stream = film.add_stream("libx264", rate=rate, options={"crf": "12"})
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        sound = film.add_stream("aac", rate=48_000, layout="stereo")
        for index in range(frames):
            pixels = np.tile(np.linspace(40, 200, width, dtype=np.uint8)[None, :, None], (height, 1, 3))
            pixels[:, index * 4 : index * 4 + 12] = (230, 60, 40)
            film.mux(stream.encode(av.VideoFrame.from_ndarray(np.ascontiguousarray(pixels), format="rgb24")))
        film.mux(stream.encode(None))
        samples = 48_000 * frames // rate
        tone = (np.sin(np.arange(samples) / 20) * 0.3).astype(np.float32)
        for start in range(0, samples, 1024):
            block = av.AudioFrame.from_ndarray(
                np.stack([tone[start : start + 1024]] * 2), format="fltp", layout="stereo"
            )
            block.sample_rate, block.pts, block.time_base = 48_000, start, Fraction(1, 48_000)
            film.mux(sound.encode(block))
        film.mux(sound.encode(None))
    return data.getvalue()


def tone(seconds: float, channels: int = 1) -> bytes:
    """A WAV of a tone at 24 kHz."""
    data = io.BytesIO()
    with wave.open(data, "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(2)
        file.setframerate(24_000)
        samples = (np.sin(np.arange(round(24_000 * seconds)) / 12) * 9000).astype("<i2")
        file.writeframes(np.repeat(samples, channels).tobytes())
    return data.getvalue()


def write_inputs(film: LtxFilm) -> None:
    """The files that the shots below start from."""
    film.write("inputs/reference_images/boat.png", picture((150, 90, 60)))
    film.write("inputs/keyframes/first.png", picture((20, 40, 90)))
    film.write("inputs/keyframes/last.png", picture((220, 180, 90)))
    film.write("inputs/video_sources/walk.mp4", moving(17))
    film.write("inputs/video_sources/mask.mp4", moving(17))
    film.write("inputs/audio/line.wav", tone(3.0))


FREE: dict[str, Any] = {"steps": None, "guidance_scale": None}
KEYS = [
    {"path": "inputs/keyframes/first.png", "frame": 0},
    {"path": "inputs/keyframes/last.png", "frame": 7, "strength": 0.9},
]


def render(pipeline: str, **more: Any) -> dict[str, Any]:
    return {"pipeline": pipeline, **more}


EVERY: dict[str, dict[str, Any]] = {
    "A01_S01_SH001__two_stages": {
        "render": render("ti2vid_two_stages", duration={"mode": "fixed", "seconds": 2}),
        "continuity": {"shared_loras_profile": "core"},
    },
    "A01_S01_SH002__one_stage": {
        "render": render("ti2vid_one_stage", handles={"head": 4, "tail": 4}),
        "inputs": {"type": "i2v", "reference_image": "inputs/reference_images/boat.png", "strength": 0.8},
    },
    "A01_S01_SH003__distilled": {
        "render": render("distilled", **FREE),
        "inputs": {"type": "i2v", "continue_from": "A01_S01_SH002"},
        "prompt": {"negative": ""},
    },
    "A01_S01_SH004__ic_lora": {
        "render": render("ic_lora", **FREE),
        "inputs": {
            "type": "v2v",
            "input_video": "inputs/video_sources/walk.mp4",
            "strength": 0.9,
            "mask": "inputs/video_sources/mask.mp4",
            "mask_strength": 0.5,
        },
        "prompt": {"negative": ""},
    },
    "A01_S01_SH005__keyframes": {
        "render": render("keyframe_interpolation"),
        "inputs": {"type": "keyframe_interpolation", "keyframes": KEYS},
    },
    "A02_S01_SH001__hq": {"render": render("ti2vid_two_stages_hq"), "continuity": {"shared_loras_profile": "a"}},
    "A02_S01_SH002__sound": {
        "render": render("a2vid_two_stage"),
        "inputs": {"type": "a2v", "audio": "inputs/audio/line.wav", "audio_start": 0.5},
    },
    "A02_S01_SH003__retake": {
        "render": render("retake", **FREE),
        "inputs": {
            "type": "retake",
            "input_video": "inputs/video_sources/walk.mp4",
            "retake": {"start": 0.5, "end": 1.5},
        },
        "prompt": {"negative": ""},
    },
    "A02_S01_SH004__tail": {
        "render": render("ic_lora", **FREE),
        "inputs": {"type": "v2v", "continue_from": "A01_S01_SH001", "continue_frames": 9},
        "prompt": {"negative": ""},
    },
    "A02_S01_SH005__dfr": {"render": render("dfr_pipeline", **FREE), "prompt": {"negative": ""}},
}
ONLY_1_2 = ("A02_S01_SH005__dfr",)


def specs(names: list[str]) -> dict[str, str]:
    """File stem → the spec of each of those shots."""
    return {name: shot(name.partition("__")[0], **EVERY[name]) for name in names}
