from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vtx_app.cut.timing import Span
from vtx_app.media.codec import SAMPLE_RATE, samples_for
from vtx_app.render.animatic.guide_sound import PEAK, guide_track

RATES = [Fraction(16), Fraction(24), Fraction(24000, 1001), Fraction(30)]


@settings(max_examples=20, deadline=None)
@given(st.integers(1, 40), st.sampled_from(RATES), st.integers(0, 2**64 - 1), st.text(max_size=30), st.data())
def test_it_is_as_long_as_the_picture_and_quiet(
    frames: int, rate: Fraction, place: int, words: str, data: st.DataObject
) -> None:
    first = data.draw(st.integers(0, frames))
    lines = [("Mara", words.encode(errors="ignore").decode(), Span(first, data.draw(st.integers(first, frames))))]
    track = guide_track(frames, rate, place, lines)
    assert (track.shape, track.dtype) == ((samples_for(frames, rate), 2), np.int16)
    assert np.abs(track.astype(int)).max() <= round(PEAK * 32767)
    assert np.array_equal(track, guide_track(frames, rate, place, lines))


def loudness(track: np.ndarray[tuple[int, int], np.dtype[np.int16]], first: float, end: float) -> float:
    part = track[round(first * SAMPLE_RATE) : round(end * SAMPLE_RATE)].astype(float)
    return float(np.sqrt((part**2).mean()))


def test_a_murmur_is_heard_under_the_line_and_only_there() -> None:
    track = guide_track(96, Fraction(24), 5, [("Mara", "It is going out.", Span(48, 72))])
    assert loudness(track, 2.1, 2.9) > 3 * loudness(track, 0.5, 1.9)
    assert loudness(track, 2.1, 2.9) > 3 * loudness(track, 3.1, 3.9)


def test_the_start_is_marked_and_the_sides_differ() -> None:
    track = guide_track(48, Fraction(24), 5, [])
    assert loudness(track, 0.0, 0.05) > 2 * loudness(track, 1.0, 1.9)
    assert not np.array_equal(track[:, 0], track[:, 1])


def test_places_and_speakers_sound_their_own() -> None:
    said = ("It is going out.", Span(0, 48))
    tracks = [guide_track(48, Fraction(24), place, [(who, *said)]) for place, who in ((1, "A"), (2, "A"), (1, "B"))]
    assert not np.array_equal(tracks[0], tracks[1])
    assert not np.array_equal(tracks[0], tracks[2])


@pytest.mark.parametrize("rate", RATES)
def test_nothing_clicks(rate: Fraction) -> None:
    """Ends are silent, and no sample jumps further than the voices' own waves do."""
    track = guide_track(64, rate, 9, [("Mara", "One.", Span(3, 17)), ("Tom", "Two, three.", Span(17, 50))]).astype(int)
    assert np.abs(track[[0, -1]]).max() == 0
    assert np.abs(np.diff(track, axis=0)).max() < PEAK * 32767 * 0.5
