from __future__ import annotations

import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import Image, ImageFont

from vtx_app.compile.request import Line
from vtx_app.cut.delivery import SlateText
from vtx_app.cut.lettering import ink_patch, printable, truncate, wrap
from vtx_app.cut.slate import Slate
from vtx_app.cut.slate_people import Cast, Figure, Tag
from vtx_app.fonts import font
from vtx_app.formats.time_code import time_code

RATE = Fraction(24)
Planes = tuple[NDArray[np.uint8], NDArray[np.uint8], NDArray[np.uint8]]


def grey(width: int, height: int, level: int = 120) -> Planes:
    half = (height // 2, width // 2)
    return np.full((height, width), level, np.uint8), np.full(half, 128, np.uint8), np.full(half, 128, np.uint8)


def burned(text: SlateText, width: int, height: int, index: int, frames: int = 48) -> Planes:
    planes = grey(width, height)
    Slate(text, width, height, RATE, frames).burn(*planes, index)
    return planes


FULL = SlateText(
    "A01_S02_SH003A",
    "The lamp will not light",
    ("She climbs", "The lamp is cold", "The window"),
    (Line("Inès", "Nobody you can see."), Line("Yann", "Go to bed.")),
)
EMPTY = SlateText("", "", (), ())


def test_time_codes_count_at_the_rounded_rate() -> None:
    ntsc = Fraction(30000, 1001)
    assert time_code(0, RATE) == "00:00:00:00"
    assert time_code(23, RATE) == "00:00:00:23"
    assert time_code(24 * 3661 + 5, RATE) == "01:01:01:05"
    assert time_code(30, ntsc) == "00:00:01:00"
    assert time_code(29, ntsc) == "00:00:00:29"
    assert time_code(119, Fraction(120)) == "00:00:00:119"


@pytest.mark.parametrize("size", [(854, 480), (1920, 800), (288, 512), (128, 64)])
def test_every_part_is_outside_the_picture(size: tuple[int, int]) -> None:
    width, height = size
    slate = Slate(FULL, width, height, RATE, 48)
    place = slate.place
    planes = grey(width, height)
    slate.burn(*planes, 20)
    changed = planes[0] != 120
    assert changed[: place.bar, : width // 3].any()  # clip id and title
    assert changed[: place.bar, width * 2 // 3 :].any()  # time code
    assert changed[height - place.foot :, width // 3 : width * 2 // 3].any()  # dialogue
    assert not changed[place.top : place.top + place.height, place.left : place.left + place.width].any()
    assert place.height >= height * 0.55
    assert abs(place.width / place.height - width / height) < 0.1


def test_a_small_slate_is_a_band_above_and_says_less() -> None:
    text = SlateText(FULL.clip_id, FULL.title, (), FULL.dialogue, style="small")
    full, small = Slate(FULL, 854, 480, RATE, 48), Slate(text, 854, 480, RATE, 48)
    assert small.place.height > full.place.height
    assert small.place.foot == 0
    planes = grey(854, 480)
    small.burn(*planes, 20)
    assert not (planes[0][small.place.bar :] != 120).any()


def test_a_patch_that_covers_all_is_copied_as_it_would_be_blended() -> None:
    ground, letters = np.ones((8, 16), np.float32), np.linspace(0, 1, 128, dtype=np.float32).reshape(8, 16)
    for cover in (1.0, 0.6):
        patch = ink_patch(2, 4, [(ground, (16, 128, 128), cover), (letters, (178, 84, 152), 1.0)])
        assert bool(patch.covers) == (cover == 1.0)
        planes = grey(24, 16)
        patch.burn(*planes)
        for plane, before, (kept, added), half in zip(planes, grey(24, 16), patch.planes, (1, 2, 2), strict=True):
            before[4 // half : 12 // half, 2 // half : 18 // half] = (
                before[4 // half : 12 // half, 2 // half : 18 // half] * kept + added
            ) >> 8
            np.testing.assert_array_equal(plane, before)


def test_the_take_stands_beside_the_time_code() -> None:
    plain = SlateText("A01_S01_SH001", "Dusk", (), ())
    told = SlateText("A01_S01_SH001", "Dusk", (), (), take="3f2a91c")
    one, two = burned(plain, 854, 480, 5)[0], burned(told, 854, 480, 5)[0]
    own = slice(854 - 98, 854)
    assert np.array_equal(one[:, own], two[:, own])
    assert not np.array_equal(one[:, 300:740], two[:, 300:740])


def portrait(tone: int) -> Image.Image:
    return Image.new("RGB", (64, 64), (tone, tone, tone))


def test_who_is_in_the_shot_has_a_card_in_the_margin_and_the_speaker_is_marked() -> None:
    figures = (Figure("Inès", portrait(200), (200, 80, 40), True), Figure("Yann", portrait(90), (40, 80, 200), False))
    slate = Slate(FULL, 854, 480, RATE, 96, cast=Cast(figures))
    margins = set()
    for index in range(96):
        planes = grey(854, 480)
        slate.burn(*planes, index)
        left = planes[0][slate.place.top : slate.place.top + slate.place.height, : slate.place.left]
        assert (left != 120).mean() > 0.15
        margins.add(left.tobytes())
    assert len(margins) == 3  # nobody, Inès, Yann speaks


def test_a_name_is_over_its_head_and_inside_the_picture() -> None:
    picture = (100, 40, 600, 300)
    for x, y in ((0.5, 0.4), (0.0, 0.0), (1.0, 0.95)):
        cast = Cast((), lambda index, x=x, y=y: [Tag("Inès", x, y, (200, 80, 40))])  # type: ignore[misc]
        planes = grey(854, 480)
        slate = Slate(EMPTY, 854, 480, RATE, 24, cast=cast)
        slate.burn(*planes, 3, picture)
        without = grey(854, 480)
        slate.burn(*without, 3)
        rows, columns = np.nonzero(planes[0] != without[0])
        assert columns.min() >= 100 and columns.max() < 700 and rows.min() >= 40 and rows.max() < 340
        if (x, y) == (0.5, 0.4):
            assert abs(columns.mean() - 400) < 20 and 120 < rows.mean() < 162


def test_two_names_do_not_lie_on_each_other() -> None:
    tags = [Tag("Inès", 0.5, 0.5, (200, 80, 40)), Tag("Yann", 0.51, 0.5, (40, 80, 200))]

    def drawn(some: list[Tag]) -> int:
        planes = grey(854, 480)
        Slate(EMPTY, 854, 480, RATE, 24, cast=Cast((), lambda index: some)).burn(*planes, 0, (100, 40, 600, 300))
        return int((planes[0][40:340] != 120).sum())

    assert drawn(tags) >= 0.95 * (drawn(tags[:1]) + drawn(tags[1:]))


def test_the_time_code_runs_beats_and_lines_change() -> None:
    slate = Slate(FULL, 854, 480, RATE, 96)
    seen = []
    for index in range(96):
        planes = grey(854, 480)
        slate.burn(*planes, index)
        seen.append(planes[0])
    codes = [picture[: slate.place.bar, 740:].tobytes() for picture in seen]
    assert len(set(codes)) == 96
    assert len({picture[: slate.place.bar, 300:660].tobytes() for picture in seen}) == len(FULL.beats)
    said = {picture[-slate.place.foot :].tobytes() for picture in seen}
    assert len(said) == len(FULL.dialogue) + 1  # and nothing, before, between and after


def test_frames_may_come_in_any_order() -> None:
    slate = Slate(FULL, 320, 180, RATE, 48)
    for index in (40, 3, 40, 20, 3):
        planes = grey(320, 180)
        slate.burn(*planes, index)
        fresh = burned(FULL, 320, 180, index)
        assert all(np.array_equal(a, b) for a, b in zip(planes, fresh, strict=True))


def test_a_new_title_is_seen() -> None:
    other = SlateText(FULL.clip_id, "The lamp lights", FULL.beats, FULL.dialogue)
    assert not np.array_equal(burned(FULL, 320, 180, 5)[0], burned(other, 320, 180, 5)[0])


def test_letters_are_white_on_dark_whatever_the_picture() -> None:
    for level in (16, 235):
        planes = grey(854, 480, level)
        Slate(FULL, 854, 480, RATE, 48).burn(*planes, 20)
        strip = planes[0][4:26, 10:300]
        assert int(strip.max()) - int(np.median(strip)) > 60


HOSTILE = [
    "x" * 50_000,
    "word " * 10_000,
    "😀👩‍👩‍👧‍👦🏴‍☠️",
    "שלום עולם, מה שלומך היום?",
    "مرحبا بالعالم، كيف حالك؟",
    "我数了一整夜。" * 30,
    "one\ntwo\r\nthree\tfour\x00\x07",
    "\u202eevil\u202c \u2066x\u2069",
    "a" + "\u0301" * 500,
    "$(rm -rf) `x` \\n %s {0} <b>",
    "\ue000\U000f0000\ufffe",
    "",
    " \n ",
]


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
@pytest.mark.parametrize("size", [(854, 358), (180, 320), (128, 64), (16, 16), (2, 2)])
def test_any_text_is_drawn_inside_any_frame(text: str, size: tuple[int, int]) -> None:
    width, height = size
    wall = 99
    room = np.full((height + 40, width + 40), wall, np.uint8)
    half = np.full((height // 2 + 40, width // 2 + 40), wall, np.uint8)
    other = half.copy()
    y, u, v = room[20:-20, 20:-20], half[20:-20, 20:-20], other[20:-20, 20:-20]
    slate = Slate(SlateText(text, text, (text, "ok"), (Line(text, text), Line("A", text))), width, height, RATE, 30)
    for index in (0, 7, 14, 29):
        slate.burn(y, u, v, index)
    for plane in (room, half, other):
        plane[20:-20, 20:-20] = wall
        assert (plane == wall).all()


@settings(max_examples=25, deadline=None)
@given(
    st.builds(
        SlateText, st.text(max_size=30), st.text(max_size=60), st.lists(st.text(max_size=30), max_size=4).map(tuple),
        st.lists(st.builds(Line, st.text(max_size=20), st.text(max_size=120)), max_size=3).map(tuple),
    ),
    st.integers(1, 120).map(lambda n: 2 * n),
    st.integers(1, 80).map(lambda n: 2 * n),
    st.integers(1, 40),
    st.integers(0, 60),
)  # fmt: skip
def test_no_text_and_no_size_is_too_much(text: SlateText, width: int, height: int, frames: int, index: int) -> None:
    planes = grey(width, height)
    Slate(text, width, height, RATE, frames).burn(*planes, index)
    assert min(int(plane.min()) for plane in planes) >= 16
    assert max(int(plane.max()) for plane in planes) <= 240


def test_an_empty_slate_still_tells_the_time() -> None:
    one, two = (burned(EMPTY, 320, 180, index)[0] for index in (0, 1))
    assert not np.array_equal(one, two)


@given(st.text(max_size=80), st.integers(10, 300))
def test_what_is_fitted_fits(text: str, width: int) -> None:
    letters = font(14)
    assert letters.getlength(truncate(printable(text), letters, width)) <= width


@given(st.text(alphabet=st.characters(codec="latin-1"), max_size=200), st.integers(40, 300))
def test_wrapping_loses_nothing(text: str, width: int) -> None:
    letters, text = font(14), printable(text)
    lines = wrap(text, letters, width)
    assert "".join("".join(lines).split()) == "".join(text.split())
    assert all(letters.getlength(line) <= width for line in lines)


def test_a_long_speech_is_shown_in_pieces_and_all_of_it() -> None:
    speech = " ".join(f"word{n}" for n in range(60))
    slate = Slate(SlateText("A", "", (), (Line("Mara", speech),)), 640, 360, RATE, 240)
    seen = set()
    for index in range(240):
        planes = grey(640, 360)
        slate.burn(*planes, index)
        seen.add(planes[0][180:].tobytes())
    lines = wrap(speech, font(16), 640 * 0.84)
    assert len(seen) >= len(lines) / 2


def test_letters_that_the_font_has_not_are_told_and_another_font_may_have_them(tmp_path: Path) -> None:
    text = SlateText("A", "灯台 🎬 Ada", ("Ой 灯",), (Line("مرفأ", "ह"),))
    assert set(Slate(text, 640, 360, RATE, 24).missing_letters()) == set("灯台🎬ह")
    font = ImageFont.load_default(20)
    assert isinstance(font, ImageFont.FreeTypeFont)
    own = tmp_path / "own.ttf"
    own.write_bytes(font.font_bytes)
    assert "О" in Slate(text, 640, 360, RATE, 24, own).missing_letters()  # Cyrillic, which the other font has
    shipped, drawn = grey(640, 360), grey(640, 360)
    Slate(FULL, 640, 360, RATE, 48).burn(*shipped, 20)
    Slate(FULL, 640, 360, RATE, 48, own).burn(*drawn, 20)
    assert not np.array_equal(shipped[0], drawn[0])


def test_two_processes_draw_the_same() -> None:
    code = (
        "import hashlib, numpy as np; from fractions import Fraction\n"
        "from vtx_app.compile.request import Line; from vtx_app.cut.delivery import SlateText\n"
        "from vtx_app.cut.slate import Slate\n"
        f"s = Slate({FULL!r}, 320, 180, Fraction(24), 48)\n"
        "y = np.full((180, 320), 120, np.uint8); u = np.full((90, 160), 128, np.uint8); v = u.copy()\n"
        "s.burn(y, u, v, 20); print(hashlib.sha256(y.tobytes() + u.tobytes() + v.tobytes()).hexdigest())\n"
    )
    told = {
        subprocess.run(
            [sys.executable, "-c", code], env={"PYTHONHASHSEED": seed}, capture_output=True, text=True, check=True
        ).stdout
        for seed in ("1", "2")
    }
    assert len(told) == 1
