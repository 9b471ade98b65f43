"""The board's pages, read back by another program."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from pypdf import PdfReader

from vtx_app.board.model import Board, CameraWords, Panel
from vtx_app.board.pages import PANELS_OF_A_PAGE, write_pages
from vtx_app.board.sheet import sheet_layout, write_sheet
from vtx_app.compile.request import Line
from vtx_app.cut.delivery import Delivery
from vtx_app.errors import CutError
from vtx_app.media.pdf_stamp import read_pdf_stamp

RATE = Fraction(24)
MM = 72 / 25.4


def panel(number: int, **parts: Any) -> Panel:
    facts: dict[str, Any] = {
        "title": f"Title {number}",
        "scene": f"Act 1, scene {(number + 3) // 4}",
        "place": "INT. LAMP ROOM - NIGHT",
        "beats": (f"Something happens {number}.",),
        "dialogue": (Line("Mara", f"Line {number}."),),
    }
    clip_id = f"A01_S01_SH{number:03d}"
    took = Path("take.mp4"), "ab" * 32, 3, Delivery(160, 90, 160, 90, RATE, 36)
    facts |= parts
    return Panel(
        number, clip_id, facts["title"], facts["scene"], facts["place"], facts["beats"], facts["dialogue"],
        36 * (number - 1), 36, *took, "cd" * 32,
    )  # fmt: skip


def board(folder: Path, *panels: Panel, title: str = "Harbour", font: Path | None = None, **parts: Any) -> Board:
    size = parts.get("size", (160, 90))
    files = folder / "harbour.pdf", folder / "contact_sheet.jpg"
    return Board(title, "Nobody comes.", RATE, size, 36 * len(panels), panels, font, "", *files)


def picture(shown: Panel) -> Image.Image:
    return Image.new("RGB", (160, 90), (10 * shown.number % 256, 90, 160))


def written(made: Board, cameras: dict[str, CameraWords] | None = None) -> list[str]:
    """The text of each page."""
    write_pages(made, picture, cameras or {}, made.path)
    return [page.extract_text() for page in PdfReader(made.path).pages]


def test_six_panels_a_page_in_order_with_all_they_say(tmp_path: Path) -> None:
    made = board(tmp_path, *(panel(number) for number in range(1, 15)))
    pages = written(made, {"A01_S01_SH002": CameraWords("wide, slow push in", ("in",))})
    assert len(pages) == 3
    for number, text in enumerate(pages):
        shown = made.panels[number * PANELS_OF_A_PAGE :][:PANELS_OF_A_PAGE]
        places = [text.index(f"Something happens {each.number}.") for each in shown]
        assert places == sorted(places)
        assert f"Something happens {shown[-1].number + 1}." not in text
        assert "Harbour" in text
        assert f"{number + 1} / 3" in text
        for each in shown:
            for words in (each.clip_id, each.title, "MARA", f"Line {each.number}.", "1.5 s"):
                assert words in text
    assert "Wide, slow push in" in pages[0]
    assert "01:00:01:12" in pages[0]  # where the second panel begins
    assert "Nobody comes." in pages[0]


def test_the_scene_stands_where_it_begins_and_at_the_top_of_a_page(tmp_path: Path) -> None:
    first, second = written(board(tmp_path, *(panel(number) for number in range(1, 13))))
    assert (first.count("Act 1, scene 1"), first.count("Act 1, scene 2")) == (1, 1)
    assert (second.count("Act 1, scene 2"), second.count("Act 1, scene 3")) == (1, 1)


@pytest.mark.parametrize("size", [(160, 90), (96, 40), (90, 160)])
def test_long_words_stay_on_the_page_and_stand_in_full_at_the_end(tmp_path: Path, size: tuple[int, int]) -> None:
    long = " ".join(f"word{number}" for number in range(400))
    wide = "W" * 300
    full = panel(1, title=long, beats=(long, wide), dialogue=(Line("N" * 80, long), Line("Ivo", "The end.")))
    made = board(tmp_path, full, panel(2), size=size, title="T" * 400)
    pages = written(made)
    assert "Title 2" in pages[0]
    assert "word0 " in pages[0]
    assert "…" in pages[0]
    rest = " ".join(pages[1:]).split()
    assert [word for word in rest if word.startswith("word")].count("word399") == 3
    assert "".join(rest).count("W") >= 300
    assert "The end." in pages[-1]
    for page in PdfReader(made.path).pages:
        right, top = float(page.mediabox.right), float(page.mediabox.top)

        def inside(text: str, _: Any, at: Any, *__: Any, right: float = right, top: float = top) -> None:
            if text.strip():
                assert 12 * MM <= at[4] <= right - 10 * MM, text
                assert 2 * MM <= at[5] <= top - 5 * MM, text

        page.extract_text(visitor_text=inside)


def test_words_are_text_and_nothing_else(tmp_path: Path) -> None:
    hostile = "**bold** __x__ <b>&amp;</b> {nb} (\\) ) %s $(rm) [a](http://b)"
    made = board(tmp_path, panel(1, title=hostile, beats=("Ελληνικά, русский\u202e\x00",)), title=hostile)
    (text,) = written(made)
    assert " ".join(text.split()).count(hostile) == 3  # the title of film and panel, and the foot
    assert "Ελληνικά, русский" in text
    reader = PdfReader(made.path)
    assert reader.metadata is not None
    assert reader.metadata.title == f"{hostile}: storyboard"
    assert "/Annots" not in reader.pages[0]


def test_letters_that_the_films_font_lacks_come_from_another(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from fontTools import subset

    from vtx_app.fonts import FONT

    small = tmp_path / "film.ttf"
    subset.main([str(FONT), "--text=Harbour ", f"--output-file={small}"])
    (text,) = written(board(tmp_path, panel(1), font=small))
    assert "Something happens 1." in text


def test_a_file_that_is_no_font_is_named(tmp_path: Path) -> None:
    (tmp_path / "film.ttf").write_bytes(b"no font")
    with pytest.raises(CutError, match=r"film\.ttf can't be used as a font: .*; see slate_font in metadata\.yaml"):
        written(board(tmp_path, panel(1), font=tmp_path / "film.ttf"))


def test_moves_of_the_camera_are_drawn_and_change_no_word(tmp_path: Path) -> None:
    made = board(tmp_path, panel(1))
    still = written(made)
    before = made.path.read_bytes()
    arrows = ("in", "out", "left", "right", "up", "down", "turn_left", "turn_right")
    for arrow in arrows:
        assert written(made, {"A01_S01_SH001": CameraWords("", (arrow,))}) == still  # type: ignore[dict-item]
        assert made.path.read_bytes() != before


def test_the_same_board_gives_the_same_bytes_and_carries_its_stamp(tmp_path: Path) -> None:
    made = board(tmp_path, panel(1), panel(2))
    written(made)
    first = made.path.read_bytes()
    written(made)
    assert made.path.read_bytes() == first
    assert read_pdf_stamp(made.path) == made.stamp
    assert not made.is_current()  # the sheet is missing
    write_sheet(made, picture, made.sheet)
    assert made.is_current()
    assert not board(tmp_path, panel(1), panel(2, beats=("Something else.",))).is_current()
    made.path.write_bytes(first[:-1000])
    assert not made.is_current()


@pytest.mark.parametrize("shape", [16 / 9, 2.39, 9 / 16])
@pytest.mark.parametrize("count", [1, 6, 18, 400, 2000])
def test_a_sheet_holds_all_pictures_in_a_jpeg(count: int, shape: float) -> None:
    columns, wide, high = sheet_layout(count, shape)
    rows = -(-count // columns)
    assert min(wide, high) >= 36
    assert rows * (high + 40) < 65_000
    assert columns * (wide + 10) <= 2_100
    assert -(-count // rows) == columns  # none is empty


def test_the_sheet_shows_the_panels_in_order(tmp_path: Path) -> None:
    made = board(tmp_path, *(panel(number) for number in range(1, 8)))
    write_sheet(made, picture, made.sheet)
    columns, wide, high = sheet_layout(7, 160 / 90)
    with Image.open(made.sheet) as sheet:
        head = sheet.height - -(-7 // columns) * (high + 10)
        step = (sheet.height - head % high) // -(-7 // columns)
        assert step > 0
        reds = []
        for place in range(columns):
            red = sheet.convert("RGB").getpixel((10 + place * (wide + 10) + wide // 2, 40 + high // 2))
            assert isinstance(red, tuple)
            reds.append(red[0])
    assert reds == pytest.approx([10 * number for number in range(1, columns + 1)], abs=4)
