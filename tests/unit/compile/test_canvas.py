"""Legal sizes and frame counts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vtx_app.compile.canvas import canvas
from vtx_app.compile.duration import legal_frames
from vtx_app.formats.pipelines import PIPELINES

PIXELS = st.integers(32, 4096).map(lambda half: 2 * half)


@given(PIXELS, PIXELS, st.sampled_from(sorted(PIPELINES)))
def test_a_canvas_is_the_smallest_that_covers(width: int, height: int, pipeline: str) -> None:
    step = PIPELINES[pipeline].multiple
    for wanted, legal in zip((width, height), canvas(width, height, pipeline), strict=True):
        assert legal % step == 0
        assert wanted <= legal < wanted + step


@given(PIXELS, PIXELS, st.sampled_from(sorted(PIPELINES)))
def test_a_legal_size_is_its_own_canvas(width: int, height: int, pipeline: str) -> None:
    legal = canvas(width, height, pipeline)
    assert canvas(*legal, pipeline) == legal


@pytest.mark.parametrize(
    ("size", "pipeline", "legal"),
    [
        ((1536, 864), "ti2vid_two_stages", (1536, 896)),
        ((1920, 800), "ti2vid_two_stages", (1920, 832)),
        ((1920, 800), "ti2vid_one_stage", (1920, 800)),
        ((1536, 864), "ti2vid_one_stage", (1536, 864)),
        ((64, 66), "distilled", (64, 128)),
    ],
)
def test_the_briefs_own_sizes(size: tuple[int, int], pipeline: str, legal: tuple[int, int]) -> None:
    assert canvas(*size, pipeline) == legal


@given(st.integers(1, 3000))
def test_a_legal_frame_count_is_the_smallest_that_covers(frames: int) -> None:
    legal = legal_frames(frames)
    assert legal % 8 == 1
    assert legal >= max(frames, 9)
    assert legal - 8 < max(frames, 9)
    assert legal_frames(legal) == legal
