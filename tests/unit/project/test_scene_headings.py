"""The headings in the files of a film's scenes."""

from __future__ import annotations

from pathlib import Path

import pytest

from vtx_app.errors import ProjectError, SpecError
from vtx_app.formats.heading import Heading
from vtx_app.project.scene_headings import Headings, scene_headings

STORM = """\
EXT. ROC'H WENN - NIGHT (RAIN)

Storm. A wave breaks.

INT. LAMP ROOM - CONTINUOUS

Nobody.

INSERT - A BRASS PLAQUE

rubbed soft by a century of sleeves

INT. WATCH ROOM - HOURS LATER

Cold coffee.

EXT. ROC'H WENN - LATER
"""


def test_the_headings_of_a_scene_with_the_time_that_goes_on() -> None:
    assert scene_headings(STORM) == (
        Heading("EXT", "ROC'H WENN", "night", "rain"),
        Heading("INT", "LAMP ROOM", "night", ""),
        Heading("INT", "WATCH ROOM", "", ""),
        Heading("EXT", "ROC'H WENN", "night", ""),
    )


def test_a_scene_that_only_goes_on_has_no_time() -> None:
    assert scene_headings("INT. LAMP ROOM - CONTINUOUS\n\nNobody.") == (Heading("INT", "LAMP ROOM", "", ""),)


@pytest.mark.parametrize(
    "text",
    [
        "INT. QUAY - DAY",
        "\ufeffINT. QUAY - DAY\r\n\r\nNobody.",
        "Int. Quay - day",
        "INT QUAY - DAY\nNobody.",
        "## INT. QUAY - DAY\n\nNobody.",
        "**INT. QUAY - DAY**",
        "INT. QUAY - DAY #12A#",
        "# Act one\n\nINT. QUAY - DAY",
        "/* EXT. ATTIC - NIGHT */\n\nINT. QUAY - DAY",
        "[[or: EXT. ATTIC - NIGHT]]\n\nINT. QUAY - DAY",
    ],
)
def test_the_ways_to_write_a_heading(text: str, tmp_path: Path) -> None:
    (tmp_path / "scene.md").write_text(text, encoding="utf-8")
    (found,) = Headings(tmp_path, {(1, 1): "scene.md"}).of((1, 1))
    assert (found.setting, found.place.upper(), found.time) == ("INT", "QUAY", "day")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Interior life is all she has.",
        "Ext was a language.",
        "INTERVIEW WITH A KEEPER",
        "She reads:\nINT. QUAY - DAY",
        "...and then nothing",
        "BACK TO SCENE",
    ],
)
def test_what_is_no_heading(text: str) -> None:
    assert scene_headings(text) == ()


def test_a_forced_heading_names_a_place() -> None:
    assert scene_headings(".SNIPER SCOPE - DUSK") == (Heading("", "SNIPER SCOPE", "dusk", ""),)


def test_a_scene_is_read_once_and_only_when_asked_for(tmp_path: Path) -> None:
    file = tmp_path / "scene.md"
    headings = Headings(tmp_path, {(1, 1): "scene.md"})
    file.write_text("INT. QUAY - DAY", encoding="utf-8")
    first = headings.of((1, 1))
    file.unlink()
    assert headings.of((1, 1)) == first
    assert (headings.of((1, 2)), headings.file((1, 1)), headings.file((1, 2))) == ((), "scene.md", None)


def test_a_scene_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    (tmp_path / "folder.md").mkdir()
    (tmp_path / "latin.md").write_bytes("EXT. CAF\u00c9 - JOUR".encode("latin-1"))
    (tmp_path.parent / "outside.md").write_text("INT. QUAY")
    (tmp_path / "link.md").symlink_to(tmp_path.parent / "outside.md")
    headings = Headings(tmp_path, {(1, 1): "folder.md", (1, 2): "latin.md", (1, 3): "link.md"})
    with pytest.raises(SpecError, match=r"folder\.md: can't be read: "):
        headings.of((1, 1))
    with pytest.raises(SpecError, match=r"latin\.md:1: not UTF-8 text"):
        headings.of((1, 2))
    with pytest.raises(ProjectError, match=r"'link\.md' leads out of the project"):
        headings.of((1, 3))
