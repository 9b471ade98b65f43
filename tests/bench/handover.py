"""A hand-over with all its media: ``python tests/bench handover``.

Takes that are there already, 64×64 with sound, and the mix; then the job alone, all files to write.
``HANDOVER_CLIPS=1000,2000 python tests/bench handover`` for other films.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

sys.path.insert(0, str(Path(__file__).resolve().parent))

from plan import big_film
from timing import Cost, Row, cost

from kit.film import Film
from kit.numbered_takes import write_numbered
from vtx_app.compile.request import canonical_json

_SIZES = "250,1000"
_WORDS = ("--project", "harbour", "--tier=final")


def prepared(folder: Path, clips: int) -> Film:
    """A film of ``clips`` clips with its takes and its mix."""
    film = big_film(folder, clips)
    film.edit("metadata.yaml", "width: 128, height: 96", "width: 64, height: 64")
    film.edit("metadata.yaml", "fps: 8", "fps: 24")
    os.chdir(film.root)
    from vtx_app.plan.planner import plan_film

    plan = plan_film("harbour", "final")
    pattern: dict[int, Path] = {}
    for clip in plan.clips.values():
        request = clip.take.request
        path = clip.take.path
        path.parent.mkdir(parents=True)
        if request.frames not in pattern:
            pattern[request.frames] = folder / f"take{request.frames}.mp4"
            write_numbered(pattern[request.frames], (request.width, request.height), request.frames, 24)
        shutil.copy(pattern[request.frames], path)
        facts = {"request": json.loads(canonical_json(request)), "rendered_at": "2026-11-20T10:00:00+00:00"}
        path.with_suffix(".json").write_text(json.dumps(facts), encoding="utf-8")
    cost(film.root, "-m", "vtx_app.jobs.mix", *_WORDS, "--log", "mix.log")
    cost(film.root, "-m", "vtx_app.jobs.subtitles", *_WORDS, "--log", "subtitles.log")
    return film


@dataclass(frozen=True, slots=True)
class HandedOver:
    """What the job costs with nothing there, and ``again``; the bytes of its folder, and of the film's
    ``sound`` in its one stem."""

    cost: Cost
    again: Cost
    size: int
    sound: int


def handed_over(film: Film) -> HandedOver:
    """Hand the film over, twice."""
    job = ("-m", "vtx_app.jobs.handover", *_WORDS, "--log", "handover.log")
    folder = film.folder / "renders/handover/harbour"
    spent, again = cost(film.root, *job), cost(film.root, *job)
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    return HandedOver(spent, again, size, (folder / "stems/harbour.dialogue.wav").stat().st_size)


def rows() -> list[Row]:
    """The rows of the benchmark table."""
    small, large = (int(text) for text in os.environ.get("HANDOVER_CLIPS", _SIZES).split(","))
    there, found = Path.cwd(), {}
    with tempfile.TemporaryDirectory() as name:
        for clips in (small, large):
            film = prepared(Path(name) / str(clips), clips)
            found[clips] = handed_over(film)
        os.chdir(there)
    least, most = found[small].cost, found[large].cost
    growth = (most.seconds / large) / (least.seconds / small)
    again = found[large].again.seconds
    figure = f"{growth:.2f}× ({most.seconds:.1f} s / {least.seconds:.1f} s of processor time)"
    memory = f"{most.memory / 1e6:.0f} MB ({least.memory / 1e6:.0f} MB at {small:,})"
    disk = found[large].size / found[large].sound
    return [
        (f"hand-over, cost a clip, {large:,} against {small:,} clips", figure, "≤ 1.2×", growth <= 1.2),
        (f"its most memory, {large:,} clips", memory, "≤ 300 MB", most.memory <= 300e6),
        ("its folder against its one stem (24-bit sound of the film)", f"{disk:.2f}×", "", True),
        (f"the same again, nothing to write, {large:,} clips", f"{again:.1f} s", "", True),
    ]
