"""A build of tiny clips, all jobs run, against ``make`` with the same shell commands: ``python tests/bench build``.

Processor time of all processes that each side leads to, so a busy machine matters less. Both sides run the same shell
commands, and on both the jobs of storyboards are forks of one warm process, whose time counts. The real jobs of 2,000
clips take eleven minutes a side on two quiet cores (``BUILD_CLIPS=2000 python tests/bench build``). Else they are
computed from short films (``BUILD_CLIPS=12,50,150``). What Snakemake and ``make`` need for 2,000 clips themselves is
measured with jobs that only touch their outputs.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import linear_regression

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

sys.path.insert(0, str(Path(__file__).resolve().parent))

from plan import big_film
from timing import Row, cost

from kit.film import Film

_SIZES, _FEW, _LONG, _TARGET = "12,50", 12, 2000, 1.5
_SNAKEMAKE = ("-m", "snakemake", "final", "--cores", "2", "--scheduler", "greedy", "--quiet", "all")
_MAKE = """
import os, subprocess
from vtx_app.render.build_process import announce
if {warm}:
    announce(os.environ)
subprocess.run(["make", "-sj2", "-f", "../makefile"], check=True)
"""
_TOUCH = """\
#!/bin/sh
# -m [vtx_app.jobs.warm] vtx_app.jobs.<job> --project <slug> --log <log> and its own options, as rules write them
case $2 in *.warm) shift ;; esac
made=projects/$4/renders
case $2 in
    *.take) set -- "$made/takes/${10}/${12}.mp4" ;;
    *.clip) set -- "$made/clips/$9.mp4" ;;
    *.mix) set -- "$made/sound/$4.flac" "$made/sound/$4.sound.json" ;;
    *.poster) set -- "$made/final/$4.poster.jpg" ;;
    *.subtitles) set -- "$made/final/$4.srt" "$made/final/$4.vtt" "$made/final/$4.subtitles.json" ;;
    *.cut) case $9 in
        final) set -- "$made/final/$4.mp4" "$made/final/$4.manifest.json" ;;
        *) set -- "$made/acts/$9.mp4" ;;
    esac ;;
esac
[ -d "${1%/*}" ] || mkdir -p "${1%/*}"
for file; do : > "$file"; done
"""


@dataclass(frozen=True, slots=True)
class Built:
    """Seconds of processor time of each build of ``clips`` clips, and how many jobs each ran."""

    clips: int
    jobs: int
    ours: float
    make: float


def build(folder: Path, clips: int, *, touch: bool = False, warm: bool = True) -> Built:
    """Build a film of ``clips`` clips of 64×64 both ways; with ``touch``, jobs only touch their outputs.

    Jobs of ``make`` are forks of a warm process as Snakemake's are, unless ``warm`` is False.
    """
    film = big_film(folder / "ours", clips)
    film.edit("metadata.yaml", "width: 128, height: 96", "width: 64, height: 64")
    if touch:
        job = film.root / "job"
        job.write_text(_TOUCH, encoding="utf-8")
        job.chmod(0o755)
        for rules in (film.root / "rules").glob("*.smk"):
            text = rules.read_text(encoding="utf-8")
            rules.write_text(re.sub(r"(?m)^( +python=)[\w.]+,$", r'\1"./job",', text), encoding="utf-8")
    commands = shell_commands(film)
    theirs = Film(folder / "theirs")
    shutil.copytree(film.root, theirs.root)
    for log in re.findall(r"--log (\S+)", "\n".join(commands)):  # Snakemake makes their folders
        (theirs.root / log).parent.mkdir(parents=True, exist_ok=True)
    (folder / "makefile").write_text(makefile(commands), encoding="utf-8")
    ours, make = cost(film.root, *_SNAKEMAKE), cost(theirs.root, "-c", _MAKE.format(warm=warm))
    made = [
        sorted(path.relative_to(each.root) for path in each.folder.glob("renders/**/*.*")) for each in (film, theirs)
    ]
    if made[0] != made[1]:
        raise RuntimeError(f"the two builds made different files: {sorted(set(made[0]) ^ set(made[1]))[:5]}")
    return Built(clips, len(commands), ours.seconds, make.seconds)


def shell_commands(film: Film) -> list[str]:
    """The shell command of each job of the final, by a dry-run."""
    words = [sys.executable, "-m", "snakemake", "final", "--dry-run", "--printshellcmds", "--cores", "2"]
    listed = subprocess.run(words, cwd=film.root, capture_output=True, text=True, check=True).stdout
    return re.findall(r"^Shell command: (?!None$)(.*)$", listed, re.MULTILINE)


def makefile(commands: Sequence[str]) -> str:
    """A phony target for each command: a clip needs its take, an act its clips, the final everything."""
    needed: dict[str, list[str]] = {}
    lines: list[str] = []
    for command in commands:
        words = shlex.split(command)
        job, last = words[words.index("--project") - 1].rpartition(".")[2], words[-1]
        if job == "take":
            target, needs = f"take-{words[-3]}", []
        elif job == "clip":
            target, needs = f"clip-{last}", [f"take-{last.partition('__')[0]}"]
        elif job == "cut" and last != "final":
            target, needs = f"act-{last}", [f"clip-{last}%"]
        else:
            target, needs = ("final", ["%"]) if job == "cut" else (job, ["take-%"])
        needed[target] = needs
        lines += [f"{target}:", f"\t{command.replace('$', '$$')}"]
    for target, needs in needed.items():
        for pattern in needs:
            start, every, _ = pattern.partition("%")
            names = [name for name in needed if name.startswith(start) and name != target] if every else [pattern]
            lines.append(f"{target}: {' '.join(names)}")
    return "\n".join(["all: final", f".PHONY: all {' '.join(needed)}", *lines]) + "\n"


def rows() -> list[Row]:
    """The rows of the benchmark table."""
    sizes = [int(size) for size in os.environ.get("BUILD_CLIPS", _SIZES).split(",")]
    with tempfile.TemporaryDirectory() as folder:
        built = [build(Path(folder) / f"real{size}", size) for size in sizes]
        alone = build(Path(folder) / "alone", min(sizes[0], _FEW), warm=False)
        touched = build(Path(folder) / "touched", _LONG, touch=True)
    table = [_row(f"build of {each.clips:,} tiny clips, against make -j2", each.ours, each.make) for each in built]
    what = f"the same of {alone.clips:,} clips, where each of make's jobs imports by itself"
    table.append(_row(what, alone.ours, alone.make, target=False))
    if len(sizes) > 1:
        ours, make = (_at_long([(each.clips, seconds(each)) for each in built]) for seconds in (_ours, _make))
        table.append(_row(f"the same of {_LONG:,} clips, by the line through those", ours, make))
    added = 1000 * (touched.ours - touched.make) / touched.jobs
    table.append((f"what Snakemake adds to a job, {_LONG:,} clips, of jobs that touch", f"{added:.0f} ms", "", True))
    return table


def _ours(built: Built) -> float:
    return built.ours


def _make(built: Built) -> float:
    return built.make


def _at_long(measured: Sequence[tuple[int, float]]) -> float:
    """Seconds at 2,000 clips, by the straight line through what was measured."""
    slope, fixed = linear_regression([clips for clips, _ in measured], [seconds for _, seconds in measured])
    return fixed + slope * _LONG


def _row(what: str, ours: float, make: float, *, target: bool = True) -> Row:
    figure = f"{ours / make:.2f}× ({ours:.1f} s / {make:.1f} s of processor time)"
    return what, figure, f"≤ {_TARGET}×" if target else "", not target or ours <= _TARGET * make


if __name__ == "__main__":
    for what, figure, target, met in rows():
        print(f"{'ok  ' if met else 'MISS'} {what}: {figure} {target}")
