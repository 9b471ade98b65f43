"""Handles: spare frames rendered before and after a shot, and cut off when its clip is conformed.

LTX-2 is unsteady at both ends of a take: odd sound in the first 0.2 to 0.5 s (ID-LoRA, issue 12), flashes in the last
second of picture (LTX-2, issue 148).

A shot that starts from another clip's last frame, a film or a sound has no head: nothing comes before that. A source
film or sound must last through the tail. A retake has the frames of its source, so no handles.

Pictures keep their frames in the shot. LTX-2 copies a picture at frame 0 of a take, while later ones only guide it
(``combined_image_conditionings`` of ltx-pipelines 1.2.0), so a shot that must start exactly on its picture needs
head 0.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import floor

from vtx_app.formats.metadata import MAX_SECONDS
from vtx_app.formats.rate import exact_rate, frame_count
from vtx_app.formats.yaml_reader import Keys
from vtx_app.project.film import Clip, Film

__all__ = ["NO_HANDLES", "Handles", "clip_handles", "handle_faults", "longest_shot"]


@dataclass(frozen=True, slots=True)
class Handles:
    """``head`` spare frames before a shot and ``tail`` after it, at the film's rate."""

    head: int
    tail: int

    @property
    def frames(self) -> int:
        """Both together."""
        return self.head + self.tail

    def __bool__(self) -> bool:
        return self.frames > 0


NO_HANDLES = Handles(0, 0)


def clip_handles(clip: Clip, film: Film) -> Handles:
    """The handles that a renderer with models adds to a clip's shot: the spec's, else the film's."""
    inputs, written, of_clip = clip.spec.inputs, clip.spec.render.handles, film.settings.of_clip
    if inputs.type == "retake":
        return NO_HANDLES
    head = 0 if inputs.gives_beginning else of_clip("handles.head", written.head)
    return Handles(head, of_clip("handles.tail", written.tail))


def longest_shot(clip: Clip, film: Film) -> int:
    """The most frames that the shot may have besides its handles; less than 1 if they leave none."""
    return frame_count(_limit(clip, film), exact_rate(film.settings["fps"])) - clip_handles(clip, film).frames


def _limit(clip: Clip, film: Film) -> float:
    """Seconds that a take of the clip may last, handles included."""
    duration = clip.spec.render.duration
    by_film = duration.mode == "auto" and duration.max_seconds is None
    return min(film.settings["max_seconds"], MAX_SECONDS) if by_film else MAX_SECONDS


def handle_faults(clip: Clip, film: Film) -> Iterator[tuple[Keys, str]]:
    """Handles in the spec that the shot can't have, and a shot that is too long with its handles."""
    inputs, written = clip.spec.inputs, clip.spec.render.handles
    if written.head and inputs.gives_beginning:
        kind = f"continues {inputs.continue_from}" if inputs.continue_from else f"is of type {inputs.type}"
        yield ("render", "handles", "head"), f"{written.head}: the shot {kind}, which gives its beginning; take it out"
    if written.tail and inputs.type == "retake":
        yield ("render", "handles", "tail"), f"{written.tail}: a retake has the frames of its source; take it out"
    if handles := clip_handles(clip, film):
        yield from _length_faults(clip, film, handles)


def _length_faults(clip: Clip, film: Film, handles: Handles) -> Iterator[tuple[Keys, str]]:
    duration, rate, longest = clip.spec.render.duration, exact_rate(film.settings["fps"]), longest_shot(clip, film)
    fixed = duration.seconds is not None
    seconds = duration.seconds if duration.seconds is not None else duration.min_seconds
    if frame_count(seconds, rate) > longest:
        left = floor(max(0, longest) / rate * 100) / 100
        yield (
            ("render", "duration", "seconds" if fixed else "min_seconds"),
            f"{seconds:g} s: a take lasts at most {_limit(clip, film):g} s, and handles of {handles.head} and "
            f"{handles.tail} frames leave {left:g} s; make the shot shorter, or its handles (render.handles)",
        )
