"""What rendering would cost, by what was rendered before: here, in other films, at other lengths."""

from __future__ import annotations

import json
import re
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.film import Film, write_film
from kit.machine import forget
from vtx_app.compile.request import RenderRequest, canonical_json
from vtx_app.plan.estimate import Estimate, estimate, kind_of
from vtx_app.plan.planner import plan_film
from vtx_app.plan.report import BuildReport, build_report
from vtx_app.registry.database import registry_path, use
from vtx_app.studio.sync import sync
from vtx_app.takes.records import RenderCost


def request(frames: int, **other: object) -> RenderRequest:
    values: dict[str, object] = {"renderer": "ltx", "renderer_version": 1, "pipeline": "distilled", "input_type": "t2v"}
    values |= {"prompt": "", "negative": "", "width": 64, "height": 64, "rate": 8, "seed": 1, "frames": frames}
    return RenderRequest(**(values | other))  # type: ignore[arg-type]


KIND = kind_of(request(9))


def cost(frames: int, known: dict[int, float]) -> float:
    past = [RenderCost(KIND, length, seconds, None) for length, seconds in known.items()]
    return estimate([request(frames)], past, lambda _: []).seconds


@pytest.mark.parametrize(
    ("frames", "known", "seconds"),
    [
        (17, {17: 40.0, 9: 1.0}, 40.0),  # the same length, whatever others took
        (17, {9: 10.0, 25: 30.0}, 20.0),  # between two lengths
        (33, {9: 10.0, 17: 30.0}, 30.0 / 17 * 33),  # beyond them, by the nearest
        (9, {17: 34.0, 33: 99.0}, 18.0),
    ],
)
def test_lengths_that_were_never_rendered_are_told_from_others(
    frames: int, known: dict[int, float], seconds: float
) -> None:
    assert cost(frames, known) == pytest.approx(seconds)


lengths = st.integers(1, 500)


@given(lengths, st.dictionaries(lengths, st.floats(0.01, 1e5), min_size=1, max_size=6))
def test_an_estimate_lies_between_its_neighbours_or_in_proportion(frames: int, known: dict[int, float]) -> None:
    told = cost(frames, known)
    if min(known) <= frames <= max(known):
        assert min(known.values()) * (1 - 1e-9) <= told <= max(known.values()) * (1 + 1e-9)
    else:
        nearest = min(known, key=lambda each: abs(each - frames))
        assert told / frames == pytest.approx(known[nearest] / nearest)


def test_other_kinds_and_takes_of_others_are_asked_for_only_where_there_are_none() -> None:
    wanted = [request(9), request(9, width=128)]
    asked = []

    def elsewhere(kinds: object) -> list[RenderCost]:
        asked.append(kinds)
        return [RenderCost(kind_of(wanted[1]), 9, 3.0, None)]

    own = [RenderCost(KIND, 9, 2.0, 100), RenderCost(KIND, 9, 4.0, 300), RenderCost(KIND, 9, 90.0, 200)]
    assert estimate(wanted, own, elsewhere) == Estimate(7.0, 200, 2, 0)
    assert asked == [{kind_of(wanted[1])}]
    assert estimate(wanted, own, lambda _: []) == Estimate(4.0, 200, 1, 1)
    assert estimate(wanted, [], lambda _: []) == Estimate(0, 0, 0, 2)


def test_a_gpu_that_is_no_longer_used_says_nothing_of_time_but_all_of_size() -> None:
    slow = [RenderCost(KIND, 9, 60.0, 100, "NVIDIA L40S", f"2026-10-0{day}") for day in (1, 2, 3)]
    fast = RenderCost(KIND, 9, 10.0, 100, "NVIDIA H100 80GB HBM3", "2026-11-01")
    other = RenderCost(kind_of(request(9, width=128)), 9, 70.0, 100, "NVIDIA L40S", "2026-10-04")
    wanted = [request(9), request(9, width=128)]
    assert estimate(wanted, [slow[0], fast, *slow[1:], other], lambda _: []) == Estimate(80.0, 200, 2, 0)
    back = RenderCost(KIND, 9, 50.0, 100, "NVIDIA L40S", "2026-11-02")
    assert estimate(wanted[:1], [*slow[1:], fast, back, back], lambda _: []).seconds == 55.0


def rendered(film: Film, seconds: float, size: int) -> None:
    """Put takes where the plan wants them, with what they took."""
    forget()
    for clip in plan_film(film.slug, "final").clips.values():
        clip.take.path.parent.mkdir(parents=True)
        clip.take.path.write_bytes(bytes(size))
        record = {
            "request": json.loads(canonical_json(clip.take.request)),
            "wall_seconds": seconds,
            "rendered_at": "2026",
        }
        clip.take.path.with_suffix(".json").write_text(json.dumps(record), encoding="utf-8")


def report(film: Film) -> BuildReport:
    forget()
    return build_report(plan_film(film.slug, "final"), "final")


def test_what_other_films_took_is_known_from_the_registry(film: Film) -> None:
    other = write_film(film.root, "ferry")
    rendered(other, 20.0, 9000)
    assert report(film).estimate == Estimate(0, 0, 0, 6)
    assert not registry_path().exists()
    use(sync)
    told = report(film)
    assert told.estimate == Estimate(120.0, 54_000, 6, 0)
    assert told.disk_needed == 54_000 + 3 * 47 * 1000  # clips, acts and final, frames of 1000 bytes each
    assert "  about 2 min of rendering, 0.2 MB of disk" in "\n".join(told.lines())
    for path in (other.folder / "renders/takes").glob("*/*.mp4"):
        path.unlink()
    assert report(film).estimate == Estimate(120.0, 0, 6, 0)
    rendered(film, 1.0, 100)
    film.edit("prompts/style_bible.yaml", "soft grain", "hard grain")
    assert report(film).estimate == Estimate(6.0, 600, 6, 0)  # its own takes say more


@pytest.mark.parametrize("damage", [b"", b"no database", b"SQLite format 3\0" + bytes(200)])
def test_a_registry_that_can_not_be_read_costs_no_plan(film: Film, damage: bytes) -> None:
    registry_path().parent.mkdir()
    registry_path().write_bytes(damage)
    assert report(film).estimate == Estimate(0, 0, 0, 6)
    assert registry_path().read_bytes() == damage


def test_a_disk_that_is_too_small_is_told(film: Film) -> None:
    rendered(film, 1.0, 100)
    film.edit("prompts/style_bible.yaml", "soft grain", "hard grain")
    assert report(film).disk_warning() is None
    for path in (film.folder / "renders/takes").glob("*/*.mp4"):
        with path.open("ab") as file:
            file.truncate(2**42)  # sparse: takes no room itself
    told = report(film).disk_warning()
    assert told is not None
    assert re.fullmatch(r"  not enough disk: about 95291.0 GB needed, .* free in projects/harbour/renders: .*", told)


def test_a_plan_that_renders_nothing_does_without_sqlite(film: Film) -> None:
    rendered(film, 1.0, 100)
    script = (
        "import sys\n"
        "from vtx_app.plan.planner import plan_film\n"
        "from vtx_app.plan.report import build_report\n"
        "report = build_report(plan_film('harbour', 'final'), 'final')\n"
        "print(len(report.render), len(report.conform), 'sqlite3' in sys.modules)\n"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=film.root, capture_output=True, text=True, check=True)
    assert done.stdout == "0 6 False\n"
