"""How long the job of a take needs to start: ``python tests/bench start``."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
sys.path.insert(0, str(Path(__file__).resolve().parent))

from timing import Row, ratio, row, run

from kit.film import write_film
from vtx_app.render.build_process import announce

_EXISTING_TAKES = """
from vtx_app.plan.planner import plan_film
for clip in plan_film('harbour', 'final').clips.values():
    clip.take.path.parent.mkdir(parents=True)
    clip.take.path.touch()
"""


def rows() -> list[Row]:
    """The rows of the table. The job's take exists, so the job ends where it would start to render.

    In a build, the jobs of a storyboard are forks of a process that has the libraries; the first pair starts it.
    """
    with tempfile.TemporaryDirectory() as folder:
        film = write_film(Path(folder))
        run("-c", _EXISTING_TAKES, cwd=film.root)
        take = next((film.folder / "renders/takes/A01_S01_SH001").glob("*.mp4"))
        job = ("vtx_app.jobs.take", "--project", "harbour", "--tier", "final", "--clip", "A01_S01_SH001")
        build = dict(os.environ)
        announce(build)

        def in_a_build() -> float:
            return run("-m", "vtx_app.jobs.warm", *job, "--digest", take.stem, cwd=film.root, env=build)

        def alone() -> float:
            return run("-m", *job, "--digest", take.stem, cwd=film.root)

        def libraries() -> float:
            return run("-c", "import av, numpy", cwd=film.root)

        what = "start of a take's job, to its first line of work, against `import av, numpy`"
        return [
            row(f"{what}: a storyboard's, in a build", ratio(in_a_build, libraries, runs=9), 1.3),
            row(f"{what}: of LTX-2, which starts by itself", ratio(alone, libraries, runs=9), None),
        ]


if __name__ == "__main__":
    for what, figure, target, met in rows():
        print(f"{'ok  ' if met else 'MISS'} {what}: {figure} {target}")
