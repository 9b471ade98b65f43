"""Check that what a film's files name exists: characters, wardrobe, places, profiles, bundles, clips, files."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path

from vtx_app.errors import ProjectError
from vtx_app.formats.bibles import Lora
from vtx_app.formats.check import location, unknown_name
from vtx_app.formats.rate import exact_rate, rate_text
from vtx_app.formats.yaml_reader import Keys
from vtx_app.project.film import Clip, Film
from vtx_app.project.handles import handle_faults
from vtx_app.project.named_files import file_fault, font_fault
from vtx_app.project.paths import CHARACTERS, LOCATIONS, LORAS, SPECS, STYLE_BIBLE, resolve_inside
from vtx_app.project.settings import setting_location

__all__ = ["default_faults", "reference_faults"]

_LORA_VARIABLE = re.compile(r"LTX_LORA_[A-Z0-9_]+_PATH")
"""Variables of LoRAs that a film may name wherever they are not set: only a render needs them."""

Fault = tuple[Keys, str]
"""The keys of a value, and what is wrong with it."""


def default_faults(film: Film) -> list[str]:
    """A line for each fault of what the film names for all its clips: its profile, font and LoRA bundles."""
    faults = []
    profile, profiles = film.settings.get("style_profile"), film.bibles.style.profiles
    if profile is not None and profile not in profiles:
        at = setting_location(film.folder, film.settings.values["style_profile"])
        faults.append(f"{at}: {unknown_name('profile', profile, profiles, 'prompts/style_bible.yaml')}")
    font = film.metadata.slate_font
    if font is not None and (message := font_fault(font, film.folder)):
        faults.append(f"{location(resolve_inside(film.folder, 'metadata.yaml'), 'slate_font')}: {message}")
    path = resolve_inside(film.folder, LORAS)
    return faults + [
        f"{location(path, *keys)}: {message}"
        for name, bundle in film.loras.bundles.items()
        for keys, message in _lora_faults(bundle, ("bundles", name), film)
    ]


def reference_faults(clip: Clip, film: Film, files: Mapping[str, Path]) -> list[str]:
    """A line for everything that ``clip`` names and the film does not have. ``files`` are the specs by clip id."""
    return [
        f"{clip.location(*keys)}: {message}"
        for faults in (
            _name_faults(clip, film),
            _lora_faults(clip.spec.loras, ("loras",), film),
            _frame_faults(clip, film),
            handle_faults(clip, film),
            _path_faults(clip, film),
            _chain_faults(clip, film, files),
        )
        for keys, message in faults
    ]


def _unknown(kind: str, word: str | None, known: Collection[str], file: str) -> Iterator[str]:
    if word is not None and word not in known:
        yield unknown_name(kind, word, known, file)


def _name_faults(clip: Clip, film: Film) -> Iterator[Fault]:
    continuity, people = clip.spec.continuity, film.bibles.characters
    profiles, bundles = film.bibles.style.profiles, film.loras.bundles
    for message in _unknown("profile", continuity.shared_prompt_profile, profiles, STYLE_BIBLE):
        yield ("continuity", "shared_prompt_profile"), message
    for message in _unknown("bundle", continuity.shared_loras_profile, bundles, LORAS):
        yield ("continuity", "shared_loras_profile"), message
    for index, who in enumerate(continuity.characters):
        for message in _unknown("character", who.id, people, CHARACTERS):
            yield ("continuity", "characters", index), message
        if who.id in people:
            file = f"{who.id}'s wardrobe in {CHARACTERS}"
            for message in _unknown("wardrobe", who.wardrobe, people[who.id].wardrobe, file):
                yield ("continuity", "characters", index, "wardrobe"), message
    for index, name in enumerate(continuity.locations):
        for message in _unknown("location", name, film.bibles.locations, LOCATIONS):
            yield ("continuity", "locations", index), message
    for index, line in enumerate(clip.spec.prompt.dialogue):
        for message in _unknown("character", line.character, people, CHARACTERS):
            yield ("prompt", "dialogue", index, "character"), message


def _lora_faults(loras: Iterable[Lora], at: Keys, film: Film) -> Iterator[Fault]:
    """A LoRA's file may be absent (the lock knows it), but its variable must be known and its path inside the film."""
    for index, lora in enumerate(loras):
        if lora.env_path is None or not _LORA_VARIABLE.fullmatch(lora.env_path):
            for message in _unknown("variable", lora.env_path, film.variables, "config/models.env"):
                yield (*at, index, "env_path"), message
        if lora.path is not None:
            try:
                resolve_inside(film.folder, lora.path)
            except ProjectError as error:
                yield (*at, index, "path"), str(error)


def _chain_faults(clip: Clip, film: Film, files: Mapping[str, Path]) -> Iterator[Fault]:
    keys = ("inputs", "continue_from")
    seen = [clip.clip_id]
    parent = clip.spec.inputs.continue_from
    for message in _unknown("clip", parent, files, SPECS):
        yield keys, message
    while parent is not None and parent in film.clips:
        seen.append(parent)
        if parent == clip.clip_id:
            yield keys, f"a circle: {' continues from '.join(seen)}"
            return
        if parent in seen[:-1]:
            return  # a circle further up, which its own clips report
        parent = film.clips[parent].spec.inputs.continue_from


def _frame_faults(clip: Clip, film: Film) -> Iterator[Fault]:
    render, settings = clip.spec.render, film.settings
    rate, own_rate = exact_rate(settings["fps"]), exact_rate(settings.of_clip("fps", render.fps))
    if own_rate != rate:
        yield (
            ("render", "fps"),
            f"{rate_text(own_rate)}: the film runs at {rate_text(rate)} frames per second "
            f"({settings.values['fps'].source}); one film has one rate",
        )
    for key, written in (("width", render.width), ("height", render.height)):
        pixels = settings.of_clip(key, written)
        if pixels > settings[key]:
            yield (
                ("render", key),
                f"{pixels} pixels: the film is {settings['width']}×{settings['height']} "
                f"({settings.values[key].source}); a shot may be smaller, never larger",
            )


def _path_faults(clip: Clip, film: Film) -> Iterator[Fault]:
    inputs = clip.spec.inputs
    paths: list[tuple[Keys, str | None]] = [
        (("inputs", "reference_image"), inputs.reference_image),
        (("inputs", "input_video"), inputs.input_video),
        (("inputs", "mask"), inputs.mask),
        (("inputs", "audio"), inputs.audio),
        *((("inputs", "keyframes", index, "path"), key.path) for index, key in enumerate(inputs.keyframes)),
    ]
    for keys, written in paths:
        if written is not None and (message := file_fault(written, film.folder)):
            yield keys, message
