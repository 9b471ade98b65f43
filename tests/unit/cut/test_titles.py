from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import Image

from vtx_app.cut.titles import missing_in_title, needs_layout, title_fault, title_picture
from vtx_app.errors import CutError
from vtx_app.formats.edit import Lettering

SIZES = [(1280, 720), (1920, 800), (480, 854), (128, 64)]


def words(text: str, **keys: Any) -> Lettering:
    return Lettering(text=text, frames=24, **keys)


def alpha(picture: Image.Image) -> NDArray[np.float64]:
    return np.asarray(picture, np.float64)[..., 3] / 255


def ink(picture: Image.Image) -> tuple[int, int, int, int]:
    """First and last row, first and last column of what is drawn."""
    rows, columns = np.nonzero(alpha(picture) > 0.02)
    return int(rows.min()), int(rows.max()), int(columns.min()), int(columns.max())


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("place", ["upper", "centre", "lower"])
def test_words_stand_in_their_place_inside_the_safe_title_area(size: tuple[int, int], place: str) -> None:
    width, height = size
    picture = title_picture(words("Åg the light\nof the Ñý", place=place, size=6.0), width, height)
    top, bottom, left, right = ink(picture)
    assert picture.size == size
    assert height * 0.05 - 1 <= top <= bottom <= height * 0.95
    assert width * 0.05 - 1 <= left <= right <= width * 0.95
    assert abs((left + right) / 2 - width / 2) <= 2
    middle = (top + bottom) / 2 / height
    assert {"upper": middle < 0.3, "centre": 0.45 < middle < 0.55, "lower": middle > 0.7}[place]


def test_the_lines_of_lower_words_stand_equally_low_with_and_without_descenders() -> None:
    low, high = (
        alpha(title_picture(words(text, place="lower", size=10.0), 640, 360)) for text in ("lamplight", "tall tale")
    )
    rows = [int(np.nonzero(each[:, 300:].max(1) > 0.5)[0].min()) for each in (low, high)]
    assert abs(rows[0] - rows[1]) <= 1


def test_size_is_that_of_the_type_in_hundredths_of_the_height() -> None:
    heights = {}
    for size in (5.0, 10.0, 20.0):
        top, bottom, _, _ = ink(title_picture(words("HE", size=size), 1280, 720))
        heights[size] = bottom - top + 1
    assert heights[10.0] == pytest.approx(0.73 * 72, abs=1.5)  # capitals of DejaVu Sans are 0.73 em high
    assert heights[20.0] == pytest.approx(2 * heights[10.0], abs=2)
    assert heights[5.0] == pytest.approx(heights[10.0] / 2, abs=2)


@settings(max_examples=25, deadline=None)
@given(st.text("abc WM\n灯ß", min_size=1, max_size=120).filter(str.strip), st.floats(1, 40), st.sampled_from(SIZES))
def test_words_fit_or_the_largest_size_that_does_is_named(text: str, size: float, shape: tuple[int, int]) -> None:
    lettering = words(text, size=size)
    fault = title_fault(lettering, *shape)
    if fault is None:
        assert title_picture(lettering, *shape).size == shape
        return
    with pytest.raises(CutError) as raised:
        title_picture(lettering, *shape)
    assert str(raised.value) == fault
    named = re.search(r"the largest size that fits is ([\d.]+)$", fault)
    smaller = float(named[1]) if named else None
    if smaller is None:
        assert title_fault(words(text, size=1.0), *shape) is not None
    else:
        assert smaller < size
        assert title_fault(words(text, size=smaller), *shape) is None
        larger = min(smaller + 0.11, size)
        assert title_fault(words(text, size=larger), *shape) is not None


def test_words_over_a_shot_are_readable_on_any_picture() -> None:
    for colour, grounds in {"#ffffff": (255, 200, 128, 0), "#101010": (0, 16, 90, 255), "#ffcc00": (255, 0)}.items():
        plain = alpha(title_picture(words("Three years later", size=8.0, colour=colour), 640, 360))
        edged = title_picture(words("Three years later", size=8.0, colour=colour), 640, 360, edged=True)
        letter = plain > 0.98
        around = (plain < 0.02) & (np.asarray(Image.fromarray(plain > 0.5).resize((640, 360))) == 0)
        grown = np.zeros_like(letter)
        for y in (-2, -1, 1, 2):
            grown |= np.roll(letter, y, 0) | np.roll(letter, y, 1)
        around &= grown
        for ground in grounds:
            shown = np.asarray(Image.alpha_composite(Image.new("RGBA", (640, 360), (ground,) * 3), edged), np.float64)
            luma = shown[..., :3] @ [0.2126, 0.7152, 0.0722]
            light, dark = sorted((np.median(luma[letter]), np.median(luma[around])), reverse=True)
            contrast = (_linear(light) + 0.05) / (_linear(dark) + 0.05)
            assert contrast >= 3, (colour, ground, contrast)  # WCAG 2.2, 1.4.3: large text


def _linear(level: float) -> float:
    return float(((level / 255 + 0.055) / 1.055) ** 2.4)


def test_cards_have_plain_letters() -> None:
    picture = np.asarray(title_picture(words("The End", colour="#8040c0"), 320, 180))
    assert {tuple(pixel) for pixel in picture[..., :3].reshape(-1, 3).tolist()} == {(0x80, 0x40, 0xC0)}
    assert picture[..., 3].max() == 255


def test_missing_letters_are_named_and_drawn_as_boxes() -> None:
    assert missing_in_title("The 灯台\nis 守 é") == "灯台守"
    assert alpha(title_picture(words("灯"), 320, 180)).max() > 0.5


@pytest.mark.parametrize("text", ["\ufe0f", "\ufe00 \ufe0f"])  # the edit's format refuses those without any sign
def test_without_anything_to_draw_the_picture_is_empty(text: str) -> None:
    assert not alpha(title_picture(words(text), 64, 64)).any()


@pytest.mark.parametrize(
    "text",
    [
        "{0.__class__} %s %n $(reboot) `id` <b>&amp;",
        "a" + "\u0301" * 60,
        "\u202eevil\u202c שלום 123",
        "🏴\u200d☠\ufe0f 👨\u200d👩\u200d👧",
        "x " * 50_000,
        "\n" * 90_000 + "end",
        "W" * 100_000,
    ],
)
def test_hostile_text_is_drawn_or_refused(text: str) -> None:
    try:
        top, bottom, left, right = ink(title_picture(words(text, size=3.0), 640, 360))
    except CutError as error:
        assert "the words don't fit" in str(error)
    else:
        assert (top, left) >= (360 * 0.05 - 1, 640 * 0.05 - 1)
        assert bottom <= 360 * 0.95
        assert right <= 640 * 0.95


def test_right_to_left_words_are_laid_out_from_the_right() -> None:
    both = alpha(title_picture(words("שלום abc", size=12.0), 640, 360))
    swapped = alpha(title_picture(words("abc שלום", size=12.0), 640, 360))
    hebrew = alpha(title_picture(words("שלום", size=12.0), 640, 360))
    _, _, left, right = ink(title_picture(words("שלום abc", size=12.0), 640, 360))
    width = ink(title_picture(words("שלום", size=12.0), 640, 360))
    span = width[3] - width[2]
    # The paragraph begins with Hebrew, so Hebrew stands to the right of the Latin letters.
    np.testing.assert_allclose(both[:, right - span : right + 1].sum(), hebrew.sum(), rtol=0.05)
    assert both.sum() == pytest.approx(swapped.sum(), rel=0.02)
    assert left < right - span


def test_scripts_that_must_be_laid_out() -> None:
    assert [
        text for text in ("Inès", "e\u0301", "灯台", "שלום", "مرحبا", "q\u0308", "हिन्दी") if needs_layout(text)
    ] == [
        "שלום",
        "مرحبا",
        "q\u0308",
        "हिन्दी",
    ]


def test_a_file_that_is_no_font_is_an_os_error(tmp_path: Path) -> None:
    (tmp_path / "font.ttf").write_bytes(b"no font")
    with pytest.raises(OSError, match="unknown file format"):
        title_picture(words("The End"), 320, 180, tmp_path / "font.ttf")
