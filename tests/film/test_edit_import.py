"""An editor's cut of a real film comes back: by vtx, into its edit and its shot list."""

from __future__ import annotations

from pathlib import Path

import opentimelineio as otio
import pytest

from kit.command import vtx, vtx_json
from kit.film import IDS, Film, write_film
from kit.takes import make_takes
from vtx_app.plan.planner import plan_film

EDIT = """\
# the cut
version: 1
clips:
  # the quay is long
  A01_S01_SH001: {out: 20, gain_db: -3}   # shorter
transitions:
  - {after: A01_S01_SH002, dissolve: 6}   # softly
"""
SHOTS = "# order\nshots:\n" + "".join(f"- clip_id: {clip_id}   # {clip_id[-1]}\n" for clip_id in IDS)


@pytest.fixture
def handed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Film:
    film = write_film(tmp_path)
    film.edit("metadata.yaml", "fps: 8", "fps: 24")
    film.write("story/05_edit.yaml", EDIT)
    film.write("story/04_shotlist.yaml", SHOTS)
    monkeypatch.chdir(film.root)
    make_takes(plan_film("harbour", "final"))
    return film


def lists(film: Film) -> dict[str, Path]:
    """The film's own lists, as a hand-over has them."""
    from vtx_app.handover.edl import edl_text
    from vtx_app.handover.fcpxml import fcpxml_text
    from vtx_app.handover.otio_file import otio_text
    from vtx_app.handover.xmeml import xmeml_text
    from vtx_app.plan.handover import film_cut

    cut = film_cut(plan_film("harbour", "final"))
    texts = {".otio": otio_text, ".edl": edl_text, ".xml": xmeml_text, ".fcpxml": fcpxml_text}
    return {suffix: _written(film.root / f"cut{suffix}", write(cut)) for suffix, write in texts.items()}


def _written(path: Path, text: str) -> Path:
    path.write_text(text)
    return path


def test_an_unchanged_cut_changes_nothing(handed: Film) -> None:
    for path in lists(handed).values():
        done = vtx_json(handed, "edit", "import", "harbour", str(path))
        assert done["changes"] == []
        assert done["not_carried"] == []
    assert handed.read("story/05_edit.yaml") == EDIT
    assert handed.read("story/04_shotlist.yaml") == SHOTS


def test_trims_and_order_come_back_with_the_comments_kept(handed: Film) -> None:
    path = lists(handed)[".otio"]
    timeline = otio.adapters.read_from_file(str(path))
    track = timeline.video_tracks()[0]
    clips = [child for child in track if isinstance(child, otio.schema.Clip)]
    frame = otio.opentime.RationalTime(1, 24)
    first = clips[0].source_range
    clips[0].source_range = otio.opentime.TimeRange(
        first.start_time + otio.opentime.RationalTime(4, 24), first.duration - otio.opentime.RationalTime(5, 24)
    )
    last = track[-1]
    del track[-1]
    track.insert(len(track) - 1, last)
    assert frame.value == 1
    for sound in timeline.audio_tracks():
        timeline.tracks.remove(sound)
    otio.adapters.write_to_file(timeline, str(path))
    shown = vtx(handed, "edit", "import", "harbour", str(path), "-n")
    assert "A01_S01_SH001" in shown
    assert "frames 0 to 20 → frames 4 to 19" in shown
    assert "moved" in shown
    assert "not written" in shown
    assert handed.read("story/05_edit.yaml") == EDIT
    done = vtx_json(handed, "edit", "import", "harbour", str(path))
    assert done["takes"] == 0
    assert done["not_carried"] == []
    edit = handed.read("story/05_edit.yaml")
    assert "# the quay is long" in edit
    assert "# softly" in edit
    assert "in: 4" in edit
    assert "out: 19" in edit
    shots = handed.read("story/04_shotlist.yaml")
    assert shots.index("A02_S01_SH002") < shots.index("A02_S01_SH001")
    assert "# order" in shots
    again = vtx_json(handed, "edit", "import", "harbour", str(path))
    assert again["changes"] == []


def test_clips_of_another_act_stay_in_theirs(handed: Film) -> None:
    path = lists(handed)[".otio"]
    timeline = otio.adapters.read_from_file(str(path))
    track = timeline.video_tracks()[0]
    last = track[-1]
    del track[-1]
    track.insert(0, last)
    otio.adapters.write_to_file(timeline, str(path))
    shown = vtx(handed, "edit", "import", "harbour", str(path), "-n")
    assert "not carried: acts follow one another" in shown


def test_two_versions_of_a_cut(handed: Film) -> None:
    before = lists(handed)[".xml"]
    other = handed.write("story/other.yaml", EDIT.replace("out: 20", "out: 12").replace("dissolve: 6", "dip: 8"))
    shown = vtx(handed, "edit", "diff", "harbour", str(before), str(other))
    assert "frames 0 to 20 → frames 0 to 12" in shown
    assert "dissolve 6 → out 4, in 4" in shown
    assert vtx(handed, "edit", "diff", "harbour", str(before), str(before)).strip() == "the same cut"


def test_a_cut_of_another_film_is_refused(handed: Film) -> None:
    """Its clips are not this film's, so that every clip of this film would be left out."""
    track = otio.schema.Track("V1", [otio.schema.Clip("Clip-001", source_range=otio.opentime.range_from_start_end_time(
        otio.opentime.RationalTime(0, 24), otio.opentime.RationalTime(20, 24)))])  # fmt: skip
    timeline = otio.schema.Timeline("theirs")
    timeline.tracks.append(track)
    path = handed.root / "theirs.otio"
    otio.adapters.write_to_file(timeline, str(path))
    shown = vtx(handed, "edit", "import", "harbour", str(path), code=1)
    assert "nothing in that cut is a take of this film" in shown
    assert "'Clip-001': not a take of this film" in shown
    assert handed.read("story/05_edit.yaml") == EDIT


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("cut.txt", "", "expected a file that ends in"),
        ("cut.xml", "<a/>", "expected Final Cut Pro's"),
        ("cut.xml", '<!DOCTYPE x [<!ENTITY a "b">]><xmeml>&a;</xmeml>', "entities"),
        ("cut.otio", "{}", "there is no timeline in it"),
        ("cut.otio", "[", "not a file of OpenTimelineIO"),
        ("cut.edl", "TITLE: x", "no event"),
        ("gone.edl", None, "can't be read"),
    ],
)
def test_a_file_that_is_no_cut_is_told_without_a_traceback(
    handed: Film, name: str, text: str | None, told: str
) -> None:
    path = handed.root / name
    if text is not None:
        path.write_text(text)
    shown = vtx(handed, "edit", "import", "harbour", str(path), code=1)
    assert told in shown
    assert "Traceback" not in shown
