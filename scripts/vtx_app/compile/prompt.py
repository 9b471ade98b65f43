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
    "ENDINGS",
    "PromptPart",
    "compile_characters",
    "compile_dialogue",
    "compile_negative",
    "compile_prompt",
    "length_warning",
    "prompt_entries",
    "prompt_parts",
]

STYLE_FILE = "prompts/style_bible.yaml"
CHARACTERS_FILE = "prompts/characters.yaml"
LOCATIONS_FILE = "prompts/locations.yaml"

GUIDE_WORDS = 200
MODEL_TOKENS = 1024
_TOKENS_PER_WORD = 1.35
_CHARACTERS_PER_TOKEN = 4.2
ENDINGS = (".", "!", "?", "…", "。", "！", "？", '"', "”", "»", "؟", "।", ":", ";")


def _sentence(text: str) -> str:
    folded = fold(text)
    return folded if not folded or folded.endswith(ENDINGS) else f"{folded.rstrip(',')}."


def _worn(character: Character, wardrobe: str | None) -> str:
    description = fold(character.description).rstrip(".,;")
    costume = fold(character.wardrobe[wardrobe]) if wardrobe is not None else ""
    return ", ".join(part for part in (description, costume) if part)


def _words(line: str) -> str:
    return fold(line).strip('"“”')


def _says(character: Character) -> str:
    voice = fold(character.voice)
    return f"says in {voice.rstrip('.')}" if voice else "says"


def _spoken(character: Character, line: str) -> str:
    return f'{fold(character.name)} {_says(character)}: "{_words(line)}"'


@dataclass(frozen=True, slots=True)
class PromptPart:
    """One stretch of a prompt, as it stands there, and who says it: a film's file and the key in it.

    ``within`` are the places that make it up, each with its own words in the order they stand, where there are several.
    """

    file: str
    key: str
    text: str
    within: tuple[PromptPart, ...] = ()


def prompt_parts(spec: ClipSpec, bibles: Bibles, profile: str | None) -> list[PromptPart]:
    """The stretches of a shot's prompt in order, empty ones too. ``file`` is ``""`` for the spec itself."""
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
    return [replace(part, text=_sentence(part.text)) for part in parts]


def _character_part(who: CharacterRef, character: Character) -> PromptPart:
    at = f"characters.{who.id}"
    within = [PromptPart(CHARACTERS_FILE, f"{at}.description", fold(character.description).rstrip(".,;"))]
    if who.wardrobe is not None:
        costume = fold(character.wardrobe[who.wardrobe])
        within.append(PromptPart(CHARACTERS_FILE, f"{at}.wardrobe.{who.wardrobe}", costume))
    return PromptPart(CHARACTERS_FILE, at, _worn(character, who.wardrobe), tuple(within))


def _line_part(number: int, said: DialogueLine, character: Character) -> PromptPart:
    at = f"characters.{said.character}"
    within = (
        PromptPart(CHARACTERS_FILE, f"{at}.name", fold(character.name)),
        PromptPart(CHARACTERS_FILE, f"{at}.voice", _says(character)),
        PromptPart("", f"prompt.dialogue.{number}", _words(said.line)),
    )
    return PromptPart("", f"prompt.dialogue.{number}", _spoken(character, said.line), within)


def prompt_entries(bibles: Bibles, kind: str) -> set[str]:
    """Every stretch that an entry of that kind (characters, locations, profiles) can make of a prompt."""
    people = bibles.characters.values()
    texts: dict[str, list[str]] = {
        "characters": [_worn(who, costume) for who in people for costume in (None, *who.wardrobe)],
        "locations": [location.description for location in bibles.locations.values()],
        "profiles": [profile.prefix for profile in bibles.style.profiles.values()],
    }
    return {sentence for text in texts.get(kind, ()) if (sentence := _sentence(text))}


def compile_prompt(spec: ClipSpec, bibles: Bibles, profile: str | None) -> str:
    """The whole prompt of a shot. Every id it names must be in ``bibles``."""
    return " ".join(part.text for part in prompt_parts(spec, bibles, profile) if part.text)


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
