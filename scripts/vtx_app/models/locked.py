"""Models and LoRAs of a film, by content: what the film is locked to, and what lies on this machine.

Requests are compiled from ``film.lock.yaml``, so a machine without the models plans and cuts the same
film. Where a model is there, it must be the locked one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

from vtx_app.errors import ModelError, ProjectError
from vtx_app.formats.bibles import Lora
from vtx_app.formats.film_lock import FilmLock, Quantization
from vtx_app.formats.pipelines import SPLIT, WHOLE, model_slots
from vtx_app.models.fingerprint import model_fingerprint
from vtx_app.project.paths import inside

__all__ = ["QUANTIZATION", "LockedModels", "lora_slot", "model_path", "render_lock", "wanted_slots"]


QUANTIZATION = "LTX_QUANTIZATION"


def lora_slot(lora: Lora) -> str:
    """The name a LoRA has in the lock: its variable, or ``path:<file>``."""
    return lora.env_path if lora.env_path is not None else f"path:{lora.path}"


def model_path(written: str) -> Path:
    """Where a model lies, as a person wrote it: ``~`` is a home folder, and no shell reads an ``.env``."""
    try:
        return Path(written).expanduser()
    except RuntimeError:  # there is no such user
        return Path(written)


@dataclass(frozen=True, slots=True)
class LockedModels:
    """The fingerprints a film's requests are compiled from; ``compared`` with what lies on this machine."""

    folder: Path
    lock: FilmLock
    variables: Mapping[str, str]
    compared: bool = True

    def slots(self, pipeline: str) -> tuple[str, ...]:
        """The variables whose models ``pipeline`` needs, in the layout that the film is locked to.

        A film that is not locked yet takes the layout of this machine: one file a part where
        ``LTX_TRANSFORMER_PATH`` or its distilled fellow is set, else one checkpoint.
        """
        if not WHOLE.isdisjoint(self.lock.models):
            return model_slots(pipeline, split=False)
        here = not SPLIT.isdisjoint(slot for slot, place in self.variables.items() if place)
        return model_slots(pipeline, split=not SPLIT.isdisjoint(self.lock.models) or here)

    def quantization(self) -> str | None:
        """How the transformer's weights are stored, which changes pixels: the lock's word, else this machine's.

        Raises :class:`ModelError` where ``LTX_QUANTIZATION`` says another than the film is locked to.
        """
        here = self.variables.get(QUANTIZATION) or None
        if here is not None and here not in get_args(Quantization):
            known = ", ".join(get_args(Quantization))
            raise ModelError(f"{QUANTIZATION} is {here!r}; expected one of {known}, or leave it empty")
        if not self.lock.models:
            return here
        if self.compared and here is not None and here != self.lock.quantization:
            raise ModelError(
                f"{QUANTIZATION} is {here}, and this film is rendered with {self.lock.quantization or 'none'} "
                f"(film.lock.yaml): it changes pixels. Unset it, or move the film: vtx models lock {self.folder.name}"
            )
        return self.lock.quantization

    def location(self, slot: str) -> Path | None:
        """Where the file of ``slot`` should be on this machine; None where nothing says so."""
        if slot.startswith("path:"):
            return inside(self.folder, slot.removeprefix("path:"))
        place = self.variables.get(slot)
        return model_path(place) if place else None

    def place(self, slot: str) -> Path:
        """Where the file of ``slot`` lies on this machine. Raises :class:`ModelError` where it does not."""
        place = self.location(slot)
        if place is None or self.actual(slot) is None:
            raise ModelError(self._absent(slot))
        return place

    def actual(self, slot: str) -> str | None:
        """The fingerprint of what lies on this machine; None where it is absent. Raises :class:`ModelError`.

        An empty folder is absent too: it is what is left of a disk that is not mounted.
        """
        place = self.location(slot)
        try:
            return model_fingerprint(place) if place is not None else None
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError as error:
            raise ModelError(f"{slot}: {place} can't be read: {error.strerror}") from error

    def fingerprint(self, slot: str) -> str:
        """The fingerprint that requests carry for ``slot``.

        Raises :class:`ModelError` where the film is locked to another model than the one that is there,
        and where neither lock nor machine knows the slot.
        """
        locked = self.lock.models.get(slot)
        if locked is not None and not self.compared:
            return locked
        actual = self.actual(slot)
        if locked is not None:
            if actual is not None and actual != locked:
                raise ModelError(
                    f"{slot}: {self.location(slot)} is not the model this film was rendered with "
                    f"(film.lock.yaml has {locked[:27]}…, the file is {actual[:27]}…). Point {slot} at the locked "
                    f"model, or move the film to this one: vtx models lock {self.folder.name}"
                )
            return locked
        if actual is not None:
            return actual
        raise ModelError(self._absent(slot))

    def _absent(self, slot: str) -> str:
        ways = f"or make the storyboard: snakemake animatic --cores 4 --config project={self.folder.name}"
        if slot.startswith("path:"):
            return f"{slot.removeprefix('path:')}: no such file in {self.folder}; put the LoRA there, {ways}"
        place = self.variables.get(slot)
        if place:
            return f"{slot} is {place!r}, and there is no such file; correct it in config/models.env, {ways}"
        return f"{slot} is not set; set it in config/models.env to the path of the model, {ways}"


def render_lock(models: Mapping[str, str], quantization: str | None = None) -> str:
    """The text of ``film.lock.yaml`` for slot → fingerprint."""
    lines = [
        "# The models this film is rendered with, by content. Commit it with the film.",
        "# Changed by: vtx models lock <slug>",
        "version: 1",
        *([f'quantization: "{quantization}"'] if quantization else []),
        "models:" if models else "models: {}",
        *(f'  "{slot}": "{models[slot]}"' for slot in sorted(models)),
    ]
    return "\n".join(lines) + "\n"


def wanted_slots(models: LockedModels, pipelines: Iterable[str], loras: Iterable[Lora]) -> list[str]:
    """Every slot that clips with these pipelines and LoRAs need, sorted."""
    slots = {slot for pipeline in pipelines for slot in models.slots(pipeline)}
    try:
        return sorted(slots | {lora_slot(lora) for lora in loras})
    except ProjectError as error:
        raise ModelError(str(error)) from error
