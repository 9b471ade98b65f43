"""Planning against a bare Snakefile with the same job graph: ``python tests/bench plan``.

Both are timed in turn in one run, and what is quoted is their ratio: a slow machine is slow for both.
"""

from __future__ import annotations

import hashlib
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

sys.path.insert(0, str(Path(__file__).resolve().parent))

from timing import Row, ratio, row, run

from kit.film import Film, spec, write_film

_CLIPS_PER_ACT = 250
_BARE = """
CLIPS = {clips!r}
DIGESTS = {digests!r}
ACTS = sorted({{clip[:3] for clip in CLIPS}})

rule final:
    input: "film/final.mp4"
rule cut:
    input: expand("film/acts/{{act}}.mp4", act=ACTS)
    output: "film/final.mp4", "film/final.json"
    shell: "touch {{output}}"
rule act:
    input: lambda w: [f"film/clips/{{clip}}.mp4" for clip in CLIPS if clip.startswith(w.act)]
    output: "film/acts/{{act}}.mp4"
    shell: "touch {{output}}"
rule clip:
    input: lambda w: f"film/takes/{{w.clip.partition('__')[0]}}/{{DIGESTS[w.clip]}}.mp4"
    output: "film/clips/{{clip}}.mp4"
    shell: "touch {{output}}"
rule take:
    output: "film/takes/{{clip_id}}/{{digest}}.mp4"
    resources: gpu=1
    shell: "touch {{output}}"
"""


def big_film(root: Path, clips: int, act_clips: int = _CLIPS_PER_ACT) -> Film:
    """A film of ``clips`` specs of ordinary length, in acts of ``act_clips``."""
    film = write_film(root)
    shutil.rmtree(film.folder / "prompts" / "clips")
    for index in range(clips):
        act, shot = index // act_clips + 1, index % act_clips + 1
        clip_id = f"A{act:02d}_S{shot // 25 + 1:02d}_SH{shot:03d}"
        words = (
            f"Shot {index}: slow push in on an iron ring as a wave breaks and the gulls turn over the harbour wall. "
            * 3
        )
        text = spec(
            clip_id,
            f"Shot {index}",
            words,
            continuity={"characters": [{"id": "mara", "wardrobe": "oilskin"}], "shared_loras_profile": "core"},
            prompt={"dialogue": [{"character": "mara", "line": "Not today, and not tomorrow either."}]},
        )
        film.write(f"prompts/clips/{clip_id}__shot_{index}.yaml", text)
    return film


def bare(root: Path, film: Film) -> Path:
    """A Snakefile with the same graph and nothing to think about."""
    stems = sorted(path.stem for path in (film.folder / "prompts" / "clips").glob("*.yaml"))
    digests = {stem: hashlib.sha256(stem.encode()).hexdigest() for stem in stems}
    root.mkdir(parents=True, exist_ok=True)
    (root / "Snakefile").write_text(_BARE.format(clips=stems, digests=digests), encoding="utf-8")
    return root


def snakemake(cwd: Path, *words: str) -> Callable[[], float]:
    """A run of Snakemake in ``cwd``, in seconds when called."""
    argv = ("-m", "snakemake", "final", *words, "--cores", "2", "--quiet", "all")
    return lambda: run(*argv, cwd=cwd)


def pretend_built(film: Film, theirs: Path) -> None:
    """Give every file of the plan its name and stamp, and the bare graph its files, without rendering."""
    script = (
        "import json\n"
        "from vtx_app.plan.planner import plan_film\n"
        "from vtx_app.media.mp4 import write_stamp\n"
        "plan = plan_film('harbour', 'final')\n"
        "def make(path, stamp=None):\n"
        "    path.parent.mkdir(parents=True, exist_ok=True)\n"
        "    path.touch()\n"
        "    if stamp: write_stamp(path, stamp)\n"
        "for clip in plan.clips.values():\n"
        "    make(clip.take.path)\n"
        "    make(clip.path, clip.stamp)\n"
        "for act in plan.acts.values(): make(act.path, act.stamp)\n"
        "from vtx_app.media.flac_stamp import stamp_room, write_sound_stamp\n"
        "make(plan.mix.path)\n"
        "(key, room), = stamp_room().items()\n"
        "plan.mix.path.write_text(f'fLaC{key}={room}')\n"
        "write_sound_stamp(plan.mix.path, plan.mix.stamp)\n"
        "from vtx_app.sound.report import Measured, SoundReport, report_text\n"
        "none, frames = Measured(None, None), plan.timeline.frames\n"
        "report = SoundReport(plan.mix.stamp, frames, '8', frames, none, none, none, 0.0, 0.0, 0.0, ())\n"
        "plan.mix.report.write_text(report_text(report))\n"
        "list(plan.subtitles.files.write(plan.subtitles.stamp, [], 'en'))\n"
        "make(plan.final.path, plan.final.stamp)\n"
        "plan.final.manifest.write_text(json.dumps({'stamp': plan.final.stamp}))\n"
    )
    subprocess.run([sys.executable, "-c", script], cwd=film.root, check=True)
    source = (theirs / "Snakefile").read_text(encoding="utf-8")
    for stem, digest in re.findall(r"'(A\d\d_\w+)': '([0-9a-f]{64})'", source):
        clip_id = stem.partition("__")[0]
        for name in (f"takes/{clip_id}/{digest}", f"clips/{stem}", f"acts/{stem[:3]}"):
            path = theirs / "film" / f"{name}.mp4"
            path.parent.mkdir(parents=True, exist_ok=True)
    for kind in ("takes/*", "clips", "acts"):  # inputs older than what is made of them
        for stem, digest in re.findall(r"'(A\d\d_\w+)': '([0-9a-f]{64})'", source):
            clip_id = stem.partition("__")[0]
            name = {"takes/*": f"takes/{clip_id}/{digest}", "clips": f"clips/{stem}", "acts": f"acts/{stem[:3]}"}[kind]
            (theirs / "film" / f"{name}.mp4").touch()
    for name in ("final.mp4", "final.json"):
        (theirs / "film" / name).touch()


def rows() -> list[Row]:
    """The planning rows of the benchmark table."""
    table: list[Row] = []
    seconds: dict[int, float] = {}
    with tempfile.TemporaryDirectory() as folder:
        for clips in (1000, 5000):
            film = big_film(Path(folder) / f"film{clips}", clips)
            theirs = bare(Path(folder) / f"bare{clips}", film)
            runs = 5 if clips == 1000 else 1
            figure = ratio(snakemake(film.root, "--dry-run"), snakemake(theirs, "--dry-run"), runs)
            seconds[clips] = figure.ours / clips
            target = 1.25 if clips == 1000 else None
            table.append(row(f"dry-run of {clips:,} clips, all to render, against the bare graph", figure, target))
            pretend_built(film, theirs)
            figure = ratio(snakemake(film.root), snakemake(theirs), runs)
            table.append(row(f"nothing to do, {clips:,} clips, against the bare graph", figure, 0.8))
            if clips == 1000:
                spec_path = next((film.folder / "prompts/clips").glob("A02_S03_SH060__*.yaml"))
                film.edit_clip(spec_path.stem, "an iron ring", "a rusty ring")
                figure = ratio(snakemake(film.root, "--dry-run"), snakemake(theirs), runs)
                what = "dry-run after one prompt edit, 1,000 clips, against the bare graph with nothing to do"
                table.append(row(what, figure, 0.8))
    growth = seconds[5000] / seconds[1000]
    table.append(("dry-run cost per clip, 5,000 against 1,000 clips", f"{growth:.2f}×", "≤ 1.3×", growth <= 1.3))
    return table


if __name__ == "__main__":
    for what, figure, target, met in rows():
        print(f"{'ok  ' if met else 'MISS'} {what}: {figure} {target}")
