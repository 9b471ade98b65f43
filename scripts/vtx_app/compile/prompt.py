"""The words of a shot as the model reads them: one flowing paragraph, made of what the shot names.

Order: the style bible's global prefix, the profile's prefix, the heading of the scene, the characters (with what they
wear), the locations, the clip's own text, the dialogue in quotation marks (as the LTX-2 prompting guide wants it), and
all other sound.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from vtx_app.compile.request import fold
from vtx_app.compile.sources import RequestSources
from vtx_app.formats.clip_spec import CharacterRef, ClipSpec, DialogueLine
from vtx_app.project.film import Bibles
from vtx_app.project.paths import CHARACTERS, LOCATIONS, STYLE_BIBLE

__all__ = ["MODEL_TOKENS", "compile_prompt", "with_triggers"]

MODEL_TOKENS = 1024
"""Tokens that the text encoder reads; it silently drops the rest (ltx_core's tokenizer, ``max_length``)."""

_ENDINGS = (".", "!", "?", "…", "。", "！", "？", '"', "”", "»", "؟", "।", ":", ";")
_QUOTES = '"“”'


def compile_prompt(
    spec: ClipSpec, bibles: Bibles, profile: str | None, sources: RequestSources, heading: str = ""
) -> str:
    """The whole prompt of a shot, with the phrase of its ``heading``. Every id it names must be in ``bibles``."""
    style = bibles.style
    texts = [sources.read("prompt", STYLE_BIBLE, "global_prefix", style.global_prefix)]
    if profile is not None:
        key = f"profiles.{profile}.prefix"
        texts.append(sources.read("prompt", STYLE_BIBLE, key, style.profiles[profile].prefix))
    texts += [heading, *_characters(spec, bibles, sources)]
    names = spec.continuity.locations
    sources.spec("prompt", "continuity.locations", ", ".join(names) or None)
    for name in names:
        key = f"locations.{name}.description"
        texts.append(sources.read("prompt", LOCATIONS, key, bibles.locations[name].description))
    texts.append(sources.spec("prompt", "prompt.positive", spec.prompt.positive))
    texts += [_spoken(number, line, bibles, sources) for number, line in enumerate(spec.prompt.dialogue)]
    texts += [f"{text[:1].upper()}{text[1:]}" for text in _sounds(spec, bibles, profile, sources)]
    return " ".join(sentence for text in texts if (sentence := _sentence(text)))


def _sounds(spec: ClipSpec, bibles: Bibles, profile: str | None, sources: RequestSources) -> Iterator[str]:
    """The sounds of the film, the profile, the places and the shot."""
    style = bibles.style
    yield sources.read("prompt", STYLE_BIBLE, "global_sound", style.global_sound)
    if profile is not None:
        yield sources.read("prompt", STYLE_BIBLE, f"profiles.{profile}.sound", style.profiles[profile].sound)
    for name in spec.continuity.locations:
        yield sources.read("prompt", LOCATIONS, f"locations.{name}.sound", bibles.locations[name].sound)
    yield sources.spec("prompt", "prompt.sound", spec.prompt.sound)


def with_triggers(prompt: str, triggers: Iterable[str]) -> str:
    """``prompt`` after the trigger words that it lacks; LTX-2's trainer puts them before every caption too."""
    present = prompt.casefold()
    missing = [word for word in dict.fromkeys(map(fold, triggers)) if word and word.casefold() not in present]
    return " ".join([*missing, prompt])


def _sentence(text: str) -> str:
    folded = fold(text)
    return folded if not folded or folded.endswith(_ENDINGS) else f"{folded.rstrip(',')}."


def _characters(spec: ClipSpec, bibles: Bibles, sources: RequestSources) -> tuple[str, ...]:
    """Who is in the shot: a description each, with what they wear."""
    who = spec.continuity.characters
    named = ", ".join(f"{each.id} ({each.wardrobe})" if each.wardrobe else each.id for each in who)
    sources.spec("prompt", "continuity.characters", named or None)
    return tuple(_described(each, bibles, sources) for each in who)


def _described(who: CharacterRef, bibles: Bibles, sources: RequestSources) -> str:
    character, at = bibles.characters[who.id], f"characters.{who.id}"
    texts = [fold(sources.read("prompt", CHARACTERS, f"{at}.description", character.description)).rstrip(".,;")]
    if who.wardrobe is not None:
        key = f"{at}.wardrobe.{who.wardrobe}"
        texts.append(fold(sources.read("prompt", CHARACTERS, key, character.wardrobe[who.wardrobe])))
    return ", ".join(text for text in texts if text)


def _spoken(number: int, line: DialogueLine, bibles: Bibles, sources: RequestSources) -> str:
    """One line of dialogue: ``Mara says in a low voice: "Nobody today."``."""
    character, at = bibles.characters[line.character], f"characters.{line.character}"
    sources.spec("prompt", f"prompt.dialogue.{number}", f"{line.character}: {line.line}")
    name = fold(sources.read("prompt", CHARACTERS, f"{at}.name", character.name))
    voice = fold(sources.read("prompt", CHARACTERS, f"{at}.voice", character.voice))
    says = f"says in {voice.rstrip('.')}" if voice else "says"
    return f'{name} {says}: "{fold(line.line).strip(_QUOTES)}"'
