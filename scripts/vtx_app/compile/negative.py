"""What a shot must not show: the film's own words, after the negative prompt that LTX-2 was trained with."""

from __future__ import annotations

from vtx_app.compile.request import fold
from vtx_app.compile.sources import RequestSources
from vtx_app.formats.clip_spec import ClipSpec
from vtx_app.models.locked import LockedModels
from vtx_app.project.film import Bibles
from vtx_app.project.paths import LOCK, STYLE_BIBLE

__all__ = ["compile_negative", "extend_negative"]


def compile_negative(spec: ClipSpec, bibles: Bibles, profile: str | None, sources: RequestSources) -> str:
    """What the shot must not show, separated by commas, without repetitions."""
    style = bibles.style
    texts = [sources.read("negative", STYLE_BIBLE, "global_negative", style.global_negative)]
    if profile is not None:
        key = f"profiles.{profile}.negative"
        texts.append(sources.read("negative", STYLE_BIBLE, key, style.profiles[profile].negative))
    texts.append(sources.spec("negative", "prompt.negative", spec.prompt.negative))
    things = [thing for text in texts for part in text.split(",") if (thing := fold(part).strip("."))]
    return ", ".join(dict.fromkeys(things))


def extend_negative(own: str, models: LockedModels, sources: RequestSources) -> str:
    """The negative prompt for LTX-2: its default, then what ``own`` adds; ``own`` alone if the film replaces it."""
    default = models.default_negative()
    locked = models.lock.models or models.lock.negative_prompt is not None
    file, key = (LOCK, "negative_prompt") if locked else ("environment", "DEFAULT_NEGATIVE_PROMPT")
    sources.read("default_negative", file, key, default)
    if sources.setting("negative_mode", "negative") == "replace" or not default:
        return own
    known = {fold(thing).strip(".").casefold() for thing in default.split(",")}
    more = ", ".join(thing for thing in own.split(", ") if thing and thing.casefold() not in known)
    if not more:
        return default
    return f"{default} {more}" if default.endswith(".") else f"{default}, {more}"
