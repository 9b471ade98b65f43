"""A film for LTX, its lock, and the models of a machine."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from kit.film import Film as FilmFiles
from kit.film import write_film
from kit.machine import forget, without_settings
from kit.shot import print_of
from vtx_app.formats.check import load_format
from vtx_app.formats.film_lock import FilmLock, Quantization
from vtx_app.models.default_negative import NEWEST_NEGATIVE
from vtx_app.models.locked import film_lock_text
from vtx_app.plan.planner import plan_clips
from vtx_app.project.film import Film
from vtx_app.project.load import load_film
from vtx_app.review.relock import LockChange, relock

CHECKPOINT, GEMMA, REFINER = "LTX_CHECKPOINT_PATH", "LTX_GEMMA_ROOT", "LTX_DISTILLED_LORA_PATH"
DISTILLED, UPSAMPLER, IC = "LTX_DISTILLED_CHECKPOINT_PATH", "LTX_SPATIAL_UPSAMPLER_PATH", "LTX_IC_LORA_PATH"
PARTS = ("LTX_TRANSFORMER_PATH", "LTX_TEXT_ENCODER_PATH", "LTX_VIDEO_VAE_PATH", "LTX_AUDIO_VAE_PATH")
FP8: Quantization = "fp8-cast"


def write_ltx_film(folder: Path, monkeypatch: pytest.MonkeyPatch, *kept: str) -> FilmFiles:
    """A film for LTX in ``folder``, of the clips ``kept`` (ids or file stems), on a machine without models."""
    without_settings(monkeypatch)
    monkeypatch.chdir(folder)
    forget()
    made = write_film(folder)
    made.edit("metadata.yaml", "renderer: animatic", "renderer: ltx")
    for spec in (made.folder / "prompts/clips").iterdir():
        if not spec.name.startswith(kept):
            spec.unlink()
    return made


def film() -> Film:
    forget()
    return load_film("harbour")


def new_lock(models: dict[str, str], quantization: Quantization | None = None) -> FilmLock:
    """The lock of a film that is rendered for the first time, on a machine without ltx-pipelines."""
    new: dict[str, Any] = {"prompts": 2, "negative_prompt": NEWEST_NEGATIVE, "generations": {}}
    return FilmLock(models=models, quantization=quantization, **new)


def old_lock(*slots: str, quantization: Quantization | None = None) -> str:
    """The text of the lock of a film that was rendered before prompts had a version."""
    return film_lock_text(FilmLock(models={slot: print_of(slot) for slot in slots}, quantization=quantization))


def lock_of(files: FilmFiles) -> FilmLock:
    return load_format(files.folder / "film.lock.yaml", FilmLock)


class Machine:
    """The models of this machine: files in ``models`` and what config/models.env says."""

    def __init__(self, files: FilmFiles) -> None:
        self.root = files.root
        self.said: dict[str, str] = {}

    def has(self, *slots: str, content: str = "") -> Machine:
        """There is a model for every slot; other ``content`` makes it another model."""
        for slot in slots:
            path = self.root / "models" / f"{slot}{content}"
            path.parent.mkdir(exist_ok=True)
            path.write_text(f"{slot} {content}")
            self.said[slot] = str(path)
        return self._write()

    def lacks(self, *slots: str) -> Machine:
        for slot in slots:
            self.said.pop(slot, None)
        return self._write()

    def says(self, **variables: str) -> Machine:
        self.said |= variables
        return self._write()

    def _write(self) -> Machine:
        text = "".join(f"{name}={value}\n" for name, value in self.said.items())
        (self.root / "config" / "models.env").write_text(text)
        return self


def moved(*, write: bool = False) -> LockChange:
    forget()
    return relock("harbour", write=write)


def render(tier: str = "final", *clip_ids: str) -> int:
    """Put something where the takes of the film belong as it is now; returns how many."""
    plans = [plan for plan in plan_clips(film(), tier).values() if plan.clip_id in clip_ids or not clip_ids]
    for plan in plans:
        plan.take.path.parent.mkdir(parents=True, exist_ok=True)
        plan.take.path.touch()
    return len(plans)
