"""What happens to films on a cluster. Each scenario builds films of its own and returns what it saw, in words."""

from __future__ import annotations

import contextlib
import os
import shlex
import signal
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from slurm import Slurm

from kit.build import Build, Recorded, building, identities, left_over, write_short_film
from kit.film import CLIPS, Film, write_film

__all__ = ["GENERIC", "SLURM", "Cluster", "NoTimeError"]

ALIKE = "A02_S01_SH00{}"
QUEUE = Path(__file__).parent / "process_queue.py"


class NoTimeError(Exception):
    """The suite's time is over."""


@dataclass
class Cluster:
    """Where the films are built, and what is counted over all of them. ``ends``: on the monotonic clock."""

    home: Path
    slurm: Slurm | None
    ends: float
    twice: int = 0
    lost: int = 0
    shared: int = 0
    _films: int = field(default=0)

    def require_slurm(self) -> Slurm:
        assert self.slurm is not None
        return self.slurm

    def words(self) -> list[str]:
        """The words of Snakemake's command line that send jobs to the cluster."""
        words = ["--jobs", "8", "--seconds-between-status-checks", "1", "--latency-wait", "5", "--keep-going"]
        if self.slurm is None:
            queue = f"{shlex.quote(sys.executable)} {shlex.quote(str(QUEUE))}"
            commands = {name: f"{queue} {name}" for name in ("submit", "status", "cancel")}
            return [*words, "--executor", "cluster-generic"] + [
                word for name, command in commands.items() for word in (f"--cluster-generic-{name}-cmd", command)
            ]
        return [
            *(*words, "--executor", "slurm", "--slurm-no-account", "--slurm-status-command", "squeue"),
            *("--slurm-init-seconds-before-status-checks", "2", "--default-resources", "slurm_partition=main"),
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
        return building(film, *words, *self.words(), env=env)

    def finish(self, build: Build) -> int:
        """The exit code of the build, when it has ended."""
        self.until(build, lambda: build.process.poll() is not None)
        return build.end()

    def until(self, build: Build, seen: Callable[[], object]) -> None:
        """Wait until ``seen()``. Raises :class:`NoTimeError` with the build's last words, :class:`AssertionError` if
        the build ends before."""
        while not seen():
            if time.monotonic() > self.ends:
                raise NoTimeError(f"no time left\n{build.said[-1500:]}")
            if not build.read(0.1):
                code = build.process.wait()
                if not seen():
                    raise AssertionError(f"the build ended before (exit {code}):\n{build.said[-3000:]}")

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
        for event, _, process, gpu in record.events():
            if event == "begin":
                self.shared += busy.get(gpu, process) not in (process, *killed)
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


def a_film_from_end_to_end(cluster: Cluster) -> str:
    """Every rule of a film as a job, and nothing to do afterwards."""
    record = Recorded(cluster.home / "whole")
    film = write_short_film(cluster.folder(), seconds=1)
    with cluster.build(film, record, "final") as build:
        assert cluster.finish(build) == 0, build.said
    assert (film.folder / f"renders/final/{film.slug}.mp4").stat().st_size > 0
    again = film.snakemake("final", "--dry-run", env=record.environment(gpu=True))
    assert "Nothing to be done" in again.stdout, again.stdout
    return f"{cluster.count([film], record)}, and nothing to do afterwards"


def two_films_at_once_while_a_node_is_drained(cluster: Cluster) -> str:
    """Takes of one film in jobs of three, of the other one by one."""
    slurm, record = cluster.require_slurm(), Recorded(cluster.home / "two")
    films = [alike(cluster.folder(), 6), alike(cluster.folder(), 2)]
    words = ("clips", "--until", "take")
    with (
        cluster.build(films[0], record, *words, "--config", "takes_per_job=3") as one,
        cluster.build(films[1], record, *words) as other,
    ):
        cluster.until(one, lambda: {job["node"] for job in slurm.jobs() if job["state"] == "RUNNING"} >= {"n1", "n2"})
        groups = [slurm.asked(job["id"]) for job in slurm.jobs() if "takes" in job["comment"]]
        slurm.drain("n2")  # ends what it runs
        cluster.until(one, lambda: slurm.states().get("n2") == "drained")
        slurm.resume("n2")
        codes = cluster.finish(one), cluster.finish(other)
    assert codes == (0, 0), f"{one.said}\n{other.said}"
    assert groups, "no group of takes was seen"
    for asked in groups:
        assert asked["TresPerJob"] == "gres:gpu:1", asked
        assert "mem=1004M" in asked["TRES"], asked  # of one take
        assert asked["TimeLimit"] == "00:33:00", asked  # of three
    return f"{cluster.count(films, record)}; a job of three takes asked for one GPU and the memory of one"


def a_group_is_cancelled_after_its_third_take(cluster: Cluster) -> str:
    """Three takes stay; the fourth is rendered by the next try. Before, the controller is killed and comes back."""
    record = Recorded(cluster.home / "cancelled")
    film = alike(cluster.folder(), 4)
    record.still.touch()  # nothing stands still until the third take is done
    words = ("clips", "--until", "take", "--config", "takes_per_job=4", "--retries", "1")
    with cluster.build(film, record, *words, still=True) as build:
        cluster.until(build, lambda: len(record.ended()) == 3)
        record.still.unlink()
        cluster.until(build, record.standing)
        standing = record.standing()
        assert standing is not None
        kept = identities(film)
        assert len(kept) == 3, kept
        if cluster.slurm is not None:
            cluster.slurm.kill_controller()  # its jobs go on without it
            cluster.slurm.start_controller()
            (job,) = cluster.slurm.jobs()
            assert job["state"] == "RUNNING", job
            cluster.slurm.cancel(job["id"])
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


def a_job_takes_more_memory_than_it_asked_for(cluster: Cluster) -> str:
    """Slurm ends it, twice, the second time with more memory; with enough, the film goes on."""
    slurm, record = cluster.require_slurm(), Recorded(cluster.home / "memory")
    film = alike(cluster.folder(), 1)
    words = ("clips", "--until", "take")
    with cluster.build(film, record, *words, VTX_RESOURCES="take:mem_mb=60") as build:
        asked: dict[str, str] = {}

        def ended() -> bool:
            asked.update({job["id"]: job["memory"] for job in slurm.jobs()})
            return build.process.poll() is not None

        cluster.until(build, ended)
        assert build.end() != 0, build.said
    logs = [log.read_text(errors="replace") for log in (film.root / ".snakemake/slurm_logs").rglob("*.log")]
    assert any("memory limit" in log for log in logs), logs
    states = {slurm.asked(job).get("JobState", "") for job in asked}
    assert sorted(asked.values(), key=lambda each: int(each.rstrip("M"))) == ["60M", "90M"], asked
    assert not film.takes()
    with cluster.build(film, record, *words) as build:
        assert cluster.finish(build) == 0, build.said
    began = {process for event, _, process, _ in record.events() if event == "begin"}
    return f"{cluster.count([film], record, began)}; jobs of 60 and 90 MB ended as {' and '.join(sorted(states))}"


def cancel_process_of(render: int) -> None:
    """Kill the job of the queue of processes that a render belongs to."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(os.getsid(render), signal.SIGKILL)


SLURM = (
    a_film_from_end_to_end,
    two_films_at_once_while_a_node_is_drained,
    a_group_is_cancelled_after_its_third_take,
    the_build_is_killed_and_run_again_while_its_job_goes_on,
    a_job_takes_more_memory_than_it_asked_for,
)
GENERIC = (
    a_film_from_end_to_end,
    a_group_is_cancelled_after_its_third_take,
    the_build_is_killed_and_run_again_while_its_job_goes_on,
)
