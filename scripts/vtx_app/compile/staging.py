"""What a storyboard artist needs of a shot beside its prompt: who, where and how, each as its own file has it."""

from __future__ import annotations

from collections.abc import Collection

from vtx_app.compile.heading import clip_heading
from vtx_app.compile.request import Line, StagedCharacter, StagedHeading, StagedPlace, Staging, fold
from vtx_app.compile.sources import RequestSources
from vtx_app.formats.clip_spec import CharacterRef
from vtx_app.formats.shot_list import Shot
from vtx_app.project.film import Clip, Film
from vtx_app.project.paths import CHARACTERS, LOCATIONS, SHOT_LIST

__all__ = ["compile_staging"]

_PART = "staging"


def compile_staging(clip: Clip, film: Film, profile: str | None, sources: RequestSources) -> Staging:
    """The staging of a clip; every id that it names must be in the film's bibles. Raises :class:`SpecError`.

    A text that the prompt is compiled from as well is recorded as a source of the prompt alone.
    """
    spec, style = clip.spec, film.bibles.style
    seen = spec.continuity.characters
    speakers = tuple(line.character for line in spec.prompt.dialogue)
    heard = [CharacterRef(id=each) for each in dict.fromkeys(speakers) if each not in {who.id for who in seen}]
    shot = film.shots.get(clip.clip_id)
    return Staging(
        action=fold(spec.prompt.positive),
        locations=tuple(_place(name, film, sources) for name in spec.continuity.locations),
        dialogue=tuple(
            Line(fold(film.bibles.characters[each.character].name), fold(each.line)) for each in spec.prompt.dialogue
        ),
        characters=(
            *(_character(who, film, speakers, sources, seen=True) for who in seen),
            *(_character(who, film, speakers, sources, seen=False) for who in heard),
        ),
        speakers=speakers,
        clip=clip.clip_id,
        heading=_heading(clip, film, sources),
        size=_of_shot(shot, "size", sources),
        angle=_of_shot(shot, "angle", sources),
        movement=_of_shot(shot, "movement", sources),
        profile=fold(style.profiles[profile].prefix) if profile is not None else "",
        film=fold(style.global_prefix),
    )


def _place(name: str, film: Film, sources: RequestSources) -> StagedPlace:
    found = film.bibles.locations[name]
    title = sources.read("prompt", LOCATIONS, f"locations.{name}.name", found.name)
    return StagedPlace(name, fold(title), fold(found.description))


def _character(
    who: CharacterRef, film: Film, speakers: Collection[str], sources: RequestSources, *, seen: bool
) -> StagedCharacter:
    found, at = film.bibles.characters[who.id], f"characters.{who.id}"
    speaks = who.id in speakers
    return StagedCharacter(
        who.id,
        fold(sources.read(_PART, CHARACTERS, f"{at}.name", found.name)),
        fold(sources.read(_PART, CHARACTERS, f"{at}.description", found.description)),
        fold(found.wardrobe[who.wardrobe]) if who.wardrobe is not None else "",
        fold(sources.read(_PART, CHARACTERS, f"{at}.voice", found.voice)) if speaks else "",
        sources.read(_PART, CHARACTERS, f"{at}.kind", found.kind),
        seen,
    )


def _heading(clip: Clip, film: Film, sources: RequestSources) -> StagedHeading | None:
    heading = clip_heading(clip, film, _PART, sources)
    return StagedHeading(*map(fold, heading)) if any(heading) else None


def _of_shot(shot: Shot | None, key: str, sources: RequestSources) -> str:
    """A text of the shot list; empty for a clip that is not in it."""
    if shot is None:
        return ""
    return fold(sources.read(_PART, SHOT_LIST, f"shots.{shot.clip_id}.{key}", str(getattr(shot, key))))
