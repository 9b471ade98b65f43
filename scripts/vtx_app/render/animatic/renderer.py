"""The animatic renderer: a storyboard film from the request alone, on any machine, the same pixels every time.

A take has picture and guide sound only. Text (slate, time code, subtitles) is burned in when the clip is conformed, so
a new title renders no take.
"""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import numpy as np

from vtx_app.compile.request import RenderRequest, request_digest
from vtx_app.cut.timing import line_spans
from vtx_app.errors import RenderError
from vtx_app.media.reader import frame_at
from vtx_app.media.writer import write_film
from vtx_app.render.animatic.camera import read_move, view_at
from vtx_app.render.animatic.frame.layers import Layer, Planes, blend, composite, make_layer, opaque_layer, video_frame
from vtx_app.render.animatic.frame.stills import covering, open_still
from vtx_app.render.animatic.frame.weather import vignette, weather_of
from vtx_app.render.animatic.guide_sound import guide_track
from vtx_app.render.animatic.reading.situation import read_situation, seed_of
from vtx_app.render.animatic.scene.composition import compose
from vtx_app.render.renderer import Progress, Sources

__all__ = ["AnimaticRenderer"]

_OVERSIZE = 1.14
"""A painting is this much larger than the canvas, to have detail when the camera goes near."""

_CROSSFADE_SECONDS = 0.8

Picture = tuple[Layer, ...]


def _source_file(sources: Sources, digest: str, what: str) -> Path:
    path = sources.files.get(digest)
    if path is None:
        raise RenderError(
            f"the {what} with the content {digest[:12]}… is not in the project any more. Put the file back"
        )
    return path


def _given(request: RenderRequest, sources: Sources) -> list[tuple[int, Picture]]:
    """The pictures of the request as (frame, picture) in order; empty if it has only a prompt.

    A clip that continues another starts from its frame; an image for the first frame follows after a crossfade.
    """
    stills = []
    earliest = round(_CROSSFADE_SECONDS * request.rate) if request.continue_from else 0
    if request.continue_from is not None:
        if sources.parent is None:
            raise RenderError(
                f"the take {request.continue_from[:12]}… that this clip continues is missing. Build it first"
            )
        stills.append((0, frame_at(sources.parent, request.continue_frame)))
    if request.video is not None and not stills:
        stills.append((0, frame_at(_source_file(sources, request.video, "video"), 0)))
    stills += [
        (min(max(earliest, image.frame), request.frames - 1), open_still(_source_file(sources, image.sha256, "image")))
        for image in sorted(request.images, key=lambda item: item.frame)
    ]
    return [
        (frame, (opaque_layer(covering(still, request.width, request.height), 0.0, position),))
        for position, (frame, still) in enumerate(stills)
    ]


def _painted(request: RenderRequest) -> Picture:
    """The composition of the request as layers, a little larger than the canvas."""
    size = (round(request.width * _OVERSIZE) // 2 * 2, round(request.height * _OVERSIZE) // 2 * 2)
    sheets = compose(read_situation(request), *size)
    layers = (make_layer(sheet, nearness, position) for position, (nearness, sheet) in enumerate(sheets))
    return tuple(layer for layer in layers if layer is not None)


def _between(pictures: list[tuple[int, Picture]], index: int, fade: float) -> tuple[Picture, Picture, float]:
    """The pictures before and after frame ``index``, and the share of the second one in it.

    A picture is alone at its own frame and crossfades to the next within ``fade`` frames halfway between them.
    """
    after = next((i for i, (frame, _) in enumerate(pictures) if frame > index), len(pictures))
    if after == 0:
        return pictures[0][1], pictures[0][1], 0.0
    if after == len(pictures):
        return pictures[-1][1], pictures[-1][1], 0.0
    (first, one), (last, other) = pictures[after - 1], pictures[after]
    length = min(fade, last - first)
    share = (index - ((first + last) / 2 - length / 2)) / length
    share = min(1.0, max(0.0, share))
    return one, other, share * share * (3 - 2 * share)


class AnimaticRenderer:
    """Renders a camera move over a painting of the prompt, or over the given pictures. See :class:`Renderer`."""

    def render(self, request: RenderRequest, sources: Sources, out: Path, progress: Progress) -> dict[str, Any]:
        """Write the take. Raises :class:`RenderError` if an input is missing or can't be read."""
        started = time.perf_counter()
        width, height, frames, rate = request.width, request.height, request.frames, float(request.rate)
        words = request.staging.action if request.staging and request.staging.action else request.prompt
        seed = seed_of("camera", request_digest(request))
        move = read_move(words, frames / rate, seed)
        situation = read_situation(request)
        pictures = _given(request, sources)
        from_words = not pictures
        pictures = pictures or [(0, _painted(request))]
        weather = weather_of(situation, width, height) if from_words else None
        edge = vignette(width, height) if from_words else None
        painted = time.perf_counter()

        lines = request.staging.dialogue if request.staging else ()
        spans = line_spans(lines, frames, request.rate)
        spoken = [(line.speaker, line.text, span) for line, span in zip(lines, spans, strict=True)]
        with write_film(out, width, height, request.rate) as film:
            film.sound(guide_track(frames, request.rate, situation.place_seed, spoken))
            seen: tuple[object, ...] | None = None
            planes: Planes | None = None
            for index in range(frames):
                view = view_at(move, index, frames, rate)
                one, other, share = _between(pictures, index, _CROSSFADE_SECONDS * rate)
                if planes is None or (view, id(one), id(other), share) != seen or weather:
                    seen = (view, id(one), id(other), share)
                    planes = composite(one, view, move.depth, width, height)
                    if share > 0:
                        planes = blend(planes, composite(other, view, move.depth, width, height), share)
                    if weather is not None:
                        weather.draw(planes.y, index / rate)
                    if edge is not None:
                        planes.y.paste(16, (0, 0), edge)
                film.picture(video_frame(planes))
                progress(index + 1, frames)
        return {
            "seconds": {
                "paint": round(painted - started, 3),
                "encode": round(time.perf_counter() - painted, 3),
            },
            "from": "words" if from_words else f"{len(pictures)} pictures",
            "numpy": np.__version__,
        }
