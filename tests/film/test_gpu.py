"""Two renders never share a GPU: not in one build, not in two. The storyboard renderer stands in for one that needs it.

A render that holds a GPU is made to stand still, so that whoever would share it has all the time to do so.
"""

from __future__ import annotations

import signal
from pathlib import Path

import pytest

from kit.build import SHORT_IDS, Recorded, building, write_short_film
from kit.film import Film

WAITING = "every GPU is rendering another take; waiting for one"


@pytest.fixture
def short(tmp_path: Path) -> Film:
    return write_short_film(tmp_path / "film", seconds=1)


@pytest.fixture
def record(tmp_path: Path) -> Recorded:
    return Recorded(tmp_path / "record")


def environment(record: Recorded, tmp_path: Path, gpus: str) -> dict[str, str]:
    """A machine with ``gpus`` where no other test renders, and the first render stands still."""
    home = tmp_path / "machine"
    home.mkdir(exist_ok=True)
    return record.environment(still=True, gpu=True) | {"CUDA_VISIBLE_DEVICES": gpus, "TMPDIR": str(home)}


def require_alone(record: Recorded) -> None:
    """On each GPU, a render begins only when the one before has ended."""
    events = [(event, pid, gpu) for event, _, pid, gpu in record.events() if event != "still"]
    for gpu in {gpu for _, _, gpu in events}:
        mine = [(event, pid) for event, pid, which in events if which == gpu]
        assert [event for event, _ in mine] == ["begin", "end"] * (len(mine) // 2)
        assert [pid for _, pid in mine[::2]] == [pid for _, pid in mine[1::2]]


def test_a_build_counts_one_gpu_unless_told_otherwise(short: Film, record: Recorded, tmp_path: Path) -> None:
    env = environment(record, tmp_path, "0")
    with building(short, "final", "--cores", "4", env=env) as build:
        assert build.wait_until(record.standing), build.said
        assert "gpu=Resource" in build.said
        build.signal(signal.SIGCONT, to=(record.standing() or ("", 0))[1])
        assert build.end() == 0, build.said
    assert WAITING not in build.said  # Snakemake itself started the second take after the first
    assert record.ended() == SHORT_IDS
    require_alone(record)


def test_without_a_gpu_nothing_that_needs_one_is_rendered(short: Film, record: Recorded) -> None:
    words = ("clips", "--resources", "gpu=0")
    dry_run = short.snakemake(*words, "--dry-run", env=record.environment(gpu=True))
    built = short.snakemake(*words, env=record.environment(gpu=True))
    for done, code in ((dry_run, 0), (built, 1)):
        assert done.returncode == code, done.stdout
        said = "--resources gpu=0, and 2 takes need a GPU: gpu=1, or the storyboard: snakemake animatic"
        assert said in done.stdout
    assert record.events() == []
    assert short.snakemake(*words, "--dry-run").returncode == 0  # a storyboard needs none


def test_two_builds_take_turns(short: Film, record: Recorded, tmp_path: Path) -> None:
    other = write_short_film(tmp_path / "elsewhere", slug="harbour", seconds=2)
    env = environment(record, tmp_path, "0")
    with building(short, "final", "--cores", "4", env=env) as first:
        assert first.wait_until(record.standing), first.said
        with building(other, "final", "--cores", "4", env=env) as second:
            assert second.wait_until(lambda: WAITING in second.said), second.said
            assert [event for event, *_ in record.events()] == ["begin", "still"]
            first.signal(signal.SIGCONT, to=(record.standing() or ("", 0))[1])
            assert first.end() == 0, first.said
            assert second.end() == 0, second.said
    assert record.ended() == sorted(SHORT_IDS * 2)
    require_alone(record)


def test_asking_for_more_gpus_than_there_are_shares_none(short: Film, record: Recorded, tmp_path: Path) -> None:
    env = environment(record, tmp_path, "0")
    with building(short, "final", "--cores", "4", "--resources", "gpu=2", env=env) as build:
        assert build.wait_until(lambda: record.standing() and (WAITING in build.said or record.ended())), build.said
        assert record.ended() == []
        build.signal(signal.SIGCONT, to=(record.standing() or ("", 0))[1])
        assert build.end() == 0, build.said
    assert record.ended() == SHORT_IDS
    require_alone(record)


def test_two_gpus_render_two_takes_at_once(short: Film, record: Recorded, tmp_path: Path) -> None:
    env = environment(record, tmp_path, "4,2")
    with building(short, "final", "--cores", "4", "--resources", "gpu=2", env=env) as build:
        assert build.wait_until(lambda: record.standing() and (record.ended() or WAITING in build.said)), build.said
        assert WAITING not in build.said
        build.signal(signal.SIGCONT, to=(record.standing() or ("", 0))[1])
        assert build.end() == 0, build.said
    assert {gpu for *_, gpu in record.events()} == {"4", "2"}
    assert record.ended() == SHORT_IDS
    require_alone(record)
