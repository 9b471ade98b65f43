"""Long films and many: ``python tests/bench scale``.

The cost a clip is processor time of whole processes, children included, so a busy machine matters less; what is quoted
is the ratio within one run. The cluster is simulated: no GPU runs, takes last what a model of real seconds says.
"""

from __future__ import annotations

import heapq
import random
import sys
import tempfile
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

sys.path.insert(0, str(Path(__file__).resolve().parent))

from plan import big_film
from timing import Row, cost

from kit.film import write_film
from vtx_app.workflow.batches import PendingTake, TakeKey, in_batches

Choice = Literal["first", "holding", "own"]

_LOAD, _FIRST_MINUTE = 90.0, 60.0
"""Seconds: a load of models, and the time that a build may take to begin."""


def plan_rows(folder: Path, sizes: tuple[int, int] = (1000, 10_000)) -> list[Row]:
    """Plan and dry-run of a long film against a short one."""
    dry_run = ("-m", "snakemake", "final", "--dry-run", "--cores", "2", "--quiet", "all")
    plan = ("-m", "vtx_app.cli", "plan", "harbour")
    table: list[Row] = []
    films = {clips: big_film(folder / f"film{clips}", clips) for clips in sizes}
    small, large = sizes
    for what, argv in (("plan", plan), ("dry-run", dry_run)):
        costs = {clips: cost(film.root, *argv) for clips, film in films.items()}
        growth = (costs[large].seconds / large) / (costs[small].seconds / small)
        figure = f"{growth:.2f}× ({costs[large].seconds:.1f} s / {costs[small].seconds:.1f} s of processor time)"
        table.append((f"{what}, cost a clip, {large:,} against {small:,} clips", figure, "≤ 1.2×", growth <= 1.2))
        memory = costs[large].memory
        table.append((f"peak memory of the {what}, {large:,} clips", f"{memory / 1e9:.2f} GB", "≤ 1 GB", memory <= 1e9))
    return table


def resume_row(folder: Path, films: int = 50) -> Row:
    """One ``vtx resume`` plan of many films against their plans one by one."""
    root = folder / "studio"
    slugs = [f"film{number:02d}" for number in range(films)]
    for slug in slugs:
        write_film(root, slug)
    together = cost(root, "-m", "vtx_app.cli", "resume", "--dry-run").seconds
    single = sum(cost(root, "-m", "vtx_app.cli", "resume", "--dry-run", "-p", slug).seconds for slug in slugs)
    figure = f"{together / single:.2f}× ({together:.1f} s / {single:.1f} s of processor time)"
    return f"{films} films in one vtx resume, plan alone, against their plans", figure, "≤ 1.0×", together <= single


@dataclass(frozen=True, slots=True)
class Run:
    """A simulated build: the share of GPU time after the first minute in which a GPU had nothing to do, loads, and all
    its seconds."""

    idle: float
    loads: int
    seconds: float


def simulate(
    takes: Mapping[TakeKey, PendingTake], seconds: Mapping[TakeKey, float], gpus: int, rule: Choice = "first"
) -> Run:
    """Render ``takes`` in the order of a build's priorities on ``gpus`` GPUs; models stay until a take needs others.

    As Snakemake and VTX do it (``first``): the ready take of the highest priority goes to the first free GPU, whatever
    is loaded there. ``holding``: to a free GPU that holds its models, where there is one. ``own``: a free GPU gets the
    ready take of the highest priority among those whose models it holds, where there is one.
    """
    place = {key: at for at, key in enumerate(in_batches(takes))}
    children: dict[TakeKey, list[TakeKey]] = {}
    ready: list[TakeKey] = []
    for key, take in takes.items():
        if take.parent in takes and take.parent is not None:
            children.setdefault(take.parent, []).append(key)
        else:
            ready.append(key)
    loaded: dict[int, Hashable] = {}
    free = set(range(gpus))
    busy: list[tuple[float, int, TakeKey]] = []
    now, idle, loads = 0.0, 0.0, 0

    def holds(gpu: int, key: TakeKey) -> bool:
        return loaded.get(gpu) == takes[key].kind

    while ready or busy:
        while ready and free:
            key = min(ready, key=place.__getitem__)
            own = [(place[each], each) for each in ready if any(holds(gpu, each) for gpu in free)]
            if rule == "own" and own:
                _, key = min(own)
            gpu = min(free) if rule == "first" else min(free, key=lambda each: (not holds(each, key), each))
            free.remove(gpu)
            ready.remove(key)
            load = not holds(gpu, key)
            loads += load
            loaded[gpu] = takes[key].kind
            heapq.heappush(busy, (now + seconds[key] + _LOAD * load, gpu, key))
        until, gpu, key = heapq.heappop(busy)
        idle += len(free) * max(0.0, until - max(now, _FIRST_MINUTE))
        now = until
        free.add(gpu)
        ready += children.get(key, ())
    return Run(idle / (gpus * (now - _FIRST_MINUTE)), loads, now)


def film_of_chains(
    count: int, sets: Sequence[str], link: int, seed: int, *, mixed: bool = False
) -> dict[TakeKey, PendingTake]:
    """Takes in the order of the cut: chains of ``link`` takes, each chain of one LoRA set, as scenes change them.

    ``mixed``: each link of its own.
    """
    rng = random.Random(seed)
    takes: dict[TakeKey, PendingTake] = {}
    for at in range(0, count, link):
        kind, parent = rng.choice(sets), None
        for number in range(at, min(at + link, count)):
            key = ("film", f"{number:04d}", "digest")
            takes[key] = PendingTake(rng.choice(sets) if mixed else kind, parent)
            parent = key
    return takes


def cluster_rows(gpus: int = 8, count: int = 1000) -> list[Row]:
    """1,000 takes in chains of 5 with three LoRA sets, on eight GPUs: the worst of twenty films."""
    sets = ("day", "dream", "storm")
    runs = []
    for seed in range(20):
        takes = film_of_chains(count, sets, 5, seed)
        rng = random.Random(seed)
        runs.append(simulate(takes, {key: rng.uniform(60, 300) for key in takes}, gpus))
    idle, loads = max(each.idle for each in runs), max(each.loads for each in runs)
    what = f"simulated, {gpus} GPUs, {count:,} takes in chains of 5, {len(sets)} LoRA sets, worst of {len(runs)}"
    table = [
        (f"{what}: idle GPU time after the first minute", f"{idle:.1%}", "≤ 5 %", idle <= 0.05),
        (f"{what}: loads of models", str(loads), f"≤ {gpus * len(sets)}", loads <= gpus * len(sets)),
    ]
    choices: tuple[Choice, ...] = ("first", "holding", "own")
    for rule in choices:
        runs = []
        for seed in range(20):
            takes = film_of_chains(count, sets, 5, seed, mixed=True)
            rng = random.Random(seed)
            runs.append(simulate(takes, {key: rng.uniform(60, 300) for key in takes}, gpus, rule))
        loads_of = sorted(each.loads for each in runs)
        hours = sum(each.seconds for each in runs) / len(runs) / 3600
        figure = f"{loads_of[0]} to {loads_of[-1]} ({hours:.3f} h)"
        table.append((f"the same where each link has a set of its own, loads of models ({rule})", figure, "", True))
    return table


def rows() -> list[Row]:
    """The rows of the benchmark table."""
    with tempfile.TemporaryDirectory() as folder:
        return [*plan_rows(Path(folder)), resume_row(Path(folder)), *cluster_rows()]


if __name__ == "__main__":
    for what, figure, target, met in rows():
        print(f"{'ok  ' if met else 'MISS'} {what}: {figure} {target}")
