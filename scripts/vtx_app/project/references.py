"""What a clip names must be there: characters, wardrobe, places, profiles, bundles, clips to continue from."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path

from vtx_app.errors import ProjectError
from vtx_app.formats.bibles import Lora
from vtx_app.formats.check import near, place, unknown
from vtx_app.formats.rate import exact_rate, rate_text
from vtx_app.project.film import Clip, Film
from vtx_app.project.paths import inside, shown
from vtx_app.project.settings import said_at

__all__ = ["wrong_defaults", "wrong_references"]

_FONTS = (b"\0\1\0\0", b"OTTO", b"true", b"ttcf")
"""How TrueType and OpenType files begin (OpenType 1.9, Organization of an OpenType Font)."""

Fault = tuple[tuple[str | int, ...], str]


def wrong_defaults(film: Film) -> list[str]:
    """A line for a film-wide profile that the style bible lacks, and for every LoRA of loras.yaml that can't be."""
    problems = []
    profiles = film.bibles.style.profiles
    if message := _missing("profile", film.settings.get("style_profile"), profiles, "prompts/style_bible.yaml"):
        setting = film.settings.values["style_profile"]
        problems.append(f"{said_at(film.folder, 'style_profile', setting)}: {message}")
    if message := _no_font(film):
        path = inside(film.folder, "metadata.yaml")
        problems.append(f"{place(path, shown(path), 'slate_font')}: {message}")
    path = inside(film.folder, "prompts/loras.yaml")
    return problems + [
        f"{place(path, shown(path), *keys)}: {message}"
        for name, bundle in film.loras.bundles.items()
        for keys, message in _loras(bundle, ("bundles", name), film)
    ]


def wrong_references(clip: Clip, film: Film, files: Mapping[str, Path]) -> list[str]:
    """A line for everything that ``clip`` names and the film does not have."""
    return [
        f"{place(clip.path, clip.name, *keys)}: {message}"
        for faults in (
            _names(clip, film),
            _loras(clip.spec.loras, ("loras",), film),
            _frame(clip, film),
            _paths(clip, film),
            _chain(clip, film, files),
        )
        for keys, message in faults
    ]


def _no_font(film: Film) -> str | None:
    """What is wrong with the font that the film names for its storyboard; None where nothing is."""
    named = film.metadata.slate_font
    if named is None:
        return None
    try:
        font = inside(film.folder, named)
        with font.open("rb") as file:
            begins = file.read(4)
    except ProjectError as error:
        return str(error)
    except FileNotFoundError:
        return f"{named!r}: no such file{near(named, _files_beside(inside(film.folder, named), film.folder))}"
    except OSError as error:
        return f"{named!r}: can't be read: {error.strerror}"
    return None if begins in _FONTS else f"{named!r} is no font: expected TrueType or OpenType (.ttf, .otf, .ttc)"


def _missing(kind: str, word: str | None, known: Collection[str], file: str) -> str | None:
    return None if word is None or word in known else unknown(kind, word, known, file)


def _names(clip: Clip, film: Film) -> Iterable[Fault]:
    continuity, people = clip.spec.continuity, film.bibles.characters
    profiles, bundles = film.bibles.style.profiles, film.loras.bundles
    if message := _missing("profile", continuity.shared_prompt_profile, profiles, "prompts/style_bible.yaml"):
        yield ("continuity", "shared_prompt_profile"), message
    if message := _missing("bundle", continuity.shared_loras_profile, bundles, "prompts/loras.yaml"):
        yield ("continuity", "shared_loras_profile"), message
    for index, who in enumerate(continuity.characters):
        if message := _missing("character", who.id, people, "prompts/characters.yaml"):
            yield ("continuity", "characters", index), message
        elif who.wardrobe is not None and who.wardrobe not in people[who.id].wardrobe:
            wardrobe = people[who.id].wardrobe
            file = f"{who.id}'s wardrobe in prompts/characters.yaml"
            yield ("continuity", "characters", index, "wardrobe"), unknown("wardrobe", who.wardrobe, wardrobe, file)
    for index, name in enumerate(continuity.locations):
        if message := _missing("location", name, film.bibles.locations, "prompts/locations.yaml"):
            yield ("continuity", "locations", index), message
    for index, said in enumerate(clip.spec.prompt.dialogue):
        if message := _missing("character", said.character, people, "prompts/characters.yaml"):
            yield ("prompt", "dialogue", index, "character"), message


def _loras(loras: Iterable[Lora], at: tuple[str | int, ...], film: Film) -> Iterable[Fault]:
    """A LoRA's file need not be there (the lock knows it), but its variable must be known and its path inside."""
    for index, lora in enumerate(loras):
        if message := _missing("variable", lora.env_path, film.variables, "config/models.env"):
            yield (*at, index, "env_path"), message
        if lora.path is not None:
            try:
                inside(film.folder, lora.path)
            except ProjectError as error:
                yield (*at, index, "path"), str(error)


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
        (("inputs", "mask"), inputs.mask),
        (("inputs", "audio"), inputs.audio),
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
        if not os.path.isfile(found):  # noqa: PTH113 - Path.is_file raises where a name is too long
            yield keys, f"{path!r}: no such file{near(path, _files_beside(found, film.folder))}"


def _files_beside(path: Path, folder: Path) -> list[str]:
    """The files in the folder of ``path``, relative to the project ``folder``; none where it can't be read."""
    try:
        return sorted(each.relative_to(folder).as_posix() for each in path.parent.iterdir() if each.is_file())
    except OSError:
        return []
