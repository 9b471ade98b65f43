"""Which generation of a pipeline a package makes on a checkpoint."""

from __future__ import annotations

import pytest

from vtx_app.formats.generations import GENERATIONS, generation_of, possible_generations
from vtx_app.formats.pipelines import PIPELINES


@pytest.mark.parametrize(
    ("pipeline", "package", "checkpoint", "generation"),
    [
        ("distilled", (1, 0), (2, 3, 0), 1),
        ("distilled", (1, 2), (2, 5, 0), 1),
        ("distilled", (1, 3), (2, 5, 0), 1),
        ("distilled", (1, 4), (2, 3, 0), 1),
        ("distilled", (1, 4), (2, 4), 1),
        ("distilled", (1, 4), (), 1),
        ("distilled", (1, 4), (2, 5), 2),
        ("distilled", (1, 4), (2, 5, 0), 2),
        ("distilled", (1, 7), (2, 6), 2),
        ("dfr_pipeline", (1, 2), (2, 5), 1),
        ("dfr_pipeline", (1, 3), (2, 5), 2),
        ("dfr_pipeline", (1, 4), (2, 5), 3),
        ("ti2vid_two_stages", (1, 4), (2, 5), 1),
        ("retake", (9, 9), (9, 9), 1),
    ],
)
def test_package_and_checkpoint_decide(
    pipeline: str, package: tuple[int, int], checkpoint: tuple[int, ...], generation: int
) -> None:
    assert generation_of(pipeline, package, checkpoint) == generation
    assert generation in possible_generations(pipeline, package)


def test_a_package_can_make_several_where_the_checkpoint_decides() -> None:
    assert possible_generations("distilled", (1, 2)) == {1}
    assert possible_generations("distilled", (1, 4)) == {1, 2}
    assert possible_generations("dfr_pipeline", (1, 4)) == {3}


def test_generations_are_counted_from_two_on_in_the_order_they_came() -> None:
    assert set(GENERATIONS) <= set(PIPELINES)
    for rows in GENERATIONS.values():
        assert [row.number for row in rows] == list(range(2, 2 + len(rows)))
        assert [row.package for row in rows] == sorted(row.package for row in rows)
