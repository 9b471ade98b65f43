"""A limited mix that is measured in parts, against the same measured as a whole."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kit.sounds import SECOND, Sound, noise, tone
from vtx_app.media.sound_blocks import Block
from vtx_app.sound.limiter import Limited
from vtx_app.sound.loud_parts import ProfileMeter, limited_loudness
from vtx_app.sound.loudness import measure
from vtx_app.sound.to_loudness import at_gain


def in_blocks(sound: Sound, size: int) -> Iterator[Block]:
    for start in range(0, len(sound), size):
        yield sound[start : start + size].astype(np.float32)


def both(sound: Sound, gain_db: float, peak: float, size: int = 4_608) -> tuple[float | None, Limited, float | None]:
    """The loudness in parts, what the limiter did there, and the loudness of the whole."""
    meter = ProfileMeter()
    for block in in_blocks(sound, 7_000):
        meter.push(block)
    parts, done = limited_loudness(in_blocks(sound, size), meter.profile(), gain_db, peak)
    whole = Limited()
    found = measure(at_gain(in_blocks(sound, 65_536), gain_db, peak, whole))
    assert (done.samples, done.most_db, done.peak) == pytest.approx((whole.samples, whole.most_db, whole.peak))
    return parts.loudness, done, found.loudness


@settings(max_examples=20, deadline=None)
@given(
    shots=st.lists(st.tuples(st.integers(0, 190_000), st.floats(0.1, 3.0), st.integers(40, 20_000)), max_size=6),
    gain_db=st.floats(-6, 18),
    peak=st.sampled_from([-1.0, -6.0]),
    size=st.integers(1_000, 70_000),
)
def test_a_mix_is_as_loud_in_parts_as_in_one(
    shots: list[tuple[int, float, int]], gain_db: float, peak: float, size: int
) -> None:
    sound = noise(4.03, 0.02)
    for place, height, length in shots:
        part = sound[place : place + length]
        part += (height * np.sin(np.arange(len(part)) * 0.09))[:, None]
    parts, _, whole = both(sound, gain_db, peak, size)
    assert parts == pytest.approx(whole, abs=1e-4)


def test_a_deep_rumble_before_a_bang_is_measured_with_its_past() -> None:
    """40 Hz rings longest in the weighting: where a part begins is heard for a tenth of a second."""
    sound = tone(4, 40, 0.3).repeat(2, axis=1) + noise(4, 0.001)
    sound[2 * SECOND : 2 * SECOND + 480] *= 3
    parts, done, whole = both(sound, 3.0, -1.0)
    assert done.samples
    assert parts == pytest.approx(whole, abs=1e-4)


@pytest.mark.parametrize("seconds", [0.05, 0.1, 0.15, 0.399])
def test_what_is_shorter_than_a_block_is_measured_as_it_is(seconds: float) -> None:
    parts, _, whole = both(noise(seconds, 0.3), 6.0, -1.0)
    assert parts == pytest.approx(whole, abs=1e-3)


def test_where_nothing_is_limited_the_gain_says_it_all() -> None:
    parts, done, whole = both(noise(2, 0.01), 6.0, -1.0)
    assert not done.samples
    assert parts == pytest.approx(whole, abs=1e-9)
