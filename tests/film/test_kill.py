"""A build that is killed, at any moment and in any part: what is there is whole, and the next run finishes it.

Everything under its real name must be, to the byte, what an undisturbed build of the same film has there.
"""

from __future__ import annotations

import random
import shutil
import signal
from base64 import urlsafe_b64encode
from collections import Counter
from pathlib import Path

import pytest

from kit.build import (
    SHORT_IDS,
    Recorded,
    building,
    films,
    identities,
    left_over,
    write_short_film,
)
from kit.film import Film
from vtx_app.media.reader import probe

FINAL = "renders/final/harbour.mp4"


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Film:
    """The short film, built in one go."""
    film = write_short_film(tmp_path_factory.mktemp("undisturbed"))
    film.build()
    for name in films(film):
        probe(film.folder / name)
    return film


@pytest.fixture
def short(tmp_path: Path) -> Film:
    """The short film, never built."""
    return write_short_film(tmp_path / "film")


@pytest.fixture
def record(tmp_path: Path) -> Recorded:
    return Recorded(tmp_path / "record")


def require_whole(film: Film, undisturbed: Film) -> None:
    """Nothing is half there, and nothing is there that should not be."""
    there, right = films(film), films(undisturbed)
    assert [name for name in there if there[name] != right.get(name)] == []


def require_finished(film: Film, undisturbed: Film, record: Recorded, takes: dict[str, int]) -> None:
    """The next run ends well without hand-work, renders no take again, and leaves the film of an undisturbed build."""
    # A renderer may have come to its end just before the kill, and its take not have got its name.
    before = Counter(record.ended())
    done = film.snakemake("final", "--scheduler", "greedy", env=record.environment())
    assert done.returncode == 0, done.stdout
    assert films(film) == films(undisturbed)
    assert Counter(record.ended()) - before == Counter(clip_id for clip_id in SHORT_IDS if clip_id not in takes)
    assert {clip_id: identities(film)[clip_id] for clip_id in takes} == takes
    assert left_over(film) == []


# -- at a known moment -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("victim", "number"),
    [
        ("snakemake", signal.SIGTERM),
        ("snakemake", signal.SIGKILL),
        ("everything", signal.SIGTERM),
        ("everything", signal.SIGKILL),
        ("the job", signal.SIGKILL),
    ],
)
def test_killed_with_a_take_written_but_not_named(
    short: Film, undisturbed: Film, record: Recorded, victim: str, number: signal.Signals
) -> None:
    with building(short, "final", env=record.environment(still=True)) as build:
        assert build.wait_until(record.standing), build.said
        clip_id, pid = record.standing() or ("", 0)
        assert list((short.folder / "renders/takes" / clip_id).glob(".*.part.mp4"))
        if victim == "the job":
            build.signal(number, to=pid)
        else:
            build.signal(number, group=victim == "everything")
        build.signal(signal.SIGCONT, to=pid)
        assert build.end() != 0
        takes = identities(short)
        # Only Snakemake was killed: what it had begun goes on to its end and is not lost.
        assert (clip_id in takes) == (victim == "snakemake")
        require_whole(short, undisturbed)
    require_finished(short, undisturbed, record, takes)


@pytest.mark.parametrize(("kind", "group"), [("clips", True), ("acts", False)])
def test_killed_with_a_clip_or_an_act_written_but_not_named(
    short: Film, undisturbed: Film, record: Recorded, kind: str, group: bool
) -> None:
    with building(short, "final", env=record.environment(before=f"*/renders/{kind}/*.mp4")) as build:
        assert build.wait_until(record.standing), build.said
        _, pid = record.standing() or ("", 0)
        assert list((short.folder / "renders" / kind).glob(".*.part.mp4"))
        build.signal(signal.SIGKILL, group=group)
        build.signal(signal.SIGCONT, to=pid)
        build.end()
        takes = identities(short)
        assert takes
        require_whole(short, undisturbed)
    require_finished(short, undisturbed, record, takes)


def test_a_killed_job_of_conforming(short: Film, undisturbed: Film, record: Recorded) -> None:
    with building(short, "final", env=record.environment()) as build:
        assert build.kill_jobs("vtx_app.jobs.clip"), build.said
        assert build.end() != 0
        takes = identities(short)
        require_whole(short, undisturbed)
    require_finished(short, undisturbed, record, takes)


# -- anywhere --------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(2))
def test_killed_anywhere(short: Film, undisturbed: Film, record: Recorded, seed: int) -> None:
    choice = random.Random(seed)
    files = choice.randrange(len(films(undisturbed)))
    with building(short, "final", env=record.environment()) as build:
        build.wait_until(lambda: len(films(short)) >= files)
        build.signal(choice.choice([signal.SIGTERM, signal.SIGKILL]), group=choice.random() < 0.5)
        build.end()
        takes = identities(short)
        require_whole(short, undisturbed)
    require_finished(short, undisturbed, record, takes)


# -- what a killed build leaves at work ------------------------------------------------------------


def test_a_render_that_outlives_its_build_is_waited_for(short: Film, undisturbed: Film, record: Recorded) -> None:
    with building(short, "final", env=record.environment(still=True)) as first:
        assert first.wait_until(record.standing), first.said
        clip_id, pid = record.standing() or ("", 0)
        first.signal(signal.SIGKILL)
        first.process.wait()
        with building(short, "final", env=record.environment()) as second:
            assert second.wait_until(lambda: f"another build is rendering {clip_id}" in second.said), second.said
            first.signal(signal.SIGCONT, to=pid)
            first.end()
            assert second.end() == 0, second.said
    assert record.ended() == SHORT_IDS
    assert films(short) == films(undisturbed)
    assert left_over(short) == []


def test_two_builds_of_one_film_at_once_make_it_together(short: Film, undisturbed: Film, record: Recorded) -> None:
    with building(short, "final", env=record.environment(still=True)) as first:
        assert first.wait_until(record.standing), first.said
        clip_id, pid = record.standing() or ("", 0)
        with building(short, "final", env=record.environment()) as second:
            assert second.wait_until(lambda: f"another build is rendering {clip_id}" in second.said), second.said
            first.signal(signal.SIGCONT, to=pid)
            assert [first.end(), second.end()] == [0, 0], first.said + second.said
    assert record.ended() == SHORT_IDS  # each take once
    assert films(short) == films(undisturbed)
    assert left_over(short) == []


@pytest.mark.parametrize(("victim", "group"), [(0, True), (0, False), (1, True)])
def test_one_of_two_builds_is_killed_and_the_other_finishes(
    short: Film, undisturbed: Film, record: Recorded, victim: int, group: bool
) -> None:
    with building(short, "final", env=record.environment(still=True)) as first:
        assert first.wait_until(record.standing), first.said
        clip_id, pid = record.standing() or ("", 0)
        with building(short, "final", env=record.environment()) as second:
            waiting = f"another build is rendering {clip_id}"
            # The other take is there: killed before it was named, it would be rendered twice.
            assert second.wait_until(lambda: waiting in second.said and identities(short)), second.said
            builds = [first, second]
            builds.pop(victim).signal(signal.SIGKILL, group=group)
            first.signal(signal.SIGCONT, to=pid)
            (survivor,) = builds
            assert survivor.end() == 0, survivor.said
            assert "Traceback" not in survivor.said
    assert Counter(record.ended()) == Counter(SHORT_IDS)
    require_finished(short, undisturbed, record, identities(short))


def test_locks_that_another_snakemake_left_stop_no_build(short: Film) -> None:
    """Snakemake's locks outlive a killed build, and the next one to end in this folder removes everybody's."""
    locks = short.root / ".snakemake/locks"
    locks.mkdir(parents=True)
    for kind in ("input", "output"):
        (locks / f"0.{kind}.lock").write_text(f"projects/harbour/{FINAL}\n")
    assert "locked" not in short.dry_run("final").text
    short.build("final")
    assert (locks / "0.output.lock").exists()


def test_a_take_that_appears_after_the_build_was_planned_stays(
    short: Film, undisturbed: Film, record: Recorded
) -> None:
    """The render of a killed build, or a person with a copy, finishes a take that this build has in its plan."""
    with building(short, "final", "--cores", "1", env=record.environment(still=True)) as build:
        assert build.wait_until(record.standing), build.said
        _, pid = record.standing() or ("", 0)
        begun = {clip_id for _, clip_id, _, _ in record.events()}
        copied = {name: data for name, data in films(undisturbed).items() if "/takes/" in name}
        for name, data in copied.items():
            if Path(name).parent.name not in begun:
                short.write(name, data)
        takes = identities(short)
        assert len(takes) == 1
        build.signal(signal.SIGCONT, to=pid)
        assert build.end() == 0, build.said
    assert {clip_id: identities(short)[clip_id] for clip_id in takes} == takes
    assert len(record.ended()) == 1
    assert films(short) == films(undisturbed)


# -- killed between a rename and Snakemake's own books ----------------------------------------------


def mark_incomplete(film: Film, path: Path) -> None:
    """Write down that ``path`` is being made, as Snakemake does before a job (its persistence/file.py)."""
    name = urlsafe_b64encode(path.relative_to(film.root).as_posix().encode()).decode()
    pieces = [name[start : start + 254] for start in range(0, len(name), 254)]
    marker = film.root.joinpath(".snakemake/incomplete", *("@" + piece for piece in pieces[:-1]), pieces[-1])
    marker.parent.mkdir(parents=True, exist_ok=True)
    marker.write_text('{"external_jobid": null}')


def test_what_snakemake_takes_for_incomplete_is_whole(undisturbed: Film, tmp_path: Path) -> None:
    shutil.copytree(undisturbed.root, tmp_path / "film")
    film = Film(tmp_path / "film")
    for path in (film.folder / "renders").rglob("*.*"):
        mark_incomplete(film, path)
    take = next((film.folder / "renders/takes").glob("*/*.mp4")).relative_to(film.root)
    bare = film.root / "bare.smk"
    bare.write_text(f"rule:\n    output: '{take}'\n    shell: 'false'\n")
    assert "IncompleteFilesException" in film.snakemake("--snakefile", str(bare), str(take)).stdout
    takes, before = identities(film), films(film)
    for target in ("final", str(take)):
        done = film.snakemake(target, "--scheduler", "greedy")
        assert done.returncode == 0, done.stdout
        assert "Nothing to be done" in done.stdout, done.stdout
    assert (identities(film), films(film)) == (takes, before)


# -- an earlier film -------------------------------------------------------------------------------


def test_a_killed_re_cut_leaves_the_earlier_film(undisturbed: Film, record: Recorded, tmp_path: Path) -> None:
    shutil.copytree(undisturbed.root, tmp_path / "film")
    film = Film(tmp_path / "film")
    old = films(film)
    film.edit("metadata.yaml", 'title: "Harbour"', 'title: "The harbour"')
    with building(film, "final", env=record.environment(before="*/renders/final/*.mp4")) as build:
        assert build.wait_until(record.standing), build.said
        build.signal(signal.SIGKILL, group=True)
        build.end()
        now = films(film)
        assert {name: now[name] for name in old if "/acts/" not in name} == {
            name: old[name] for name in old if "/acts/" not in name
        }
        assert probe(film.folder / FINAL).frames == 2 * 8 * 24
    done = film.snakemake("final", "--scheduler", "greedy")
    assert done.returncode == 0, done.stdout
    after = films(film)
    assert after[FINAL] != old[FINAL]
    assert left_over(film) == []
