"""Moving a film to the models on this machine: what changes in ``film.lock.yaml``, and what that renders."""

from __future__ import annotations

from dataclasses import dataclass

from vtx_app.errors import ModelError
from vtx_app.files import write_text_over
from vtx_app.formats.film_lock import FilmLock
from vtx_app.models.locked import LockedModels, render_lock, wanted_slots
from vtx_app.plan.film_plan import plan_clips
from vtx_app.project.film import Film
from vtx_app.project.load import load_film
from vtx_app.render.renderer import RENDERERS

__all__ = ["LockChange", "relock"]


@dataclass(frozen=True, slots=True)
class LockChange:
    """A lock before and after. ``takes`` counts existing takes that the film would no longer use."""

    before: dict[str, str]
    after: dict[str, str]
    takes: int
    written: bool

    @property
    def needs_yes(self) -> bool:
        """Whether it costs renders, so that a person has to say yes."""
        return self.takes > 0

    def lines(self) -> list[str]:
        """What changes, for people."""
        changed = [slot for slot in self.after if self.before.get(slot) != self.after[slot]]
        if not changed:
            return ["film.lock.yaml is up to date"]
        done = "locked" if self.written else "would lock"
        return [
            *(f"{done} {slot} to {self.after[slot][:27]}…" for slot in changed),
            f"{self.takes} takes that exist {'are' if self.written else 'would be'} rendered anew",
        ]


def relock(slug: str, *, write: bool) -> LockChange:
    """The change that locks the film ``slug`` to the models here; written if ``write`` or if it costs nothing.

    Models that are absent keep the fingerprint the film has. Raises :class:`ModelError` for a slot that
    neither the lock nor this machine knows.
    """
    film = load_film(slug)
    if not RENDERERS[film.settings["renderer"]].uses_models:
        raise ModelError(f"{slug} is rendered by {film.settings['renderer']}, which uses no models: nothing to lock")
    after = _actual(film)
    before = dict(film.lock.models)
    takes = _existing(film, film.lock) - _existing(film, FilmLock(models=after)) if before else 0
    if write or takes <= 0:
        write_text_over(film.folder / "film.lock.yaml", render_lock(after))
    return LockChange(before, after, max(takes, 0), write or takes <= 0)


def _actual(film: Film) -> dict[str, str]:
    models = LockedModels(film.folder, film.lock, film.variables)
    pipelines = {film.settings.of_clip("pipeline", clip.spec.render.pipeline) for clip in film.clips.values()}
    bundles = [
        film.loras.bundles.get(clip.spec.continuity.shared_loras_profile or "", []) for clip in film.clips.values()
    ]
    loras = [lora for bundle in (*bundles, *(clip.spec.loras for clip in film.clips.values())) for lora in bundle]
    return {slot: models.actual(slot) or models.fingerprint(slot) for slot in wanted_slots(pipelines, loras)}


def _existing(film: Film, lock: FilmLock) -> int:
    """How many of the takes that the film wants under ``lock`` are there."""
    models = LockedModels(film.folder, lock, film.variables, compared=False)
    return sum(plan.take.exists() for plan in plan_clips(film, "final", models).values())
