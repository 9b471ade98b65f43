"""A studio of 200 films of 50 clips: what asking the registry costs against Python's own start.

``python tests/bench studio``. Everything is timed in turn in one run; what is quoted are ratios.
"""

from __future__ import annotations

import json
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from hashlib import sha256
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from kit.film import Film, spec, write_film

Row = tuple[str, str, str, bool]

_CLIPS = 50
_FEW, _MANY = 100, 200
_RUNS = 5
_NOTES = 200


def write_studio(root: Path, films: int) -> list[Film]:
    """``films`` films of 50 clips, each clip with a take that was rendered before its last edit."""
    made = [write_film(root, f"film-{number:03d}") for number in range(films)]
    for film in made:
        shutil.rmtree(film.folder / "prompts/clips")
        for index in range(_CLIPS):
            clip_id = f"A{index // 25 + 1:02d}_S{index // 5 + 1:02d}_SH{index + 1:03d}"
            words = (
                f"Shot {index}: slow push in on an iron ring as a wave breaks and the gulls turn over the wall. " * 3
            )
            who = {"characters": [{"id": "mara", "wardrobe": "oilskin"}], "shared_loras_profile": "core"}
            film.write(f"prompts/clips/{clip_id}__shot_{index}.yaml", spec(clip_id, "Shot", words, continuity=who))
            take = f"renders/takes/{clip_id}/{sha256(clip_id.encode()).hexdigest()}"
            film.write(f"{take}.mp4", b"a take")
            record = {"rendered_at": "2026-01-01T00:00:00+00:00", "wall_seconds": 61.5, "request": {"frames": 121}}
            film.write(f"{take}.json", json.dumps(record))
    for path in (root / "config").glob("*.env"):
        path.unlink()
    return made


def seconds(film: Film, *words: str) -> tuple[float, str]:
    """Wall seconds of one ``vtx`` command, which must succeed, and what it said."""
    began = time.monotonic()
    argv = [sys.executable, "-m", "vtx_app.cli", *words]
    done = subprocess.run(argv, cwd=film.root, env=film.environment(), capture_output=True, text=True, check=False)
    took = time.monotonic() - began
    if done.returncode != 0:
        raise RuntimeError(done.stdout + done.stderr)
    return took, done.stdout


_OPENED = """
import os, sys
opened = set()
def note(event, args):
    if event == "open" and not (args[2] or 0) & os.O_DIRECTORY: opened.add(str(args[0]))
sys.addaudithook(note)
from vtx_app.registry.database import use
from vtx_app.studio.sync import sync
use(sync)
print(sum(name.startswith("projects/") for name in opened))
"""


def opened(film: Film) -> int:
    """How many files of films a sync opens."""
    words = [sys.executable, "-c", _OPENED]
    done = subprocess.run(words, cwd=film.root, env=film.environment(), capture_output=True, text=True, check=True)
    return int(done.stdout)


def against_python(film: Film) -> tuple[float, ...]:
    """CPU seconds of a bare Python, ``vtx --version``, and ``vtx projects list`` with and without a sync."""
    vtx = (sys.executable, "-m", "vtx_app.cli")
    lines = ((sys.executable, "-c", "pass"), (*vtx, "--version"), (*vtx, "projects", "list"))
    times = [[cpu_seconds(film, line) for line in (*lines, (*lines[2], "--no-sync"))] for _ in range(_RUNS)]
    return tuple(map(median, map(list, zip(*times, strict=True))))


def cpu_seconds(film: Film, line: tuple[str, ...]) -> float:
    """CPU seconds of a process: other processes on the machine change it less than wall time."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(line, cwd=film.root, env=film.environment(), capture_output=True, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def median(values: list[float]) -> float:
    """The middle one."""
    return sorted(values)[len(values) // 2]


def notes(film: Film) -> float:
    """Seconds that a job spends on its two notes, in a registry of the whole studio."""
    script = (
        "import time\n"
        "from vtx_app.registry.jobs import record_job\n"
        "began = time.monotonic()\n"
        f"for number in range({_NOTES}):\n"
        "    with record_job('take', 'film-001', 'A01_S01_SH001', f'{number:064d}'):\n"
        "        pass\n"
        f"print((time.monotonic() - began) / {_NOTES})\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=film.root,
        env=film.environment(),
        capture_output=True,
        text=True,
        check=True,
    )
    return float(done.stdout)


def rows() -> list[Row]:
    """The rows of the table."""
    with tempfile.TemporaryDirectory() as folder:
        small, large = write_studio(Path(folder) / "few", _FEW), write_studio(Path(folder) / "many", _MANY)
        time.sleep(0.1)
        short, _ = seconds(small[0], "registry", "sync")
        long, _ = seconds(large[0], "registry", "sync")
        growth = (long / _MANY) / (short / _FEW)
        bare, version, films, known = against_python(large[0])
        unchanged = opened(large[0])
        large[7].edit_clip("A01_S01_SH001__shot_0", "gulls", "terns")
        time.sleep(0.1)
        again, said = seconds(large[0], "registry", "sync", "--json")
        read = json.loads(said)["read"]
        note = notes(large[0])
    return [
        (
            "`vtx --version`, against `python -c pass`",
            f"{version / bare:.1f}× ({1000 * version:.0f} ms / {1000 * bare:.0f} ms)",
            "≤ 1.5×",
            version <= 1.5 * bare,
        ),
        (
            f"`vtx projects list` of {_MANY} films × {_CLIPS} clips, against `python -c pass`",
            f"{films / bare:.1f}× ({1000 * films:.0f} ms)",
            "≤ 3×",
            films <= 3 * bare,
        ),
        ("the same with `--no-sync`", f"{known / bare:.1f}× ({1000 * known:.0f} ms)", "", True),
        (
            f"full sync of the registry: cost of a film, {_MANY} against {_FEW} films",
            f"{growth:.2f}× ({1000 * long / _MANY:.0f} ms / {1000 * short / _FEW:.0f} ms)",
            "≤ 1.3×",
            growth <= 1.3,
        ),
        ("files of films that a second sync opens", f"{unchanged}", "0", unchanged == 0),
        (
            "sync after one spec's edit, against the full one",
            f"{again / long:.3f}× ({again:.2f} s), {len(read)} film read",
            "1 film read",
            read == ["film-007"],
        ),
        ("what a job spends on its notes", f"{1000 * note:.1f} ms", "", True),
    ]


if __name__ == "__main__":
    for row in rows():
        print(row)
