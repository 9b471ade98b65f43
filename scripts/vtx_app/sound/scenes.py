"""Which scene the film is in, for the room tone under its gaps."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from vtx_app.cut.timeline import Copied, Drawn, Footage, Timeline

__all__ = ["SceneRun", "scene_runs"]


@dataclass(frozen=True, slots=True)
class SceneRun:
    """Film frames ``start`` up to ``end`` in which the film is in ``scene`` (``A01_S02``).

    Cards and still frames between its clips are part of it. Two runs overlap where one scene dissolves into the next.
    """

    scene: str
    start: int
    end: int


def scene_runs(timeline: Timeline, scenes: Mapping[str, str]) -> tuple[SceneRun, ...]:
    """The runs of the film in order; ``scenes`` by clip id. A scene that the film returns to has several."""
    runs: list[SceneRun] = []
    for clip_id, start, end in sorted(_shown(timeline), key=lambda each: (each[1], each[2])):
        scene = scenes[clip_id]
        if runs and runs[-1].scene == scene:
            runs[-1] = SceneRun(scene, runs[-1].start, max(runs[-1].end, end))
        else:
            runs.append(SceneRun(scene, start, end))
    return tuple(runs)


def _shown(timeline: Timeline) -> Iterator[tuple[str, int, int]]:
    """Each clip with the film frames in which its picture is seen, moving or still."""
    for piece in timeline.picture:
        if isinstance(piece, Copied):
            yield piece.clip_id, piece.start, piece.start + piece.frames
        elif isinstance(piece, Drawn):
            for layer in piece.layers:
                if isinstance(layer.content, Footage):
                    start = piece.start + layer.at
                    yield layer.content.clip_id, start, start + layer.frames
