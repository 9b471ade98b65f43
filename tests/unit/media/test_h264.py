from __future__ import annotations

from fractions import Fraction
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.movie import video_frame
from vtx_app.media.h264 import film_parameter_sets, is_idr, parameter_sets
from vtx_app.media.mp4 import read_tracks
from vtx_app.media.writer import write_clip, write_film

units = st.lists(st.binary(min_size=1, max_size=40), min_size=1, max_size=3)


@given(units, units)
def test_parameter_sets_come_out_as_they_went_in(sps: list[bytes], pps: list[bytes]) -> None:
    def counted(sets: list[bytes], high: int) -> bytes:
        return bytes([high | len(sets)]) + b"".join(len(unit).to_bytes(2, "big") + unit for unit in sets)

    config = bytes([1, 100, 0, 30, 0xFF]) + counted(sps, 0xE0) + counted(pps, 0) + b"\xfd\xf8\xf8\x00"
    assert parameter_sets(config) == b"".join(len(unit).to_bytes(4, "big") + unit for unit in sps + pps)
    with pytest.raises(ValueError, match="cut short"):
        parameter_sets(config[: -4 - len(pps[-1])])


def test_configurations_of_other_kinds_are_refused() -> None:
    for config in (b"", b"\x00\x00\x00\x01gd\x00\x1e\xac", bytes([1, 100, 0, 30, 0xFD, 0xE0, 0])):
        with pytest.raises(ValueError, match="four-byte"):
            parameter_sets(config)


@pytest.mark.parametrize("size", [(64, 48), (1536, 864), (1920, 800), (66, 50)], ids=str)
@pytest.mark.parametrize("rate", [Fraction(16), Fraction(24000, 1001), Fraction(60)], ids=str)
def test_the_films_sets_are_those_of_every_clip_that_is_written(
    tmp_path: Path, size: tuple[int, int], rate: Fraction
) -> None:
    storyboard = partial(write_clip, effort="fast")
    for frames, write in ((1, write_film), (5, write_film), (5, storyboard)):
        with write(tmp_path / "film.mp4", *size, rate) as film:
            for _ in range(frames):
                film.picture(video_frame(np.full((size[1], size[0], 3), 90, np.uint8)), key=True)
        config = read_tracks(tmp_path / "film.mp4")[0].config
        assert parameter_sets(config) == film_parameter_sets(*size, rate)


def test_another_size_or_rate_has_other_sets() -> None:
    rates = (Fraction(24), Fraction(24000, 1001), Fraction(25))
    assert len({film_parameter_sets(*size, rate) for size in ((64, 64), (96, 64)) for rate in rates}) == 6


def test_only_an_idr_picture_is_one_to_start_from() -> None:
    parameters, delimiter = b"\0\0\0\2\x67\x01", b"\0\0\0\2\x09\x10"
    idr, recovery = b"\0\0\0\3\x65ab", b"\0\0\0\3\x41ab"
    assert is_idr(delimiter + parameters + idr)
    assert not is_idr(delimiter + parameters + recovery)
    for damaged in (b"", b"\0\0", b"\0\0\0\0", b"\xff" * 9):
        assert not is_idr(damaged)
