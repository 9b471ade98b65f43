"""A build of tiny clips, all jobs run, against ``make`` with the same shell commands: ``python tests/bench build``.

Processor time of whole process trees, so a busy machine matters less. The real jobs of 2,000 clips take hours of it
(``BUILD_CLIPS=2000 python tests/bench build``). Without that the real jobs are those of a short film, which says what a
job costs; what Snakemake and ``make`` themselves need for 2,000 clips is measured with jobs that only touch their
outputs.
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

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

sys.path.insert(0, str(Path(__file__).resolve().parent))

from plan import big_film
from timing import Row, cost

from kit.film import Film

_SHORT, _LONG, _TARGET = 50, 2000, 1.5
_SNAKEMAKE = ("-m", "snakemake", "final", "--cores", "2", "--scheduler", "greedy", "--quiet", "all")
_MAKE = ("-c", "import subprocess; subprocess.run(['make', '-sj2', '-f', '../makefile'], check=True)")
_TOUCH = """\
#!/bin/sh
# -m vtx_app.jobs.<job> --project <slug> --log <log> and the job's own options, as the rules write them
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
    """Seconds of processor time of both builds, and how many jobs each ran."""

    ours: float
    make: float
    jobs: int


def build(folder: Path, clips: int, *, touch: bool = False) -> Built:
    """Build a film of ``clips`` clips of 64×64 both ways; with ``touch``, jobs only touch their outputs."""
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
    (folder / "makefile").write_text(makefile(commands), encoding="utf-8")
    built = Built(cost(film.root, *_SNAKEMAKE).seconds, cost(theirs.root, *_MAKE).seconds, len(commands))
    made = [
        sorted(path.relative_to(each.root) for path in each.folder.glob("renders/**/*.*")) for each in (film, theirs)
    ]
    if made[0] != made[1]:
        raise RuntimeError(f"the two builds made different files: {sorted(set(made[0]) ^ set(made[1]))[:5]}")
    return built


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
        job, last = words[2].rpartition(".")[2], words[-1]
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
    short = int(os.environ.get("BUILD_CLIPS", _SHORT))
    with tempfile.TemporaryDirectory() as folder:
        real = build(Path(folder) / "real", short)
        touched = build(Path(folder) / "touched", _LONG, touch=True)
    table = [_row(f"build of {short:,} tiny clips, end to end, against make -j2", real.ours, real.make)]
    if short < _LONG:
        jobs = real.make / real.jobs * touched.jobs
        what = f"the same of {_LONG:,} clips, by jobs that touch their outputs and by what the jobs of {short} cost"
        table.append(_row(what, touched.ours + jobs, touched.make + jobs))
    added = 1000 * (touched.ours - touched.make) / touched.jobs
    table.append((f"what Snakemake adds to a job, {_LONG:,} clips", f"{added:.0f} ms", "", True))
    return table


def _row(what: str, ours: float, make: float) -> Row:
    figure = f"{ours / make:.2f}× ({ours:.0f} s / {make:.0f} s of processor time)"
    return what, figure, f"≤ {_TARGET}×", ours <= _TARGET * make


if __name__ == "__main__":
    for what, figure, target, met in rows():
        print(f"{'ok  ' if met else 'MISS'} {what}: {figure} {target}")
