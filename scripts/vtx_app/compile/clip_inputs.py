"""The files that a clip starts from: named by content, and checked before any render."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

from vtx_app.compile.duration import legal_frames, legal_rate
from vtx_app.compile.request import ImageInput
from vtx_app.compile.sources import CONTENT, RequestSources
from vtx_app.errors import CutError, SpecError
from vtx_app.media.reader import PictureFacts, open_picture, picture_facts, sound_facts
from vtx_app.models.fingerprint import file_sha256
from vtx_app.project.film import Clip, Film
from vtx_app.project.paths import resolve_inside

__all__ = ["ClipInputs", "clip_inputs", "require_retake", "require_sound", "require_source"]


@dataclass(slots=True)
class ClipInputs:
    """The files that a clip starts from, as the sha256 of their bytes; ``files`` has the path of each."""

    images: tuple[ImageInput, ...] = ()
    video: str | None = None
    mask: str | None = None
    audio: str | None = None
    files: dict[str, Path] = field(default_factory=dict)


def clip_inputs(clip: Clip, film: Film, frames: int, head: int, sources: RequestSources) -> ClipInputs:
    """The inputs of a clip of ``frames`` frames, for a take with ``head`` frames before it.

    Raises :class:`SpecError` with the spec's file and line.
    """
    found = ClipInputs()
    inputs = clip.spec.inputs

    def content(written: str, part: str, *keys: str | int, picture: bool = False) -> str:
        path = resolve_inside(film.folder, written)
        try:
            sha256 = file_sha256(path)
            if picture:
                _verify_picture(path, sha256)
        except (OSError, ValueError, SyntaxError) as error:
            reason = getattr(error, "strerror", None) or "not a picture that can be opened (PNG, JPEG, WebP or TIFF)"
            raise _fault(clip, ("inputs", *keys), f"{written!r}: {reason}") from None
        found.files[sha256] = path
        sources.spec(part, ".".join(map(str, ("inputs", *keys))), written)
        sources.read(part, path.relative_to(film.folder).as_posix(), CONTENT, sha256)
        return sha256

    images: list[ImageInput] = []
    if inputs.reference_image is not None:
        sha256 = content(inputs.reference_image, "images", "reference_image", picture=True)
        images.append(ImageInput(sha256, head, sources.spec("images", "inputs.strength", inputs.strength)))
    for index, key in enumerate(inputs.keyframes):
        at = ("inputs", "keyframes", index, "frame")
        if key.frame >= frames:
            raise _fault(
                clip,
                at,
                f"{key.frame}: the clip has {frames} frames "
                f"(0 to {frames - 1}); move the keyframe or make the clip longer",
            )
        if head + key.frame in [image.frame for image in images]:
            raise _fault(clip, at, f"{key.frame}: there is a picture for that frame already; move one")
        sha256 = content(key.path, "images", "keyframes", index, "path", picture=True)
        sources.spec("images", f"inputs.keyframes.{index}", f"frame {key.frame}, strength {key.strength:g}")
        images.append(ImageInput(sha256, head + key.frame, key.strength))
    found.images = tuple(images)
    found.video = content(inputs.input_video, "video", "input_video") if inputs.input_video else None
    found.mask = content(inputs.mask, "mask", "mask") if inputs.mask else None
    found.audio = content(inputs.audio, "audio", "audio") if inputs.audio else None
    return found


def require_source(clip: Clip, film: Film, frames: int, tail: int) -> None:
    """Check that the source film and the mask of a v2v clip are as long as its take: ``legal_frames(frames + tail)``.

    LTX says nothing about a shorter one, and conditions only the take's beginning. Raises :class:`SpecError`.
    """
    inputs, needed = clip.spec.inputs, legal_frames(frames + tail)
    for key, written in (("input_video", inputs.input_video), ("mask", inputs.mask)):
        if written is None:
            continue
        facts = _picture(clip, film, key, written)
        if facts.frames < needed:
            raise _fault(
                clip,
                ("inputs", key),
                f"{written!r} has {facts.frames} frames and the take has {needed} (the clip's {frames}"
                f"{f' and a tail of {tail}' if tail else ''}, rounded up to 8k+1): make the clip shorter"
                f"{_or_tail(tail)} or give a longer film",
            )


def require_retake(clip: Clip, film: Film, frames: int) -> PictureFacts:
    """Check that the source of a retake is legal and covers the clip, and that the window lies in it; return its facts.

    The take has the source's size and length. Raises :class:`SpecError`.
    """
    inputs, at = clip.spec.inputs, ("inputs", "input_video")
    facts = _picture(clip, film, "input_video", inputs.input_video or "")
    source = f"{inputs.input_video!r}"
    if (facts.frames - 1) % 8 or facts.frames < 9:
        raise _fault(
            clip, at, f"{source} has {facts.frames} frames; a retake needs 8k+1, as takes in renders/takes have"
        )
    if facts.width % 32 or facts.height % 32:
        raise _fault(
            clip,
            at,
            f"{source} is {facts.width}×{facts.height}; both sides must be multiples of 32, "
            "as of takes in renders/takes",
        )
    if facts.frames < frames:
        raise _fault(clip, at, f"{source} has {facts.frames} frames and the clip {frames}; make the clip shorter")
    window, seconds = inputs.retake, float(facts.frames / facts.rate)
    if window is not None and window.end > seconds + 1e-6:
        raise _fault(
            clip, ("inputs", "retake", "end"), f"{window.end:g} s: {source} ends at {seconds:.3f} s; move the window"
        )
    return facts


def require_sound(clip: Clip, film: Film, frames: int, tail: int, rate: Fraction) -> None:
    """Check that the sound of an a2v clip lasts as long as its take of ``legal_frames(frames + tail)`` frames.

    Raises :class:`SpecError`.
    """
    inputs, needed = clip.spec.inputs, legal_frames(frames + tail) / legal_rate(rate)
    try:
        facts = sound_facts(resolve_inside(film.folder, inputs.audio or ""))
    except CutError as error:
        raise _fault(clip, ("inputs", "audio"), str(error)) from None
    if facts.channels > 2:
        raise _fault(clip, ("inputs", "audio"), f"{inputs.audio!r} has {facts.channels} channels; mix it down to two")
    if inputs.audio_start + needed > facts.seconds + 1e-3:
        raise _fault(
            clip,
            ("inputs", "audio"),
            f"{inputs.audio!r} lasts {facts.seconds:.3f} s; from {inputs.audio_start:g} s on the take needs "
            f"{needed:.3f} s of it: begin earlier, or make the clip shorter{_or_tail(tail)}",
        )


def _or_tail(tail: int) -> str:
    return " or its tail (render.handles.tail)" if tail else ""


def _picture(clip: Clip, film: Film, key: str, written: str) -> PictureFacts:
    try:
        return picture_facts(resolve_inside(film.folder, written))
    except CutError as error:
        raise _fault(clip, ("inputs", key), str(error)) from None


def _fault(clip: Clip, keys: tuple[str | int, ...], message: str) -> SpecError:
    return SpecError([f"{clip.location(*keys)}: {message}"])


_verified: set[str] = set()


def _verify_picture(path: Path, sha256: str) -> None:
    """Check that a picture can be opened. Raises :class:`OSError`, :class:`ValueError` or :class:`SyntaxError`."""
    if sha256 in _verified:
        return
    from PIL import Image  # only films with pictures pay for the import

    try:
        with open_picture(path) as image:
            image.verify()
    except Image.DecompressionBombError as error:
        raise ValueError(str(error)) from None
    _verified.add(sha256)
