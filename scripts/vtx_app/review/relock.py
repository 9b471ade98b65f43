"""Lock a film to its models: the first takes write ``film.lock.yaml``, and ``vtx models lock`` moves it to others."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

from vtx_app.compile.models import used_loras
from vtx_app.compile.pipeline_choice import clip_pipeline, given_options
from vtx_app.errors import ModelError
from vtx_app.files import file_lock, write_text
from vtx_app.formats.check import load_format
from vtx_app.formats.film_lock import NEWEST_PROMPTS, FilmLock
from vtx_app.formats.generations import GENERATIONS
from vtx_app.formats.pipelines import MAIN_MODELS, TEMPORAL_UPSAMPLER
from vtx_app.formats.renderers import RENDERERS
from vtx_app.models.default_negative import package_negative
from vtx_app.models.locked import QUANTIZATION, LockedModels, film_lock_text, required_slots
from vtx_app.plan.planner import plan_clips, tier_renderer
from vtx_app.project.film import Film
from vtx_app.project.load import load_film
from vtx_app.project.paths import LOCK, app_home, project_folder
from vtx_app.text import plural

__all__ = ["LockChange", "add_to_lock", "relock"]


@dataclass(frozen=True, slots=True)
class LockChange:
    """A lock before and after. ``takes`` counts existing takes that the film would no longer use."""

    before: FilmLock
    after: FilmLock
    takes: int
    written: bool

    def lines(self) -> list[str]:
        """What changes, for people."""
        done = "locked" if self.written else "would lock"
        lines = [
            f"{done} {slot} to {fingerprint[:27]}…"
            for slot, fingerprint in self.after.models.items()
            if self.before.models.get(slot) != fingerprint
        ]
        old, new = self.before.generations or {}, self.after.generations or {}
        lines += [f"{done} {name} to its generation {new[name]}" for name in new if old.get(name, 1) != new[name]]
        if self.before.quantization != self.after.quantization:
            lines.append(f"{done} {QUANTIZATION} to {self.after.quantization or 'none'}")
        if self.before.prompt_version != self.after.prompt_version:
            lines.append(f"{done} prompts to version {self.after.prompt_version}: with the headings of scenes")
        if self.before.negative_prompt != self.after.negative_prompt:
            lines.append(f"{done} the negative prompt to LTX-2's own, which the film's follows")
        if not lines:
            return ["film.lock.yaml is up to date"]
        verb = ("is" if self.takes == 1 else "are") if self.written else "would be"
        return [*lines, f"{plural(self.takes, 'existing take')} {verb} rendered again"]

    def data(self) -> dict[str, Any]:
        """For ``--json``."""
        before, after = self.before.model_dump(mode="json"), self.after.model_dump(mode="json")
        return {"written": self.written, "takes_to_render": self.takes, "before": before, "after": after}


def add_to_lock(
    film: Film, slots: Mapping[str, str], quantization: str | None, generations: Mapping[str, int] | None = None
) -> None:
    """Lock the film to the models and, if its pipeline has several, the generation (by pipeline) of a rendered take.

    Never changes what is already locked; only :func:`relock` does. Safe for several jobs at once.
    """
    generations, known = generations or {}, film.lock.generations
    missing = known is not None and not generations.keys() <= known.keys()
    if film.lock.models and all(slot in film.lock.models for slot in slots) and not missing:
        return
    path = film.folder / LOCK
    with _lock_held(film.slug):
        lock = load_format(path, FilmLock) if path.exists() else FilmLock()
        if not lock.models:
            lock = _first_lock(film, lock, quantization)
        new: dict[str, Any] = {"models": {**slots, **lock.models}}
        if lock.generations is not None:  # else the film is older than generations: all are 1
            new["generations"] = {**generations, **lock.generations}
        write_text(path, film_lock_text(lock.model_copy(update=new)))


def _first_lock(film: Film, begun: FilmLock, quantization: str | None) -> FilmLock:
    """The lock of a film's first take, without its models; a person may have ``begun`` it."""
    negative = LockedModels(film.folder, begun, film.variables).default_negative()
    new = {"prompts": begun.prompt_version, "negative_prompt": negative, "quantization": quantization}
    return begun.model_copy(update=new | {"generations": begun.generations or {}})


def _lock_held(slug: str) -> AbstractContextManager[int]:
    """Exclude others that read and write ``film.lock.yaml``."""
    slug = project_folder(slug).name
    return file_lock(app_home() / "locks" / f"lock-{slug}.lock", "another build is locking the film; waiting for it")


def relock(slug: str, *, write: bool) -> LockChange:
    """Lock the film ``slug`` to this machine's models, if ``write`` or if that costs no renders. Returns the change.

    Models that are not here keep their locked fingerprint. Raises :class:`ModelError` for a slot that neither the lock
    nor this machine knows.
    """
    with _lock_held(slug):
        film = load_film(slug)
        if not film.lock.models and not RENDERERS[tier_renderer(film, "final")].uses_models:
            raise ModelError(f"{slug} is rendered by {film.settings['renderer']}, without models: nothing to lock")
        after = _local_lock(film)
        unused = _existing_takes(film, film.lock) - _existing_takes(film, after) if film.lock.models else set()
        written = write or not unused
        if written:
            write_text(film.folder / LOCK, film_lock_text(after))
        return LockChange(film.lock, after, len(unused), written)


def _local_lock(film: Film) -> FilmLock:
    """The lock of this machine's models and package, with the newest prompts.

    Missing models stay as in the old lock; so do its layout if this machine names no transformer, and its negative
    prompt without the package.
    """
    old = LockedModels(film.folder, film.lock, film.variables)
    named = {slot for slot in MAIN_MODELS if film.variables.get(slot)}
    pipelines = {clip_id: clip_pipeline(clip, film) for clip_id, clip in film.clips.items()}
    generations = {
        name: old.local_generation(name) or old.generation(name)
        for name in sorted({*pipelines.values(), *(film.lock.generations or {})} & set(GENERATIONS))
    }
    new = LockedModels(film.folder, FilmLock(generations=generations), film.variables) if named else old
    loras = [
        lora
        for clip_id, clip in film.clips.items()
        for lora in used_loras(clip, film, pipelines[clip_id], new.generation(pipelines[clip_id]))
    ]
    required = required_slots(new, pipelines.values(), loras)
    if any("temporal_upscalings" in given_options(clip.spec) for clip in film.clips.values()):
        required = sorted({*required, TEMPORAL_UPSAMPLER})
    same_layout = new.slots("retake") == old.slots("retake")
    slots = sorted({*required, *film.lock.models}) if same_layout else required
    models = {slot: new.local_fingerprint(slot) or old.fingerprint(slot) for slot in slots}
    return FilmLock(
        models=models,
        quantization=new.quantization() if named else film.lock.quantization,  # type: ignore[arg-type]
        prompts=NEWEST_PROMPTS,
        generations=generations if named else film.lock.generations,
        negative_prompt=package_negative(film.folder) or old.default_negative() or None,
    )


def _existing_takes(film: Film, lock: FilmLock) -> set[tuple[str, str]]:
    """Tier and clip id of the existing takes that the film requests under ``lock``, finals and drafts."""
    models = LockedModels(film.folder, lock, film.variables, compared=False)
    found: set[tuple[str, str]] = set()
    for tier in ("final", "draft"):
        try:
            plans = plan_clips(film, tier, models)
        except ModelError:  # the tier needs an unknown model, so it has no takes
            continue
        found |= {(tier, clip_id) for clip_id, plan in plans.items() if plan.take.exists()}
    return found
