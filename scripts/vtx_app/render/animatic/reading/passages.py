"""The prose of a shot by the key of the film's files that it is written under."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from vtx_app.compile.request import Staging
from vtx_app.render.animatic.reading.names import in_front_of_camera
from vtx_app.render.animatic.reading.text import Passage, is_foreign

__all__ = ["passages_of"]


@lru_cache(maxsize=256)
def passages_of(staging: Staging) -> tuple[Mapping[str, Passage], frozenset[str]]:
    """Key → passage, and the keys of those in another language than English.

    ``world``: the shot's own words without names and without what somebody draws, to read place, air and things in.
    """
    texts = {"prompt.positive": staging.action, "profile": staging.profile, "global_prefix": staging.film}
    for place in staging.locations:
        texts[f"locations.{place.id}.description"] = place.description
    for who in staging.characters:
        texts[f"characters.{who.id}.description"] = who.description
        texts[f"characters.{who.id}.wardrobe"] = who.wardrobe
    foreign = frozenset(key for key, text in texts.items() if is_foreign(text, texts.values()))
    passages = {key: Passage(key, text, foreign=key in foreign) for key, text in texts.items()}
    names = [who.name for who in staging.characters]
    for key, passage in list(passages.items()):
        if key == "prompt.positive":
            passages["world"] = in_front_of_camera(passage, names)
        elif key.startswith("locations."):
            passages[key] = in_front_of_camera(passage, names)
    return passages, foreign
