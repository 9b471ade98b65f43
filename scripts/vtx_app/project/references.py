"""What a clip names must be there: characters, wardrobe, places, profiles, bundles, clips to continue from."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from vtx_app.compile.rate import exact_rate, rate_text
from vtx_app.errors import ProjectError
from vtx_app.formats.check import near, place, unknown
from vtx_app.project.paths import inside, shown

if TYPE_CHECKING:
    from vtx_app.project.film import Clip, Film

__all__ = ["wrong_bundles", "wrong_references"]


def wrong_bundles(film: Film) -> list[str]:
    """A line for every variable in loras.yaml that is neither a known model variable nor set."""
    path = inside(film.folder, "prompts/loras.yaml")
    return [
        f"{place(path, shown(path), 'bundles', name, index, 'env_path')}: "
        + unknown("variable", lora.env_path, film.variables, "config/models.env")
        for name, bundle in film.loras.bundles.items()
        for index, lora in enumerate(bundle)
        if lora.env_path is not None and lora.env_path not in film.variables
    ]


def wrong_references(clip: Clip, film: Film, files: Mapping[str, Path]) -> list[str]:
    """A line for everything that ``clip`` names and the film does not have."""
    return [
        f"{place(clip.path, clip.name, *keys)}: {message}"
        for check in (_names, _loras, _frame, _paths)
        for keys, message in check(clip, film)
    ] + [f"{place(clip.path, clip.name, *keys)}: {message}" for keys, message in _chain(clip, film, files)]


Fault = tuple[tuple[str | int, ...], str]


def _missing(kind: str, word: str | None, known: Container[str], all_known: Iterable[str], file: str) -> str | None:
    return None if word is None or word in known else unknown(kind, word, all_known, file)


def _names(clip: Clip, film: Film) -> Iterable[Fault]:
    continuity, people = clip.spec.continuity, film.bibles.characters
    profiles, bundles = film.bibles.style.profiles, film.loras.bundles
    profile = film.settings.of_clip("style_profile", continuity.shared_prompt_profile)
    if message := _missing("profile", profile, profiles, profiles, "prompts/style_bible.yaml"):
        yield ("continuity", "shared_prompt_profile"), message
    if message := _missing("bundle", continuity.shared_loras_profile, bundles, bundles, "prompts/loras.yaml"):
        yield ("continuity", "shared_loras_profile"), message
    for index, who in enumerate(continuity.characters):
        if message := _missing("character", who.id, people, people, "prompts/characters.yaml"):
            yield ("continuity", "characters", index), message
        elif who.wardrobe is not None and who.wardrobe not in people[who.id].wardrobe:
            wardrobe = people[who.id].wardrobe
            file = f"{who.id}'s wardrobe in prompts/characters.yaml"
            yield ("continuity", "characters", index, "wardrobe"), unknown("wardrobe", who.wardrobe, wardrobe, file)
    for index, name in enumerate(continuity.locations):
        if message := _missing(
            "location", name, film.bibles.locations, film.bibles.locations, "prompts/locations.yaml"
        ):
            yield ("continuity", "locations", index), message
    for index, said in enumerate(clip.spec.prompt.dialogue):
        if message := _missing("character", said.character, people, people, "prompts/characters.yaml"):
            yield ("prompt", "dialogue", index, "character"), message


def _loras(clip: Clip, film: Film) -> Iterable[Fault]:
    for index, lora in enumerate(clip.spec.loras):
        if lora.env_path is not None and lora.env_path not in film.variables:
            yield ("loras", index, "env_path"), unknown("variable", lora.env_path, film.variables, "config/models.env")


def _chain(clip: Clip, film: Film, files: Mapping[str, Path]) -> Iterable[Fault]:
    keys = ("inputs", "continue_from")
    seen = [clip.clip_id]
    parent = clip.spec.inputs.continue_from
    if parent is not None and parent not in files:
        yield keys, unknown("clip", parent, files, "prompts/clips")
    while parent is not None and parent in film.clips:
        seen.append(parent)
        if parent == clip.clip_id:
            yield keys, f"a circle: {' continues from '.join(seen)}"
            return
        if parent in seen[:-1]:
            return  # a circle further up; its own clips say so
        parent = film.clips[parent].spec.inputs.continue_from


def _frame(clip: Clip, film: Film) -> Iterable[Fault]:
    render = clip.spec.render
    rate = film.settings["fps"]
    fps = film.settings.of_clip("fps", render.fps)
    if exact_rate(fps) != exact_rate(rate):
        yield (
            ("render", "fps"),
            f"{rate_text(exact_rate(fps))}: the film runs at {rate_text(exact_rate(rate))} frames per second "
            f"({film.settings.values['fps'].source}); one film has one rate",
        )
    for key in ("width", "height"):
        pixels, most = film.settings.of_clip(key, getattr(render, key)), film.settings[key]
        if pixels > most:
            yield (
                ("render", key),
                f"{pixels} pixels: the film is {film.settings['width']}×{film.settings['height']} "
                f"({film.settings.values[key].source}); a shot may be smaller, never larger",
            )


def _paths(clip: Clip, film: Film) -> Iterable[Fault]:
    inputs = clip.spec.inputs
    written: list[tuple[tuple[str | int, ...], str | None]] = [
        (("inputs", "reference_image"), inputs.reference_image),
        (("inputs", "input_video"), inputs.input_video),
        *((("inputs", "keyframes", index, "path"), key.path) for index, key in enumerate(inputs.keyframes)),
    ]
    for keys, path in written:
        if path is None:
            continue
        try:
            found = inside(film.folder, path)
        except ProjectError as error:
            yield keys, str(error)
            continue
        if not found.is_file():
            there = sorted(
                each.relative_to(film.folder).as_posix() for each in found.parent.glob("*") if each.is_file()
            )
            yield keys, f"{path!r}: no such file{near(path, there)}"
