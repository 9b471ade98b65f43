"""Legal sizes, frame counts and rates."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vtx_app.compile.canvas import CANVAS_MULTIPLE, canvas, legal_frames
from vtx_app.formats.metadata import PIPELINES
from vtx_app.formats.rate import exact_rate, rate_text

PIXELS = st.integers(32, 4096).map(lambda half: 2 * half)


@given(PIXELS, PIXELS, st.sampled_from(PIPELINES))
def test_a_canvas_is_the_smallest_that_covers(width: int, height: int, pipeline: str) -> None:
    step = CANVAS_MULTIPLE[pipeline]
    for wanted, legal in zip((width, height), canvas(width, height, pipeline), strict=True):
        assert legal % step == 0
        assert wanted <= legal < wanted + step


@given(PIXELS, PIXELS, st.sampled_from(PIPELINES))
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


@pytest.mark.parametrize(
    ("written", "rate", "text"),
    [
        (16, Fraction(16), "16"),
        (16.0, Fraction(16), "16"),
        (23.976, Fraction(24000, 1001), "23.976"),
        (23.98, Fraction(24000, 1001), "23.976"),
        (29.97, Fraction(30000, 1001), "29.97"),
        (59.94, Fraction(60000, 1001), "59.94"),
        (47.952, Fraction(48000, 1001), "47.952"),
        (119.88, Fraction(120000, 1001), "119.88"),
        (12.5, Fraction(25, 2), "12.5"),
        (24, Fraction(24), "24"),
        (23.97, Fraction(2397, 100), "23.97"),
    ],
)
def test_rates_are_exact(written: float, rate: Fraction, text: str) -> None:
    assert exact_rate(written) == rate
    assert rate_text(rate) == text


@given(st.integers(1, 120))
def test_whole_rates_are_themselves(fps: int) -> None:
    assert exact_rate(fps) == exact_rate(float(fps)) == fps
    assert rate_text(exact_rate(fps)) == str(fps)
