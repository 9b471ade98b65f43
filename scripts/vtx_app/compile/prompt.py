"""The words of a shot as the model reads them: one flowing paragraph, made of what the shot names.

Order: the style bible's global prefix, the profile's prefix, the characters (with what they wear), the
locations, the clip's own text, the dialogue in quotation marks (as the LTX-2 prompting guide wants it).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from vtx_app.compile.request import Line, fold
from vtx_app.formats.bibles import Character
from vtx_app.formats.clip_spec import CharacterRef, ClipSpec, DialogueLine
from vtx_app.project.film import Bibles

__all__ = [
    "PromptPart",
    "compile_characters",
    "compile_dialogue",
    "compile_negative",
    "compile_prompt",
    "length_warning",
    "prompt_parts",
]

STYLE_FILE = "prompts/style_bible.yaml"
CHARACTERS_FILE = "prompts/characters.yaml"
LOCATIONS_FILE = "prompts/locations.yaml"

GUIDE_WORDS = 200
MODEL_TOKENS = 1024
_TOKENS_PER_WORD = 1.35
_CHARACTERS_PER_TOKEN = 4.2
_ENDINGS = (".", "!", "?", "…", "。", "！", "？", '"', "”", "»", "؟", "।", ":", ";")


def _sentence(text: str) -> str:
    folded = fold(text)
    return folded if not folded or folded.endswith(_ENDINGS) else f"{folded.rstrip(',')}."


def _worn(character: Character, wardrobe: str | None) -> str:
    description = fold(character.description).rstrip(".,;")
    costume = fold(character.wardrobe[wardrobe]) if wardrobe is not None else ""
    return ", ".join(part for part in (description, costume) if part)


def _spoken(character: Character, line: str) -> str:
    words = fold(line).strip('"“”')
    voice = f" in {fold(character.voice).rstrip('.')}" if fold(character.voice) else ""
    return f'{fold(character.name)} says{voice}: "{words}"'


@dataclass(frozen=True, slots=True)
class PromptPart:
    """One stretch of a prompt, as it stands there, and who says it: a film's file and the key in it.

    ``within`` are the places that make it up, each with its own words, where there are several.
    """

    file: str
    key: str
    text: str
    within: tuple[tuple[str, str], ...] = ()


def prompt_parts(spec: ClipSpec, bibles: Bibles, profile: str | None) -> list[PromptPart]:
    """The stretches of a shot's prompt in order, the empty ones left out. ``file`` is ``""`` for the spec itself."""
    continuity, said = spec.continuity, spec.prompt.dialogue
    parts = [
        PromptPart(STYLE_FILE, "global_prefix", bibles.style.global_prefix),
        PromptPart(STYLE_FILE, f"profiles.{profile}.prefix", bibles.profile(profile).prefix),
        *(_character_part(who, bibles.characters[who.id]) for who in continuity.characters),
        *(
            PromptPart(LOCATIONS_FILE, f"locations.{name}.description", bibles.locations[name].description)
            for name in continuity.locations
        ),
        PromptPart("", "prompt.positive", spec.prompt.positive),
        *(_line_part(number, each, bibles.characters[each.character]) for number, each in enumerate(said)),
    ]
    return [replace(part, text=text) for part in parts if (text := _sentence(part.text))]


def _character_part(who: CharacterRef, character: Character) -> PromptPart:
    at = f"characters.{who.id}"
    within = [(f"{at}.description", fold(character.description).rstrip(".,;"))]
    if who.wardrobe is not None:
        within.append((f"{at}.wardrobe.{who.wardrobe}", fold(character.wardrobe[who.wardrobe])))
    return PromptPart(CHARACTERS_FILE, at, _worn(character, who.wardrobe), tuple(within))


def _line_part(number: int, said: DialogueLine, character: Character) -> PromptPart:
    within = ((f"prompt.dialogue.{number}", fold(said.line).strip('"“”')),)
    return PromptPart("", f"prompt.dialogue.{number}", _spoken(character, said.line), within)


def compile_prompt(spec: ClipSpec, bibles: Bibles, profile: str | None) -> str:
    """The whole prompt of a shot. Every id it names must be in ``bibles``."""
    return " ".join(part.text for part in prompt_parts(spec, bibles, profile))


def compile_characters(spec: ClipSpec, bibles: Bibles) -> tuple[str, ...]:
    """Who is in the shot: a description each, with what they wear."""
    return tuple(_worn(bibles.characters[who.id], who.wardrobe) for who in spec.continuity.characters)


def compile_negative(spec: ClipSpec, bibles: Bibles, profile: str | None) -> str:
    """What the shot must not show, separated by commas, each thing said once."""
    texts = (bibles.style.global_negative, bibles.profile(profile).negative, spec.prompt.negative)
    things = [thing for text in texts for part in text.split(",") if (thing := fold(part).strip("."))]
    return ", ".join(dict.fromkeys(things))


def compile_dialogue(spec: ClipSpec, bibles: Bibles) -> tuple[Line, ...]:
    """The lines with the speakers' names as the audience knows them."""
    return tuple(Line(fold(bibles.characters[said.character].name), fold(said.line)) for said in spec.prompt.dialogue)


def length_warning(prompt: str) -> str | None:
    """A warning where ``prompt`` is longer than the guide (200 words) or than the model reads (1,024 tokens)."""
    words: Sequence[str] = prompt.split()
    tokens = round(max(len(words) * _TOKENS_PER_WORD, len(prompt) / _CHARACTERS_PER_TOKEN))
    if tokens > MODEL_TOKENS:
        return (
            f"the compiled prompt has about {tokens:,} tokens and the model reads {MODEL_TOKENS:,}: "
            "its end will not be seen; shorten the clip or the descriptions it names"
        )
    if len(words) > GUIDE_WORDS:
        return f"the compiled prompt has {len(words)} words; LTX-2 does best with {GUIDE_WORDS} or fewer"
    return None
