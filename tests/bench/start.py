"""How long the job of a take needs to start: ``python tests/bench start``."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
sys.path.insert(0, str(Path(__file__).resolve().parent))

from timing import Row, ratio, row, run

from kit.film import write_film

_EXISTING_TAKES = """
from vtx_app.plan.planner import plan_film
for clip in plan_film('harbour', 'final').clips.values():
    clip.take.path.parent.mkdir(parents=True)
    clip.take.path.touch()
"""


def rows() -> list[Row]:
    """The row of the table. The job's take exists, so the job ends where it would start to render."""
    with tempfile.TemporaryDirectory() as folder:
        film = write_film(Path(folder))
        run("-c", _EXISTING_TAKES, cwd=film.root)
        take = next((film.folder / "renders/takes/A01_S01_SH001").glob("*.mp4"))
        job = ("-m", "vtx_app.jobs.take", "--project", "harbour", "--tier", "final", "--clip", "A01_S01_SH001")
        figure = ratio(
            lambda: run(*job, "--digest", take.stem, cwd=film.root),
            lambda: run("-c", "import av, numpy", cwd=film.root),
            runs=9,
        )
    return [row("start of a take's job, to its first line of work, against `import av, numpy`", figure, 1.3)]


if __name__ == "__main__":
    for what, figure, target, met in rows():
        print(f"{'ok  ' if met else 'MISS'} {what}: {figure} {target}")
