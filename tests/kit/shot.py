"""One clip of the tiny film, rewritten and compiled as a test wants it; small films and sounds for it to start from."""

from __future__ import annotations

import hashlib
import wave
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import yaml

from kit.film import Film as FilmFiles
from kit.film import spec
from kit.machine import forget
from vtx_app.compile.clip_request import Compiled, Parent, compile_request
from vtx_app.formats.film_lock import FilmLock
from vtx_app.formats.pipelines import CHECKPOINTS, MODEL_VARIABLES, TRANSFORMERS
from vtx_app.models.locked import LockedModels
from vtx_app.project.load import load_film

__all__ = ["MONOLITH_LOCK", "SPLIT_LOCK", "Shot", "print_of", "silent_sound", "write_movie"]


def print_of(slot: str) -> str:
    """The fingerprint that a model has in these films' locks."""
    return f"sha256-sampled:{hashlib.sha256(slot.encode()).hexdigest()}"


SPLIT_PARTS = TRANSFORMERS | {"LTX_TEXT_ENCODER_PATH", "LTX_VIDEO_VAE_PATH", "LTX_AUDIO_VAE_PATH"}
MONOLITH_LOCK = {slot: print_of(slot) for slot in MODEL_VARIABLES if slot not in SPLIT_PARTS}
SPLIT_LOCK = {slot: print_of(slot) for slot in MODEL_VARIABLES if slot not in CHECKPOINTS and slot != "LTX_GEMMA_ROOT"}


@dataclass
class Shot:
    """One clip of the film: written anew with ``write``, compiled for LTX with ``compile``."""

    film: FilmFiles
    clip_id: str = "A01_S01_SH001"
    stem: str = "A01_S01_SH001__empty_quay"
    lock: dict[str, str] = field(default_factory=lambda: dict(MONOLITH_LOCK))
    quantization: str | None = None
    generations: dict[str, int] | None = None
    variables: dict[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """How messages call the spec's file."""
        return f"projects/harbour/prompts/clips/{self.stem}.yaml"

    def write(self, **parts: Any) -> Shot:
        """Write the spec anew; ``render`` is merged into the usual one (None takes a key out)."""
        render = {"duration": {"mode": "fixed", "seconds": 1.0}, "seed": 7} | parts.pop("render", {})
        text = spec(self.clip_id, "Empty quay", "The quay at dawn.", **({"prompt": {"negative": ""}} | parts))
        data = yaml.safe_load(text) | {"render": render}
        self.film.write(f"prompts/clips/{self.stem}.yaml", yaml.safe_dump(data, sort_keys=False))
        return self

    def line(self, words: str) -> int:
        """The line of the spec that begins with ``words``."""
        lines = self.film.read(f"prompts/clips/{self.stem}.yaml").splitlines()
        found = [number for number, text in enumerate(lines, 1) if text.strip().removeprefix("- ").startswith(words)]
        assert len(found) == 1, f"{words!r} begins the lines {found}"
        return found[0]

    def compile(self, *, draft: bool = False, parent: Parent | None = None, renderer: str = "ltx") -> Compiled:
        """The clip's request as a new run would compile it."""
        forget()
        film = load_film("harbour")
        locked = {"models": self.lock, "quantization": self.quantization, "generations": self.generations}
        lock = FilmLock.model_validate(locked)
        models = LockedModels(film.folder, lock, film.variables | self.variables)
        return compile_request(film.clips[self.clip_id], film, renderer, models, parent, draft=draft)


def write_movie(path: Path, frames: int, width: int = 64, height: int = 64, rate: int = 8) -> None:
    """A film of black frames."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=rate)
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        black = np.zeros((height, width, 3), np.uint8)
        for number in range(frames):
            picture = av.VideoFrame.from_ndarray(black, format="rgb24")
            picture.pts, picture.time_base = number, Fraction(1, rate)
            container.mux(stream.encode(picture))
        container.mux(stream.encode(None))


def silent_sound(path: Path, seconds: float, channels: int = 2) -> None:
    """A silent WAV."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with wave.open(str(path), "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(bytes(2 * channels * round(8000 * seconds)))
