"""A feature film's story, from the brief to 900 specs, by a server that answers at once: ``python tests/bench story``.

What is quoted is the cost of a shot in a long film against one in a short film, in one run.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from kit.story.brain import StoryBrain
from kit.story.film import StoryFilm, write_story_film
from kit.story.server import StoryServer

Row = tuple[str, str, str, bool]

_SHOTS_A_SCENE = 15


def brief(shots: int) -> str:
    """A page that asks for ``shots`` shots, in three acts, in scenes of 15."""
    scenes = shots // _SHOTS_A_SCENE
    lines = []
    for number in range(scenes):
        if number % (scenes // 3) == 0:
            lines.append(f"## Act {number // (scenes // 3) + 1}")
        beats = "; ".join(
            f"In scene {number} she tries the {word} door and finds it locked" for word in _WORDS[:_SHOTS_A_SCENE]
        )
        lines.append(f"* Door {number} | Corridor {number % 12} | Ines, Yann | {beats}")
    return "\n".join(lines) + "\n"


_WORDS = (
    *("red", "white", "iron", "oak", "glass", "low", "narrow", "double", "cellar", "garden", "tower", "chapel"),
    *("harbour", "engine", "last"),
)


def made(root: Path, shots: int) -> tuple[float, float, int]:
    """(seconds of making the story, seconds of a build with nothing to do, calls)."""
    with StoryServer(StoryBrain(speak=False)) as server:
        film = write_story_film(root, server, brief(shots))
        took = seconds(film)
        calls = len(server.requests)
        idle = seconds(film)
        if len(list(film.folder.glob("prompts/clips/*.yaml"))) != shots or len(server.requests) != calls:
            raise RuntimeError("not the film that was asked for")
    return took, idle, calls


def seconds(film: StoryFilm) -> float:
    """Wall seconds of one ``snakemake story``, which must succeed."""
    began = time.monotonic()
    film.make_story()
    return time.monotonic() - began


def rows() -> list[Row]:
    """The rows of the table."""
    with tempfile.TemporaryDirectory() as folder:
        short, _, _ = made(Path(folder) / "short", 225)
        long, idle, calls = made(Path(folder) / "long", 900)
    ratio = (long / 900) / (short / 225)
    return [
        (
            f"story of 900 shots, {calls:,} calls answered at once: cost of a shot, 900 against 225 shots",
            f"{ratio:.2f}× ({1000 * long / 900:.0f} ms / {1000 * short / 225:.0f} ms)",
            "≤ 1.3×",
            ratio <= 1.3,
        ),
        ("the same story once more, nothing to do, against making it", f"{idle / long:.2f}× ({idle:.1f} s)", "", True),
    ]


if __name__ == "__main__":
    for row in rows():
        print(row)
