from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from vtx_app.media.jpeg_stamp import read_jpeg_stamp, stamp_comment

STAMP = "0123456789abcdef" * 4


def jpeg(path: Path, **options: object) -> Path:
    Image.effect_noise((48, 32), 60).convert("RGB").save(path, "JPEG", **options)
    return path


def test_a_stamp_is_read_back(tmp_path: Path) -> None:
    plain = jpeg(tmp_path / "a.jpg", comment=stamp_comment(STAMP))
    with_more = jpeg(tmp_path / "b.jpg", comment=stamp_comment(STAMP), xmp=b"<x/>" * 4000, icc_profile=b"x" * 100_000)
    assert read_jpeg_stamp(plain) == read_jpeg_stamp(with_more) == STAMP


@pytest.mark.parametrize("kept", [0, 1, 2, 10, 60, 200, -1])
def test_a_file_cut_short_has_no_stamp(tmp_path: Path, kept: int) -> None:
    path = jpeg(tmp_path / "a.jpg", comment=stamp_comment(STAMP))
    path.write_bytes(path.read_bytes()[:kept])
    assert read_jpeg_stamp(path) is None


def test_no_file_another_comment_and_another_format_have_no_stamp(tmp_path: Path) -> None:
    assert read_jpeg_stamp(tmp_path / "none.jpg") is None
    assert read_jpeg_stamp(tmp_path) is None
    assert read_jpeg_stamp(jpeg(tmp_path / "a.jpg")) is None
    assert read_jpeg_stamp(jpeg(tmp_path / "b.jpg", comment=b"vtx-stamp-v1 " + b"x" * 64)) is None
    Image.new("RGB", (4, 4)).save(tmp_path / "c.png")
    assert read_jpeg_stamp(tmp_path / "c.png") is None
