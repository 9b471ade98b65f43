"""The animatic renderer: a storyboard film from the request alone, on any machine, the same pixels every time.

A take has picture and guide sound only. Text (slate, time code, names, subtitles) is drawn when the clip is conformed,
so a new title renders no take.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import av
import numpy as np

from vtx_app.compile.request import RenderRequest
from vtx_app.cut.timing import line_spans
from vtx_app.errors import RenderError
from vtx_app.media.reader import frame_at
from vtx_app.media.writer import write_storyboard
from vtx_app.render.animatic.motion.camera import CameraMove, View, plan_move, view_at, within_picture
from vtx_app.render.animatic.motion.resample import (
    PictureLayer,
    Planes,
    blend,
    luma_of,
    opaque_layer,
    seen,
    to_frame,
)
from vtx_app.render.animatic.motion.travel import Travel
from vtx_app.render.animatic.picture.paint import paint_composition
from vtx_app.render.animatic.picture.stills import covering, open_still
from vtx_app.render.animatic.picture.timing import CROSSFADE_SECONDS, own_frame, shows_people
from vtx_app.render.animatic.picture.variants import Change, states_of
from vtx_app.render.animatic.picture.weather import Fall, fall_of
from vtx_app.render.animatic.reading.model import Reading
from vtx_app.render.animatic.reading.reader import read_shot
from vtx_app.render.animatic.sound.guide_track import Speech, guide_track
from vtx_app.render.animatic.staging.carried import carry_things
from vtx_app.render.animatic.staging.compose import compose
from vtx_app.render.animatic.staging.lens import Stage
from vtx_app.render.renderer import Progress, Sources

__all__ = ["AnimaticRenderer"]

_DETAIL = 1.35
"""Pixels of a painting for each of the frame, where the camera moves."""

_DARK_LUMA = 66.0
"""The mean luma under which a frame shows a place without its lamps."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture of the shot: layers far to near, ``unit`` pixels for a frame height, and how the camera moves in it."""

    layers: tuple[PictureLayer, ...]
    stage: Stage
    unit: float
    move: CameraMove
    fall: Fall | None = None
    _travels: list[Travel] = field(default_factory=list, init=False, repr=False, compare=False)

    def seen(self, view: View, middle: View, width: int, height: int) -> Planes:
        """What ``view`` sees; ``middle`` is the view from which layers move apart. Copy it before a change."""
        planes: Planes | None = None
        last = len(self.layers) - 1
        passing = not self.move.still and self.move.start.size == self.move.end.size
        if passing and not self._travels:
            step = view.size * self.stage.aspect * self.unit / width, view.size * self.unit / height
            self._travels.extend(Travel(layer, step) for layer in self.layers)
        for number, layer in enumerate(self.layers):
            shown = view
            if number < last and self.move.parallax:
                # What is far moves less than the subject; if the camera follows, the subject stays and the set goes by.
                lag = self.move.parallax if not self.move.follow else 0.0
                shown = replace(view, x=view.x - (view.x - middle.x) * lag, y=view.y - (view.y - middle.y) * lag)
            elif number == last and number and self.move.follow:
                shown = replace(view, x=view.x - (view.x - middle.x) * 0.7)
            left, top, right, bottom = shown.box(self.stage.aspect)
            box = (
                (left - self.stage.left) * self.unit, (top - self.stage.top) * self.unit,
                (right - self.stage.left) * self.unit, (bottom - self.stage.top) * self.unit,
            )  # fmt: skip
            if not passing:
                planes = seen(layer, box, width, height, planes)
                continue
            under = planes.copy() if number == 1 and planes is not None else planes
            planes = self._travels[number].seen(box[0], box[1], width, height, under)
        if planes is None:
            raise RenderError("a picture without a layer")  # the painter always gives one
        return planes


def _source_file(sources: Sources, digest: str, what: str) -> Path:
    path = sources.files.get(digest)
    if path is None:
        raise RenderError(
            f"the {what} with the content {digest[:12]}… is not in the project any more. Put the file back"
        )
    return path


def _given(request: RenderRequest, sources: Sources, reading: Reading) -> list[tuple[int, Picture]]:
    """The pictures of the request as (frame, picture) in order; empty if it has only words.

    A shot that continues another starts from its frame; an image for the first frame follows after a crossfade.
    """
    stills: list[tuple[int, Any]] = []
    earliest = round(CROSSFADE_SECONDS * request.rate) if request.continue_from else 0
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
    aspect, seconds = request.width / request.height, request.frames / float(request.rate)
    home = View(aspect / 2, 0.5)
    found = []
    for position, (frame, still) in enumerate(stills):
        image = covering(still, request.width, request.height)
        layer = opaque_layer(image)
        move = plan_move(reading.camera, aspect, [], (aspect / 2, 0.5), 1, seconds=seconds)
        move = within_picture(move, aspect)
        if position == 0 and request.continue_from is not None:
            move = (
                replace(move, start=home, shake=0.0)
                if move.end.size < 1 and not shows_people(reading)
                else CameraMove(home, home)
            )
        found.append((frame, Picture((layer,), Stage(aspect, 0, 0, aspect, 1), image.height, move)))
    return found


def _in_the_light_of(parent: Picture, reading: Reading) -> Reading:
    """``reading`` in the dark if the frame that the shot continues is dark: what has gone out stays out."""
    night = reading.time in ("night", "evening")
    if (
        not night
        or float(parent.layers[0].planes.y.mean()) > _DARK_LUMA
        or any(each.lit for each in reading.things if each.kind == "lens")
    ):
        return reading
    return replace(reading, dark=True)


def _painted(request: RenderRequest, reading: Reading) -> list[tuple[int, Picture]]:
    """The shot as its words have it: one picture, or one before and one after a lamp goes on or out."""
    aspect, seconds = request.width / request.height, request.frames / float(request.rate)
    composition = compose(reading, request.seed, aspect, seconds)
    stage = composition.move.stage(aspect)
    unit = request.height * (1.0 if composition.move.still else _DETAIL)
    fall = fall_of(reading, request.width, request.height)
    changes: list[Change] = states_of(reading)
    return [
        (round(each.at * (request.frames - 1)),
         Picture(tuple(paint_composition(composition, each.reading, stage, unit)), stage, unit, composition.move, fall))
        for each in changes
    ]  # fmt: skip


def _pictures(request: RenderRequest, sources: Sources, reading: Reading) -> list[tuple[int, Picture]]:
    given = _given(request, sources, reading)
    if not given:
        return _painted(request, reading)
    if request.continue_from is not None and len(given) == 1 and shows_people(reading):
        reading = _in_the_light_of(given[0][1], reading)
        return [*given, (own_frame(request), _painted(request, reading)[-1][1])]
    return given


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
    """Renders a camera move over a painting of the words, or over the given pictures. See :class:`Renderer`."""

    def render(self, request: RenderRequest, sources: Sources, out: Path, progress: Progress) -> dict[str, Any]:
        """Write the take. Raises :class:`RenderError` if an input is missing or can't be read."""
        started = time.perf_counter()
        width, height, frames, rate = request.width, request.height, request.frames, float(request.rate)
        reading = carry_things(read_shot(request))
        pictures = _pictures(request, sources, reading)
        painted = time.perf_counter()
        lines = request.staging.dialogue if request.staging else ()
        spans = line_spans(lines, frames, request.rate)
        with write_storyboard(out, width, height, request.rate) as film:
            film.sound(guide_track(frames, request.rate, reading, _speeches(request, spans)))
            shot = _Frames(pictures, width, height, frames, rate)
            for index in range(frames):
                film.picture(shot.frame(index))
                progress(index + 1, frames)
        return {
            "seconds": {
                "paint": round(painted - started, 3),
                "encode": round(time.perf_counter() - painted, 3),
            },
            "from": "words" if not (request.images or request.continue_from or request.video) else "pictures",
            "numpy": np.__version__,
        }


def _speeches(request: RenderRequest, spans: list[Any]) -> list[Speech]:
    staging = request.staging
    if staging is None:
        return []
    voices = {each.id: each.voice for each in staging.characters}
    speakers = staging.speakers or tuple(line.speaker for line in staging.dialogue)
    return [
        Speech(line.speaker, line.text, voices.get(speaker, ""), span)
        for line, speaker, span in zip(staging.dialogue, speakers, spans, strict=True)
    ]


class _Frames:
    """The frames of a shot; one that looks like the frame before it is the same object."""

    def __init__(self, pictures: list[tuple[int, Picture]], width: int, height: int, frames: int, rate: float) -> None:
        self._pictures, self._size, self._frames, self._rate = pictures, (width, height), frames, rate
        self._middle = View(width / height / 2, 0.5)
        self._key: tuple[object, ...] | None = None
        self._planes: Planes | None = None
        self._frame: av.VideoFrame | None = None

    def frame(self, index: int) -> av.VideoFrame:
        """Frame ``index`` of the shot."""
        one, other, share = _between(self._pictures, index, CROSSFADE_SECONDS * self._rate)
        shown = [(each, part) for each, part in ((one, 1 - share), (other, share)) if part > 0]
        views = [view_at(each.move, index, self._frames, self._rate) for each, _ in shown]
        key = (id(one), id(other), share, *views)
        if key != self._key or self._planes is None:
            self._key, self._frame = key, None
            drawn = [each.seen(view, self._middle, *self._size) for (each, _), view in zip(shown, views, strict=True)]
            self._planes = drawn[0] if len(drawn) == 1 else blend(drawn[0], drawn[1], share)
        falls = next((each.fall for each, part in shown if part > 0.5 and each.fall), None)
        if falls is not None:
            falling = to_frame(self._planes)
            falls.draw(luma_of(falling), index, self._frames, self._rate)
            return falling
        if self._frame is None:
            self._frame = to_frame(self._planes)
        return self._frame
