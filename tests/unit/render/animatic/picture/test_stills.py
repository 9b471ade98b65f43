from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from vtx_app.errors import RenderError
from vtx_app.render.animatic.picture.stills import covering, open_still


def halves(width: int, height: int) -> Image.Image:
    """Red on the left, blue on the right."""
    image = Image.new("RGB", (width, height), (220, 20, 20))
    image.paste((20, 20, 220), (width // 2, 0, width, height))
    return image


def test_wide_and_tall_pictures_cover_the_canvas_unstretched() -> None:
    circle = Image.new("RGB", (400, 200))
    y, x = np.ogrid[:200, :400]
    circle.paste((255, 255, 255), mask=Image.fromarray((np.hypot(x - 200, y - 100) < 40).astype(np.uint8) * 255))
    for turned in (circle, circle.rotate(90, expand=True)):
        sheet = covering(turned, 128, 64)
        assert sheet.width / sheet.height == 2
        white = np.asarray(sheet)[..., 0] > 128
        assert abs(int(white.any(0).sum()) - int(white.any(1).sum())) <= 2


def test_exif_orientation_is_respected(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 3  # upside down
    halves(64, 32).save(tmp_path / "turned.jpg", exif=exif, quality=95)
    left = open_still(tmp_path / "turned.jpg").getpixel((5, 16))
    assert isinstance(left, tuple)
    assert left[2] > 150 > left[0]


@pytest.mark.parametrize("mode", ["L", "1", "P", "RGBA", "LA", "CMYK", "YCbCr", "I;16"])
def test_every_kind_of_image_becomes_rgb(tmp_path: Path, mode: str) -> None:
    if mode == "I;16":
        image = Image.fromarray(np.linspace(0, 65535, 64 * 32).astype(np.uint16).reshape(32, 64))
    else:
        image = halves(64, 32).convert(mode)
    path = tmp_path / f"still.{'tif' if mode in ('CMYK', 'YCbCr', 'I;16') else 'png'}"
    image.save(path)
    still = open_still(path)
    assert (still.mode, still.size) == ("RGB", (64, 32))
    assert np.asarray(still).std() > 15


def test_see_through_parts_lie_on_dark_paper(tmp_path: Path) -> None:
    image = Image.new("RGBA", (64, 32), (255, 255, 255, 0))
    image.paste((255, 255, 255, 255), (0, 0, 32, 32))
    image.save(tmp_path / "half.png")
    pixels = np.asarray(open_still(tmp_path / "half.png"))
    assert pixels[16, 10].min() == 255
    assert pixels[16, 50].max() < 60


@pytest.mark.parametrize("content", [b"", b"not an image", b"\x89PNG\r\n\x1a\n broken"])
def test_an_unreadable_image_is_named(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "door.png"
    path.write_bytes(content)
    with pytest.raises(RenderError, match=r"door\.png"):
        open_still(path)


def test_a_missing_image_is_named(tmp_path: Path) -> None:
    with pytest.raises(RenderError, match=r"gone\.png"):
        open_still(tmp_path / "gone.png")
