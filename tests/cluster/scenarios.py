"""What happens to films on a cluster. Each scenario builds films of its own and returns what it saw, in words."""

from __future__ import annotations

import contextlib
import os
import re
import shlex
import signal
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

import numpy as np
from slurm import Slurm

from kit.build import Build, Recorded, building, identities, left_over, write_short_film
from kit.checked import write_take
from kit.film import CLIPS, Film, write_film
from vtx_app.plan.planner import plan_film

__all__ = ["GENERIC", "SLURM", "Cluster"]

ALONE, PARENT, CHILD = "A01_S01_SH001", "A01_S02_SH001", "A01_S02_SH002"
ALIKE = "A02_S01_SH00{}"
QUEUE = Path(__file__).parent / "process_queue.py"
OFTEN = Path(__file__).parent / "often.py"


SILENCE = 300.0
"""Seconds without any news after which a scenario has failed: on two processors it is silent for thirty at most."""


@dataclass
class Cluster:
    """Where the films are built, and what is counted over all of them."""

    home: Path
    slurm: Slurm | None
    twice: int = 0
    lost: int = 0
    shared: int = 0
    _films: int = field(default=0)

    def require_slurm(self) -> Slurm:
        assert self.slurm is not None
        return self.slurm

    def words(self) -> list[str]:
        """The words of Snakemake's command line that send jobs to the cluster."""
        words = ["--jobs", "8", "--seconds-between-status-checks", "2", "--latency-wait", "5", "--keep-going"]
        if self.slurm is None:
            queue = f"{shlex.quote(sys.executable)} {shlex.quote(str(QUEUE))}"
            commands = {name: f"{queue} {name}" for name in ("submit", "status", "cancel")}
            return [*words, "--executor", "cluster-generic"] + [
                word for name, command in commands.items() for word in (f"--cluster-generic-{name}-cmd", command)
            ]
        return [
            *(*words, "--executor", "slurm", "--slurm-no-account", "--slurm-status-command", "squeue"),
            *("--slurm-init-seconds-before-status-checks", "2", "--slurm-status-attempts", "60"),
            *("--default-resources", "slurm_partition=main"),
        ]

    def folder(self) -> Path:
        """A new folder for a film."""
        self._films += 1
        made = self.home / f"film{self._films}"
        made.mkdir()
        return made

    def build(self, film: Film, record: Recorded, *words: str, still: bool = False, **variables: str):  # type: ignore[no-untyped-def]
        """A build of the film on the cluster, as a running process."""
        env = record.environment(gpu=True, still=still) | {"VTX_APP_HOME": str(film.root / "home")} | variables
        if self.slurm is None:
            env["PROCESS_QUEUE"] = str(self.home / "queue")
        program = (str(OFTEN),) if self.slurm is not None else ("-m", "snakemake")
        return building(film, *words, *self.words(), env=env, program=program, cold=True)

    def finish(self, build: Build) -> int:
        """The exit code of the build, when it has ended."""
        self.until(build, lambda: build.process.poll() is not None)
        return build.end()

    def until(self, build: Build, seen: Callable[[], object]) -> None:
        """Wait until ``seen()``. Raises :class:`AssertionError` if the build ends before, or if there is no news of
        it for long."""
        said, since = "", time.monotonic()
        while not seen():
            if build.said != said:
                said, since = build.said, time.monotonic()
            assert time.monotonic() - since < SILENCE, f"no news of this build:\n{said[-3000:]}"
            if not build.read(0.25):
                code = build.process.wait()
                assert seen(), f"the build ended before (exit {code}):\n{build.said[-3000:]}"

    def until_slurm(self, what: str, seen: Callable[[], object]) -> None:
        """Wait until ``seen()`` of Slurm. Raises :class:`TimeoutError`."""
        self.require_slurm().wait_until(what, seen)

    def count(self, films: list[Film], record: Recorded, killed: set[int] = frozenset()) -> str:  # type: ignore[assignment]
        """Count takes and GPUs of finished films: each take made once, no GPU with two renders at a time.

        ``killed`` processes made none, even if their render came to its end: ``scancel`` wakes what stands still.
        """
        takes = [(film.slug, clip) for film in films for clip in film.takes()]
        ended = sum(event == "end" and process not in killed for event, _, process, _ in record.events())
        wanted = sum(len(list((film.folder / "prompts/clips").glob("*.yaml"))) for film in films)
        self.twice += max(0, ended - len(takes))
        self.lost += wanted - len(takes)
        assert not [path for film in films for path in left_over(film)], "unfinished files are left"
        busy: dict[str, int] = {}
        for event, clip_id, process, gpu in record.events():
            if event == "begin":
                if (other := busy.get(gpu, process)) not in (process, *killed):
                    self.shared += 1
                    print(f"{record.path.name}: {process} began {clip_id} on {gpu} beside {other}", flush=True)
                busy[gpu] = process
            elif event == "end":
                busy.pop(gpu, None)
        return f"{len(takes)} takes on {len({gpu for _, _, _, gpu in record.events()})} GPUs"

    def clear(self) -> None:
        """End what a scenario left on the cluster."""
        if self.slurm is not None:
            with contextlib.suppress(TimeoutError):
                self.slurm.cancel_everything()


def alike(root: Path, clips: int) -> Film:
    """A film of so many clips with the same models, none of which continues another."""
    film = write_film(root)
    for stem in CLIPS:
        (film.folder / f"prompts/clips/{stem}.yaml").unlink()
    film.lengthen(len(CLIPS) + clips)
    return film


def two_films_at_once(cluster: Cluster) -> str:
    """Every rule of one film as a job; takes of the other in jobs of three. On Slurm, a node is drained meanwhile."""
    slurm, record = cluster.slurm, Recorded(cluster.home / "two")
    whole, grouped = write_short_film(cluster.folder(), seconds=1), alike(cluster.folder(), 6)
    words = ("clips", "--until", "take", "--config", "takes_per_job=3")
    with cluster.build(grouped, record, *words) as takes, cluster.build(whole, record, "final") as film:
        if slurm is not None:
            cluster.until(takes, lambda: {job["node"] for job in slurm.running()} >= {"n1", "n2"})
            there = {job["id"] for job in slurm.running()}
            slurm.drain("n2")  # it ends what it runs, and gets nothing new
            there |= {job["id"] for job in slurm.running()}  # with what began just before
        codes = cluster.finish(takes), cluster.finish(film)
    assert codes == (0, 0), f"{takes.said}\n{film.said}"
    assert (whole.folder / f"renders/final/{whole.slug}.mp4").stat().st_size > 0
    again = whole.snakemake("final", "--dry-run", env=record.environment(gpu=True))
    assert "Nothing to be done" in again.stdout, again.stdout
    saw = f"{cluster.count([whole, grouped], record)}, and nothing to do afterwards"
    if slurm is None:
        return saw
    cluster.until_slurm("the node has ended what it ran", lambda: slurm.states()["n2"] == "drained")
    slurm.resume("n2")
    jobs = slurm.known_jobs()
    late = {job["JobId"] for job in jobs if job["NodeList"] == "n2"} - there
    assert not late, f"jobs {late} ran on a drained node"
    groups = [job for job in jobs if "takes" in job["Comment"]]
    assert len(groups) == 2, jobs
    for job in groups:
        assert job["TresPerJob"] == "gres:gpu:1", job
        assert "mem=1004M" in job["TRES"], job  # of one take
        assert job["TimeLimit"] == "00:33:00", job  # of three
    return f"{saw}; a drained node got no job; three takes asked for one GPU and the memory of one"


def a_group_is_cancelled_after_its_third_take(cluster: Cluster) -> str:
    """Three takes stay; the next try renders the fourth. On Slurm, the controller is killed before and comes back."""
    record = Recorded(cluster.home / "cancelled")
    film = alike(cluster.folder(), 4)
    words = ("clips", "--until", "take", "--config", "takes_per_job=4", "--retries", "1")
    with cluster.build(film, record, *words, still=True, RECORD_STILL_AFTER="3") as build:
        cluster.until(build, record.standing)
        standing = record.standing()
        assert standing is not None
        kept = identities(film)
        assert len(kept) == 3, kept
        if cluster.slurm is not None:
            cluster.slurm.kill_controller()  # its jobs go on without it
            cluster.slurm.start_controller()
            cluster.until(build, lambda: len(cluster.require_slurm().running()) == 1)
            cluster.slurm.cancel(cluster.slurm.running()[0]["id"])
        else:
            cancel_process_of(standing[1])
        assert cluster.finish(build) == 0, build.said
    assert kept.items() <= identities(film).items(), "a take of the cancelled group was made again"
    return f"{cluster.count([film], record, {standing[1]})}; three were kept"


def the_build_is_killed_and_run_again_while_its_job_goes_on(cluster: Cluster) -> str:
    """The job of the killed build and that of the new one make no take twice."""
    record = Recorded(cluster.home / "killed")
    film = alike(cluster.folder(), 3)
    words = ("clips", "--until", "take", "--config", "takes_per_job=3")
    with cluster.build(film, record, *words) as build:
        cluster.until(build, record.events)
        build.signal(signal.SIGKILL, to=build.process.pid)
        with cluster.build(film, record, *words) as again:
            assert cluster.finish(again) == 0, again.said
    return cluster.count([film], record)


def a_take_that_fails_its_check_gets_another_seed(cluster: Cluster) -> str:
    """In the same build, whose checks are jobs too; what continues it is rendered once, after it."""
    record, film, clips = Recorded(cluster.home / "seeds"), write_film(cluster.folder()), [ALONE, PARENT, CHILD]
    for spec in (film.folder / "prompts/clips").glob("*.yaml"):
        if spec.name.partition("__")[0] not in clips:
            spec.unlink()
    film.edit("metadata.yaml", "renderer: animatic\n", "renderer: animatic\nqc: {policy: reroll, seeds: 1}\n")
    with contextlib.chdir(film.root):
        takes = {clip.clip_id: clip.take for clip in plan_film(film.slug, "final").clips.values()}
    request = takes[PARENT].request
    black = np.zeros((request.height, request.width, 3), np.uint8)
    failed = film.root / takes[PARENT].path
    write_take(failed, [black] * request.frames, np.zeros((48_000, 2)), Fraction(request.rate))
    with cluster.build(film, record, "clips") as build:
        assert cluster.finish(build) == 0, build.said
    assert f"{PARENT}: fails" in build.said, build.said
    made = film.takes()
    assert {clip_id: len(each) for clip_id, each in made.items()} == dict.fromkeys(clips, 1) | {PARENT: 2}, made
    assert sorted(record.ended()) == sorted(clips), record.ended()
    order = [clip_id for event, clip_id, _, _ in record.events() if event == "begin"]
    assert order.index(CHILD) > order.index(PARENT), order
    again = film.snakemake("clips", "--dry-run", env=record.environment(gpu=True))
    assert "Nothing to be done" in again.stdout, again.stdout
    return f"{cluster.count([film], record)}; one gave way to its next seed"


def a_job_takes_more_memory_than_it_asked_for(cluster: Cluster) -> str:
    """Slurm ends it, twice, the second time with more memory; with enough, the film goes on."""
    slurm, record = cluster.require_slurm(), Recorded(cluster.home / "memory")
    film = alike(cluster.folder(), 1)
    words = ("clips", "--until", "take")
    before = {job["JobId"] for job in slurm.known_jobs()}
    with cluster.build(film, record, *words, VTX_RESOURCES="take:mem_mb=60") as build:
        assert cluster.finish(build) != 0, build.said
    logs = [log.read_text(errors="replace") for log in (film.root / ".snakemake/slurm_logs").rglob("*.log")]
    assert any("memory limit" in log for log in logs), logs
    jobs = [job for job in slurm.known_jobs() if job["JobId"] not in before]
    asked = [re.search(r"mem=(\w+)", job["TRES"])[1] for job in jobs]  # type: ignore[index]
    assert sorted(asked, key=len) == sorted(["60M", "90M"]), jobs
    assert not film.takes()
    killed = {process for event, _, process, _ in record.events()}
    with cluster.build(film, record, *words) as build:
        assert cluster.finish(build) == 0, build.said
    states = sorted({job["JobState"] for job in jobs})
    return f"{cluster.count([film], record, killed)}; jobs of 60 and 90 MB ended as {' and '.join(states)}"


def everything_is_cancelled_and_the_next_build_goes_on(cluster: Cluster) -> str:
    """A film whose checks may ask for another seed, and a delivery; its jobs are cancelled during its first take."""
    slurm, record = cluster.require_slurm(), Recorded(cluster.home / "everything")
    film = write_short_film(cluster.folder(), seconds=1)
    film.write("metadata.yaml", film.read("metadata.yaml") + "qc: {policy: reroll, seeds: 1}\n")
    words = ("final", "deliver", "--config", "delivery=youtube")
    with cluster.build(film, record, *words, "--retries", "0", still=True) as build:
        cluster.until(build, record.standing)
        slurm.cancel_everything()
        assert cluster.finish(build) != 0, build.said
    taken = film.takes()
    killed = {process for _, clip_id, process, _ in record.events() if clip_id not in taken}  # each node had begun one
    with cluster.build(film, record, *words) as again:
        assert cluster.finish(again) == 0, again.said
    made = [film.folder / f"renders/{name}" for name in ("deliveries/harbour.youtube.mp4", "qc/harbour.json")]
    assert all(path.stat().st_size > 0 for path in made), again.said
    return f"{cluster.count([film], record, killed)}; checked, cut and delivered"


def cancel_process_of(render: int) -> None:
    """Kill the job of the queue of processes that a render belongs to."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(os.getsid(render), signal.SIGKILL)


GENERIC = (
    two_films_at_once,
    a_group_is_cancelled_after_its_third_take,
    the_build_is_killed_and_run_again_while_its_job_goes_on,
    a_take_that_fails_its_check_gets_another_seed,
)
SLURM = (*GENERIC, a_job_takes_more_memory_than_it_asked_for, everything_is_cancelled_and_the_next_build_goes_on)
