"""The models and LoRAs of a film, by content: what the film is locked to, and what this machine has.

Requests are compiled from ``film.lock.yaml``, so a machine without the models plans and cuts the same film. A model
that exists must be the locked one.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import get_args

from vtx_app.errors import ModelError, ProjectError
from vtx_app.formats.bibles import Lora
from vtx_app.formats.film_lock import FilmLock, Quantization
from vtx_app.formats.generations import GENERATIONS, generation_of
from vtx_app.formats.pipelines import CHECKPOINTS, MAIN_MODELS, TRANSFORMERS, model_slots
from vtx_app.models.default_negative import NEWEST_NEGATIVE, package_negative
from vtx_app.models.fingerprint import model_fingerprint
from vtx_app.models.ltx_version import film_ltx_version
from vtx_app.models.safetensors_header import generation, read_header
from vtx_app.project.paths import resolve_inside

__all__ = ["QUANTIZATION", "LockedModels", "film_lock_text", "lora_slot", "model_path", "required_slots"]

QUANTIZATION = "LTX_QUANTIZATION"


def lora_slot(lora: Lora) -> str:
    """Return the LoRA's name in the lock: its variable, or ``path:<file>``."""
    return lora.env_path if lora.env_path is not None else f"path:{lora.path}"


def model_path(value: str) -> Path:
    """Return the path in a variable; ``~`` is a home folder, because no shell reads an ``.env``."""
    try:
        return Path(value).expanduser()
    except RuntimeError:  # there is no such user
        return Path(value)


@dataclass(frozen=True, slots=True)
class LockedModels:
    """The fingerprints that a film's requests are compiled from; ``compared`` with this machine's models."""

    folder: Path
    lock: FilmLock
    variables: Mapping[str, str]
    compared: bool = True
    _local_generations: dict[str, int | None] = field(default_factory=dict, repr=False, compare=False)

    def slots(self, pipeline: str, *, temporal: bool = False) -> tuple[str, ...]:
        """Return the variables whose models ``pipeline`` needs, in the layout that the film is locked to.

        ``temporal``: it doubles the frame rate.
        """
        generation = self.generation(pipeline)
        return model_slots(pipeline, split=self._split(), generation=generation, temporal=temporal)

    def _split(self) -> bool:
        """Whether each part of a model is a file of its own.

        A film that is not locked yet uses this machine's layout: split if ``LTX_TRANSFORMER_PATH`` or
        ``LTX_DISTILLED_TRANSFORMER_PATH`` is set, else one checkpoint.
        """
        if not CHECKPOINTS.isdisjoint(self.lock.models):
            return False
        return not TRANSFORMERS.isdisjoint(self.lock.models) or any(self.variables.get(slot) for slot in TRANSFORMERS)

    def generation(self, pipeline: str) -> int:
        """Return the generation of ``pipeline`` in requests: by the lock, else this machine's, else the first.

        A pipeline is locked by its first take. A lock from before there were generations means the first of all.
        """
        locked = self.locked_generation(pipeline)
        return locked if locked is not None else self.local_generation(pipeline) or 1

    def locked_generation(self, pipeline: str) -> int | None:
        """Return the generation that the film is locked to; None if it is not locked to any."""
        if pipeline not in GENERATIONS:
            return 1
        if self.lock.generations is None:
            return 1 if self.lock.models else None
        return self.lock.generations.get(pipeline)

    def local_generation(self, pipeline: str) -> int | None:
        """Return the generation that this machine's ltx-pipelines and checkpoint make; None if one is missing.

        Looked up once per film.
        """
        if pipeline not in self._local_generations:
            self._local_generations[pipeline] = self._find_generation(pipeline)
        return self._local_generations[pipeline]

    def _find_generation(self, pipeline: str) -> int | None:
        package = film_ltx_version(self.folder)
        if package is None:
            return None
        checkpoint: tuple[int, ...] = ()
        if any(each.checkpoint for each in GENERATIONS.get(pipeline, ()) if each.package <= package):
            slots = model_slots(pipeline, split=self._split())
            path = self.configured_path(next(slot for slot in slots if slot in MAIN_MODELS))
            try:
                header = read_header(path) if path is not None else None
            except ModelError:
                header = None
            if header is None:
                return None
            checkpoint = generation(header) or ()
        return generation_of(pipeline, package, checkpoint)

    def quantization(self) -> str | None:
        """Return how the transformer's weights are stored, which changes pixels: by the lock, else by this machine.

        Raises :class:`ModelError` if ``LTX_QUANTIZATION`` is not what the film is locked to.
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

    def default_negative(self) -> str:
        """Return LTX-2's own negative prompt, which comes before the film's; ``""`` if the film's replaces it.

        By the lock; a film that is not locked yet takes the installed package's, else that of the newest one known.
        """
        if self.lock.models or self.lock.negative_prompt is not None:
            return self.lock.negative_prompt or ""
        return package_negative(self.folder) or NEWEST_NEGATIVE

    def configured_path(self, slot: str) -> Path | None:
        """Return where the file of ``slot`` should be on this machine; None if nothing configures it."""
        if slot.startswith("path:"):
            return resolve_inside(self.folder, slot.removeprefix("path:"))
        value = self.variables.get(slot)
        return model_path(value) if value else None

    def path(self, slot: str) -> Path:
        """Return the existing file of ``slot``. Raises :class:`ModelError` if it is missing."""
        path = self.configured_path(slot)
        if path is None or self.local_fingerprint(slot) is None:
            raise ModelError(self._missing(slot))
        return path

    def local_fingerprint(self, slot: str) -> str | None:
        """Return the fingerprint of this machine's model; None if it is missing. Raises :class:`ModelError`.

        An empty folder counts as missing: it is left by a disk that is not mounted.
        """
        path = self.configured_path(slot)
        try:
            return model_fingerprint(path) if path is not None else None
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError as error:
            raise ModelError(f"{slot}: {path} can't be read: {error.strerror}") from error

    def fingerprint(self, slot: str) -> str:
        """Return the fingerprint of ``slot`` in requests.

        Raises :class:`ModelError` if this machine's model is not the locked one, or if neither the lock nor the
        machine knows the slot.
        """
        locked = self.lock.models.get(slot)
        if locked is not None and not self.compared:
            return locked
        local = self.local_fingerprint(slot)
        if locked is not None and local is not None and local != locked:
            raise ModelError(
                f"{slot}: {self.configured_path(slot)} is not the model this film was rendered with "
                f"(film.lock.yaml has {locked[:27]}…, the file is {local[:27]}…). Point {slot} at the locked "
                f"model, or move the film to this one: vtx models lock {self.folder.name}"
            )
        fingerprint = locked or local
        if fingerprint is None:
            raise ModelError(self._missing(slot))
        return fingerprint

    def _missing(self, slot: str) -> str:
        ways = f"or make the storyboard: snakemake animatic --cores 4 --config project={self.folder.name}"
        if slot.startswith("path:"):
            return f"{slot.removeprefix('path:')}: no such file in {self.folder}; put the LoRA there, {ways}"
        value = self.variables.get(slot)
        if value:
            return f"{slot} is {value!r}, and there is no such file; correct it in config/models.env, {ways}"
        return f"{slot} is not set; set it in config/models.env to the path of the model, {ways}"


def film_lock_text(lock: FilmLock) -> str:
    """Return the text of ``film.lock.yaml``."""
    lines = [
        "# What this film is rendered with: its models by content. Commit it with the film.",
        "# Changed by: vtx models lock <slug>",
        "version: 1",
        *([f"prompts: {lock.prompts}"] if lock.prompts else []),
        *([f"negative_prompt: {_quoted(lock.negative_prompt)}"] if lock.negative_prompt is not None else []),
        *([f'quantization: "{lock.quantization}"'] if lock.quantization else []),
        *([] if lock.generations is None else [f"generations: {_flow(lock.generations)}"]),
        "models:" if lock.models else "models: {}",
        *(f'  "{slot}": "{lock.models[slot]}"' for slot in sorted(lock.models)),
    ]
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    """``text`` as a double-quoted scalar: a JSON string is one."""
    return json.dumps(text, ensure_ascii=False)


def _flow(numbers: Mapping[str, int]) -> str:
    return "{" + ", ".join(f"{name}: {numbers[name]}" for name in sorted(numbers)) + "}"


def required_slots(models: LockedModels, pipelines: Iterable[str], loras: Iterable[Lora]) -> list[str]:
    """Return every slot that clips with these pipelines and LoRAs need, sorted."""
    slots = {slot for pipeline in pipelines for slot in models.slots(pipeline)}
    try:
        return sorted(slots | {lora_slot(lora) for lora in loras})
    except ProjectError as error:
        raise ModelError(str(error)) from error
