"""Whole builds of storyboards: README's first command, and five minutes of a film for ninety.

``python tests/bench storyboard``; ``STORYBOARD_SHOTS=30`` takes fewer of its 100 shots. A film of 20 shots is built as
well: the difference is what 80 shots cost, without what a build does once, such as starting Snakemake. All processes
count, also those that Snakemake doesn't wait for. On a busy machine, look at the processor's seconds: two cores need at
least half of them.
"""

from __future__ import annotations

import ctypes
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
sys.path.insert(0, str(Path(__file__).resolve().parent))

from timing import Row

from kit.film import CLIPS, REPO, copy_build, spec, write_film

_FIRST_SECONDS = 25.0
_LONG_MINUTES = 20.0
_SHOTS, _SHOT_SECONDS, _MINUTES = int(os.environ.get("STORYBOARD_SHOTS", "100")), 3.0, 90
_FEW_SHOTS = 20
_PR_SET_CHILD_SUBREAPER = 36  # prctl(2): what loses its parent becomes a child of this process


def build_seconds(root: Path, *words: str) -> tuple[float, float]:
    """Wall seconds of ``snakemake final`` in ``root``, and processor seconds of all that it started."""
    ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    home = {"VTX_APP_HOME": str(root / ".vtx"), "VTX_PROJECTS_ROOT": str(root / "projects")}
    began, busy, wall, code = time.monotonic(), 0.0, 0.0, 0
    before = _children()
    with tempfile.TemporaryFile() as said:
        command = [sys.executable, "-m", "snakemake", "final", "--cores", "4", "--resources", "gpu=1", *words]
        build = subprocess.Popen(command, cwd=root, env=os.environ | home, stdout=said, stderr=said)
        while _children() - before:
            pid, status, used = os.wait4(-1, 0)
            busy += used.ru_utime + used.ru_stime
            if pid == build.pid:
                wall, code = time.monotonic() - began, os.waitstatus_to_exitcode(status)
        if code:
            said.seek(0)
            raise RuntimeError(said.read().decode(errors="replace"))
    return wall, busy


def _children() -> set[str]:
    """Processes whose parent is this one; multiprocessing leaves one that ends with this process."""
    return {pid for listed in Path("/proc/self/task").glob("*/children") for pid in listed.read_text().split()}


def first_command(root: Path) -> tuple[float, float]:
    """Seconds of the demo film's first build, the film's own Python included."""
    copy_build(root)
    tracked = ["git", "-C", str(REPO), "ls-files", "-z", "projects/lighthouse"]
    for name in subprocess.run(tracked, capture_output=True, check=True).stdout.decode().split("\0")[:-1]:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes((REPO / name).read_bytes())
    return build_seconds(root, "--config", "project=lighthouse")


def long_film(root: Path, shots: int = _SHOTS) -> tuple[float, float]:
    """Seconds of the storyboard of ``shots`` shots at 1280×720 and 24 frames per second."""
    film = write_film(root)
    film.edit("metadata.yaml", "{width: 128, height: 96}", "{width: 1280, height: 720}")
    film.edit("metadata.yaml", "fps: 8", "fps: 24")
    for stem in CLIPS:
        (film.folder / f"prompts/clips/{stem}.yaml").unlink()
    ways = (
        "The quay at dawn. Slow push in on an iron ring.",
        "Mara ties the ferry up and looks out to sea. Medium shot.",
        "Mara walks along the quay in the rain. Wide, track right.",
        "Close-up of Mara, listening. Hold.",
        "Ivo runs along the quay, waving. The camera pans left.",
    )
    for index in range(shots):
        clip_id = f"A{index // 20 + 1:02d}_S01_SH{index % 20 + 1:03d}"
        text = spec(
            clip_id,
            f"Shot {index}",
            ways[index % len(ways)],
            continuity={"characters": [{"id": "mara", "wardrobe": "oilskin"}], "locations": ["quay"]},
            prompt={"dialogue": [{"character": "mara", "line": "Not today, and not tomorrow."}]},
            render={"duration": {"mode": "fixed", "seconds": _SHOT_SECONDS}, "seed": index},
        )
        film.write(f"prompts/clips/{clip_id}__shot.yaml", text)
    return build_seconds(root)


def in_minutes(few: float, many: float) -> float:
    """Minutes that ninety minutes of film need, from the seconds of a film of few shots and one of many."""
    shots = _MINUTES * 60 / _SHOT_SECONDS
    return (few + (many - few) / (_SHOTS - _FEW_SHOTS) * (shots - _FEW_SHOTS)) / 60


def rows() -> list[Row]:
    """The rows of the table."""
    with tempfile.TemporaryDirectory() as folder:
        wall, busy = first_command(Path(folder))
    what = f"README's first command after the installation ({busy:.0f} s of processor)"
    found = [(what, f"{wall:.0f} s", f"≤ {_FIRST_SECONDS:g} s", wall <= _FIRST_SECONDS)]
    built = {}
    for shots in (_FEW_SHOTS, _SHOTS):
        with tempfile.TemporaryDirectory() as folder:
            built[shots] = long_film(Path(folder), shots)
    minutes, busy = (in_minutes(few, many) for few, many in zip(built[_FEW_SHOTS], built[_SHOTS], strict=True))
    what = (
        f"storyboard of {_MINUTES} minutes, 1280×720, from {_SHOTS * _SHOT_SECONDS / 60:g} minutes in {_SHOTS} shots "
        f"and one in {_FEW_SHOTS} ({busy:.0f} min of processor)"
    )
    return [*found, (what, f"{minutes:.0f} min", f"≤ {_LONG_MINUTES:g} min", minutes <= _LONG_MINUTES)]


if __name__ == "__main__":
    for what, figure, target, met in rows():
        print(f"{what}: {figure} (target {target}, {'met' if met else 'missed'})")
