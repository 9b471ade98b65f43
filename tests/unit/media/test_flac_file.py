"""A FLAC file of 24 bit, its dither and its stamp, read back by decoding."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kit.sounds import decoded
from vtx_app.media.flac_file import write_flac
from vtx_app.media.flac_stamp import read_sound_stamp, write_sound_stamp

STEP = 1 / 2**23
STAMP = "0123456789abcdef" * 4


def written(path: Path, *blocks: np.ndarray) -> Path:
    with write_flac(path) as file:
        for block in blocks:
            file.write(block.astype(np.float32))
    return path


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cuts=st.lists(st.integers(0, 20_000), max_size=5))
def test_how_the_sound_is_divided_does_not_change_the_file(tmp_path: Path, cuts: list[int]) -> None:
    sound = np.random.default_rng(1).standard_normal((20_000, 2)) * 0.1
    whole = written(tmp_path / "whole.flac", sound)
    parts = written(tmp_path / "parts.flac", *np.split(sound, sorted(cuts)))
    assert whole.read_bytes() == parts.read_bytes()
    assert np.abs(decoded(whole) - sound.astype(np.float32)).max() <= 1.76 * STEP  # floats of 24 bit have quarter steps


def test_dither_carries_what_lies_below_a_step(tmp_path: Path) -> None:
    """A constant of a third of a step is there on average, and no step is off by more than one and a half."""
    found = decoded(written(tmp_path / "sound.flac", np.full((200_000, 2), STEP / 3))) / STEP
    assert found.mean() == pytest.approx(1 / 3, abs=0.01)
    assert np.abs(found - 1 / 3).max() < 1.5
    assert np.corrcoef(found.T)[0, 1] == pytest.approx(0, abs=0.02)


def test_silence_has_no_dither_and_too_much_is_clipped(tmp_path: Path) -> None:
    found = decoded(written(tmp_path / "sound.flac", np.zeros((9_000, 2)), np.full((10, 2), 7.0)))
    assert not found[:9_000].any()
    assert found[9_000:].min() == 1 - STEP


def test_a_stamp_is_read_back_and_lost_with_the_end_of_the_file(tmp_path: Path) -> None:
    path = written(tmp_path / "sound.flac", np.random.default_rng(1).standard_normal((50_000, 2)) * 0.1)
    assert read_sound_stamp(path) is None
    before = decoded(path)
    write_sound_stamp(path, STAMP)
    assert read_sound_stamp(path) == STAMP
    assert np.array_equal(decoded(path), before)
    path.write_bytes(path.read_bytes()[:-1])
    assert read_sound_stamp(path) is None


def test_other_files_have_no_stamp(tmp_path: Path) -> None:
    assert read_sound_stamp(tmp_path / "none.flac") is None
    (tmp_path / "text.flac").write_text(f"VTX_STAMP={STAMP}:0000000000000100")
    assert read_sound_stamp(tmp_path / "text.flac") is None
    with pytest.raises(ValueError, match="no room"):
        write_sound_stamp(tmp_path / "text.mp4" if (tmp_path / "text.mp4").write_text("x") else tmp_path, STAMP)


def test_nothing_is_left_of_a_file_that_failed(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError), write_flac(tmp_path / "sound.flac") as file:
        file.write(np.zeros((9_000, 2), np.float32))
        raise RuntimeError
    assert list(tmp_path.iterdir()) == []
