"""A cause: the file of a film, and the key in it, for which a take is to be rendered, with its words then and now."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from vtx_app.plan.film_plan import ClipPlan
from vtx_app.project.film import Film

__all__ = ["Cause", "film_file", "said_by_film", "said_by_shot", "spec_file", "text"]

_IN_METADATA = {"width": "default_resolution", "height": "default_resolution", "pipeline": "default_pipeline"}


@dataclass(frozen=True, slots=True)
class Cause:
    """What changed: a film's ``file`` (relative to its folder) and the ``key`` in it, with its words then and now
    (``""``: there were none). ``parent``: the clip that it goes on from, whose take is another now."""

    file: str
    key: str
    old: str
    new: str
    parent: str = ""

    @property
    def label(self) -> str:
        """``prompts/characters.yaml: characters.ines.wardrobe.oilskin``."""
        return f"{self.file}: {self.key}" if self.file else self.key


def text(value: Any) -> str:
    """A value of a request as a person reads it."""
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, sort_keys=True)


def film_file(film: Film, plan: ClipPlan, sha256: str) -> str | None:
    """The file of the film that holds this content, as one of the clip's inputs."""
    path = plan.take.files.get(sha256)
    return None if path is None else path.relative_to(film.folder).as_posix()


def spec_file(plan: ClipPlan) -> str:
    """The clip's own spec."""
    return f"prompts/clips/{plan.clip.stem}.yaml"


def said_by_film(film: Film, name: str) -> tuple[str, str]:
    """The file that says a setting of the film, and its key there; for a built-in one, metadata.yaml could say it."""
    setting = film.settings.values.get(name)
    source, by_aspect, _ = (setting.source if setting else "built-in").partition(" (")
    key = "aspect" if by_aspect else name
    if source in ("built-in", "metadata.yaml"):
        return "metadata.yaml", _IN_METADATA.get(key, key)
    return ("config/config.yaml or --config" if source == "--config" else source), key


def said_by_shot(film: Film, plan: ClipPlan, name: str, written: object, key: str) -> tuple[str, str]:
    """The same for a setting that a clip's spec may say itself: ``written`` there, under ``key``."""
    own = written is not None and name not in film.settings.overrides
    return (spec_file(plan), key) if own else said_by_film(film, name)
