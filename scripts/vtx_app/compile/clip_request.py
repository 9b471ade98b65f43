"""A clip's spec and all it names → its render request. Pure: files are only read, to name them by content."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from vtx_app.compile.canvas import canvas, legal_frames
from vtx_app.compile.duration import clip_seconds, wanted_frames
from vtx_app.compile.prompt import compile_characters, compile_dialogue, compile_negative, compile_prompt
from vtx_app.compile.request import PICTURE_FORMATS, ImageInput, LoraInput, ModelInput, RenderRequest, Staging, fold
from vtx_app.errors import ModelError, SpecError
from vtx_app.formats.bibles import Lora
from vtx_app.formats.check import place
from vtx_app.formats.model_slots import MODEL_SLOTS
from vtx_app.formats.rate import exact_rate
from vtx_app.models.fingerprint import file_sha256
from vtx_app.models.locked import LockedModels, lora_slot
from vtx_app.project.film import Clip, Film
from vtx_app.project.paths import inside
from vtx_app.render.renderer import RENDERERS

__all__ = ["Parent", "clip_frames", "clip_picture", "compile_request", "default_seed"]


@dataclass(frozen=True, slots=True)
class Parent:
    """The take that a clip continues from, and its last frame that is seen in the film (from 0)."""

    digest: str
    frame: int


def default_seed(clip_id: str) -> int:
    """The seed of a clip whose spec gives none: made from its id, the same for ever (0 ≤ seed < 2³¹)."""
    return int.from_bytes(hashlib.sha256(f"seed:{clip_id}".encode()).digest()[:4], "big") >> 1


def clip_frames(clip: Clip, film: Film) -> int:
    """The wanted length of a clip in frames: ``round(fps × seconds)``."""
    spec = clip.spec
    lines = [said.line for said in spec.prompt.dialogue]
    limit = film.settings["max_seconds"]
    seconds = clip_seconds(spec.render.duration, spec.story_beats, lines, spec.prompt.positive, limit)
    return wanted_frames(seconds, exact_rate(film.settings["fps"]))


def clip_picture(clip: Clip, film: Film) -> tuple[int, int]:
    """The (width, height) in pixels of a clip's own picture."""
    render = clip.spec.render
    return film.settings.of_clip("width", render.width), film.settings.of_clip("height", render.height)


def compile_request(
    clip: Clip, film: Film, renderer: str, models: LockedModels, parent: Parent | None
) -> tuple[RenderRequest, Mapping[str, Path]]:
    """The request that decides the clip's take, and where the inputs it names lie (sha256 → path).

    Raises :class:`SpecError` naming the clip's file and line for an input that can't be used.
    """
    spec, info = clip.spec, RENDERERS[renderer]
    pipeline = film.settings.of_clip("pipeline", spec.render.pipeline)
    profile = film.settings.of_clip("style_profile", spec.continuity.shared_prompt_profile)
    rate: Fraction = exact_rate(film.settings["fps"])
    frames = clip_frames(clip, film)
    width, height = canvas(*clip_picture(clip, film), pipeline)
    images, files = _images(clip, film, frames)
    video = _content(clip, film, spec.inputs.input_video, ("inputs", "input_video"), files)
    loras = [*film.loras.bundles.get(spec.continuity.shared_loras_profile or "", []), *spec.loras]
    request = RenderRequest(
        renderer=renderer,
        renderer_version=info.version,
        pipeline=pipeline,
        input_type=spec.inputs.type,
        prompt=compile_prompt(spec, film.bibles, profile),
        negative=compile_negative(spec, film.bibles, profile),
        width=width,
        height=height,
        frames=legal_frames(frames),
        rate=rate,
        seed=spec.render.seed if spec.render.seed is not None else default_seed(clip.clip_id),
        guidance_scale=spec.render.guidance_scale,
        images=images,
        video=video,
        continue_from=parent.digest if parent else None,
        continue_frame=parent.frame if parent else None,
        loras=tuple(_lora(lora, clip, models, info.uses_models) for lora in loras),
        models=_models(pipeline, clip, models) if info.uses_models else (),
        staging=None if info.uses_models else _staging(clip, film),
    )
    return request, files


def _staging(clip: Clip, film: Film) -> Staging:
    return Staging(
        action=fold(clip.spec.prompt.positive),
        locations=tuple(fold(film.bibles.locations[place].name) for place in clip.spec.continuity.locations),
        dialogue=compile_dialogue(clip.spec, film.bibles),
        characters=compile_characters(clip.spec, film.bibles),
    )


def _lora(lora: Lora, clip: Clip, models: LockedModels, by_content: bool) -> LoraInput:
    slot = lora_slot(lora)
    try:
        return LoraInput(models.fingerprint(slot) if by_content else slot, lora.weight)
    except ModelError as error:
        raise ModelError(f"{clip.name}: {error}") from None


def _models(pipeline: str, clip: Clip, models: LockedModels) -> tuple[ModelInput, ...]:
    try:
        return tuple(ModelInput(slot, models.fingerprint(slot)) for slot in MODEL_SLOTS[pipeline])
    except ModelError as error:
        raise ModelError(f"{clip.name}: {error}") from None


def _images(clip: Clip, film: Film, frames: int) -> tuple[tuple[ImageInput, ...], dict[str, Path]]:
    files: dict[str, Path] = {}
    found: list[ImageInput] = []
    inputs = clip.spec.inputs
    reference = _content(clip, film, inputs.reference_image, ("inputs", "reference_image"), files, picture=True)
    if reference is not None:
        found.append(ImageInput(reference, 0, 1.0))
    for index, key in enumerate(inputs.keyframes):
        at = ("inputs", "keyframes", index)
        if key.frame >= frames:
            raise SpecError(
                [
                    f"{place(clip.path, clip.name, *at, 'frame')}: {key.frame}: the clip has {frames} frames "
                    f"(0 to {frames - 1}); move the keyframe or make the clip longer"
                ]
            )
        sha256 = _content(clip, film, key.path, (*at, "path"), files, picture=True)
        if sha256 is not None:
            found.append(ImageInput(sha256, key.frame, key.strength))
    return tuple(found), files


def _content(
    clip: Clip,
    film: Film,
    written: str | None,
    keys: tuple[str | int, ...],
    files: dict[str, Path],
    *,
    picture: bool = False,
) -> str | None:
    """The sha256 of an input file; a picture is opened, so that a broken one is told before anything renders."""
    if written is None:
        return None
    path = inside(film.folder, written)
    try:
        sha256 = file_sha256(path)
        if picture:
            _verify_picture(path, sha256)
    except (OSError, ValueError, SyntaxError) as error:
        reason = getattr(error, "strerror", None) or "not a picture that can be opened (PNG, JPEG, WebP or TIFF)"
        raise SpecError([f"{place(clip.path, clip.name, *keys)}: {written!r}: {reason}"]) from None
    files[sha256] = path
    return sha256


_verified: set[str] = set()


def _verify_picture(path: Path, sha256: str) -> None:
    if sha256 in _verified:
        return
    from PIL import Image  # only films with pictures pay for the import

    try:
        with Image.open(path, formats=PICTURE_FORMATS) as image:
            image.verify()
    except Image.DecompressionBombError as error:
        raise ValueError(str(error)) from None
    _verified.add(sha256)
