"""A trim of one clip in 1,000: what a build then does, against joining the film with its sound.

::

    python tests/bench/trim.py
    python tests/bench/trim.py 100      # so many clips

The clips are real, 64×64 and 3 s at 24 frames per second, in four acts, with a voice and pauses; all of them have
lines, and no music lies under them. The final is built; then one clip in the middle is trimmed in ``05_edit.yaml``, and
the final is built again. What counts is the processor time of the jobs, as they log it: the clip conformed again, its
act (with a mix of its own), the film's mix, the subtitles, and the join with its AAC. The first row sets it against the
film's mix and the join; the second against the join done again with nothing else to do, in which the mix is there.
Snakemake's own time is measured by ``plan`` and ``build``.
"""

from __future__ import annotations

import contextlib
import re
import shutil
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

sys.path.insert(0, str(Path(__file__).resolve().parent))

from mix import voice
from plan import big_film
from timing import Row, run

from kit.film import Film
from kit.sounds import take_file
from kit.takes import planned, write_take
from vtx_app.cut.conform import conform
from vtx_app.media.mp4 import write_stamp

CLIPS, SECONDS, RATE = 1_000, 3, 24
TARGET = 1.5
_USED = re.compile(r"done in ([\d.]+) s, ([\d.]+) s of processor time")


def built_film(root: Path, clips: int) -> Film:
    """A film whose takes and clips are there, four different ones under all their names."""
    film = big_film(root, clips, -(-clips // 4))
    film.edit("metadata.yaml", "width: 128, height: 96", "width: 64, height: 64")
    film.edit("metadata.yaml", "fps: 8", f"fps: {RATE}")
    for spec in (film.folder / "prompts/clips").glob("*.yaml"):
        film.edit_clip(spec.stem, "seconds: 1.0", f"seconds: {SECONDS}")
    sources = [
        take_file(root / f"{n}.mp4", voice(n, level)[: SECONDS * 48_000], frames=SECONDS * RATE, size=64)
        for n, level in enumerate((0.01, 0.04, 0.1, 0.16))
    ]
    with contextlib.chdir(root):
        plans = list(planned().clips.values())
        shown = [source.with_suffix(".clip.mp4") for source in sources]
        for source, clip in zip(sources, shown, strict=True):
            conform(source, clip, plans[0].delivery)
        for number, plan in enumerate(plans):
            write_take(plan.take)
            shutil.copyfile(sources[number % 4], plan.take.path)
            plan.path.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(shown[number % 4], plan.path)
            write_stamp(plan.path, plan.stamp)
    return film


def build(film: Film) -> dict[str, tuple[float, float]]:
    """Build the final; the wall and processor seconds of each job that ran, by its log."""
    logs = film.folder / "logs"
    shutil.rmtree(logs, ignore_errors=True)
    run("-m", "snakemake", "final", "--cores", "2", "--scheduler", "greedy", "--quiet", "all", cwd=film.root)
    jobs = {}
    for log in sorted(logs.rglob("*.log")):
        if found := _USED.search(log.read_text(encoding="utf-8")):
            jobs[log.relative_to(logs).as_posix()] = float(found[1]), float(found[2])
    return jobs


def rows(clips: int = CLIPS) -> list[Row]:
    """What was measured, the figure, the target, and whether it is met."""
    with tempfile.TemporaryDirectory() as folder:
        film = built_film(Path(folder), clips)
        build(film)
        middle = sorted((film.folder / "prompts/clips").iterdir())[clips // 2].name.partition("__")[0]
        film.write("story/05_edit.yaml", f"version: 1\nclips: {{{middle}: {{in: 8, out: -12}}}}\n")
        trim = build(film)
        (film.folder / "renders/final/harbour.mp4").unlink()
        join = build(film)
    if list(join) != ["final/harbour.log"] or f"clips/{middle}" not in "".join(trim):
        raise RuntimeError(f"other jobs ran than were meant to: {list(trim)}, {list(join)}")
    ours, last, mix = sum(cpu for _, cpu in trim.values()), join["final/harbour.log"][1], trim["sound/harbour.log"][1]
    names = {log: Path(log).parts[0] if "subtitles" not in log else "subtitles" for log in trim}
    parts = ", ".join(f"{names[log]} {cpu:.1f} s" for log, (_, cpu) in trim.items())
    what = f"a trim of one clip in {clips:,}: processor time of its jobs ({parts})"
    return [
        (
            f"{what}, against mixing and joining the film",
            f"{ours / (mix + last):.2f}× ({ours:.1f} s / {mix + last:.1f} s)",
            f"≤ {TARGET}×",
            ours <= TARGET * (mix + last),
        ),
        ("the same against the join alone, with the mix there", f"{ours / last:.2f}× ({last:.1f} s)", "", True),
    ]


if __name__ == "__main__":
    for what, figure, target, met in rows(*map(int, sys.argv[1:])):
        print(f"{'ok  ' if met else 'MISS'} {what}: {figure} {target}")
