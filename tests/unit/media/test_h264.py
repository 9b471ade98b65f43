from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vtx_app.media.h264 import parameter_sets, with_parameter_sets

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


def test_sets_stand_before_the_picture_and_after_a_delimiter() -> None:
    sets, delimiter, picture = b"\0\0\0\1S", b"\0\0\0\2\x09\x10", b"\0\0\0\3\x65ab"
    assert with_parameter_sets(picture, sets) == sets + picture
    assert with_parameter_sets(delimiter + picture, sets) == delimiter + sets + picture
