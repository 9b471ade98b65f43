"""Warm takes against cold ones, with the real LTX-2 and tiny random weights: ``python tests/bench/ltx.py``.

Runs in a Python that has ltx-pipelines. The figures are ratios and counts of one run; a real model moves
the ratio up (what a warm take saves is mostly loading) and the share of the overhead down. ``LTX_SCALE=4`` makes
the models so many times wider, for a machine with a GPU.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from importlib.metadata import version
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from kit.ltx.film import LtxFilm, shot, take_argv, write_ltx_film
from kit.ltx.tiny_models import make_models
from vtx_app.render.build_process import BuildProcess

Row = tuple[str, str, str, bool]
CLIPS = 12
COLD = 4


def film_of(root: Path, models: dict[str, Path]) -> LtxFilm:
    """Twelve clips of one pipeline with two sets of LoRAs, in turn."""
    clips = {}
    for index in range(1, CLIPS + 1):
        clip_id = f"A01_S01_SH{index:03d}"
        continuity = {"shared_loras_profile": "ab"[index % 2]}
        clips[f"{clip_id}__shot"] = shot(clip_id, f"Shot {index}: the ferry ties up.", continuity=continuity)
    film = write_ltx_film(root, models, clips)
    film.edit("metadata.yaml", "width: 128, height: 96", "width: 64, height: 64")
    return film


def seconds_of_takes(film: LtxFilm, runner: str, count: int) -> list[float]:
    """Seconds of each take's whole job, one after the other, as one build would run them."""
    build = BuildProcess.of(os.getpid())
    env = film.environment({"VTX_RUNNER": runner, "VTX_BUILD": str(build), "VTX_WORKER_IDLE_SECONDS": "5"})
    spent = []
    for argv in list(take_argv(film).values())[:count]:
        began = time.monotonic()
        subprocess.run(argv, cwd=film.root, env=env, check=True, capture_output=True)
        spent.append(time.monotonic() - began)
    return spent


def rows() -> list[Row]:
    """The table's rows for the ltx-pipelines that is installed."""
    name = version("ltx-pipelines")
    warm_api = name >= "1.2"
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        models = make_models(root / "models", scale=int(os.environ.get("LTX_SCALE", "1")))
        film, other, built = (film_of(root / which, models) for which in ("warm", "cold", "built"))
        warm = seconds_of_takes(film, "worker", CLIPS)[1:]
        cold = seconds_of_takes(other, "process", COLD)
        warm_takes = [record for (record,) in film.records().values() if record["warm"]]
        cold_takes = [record for (record,) in other.records().values()]
        built.build("clips")
        loads = [load for (record,) in built.records().values() for load in record["loads"]]
        built.edit_clip("A01_S01_SH005__shot", "Shot 5", "Shot five")
        built.build("clips")
        edited = built.records()["A01_S01_SH005"][-1]
        rendered = sum(map(len, built.records().values())) - CLIPS
    alone = {
        which: statistics.median(record["wall_seconds"] for record in takes)
        for which, takes in (("warm", warm_takes), ("cold", cold_takes))
    }
    ratio = alone["cold"] / alone["warm"]
    overhead = statistics.median(record["wall_seconds"] - record["seconds"]["call"] for record in warm_takes)
    call = statistics.median(record["seconds"]["call"] for record in warm_takes)
    counted = {part: loads.count(part) for part in ("text encoder", "transformer", "video decoder")}
    once = counted["text encoder"] == 1 and (
        not warm_api or (counted["transformer"] <= 2 and loads.count("video decoder") == 1)
    )
    again = edited["loads"].count("text encoder")
    return [
        (
            f"takes alone, ltx-pipelines {name}, random weights on {warm_takes[0].get('gpu', 'a CPU')}, "
            "a warm `worker` against `process`",
            f"{ratio:.1f}× ({alone['cold']:.2f} s / {alone['warm']:.2f} s a take); jobs with Python's start "
            f"{statistics.median(cold) / statistics.median(warm):.1f}×",
            "≥ 10×" if warm_api else "≥ 4×",
            ratio >= (10 if warm_api else 4),
        ),
        (
            f"own overhead of a warm take over the pipeline's call ({name})",
            f"{overhead * 1000:.0f} ms ({overhead / call:.0%} of {call:.2f} s)",
            "≤ 100 ms or 5 %",
            overhead <= 0.1 or overhead / call <= 0.05,
        ),
        (
            f"weight loads of a build of {CLIPS} clips with two sets of LoRAs ({name})",
            ", ".join(f"{part} {count}" for part, count in counted.items()),
            "text encoder 1, transformer ≤ 2, video decoder 1" if warm_api else "text encoder 1",
            once,
        ),
        (
            f"build after one prompt's edit ({name})",
            f"{rendered} take, text encoder {again}",
            "1 take, text encoder 1",
            (rendered, again) == (1, 1),
        ),
    ]


if __name__ == "__main__":
    for row in rows():
        print("|", " | ".join(map(str, row[:3])), "|")
