"""How long a job and a command take to start: ``python tests/bench start``."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
sys.path.insert(0, str(Path(__file__).resolve().parent))

from studio import write_studio
from timing import Row, ratio, row, run

from kit.film import Film, write_film

_FILMS = 200


def job_start(film: Film) -> Row:
    """A take's job up to its first line of work: its take exists, so it ends there."""
    script = (
        "from vtx_app.plan.planner import plan_film\n"
        "for clip in plan_film('harbour', 'final').clips.values():\n"
        "    clip.take.path.parent.mkdir(parents=True)\n"
        "    clip.take.path.touch()\n"
    )
    run("-c", script, cwd=film.root)
    take = next((film.folder / "renders/takes/A01_S01_SH001").glob("*.mp4"))
    digest = take.stem
    job = ("-m", "vtx_app.jobs.take", "--project", "harbour", "--tier", "final", "--clip", "A01_S01_SH001")
    figure = ratio(
        lambda: run(*job, "--digest", digest, cwd=film.root),
        lambda: run("-c", "import av, numpy", cwd=film.root),
        runs=9,
    )
    return row("start of a take's job, to its first line of work, against `import av, numpy`", figure, 1.3)


def rows() -> list[Row]:
    """The rows of the table."""
    with tempfile.TemporaryDirectory() as folder:
        film = write_film(Path(folder) / "film")
        table = [job_start(film)]
        vtx = ("-m", "vtx_app.cli")
        figure = ratio(lambda: run(*vtx, "--version", cwd=film.root), lambda: run("-c", "pass", cwd=film.root), runs=9)
        table.append(row("`vtx --version` against bare Python", figure, 1.5))
        studio = write_studio(Path(folder) / "studio", _FILMS)[0]
        env = studio.environment()
        run(*vtx, "registry", "sync", cwd=studio.root, env=env)
        figure = ratio(
            lambda: run(*vtx, "projects", "list", cwd=studio.root, env=env),
            lambda: run("-c", "pass", cwd=studio.root, env=env),
        )
        table.append(row(f"`vtx projects list` of {_FILMS} films × 50 clips, against bare Python", figure, 3.0))
    return table


if __name__ == "__main__":
    for what, figure, target, met in rows():
        print(f"{'ok  ' if met else 'MISS'} {what}: {figure} {target}")
