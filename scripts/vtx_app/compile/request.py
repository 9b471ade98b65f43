"""The render request: everything that decides the pixels and sound of one clip's take, as pure data.

Two requests are the same take exactly if their canonical JSON is the same; the SHA-256 of it is the
digest that names the take. A request knows content, never places: pictures and models are named by
fingerprint, so that moving a file changes nothing.
"""

from __future__ import annotations

import hashlib
import json
import unicodedata
from dataclasses import dataclass, fields, is_dataclass
from fractions import Fraction
from functools import cache, lru_cache
from typing import Any

__all__ = [
    "ImageInput",
    "Line",
    "LoraInput",
    "ModelInput",
    "PipelineOptions",
    "RenderRequest",
    "StagedCharacter",
    "StagedEarlier",
    "StagedHeading",
    "StagedLight",
    "StagedPlace",
    "StagedWeather",
    "Staging",
    "canonical_json",
    "fold",
    "request_digest",
    "stamp_of",
]

_VERSION = 1
"""Raised only when the meaning of a field changes; then every film is rendered again."""


@dataclass(frozen=True, slots=True)
class ImageInput:
    """A still that conditions the take at one frame.

    ``sha256`` of the file's bytes; ``frame`` counts from 0 in the take; ``strength`` 0..1.
    """

    sha256: str
    frame: int
    strength: float


@dataclass(frozen=True, slots=True)
class LoraInput:
    """A LoRA by content fingerprint (or by slot name where no model is involved) and its weight."""

    fingerprint: str
    weight: float


@dataclass(frozen=True, slots=True)
class ModelInput:
    """One model slot (``LTX_CHECKPOINT_PATH``) and the fingerprint the film is locked to."""

    slot: str
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Line:
    """One spoken line: who (the name as the audience would know it) and the words."""

    speaker: str
    text: str


@dataclass(frozen=True, slots=True)
class StagedPlace:
    """A location of the shot, as locations.yaml has it."""

    id: str
    name: str
    description: str = ""


@dataclass(frozen=True, slots=True)
class StagedCharacter:
    """A character of the shot, as characters.yaml has it; ``wardrobe`` is what is worn. ``seen``: whether they are in
    the picture; somebody who only speaks is not."""

    id: str
    name: str
    description: str = ""
    wardrobe: str = ""
    voice: str = ""
    kind: str | None = None
    seen: bool = True


@dataclass(frozen=True, slots=True)
class StagedHeading:
    """The heading of the shot's scene; ``setting`` is INT, EXT, INT/EXT or empty."""

    setting: str = ""
    place: str = ""
    time: str = ""
    weather: str = ""


@dataclass(frozen=True, slots=True)
class StagedWeather:
    """Weather as the storyboard reads it; ``over``: what there was is said to have ended, or not to be there."""

    kind: str = ""
    heavy: bool | None = None
    wind: bool = False
    wet: bool = False
    lying_snow: bool = False
    over: bool = False


@dataclass(frozen=True, slots=True)
class StagedLight:
    """A light that burns, or has gone out; ``count`` of those that stay where they are, 0 for one that is carried."""

    kind: str
    burns: bool
    count: int = 1


@dataclass(frozen=True, slots=True)
class StagedEarlier:
    """What earlier shots of the scene, at the same place, said and this one leaves open, as the storyboard reads it.

    ``sky``: what is there (``moon``), and what is not (``no stars``). ``dark``: no light burns.
    """

    time: str | None = None
    weather: StagedWeather | None = None
    sky: tuple[str, ...] = ()
    dark: bool | None = None
    lights: tuple[StagedLight, ...] = ()


@dataclass(frozen=True, slots=True)
class Staging:
    """What a storyboard artist needs beside the prompt, each text from its own place.

    ``action`` is the shot's own words; ``speakers`` are the ids of who says the lines of ``dialogue``. ``clip`` is the
    clip's id. ``size``, ``angle`` and ``movement`` are the shot list's; ``profile`` and ``film`` the prefixes of the
    style bible. ``earlier`` is None where nothing holds from earlier shots.
    """

    action: str
    locations: tuple[StagedPlace, ...]
    dialogue: tuple[Line, ...]
    characters: tuple[StagedCharacter, ...] = ()
    speakers: tuple[str, ...] = ()
    clip: str = ""
    heading: StagedHeading | None = None
    size: str = ""
    angle: str = ""
    movement: str = ""
    profile: str = ""
    film: str = ""
    earlier: StagedEarlier | None = None


@dataclass(frozen=True, slots=True)
class PipelineOptions:
    """What a pipeline does only when a person says so, as ``render.options`` of the spec; None is its default."""

    chunked: bool | None = None
    tile: bool | None = None
    stage_2_ic_lora: bool | None = None
    generated_keyframes: int | None = None
    decode_with_keyframes: bool | None = None
    temporal_upscalings: int | None = None
    spatial_upscalings: int | None = None


@dataclass(frozen=True, slots=True)
class RenderRequest:
    """Everything that decides one take. ``width``/``height`` are the canvas in pixels, ``frames`` the
    legal frame count (8k+1), ``rate`` frames per second; the take starts from frame ``continue_frame``
    (from 0) of the take whose digest is ``continue_from``, or from the ``continue_frames`` frames up to it.
    ``head`` of its frames come before the shot (None: none do).

    ``video``, ``mask`` and ``audio`` are the sha256 of files' bytes, ``video_strength`` and ``mask_strength``
    0..1; ``audio_start``, ``retake_start`` and ``retake_end`` seconds into the file. ``steps`` of denoising, and
    how the transformer's weights are quantised. ``generation`` of the pipeline (:mod:`vtx_app.formats.generations`);
    None is the first.
    """

    renderer: str
    renderer_version: int
    pipeline: str
    input_type: str
    prompt: str
    negative: str
    width: int
    height: int
    frames: int
    rate: Fraction
    seed: int
    guidance_scale: float | None = None
    images: tuple[ImageInput, ...] = ()
    video: str | None = None
    continue_from: str | None = None
    continue_frame: int | None = None
    loras: tuple[LoraInput, ...] = ()
    models: tuple[ModelInput, ...] = ()
    staging: Staging | None = None
    steps: int | None = None
    continue_frames: int | None = None
    video_strength: float | None = None
    mask: str | None = None
    mask_strength: float | None = None
    audio: str | None = None
    audio_start: float | None = None
    retake_start: float | None = None
    retake_end: float | None = None
    quantization: str | None = None
    head: int | None = None
    generation: int | None = None
    options: PipelineOptions | None = None


@lru_cache(maxsize=4096)
def fold(text: str) -> str:
    """Text as the digest sees it: NFC-normalised, every run of white space one space, ends stripped."""
    return " ".join(unicodedata.normalize("NFC", text).split())


_LISTS = (tuple, list)


@cache
def _field_names(kind: type) -> tuple[str, ...] | None:
    """The fields of a dataclass; None for any other type."""
    return tuple(field.name for field in fields(kind)) if is_dataclass(kind) else None


def _plain(value: Any) -> Any:
    """``value`` as canonical JSON data: no nulls or empties, whole floats as integers, text folded."""
    if isinstance(value, str):
        return fold(value)
    if value is None or isinstance(value, int):  # True and False are ints, and stay what they are
        return value
    if isinstance(value, float):
        return int(value) if value.is_integer() else value
    if isinstance(value, _LISTS):
        return [_plain(item) for item in value]
    if (names := _field_names(value.__class__)) is not None:
        found = {}
        for name in names:
            item = getattr(value, name)
            if item is not None and item != ():
                found[name] = fold(item) if item.__class__ is str else _plain(item)
        return found
    if isinstance(value, Fraction):
        return f"{value.numerator}/{value.denominator}"
    if isinstance(value, dict):
        return {fold(key): _plain(item) for key, item in value.items()}
    raise TypeError(f"{type(value).__name__} has no canonical form")


_encode = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode


def canonical_json(value: Any) -> str:
    """``value`` as JSON, the same for equal values: keys sorted, no spaces, text NFC and folded, ``16.0`` as ``16``.

    Raises :class:`ValueError` for NaN and infinities.
    """
    return _encode(_plain(value))


def stamp_of(kind: str, version: int, facts: object) -> str:
    """The SHA-256 (64 hex digits) of the ``facts`` that decide a file of this ``kind``, as canonical JSON."""
    return hashlib.sha256(f"{kind}/{version}:{canonical_json(facts)}".encode()).hexdigest()


def request_digest(request: RenderRequest) -> str:
    """The SHA-256 (64 hex digits) of the canonical request: the name of its take."""
    return stamp_of("take", _VERSION, request)
