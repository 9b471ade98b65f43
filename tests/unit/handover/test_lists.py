"""Cuts written as lists, read back by VTX and by OpenTimelineIO's own adapters."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import opentimelineio as otio
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from kit.handover import CODED, EDITED, IDS, RATES, THREE, cut_of, edits, pieces
from vtx_app.cut.trim import EditFaults
from vtx_app.errors import ProjectError
from vtx_app.formats.rate import has_time_code
from vtx_app.handover.ale import ale_text
from vtx_app.handover.edl import edl_text, read_edl
from vtx_app.handover.found import Found
from vtx_app.handover.model import Cut
from vtx_app.handover.names import media_name, portable_name, read_media_name, reel_name
from vtx_app.handover.otio_file import otio_text
from vtx_app.handover.otio_reader import found_in, read_otio
from vtx_app.handover.readme import readme_text

A, B, C, D = IDS


HOURS = {Fraction(30_000, 1001): 107_892, Fraction(60_000, 1001): 215_784}
"""Frames in an hour of drop-frame time code (SMPTE ST 12-1)."""


def of_otio(cut: Cut, folder: Path) -> Found:
    path = folder / "cut.otio"
    path.write_text(otio_text(cut))
    return read_otio(path)


@pytest.mark.parametrize("rate", RATES, ids=str)
def test_otio_has_every_frame_at_every_rate(rate: Fraction, tmp_path: Path) -> None:
    cut = cut_of(THREE, EDITED, rate)
    found = of_otio(cut, tmp_path)
    assert list(found.pieces) == pieces(cut)
    assert found.joins == cut.joins
    assert found.frames == cut.frames
    assert found.rate == rate
    assert found.ignored == ()


@pytest.mark.parametrize("rate", RATES, ids=str)
def test_otio_adds_up_to_the_frame_for_its_own_reader(rate: Fraction) -> None:
    cut = cut_of(THREE, EDITED, rate)
    timeline = otio.adapters.read_from_string(otio_text(cut), "otio_json")
    track = timeline.video_tracks()[0]
    assert track.duration() == otio.opentime.RationalTime(cut.frames, float(rate))
    clips = [each for each in track if isinstance(each, otio.schema.Clip)]
    seen = [(each.source_range.start_time.value, each.source_range.duration.value) for each in clips]
    hour = HOURS.get(rate, 3600 * round(rate)) if has_time_code(rate) else 0
    assert seen == [(hour + each.first, each.frames) for each in pieces(cut)]
    for clip in clips:
        there = clip.available_range()
        assert there.start_time <= clip.source_range.start_time
        assert clip.source_range.end_time_exclusive() <= there.end_time_exclusive()
        assert not clip.media_reference.target_url.startswith(("/", "file:"))
    assert timeline.video_tracks()[0].range_of_child_at_index(0).start_time.value == 0


@pytest.mark.parametrize("rate", CODED, ids=str)
def test_cmx_3600_is_read_to_the_frame_by_opentimelineio(rate: Fraction) -> None:
    """Its reader puts a dissolve after the cut, so what is seen is compared: the frame of the take at each cut."""
    cut = cut_of(THREE, EDITED, rate)
    text = edl_text(cut)
    timeline = otio.adapters.read_from_string(text, "cmx_3600", rate=float(rate))
    track = timeline.tracks[0]
    hour = HOURS.get(rate, 3600 * round(rate))
    shown = []
    for child in track:
        if isinstance(child, otio.schema.Clip) and (named := read_media_name(child.name)):
            start = round(track.range_of_child(child).start_time.value)
            shown.append((named[0], round(child.source_range.start_time.value) - hour - start))
    assert shown == [(each.clip_id, each.first - each.start) for each in pieces(cut)]
    assert round(track.duration().value) == cut.frames
    lengths = [
        round((each.in_offset + each.out_offset).value) for each in track if isinstance(each, otio.schema.Transition)
    ]
    assert lengths == [9, 4, 3, 5]


@pytest.mark.parametrize("rate", CODED, ids=str)
def test_cmx_3600_is_read_back(rate: Fraction) -> None:
    cut = cut_of(THREE, EDITED, rate)
    for reels, text in (({}, edl_text(cut)), (_reels(cut), _without_names(edl_text(cut)))):
        found = read_edl(text, rate, reels)
        assert list(found.pieces) == pieces(cut)
        assert sorted(found.joins, key=lambda each: each.at) == list(cut.joins)
        assert found.sound is None
        assert found.ignored == ()


def test_a_title_of_any_letters_is_one_line_without_control_characters() -> None:
    title = "Ça {0}\n\0 \x1b[31m %s\u2028灯台"
    assert edl_text(replace(cut_of(THREE, {}), title=title)).splitlines()[0] == "TITLE: Ça {0} [31m %s 灯台"
    assert edl_text(replace(cut_of(THREE, {}), title="\x07")).splitlines()[0] == "TITLE: untitled"


def _reels(cut: Cut) -> dict[str, str]:
    return {each.reel: each.name for each in cut.media}


def _without_names(text: str) -> str:
    return "".join(line for line in text.splitlines(keepends=True) if not line.startswith("*"))


@pytest.mark.parametrize("rate", CODED, ids=str)
def test_an_avid_log_is_read_by_opentimelineio(rate: Fraction) -> None:
    cut = cut_of(THREE, EDITED, rate)
    spare = replace(cut.media[0], number=12, reel="10100101", shown=False, title="Tab\there", note="two\nlines «ü»")
    media = [*cut.media, spare]
    clips = otio.adapters.read_from_string(ale_text(media, rate, 1080), "ale")
    hour = HOURS.get(rate, 3600 * round(rate))
    for clip, each in zip(clips, media, strict=True):
        assert clip.name == each.name
        assert (clip.source_range.start_time.value, clip.source_range.duration.value) == (hour, each.frames)
        assert round(clip.source_range.duration.rate * 1001) == round(rate * 1001)
        columns = clip.metadata["ALE"]
        assert (columns["Tape"], columns["Take"]) == (each.reel, str(each.number))
        assert columns["Circled"] == ("Yes" if each.shown else "")
    assert (columns["Description"], columns["Comments"]) == ("Tab here", "two lines «ü»")
    assert columns["Scene"] == "1.1.1"


def test_a_rate_without_time_code_has_no_edl() -> None:
    assert [str(rate) for rate in RATES if not has_time_code(rate)] == ["16"]


@settings(deadline=None, max_examples=60)
@given(edits(), st.sampled_from(RATES))
def test_what_is_written_is_read(made: Any, rate: Fraction) -> None:
    materials, edit = made
    try:
        cut = cut_of(materials, edit, rate)
    except EditFaults:
        assume(False)
    timeline = otio.adapters.read_from_string(otio_text(cut), "otio_json")
    found = found_in(timeline, otio)
    assert list(found.pieces) == pieces(cut)
    assert found.joins == cut.joins
    heard = [(each.media.clip_id, each.first, each.frames, each.start, each.gain_db) for each in cut.sound]
    sound = found.sound or ()
    assert sorted(heard) == sorted((each.clip_id, each.first, each.frames, each.start, each.gain_db) for each in sound)
    if has_time_code(rate):
        listed = read_edl(edl_text(cut), rate, {})
        assert list(listed.pieces) == pieces(cut)
        assert sorted(listed.joins, key=lambda each: each.at) == list(cut.joins)


def test_stills_and_cards() -> None:
    edit = {
        "clips": {A: {"hold": {"first": 5, "last": 7}}},
        "titles": [{"text": "Later\nthat day", "frames": 20, "after": A}, {"text": "Rain", "frames": 9, "over": B}],
    }
    cut = cut_of(THREE, edit)
    assert [(each.start, each.frames, each.first, each.still) for each in cut.picture][:4] == [
        (0, 5, 8, True),
        (5, 48, 8, False),
        (53, 7, 55, True),
        (60, 20, 0, False),
    ]
    assert [each.name for each in cut.markers] == ["Rain"]
    assert any("words over the picture" in line for line in cut.not_carried)
    listed = read_edl(edl_text(cut), cut.rate, {})
    assert list(listed.pieces) == pieces(cut)


@given(
    st.integers(1, 120), st.integers(1, 999), st.integers(1, 9999), st.sampled_from(["", "A", "Z"]), st.integers(1, 99)
)
def test_reels_have_eight_letters_and_digits(act: int, scene: int, shot: int, letter: str, take: int) -> None:
    clip_id = f"A{act:02d}_S{scene:02d}_SH{shot:03d}{letter}"
    reel = reel_name(clip_id, take)
    assert len(reel) == 8
    assert reel.isalnum()
    assert read_media_name(f"media/{media_name(clip_id, take)}.mov") == (clip_id, take)


def test_reels_differ() -> None:
    """Of each of 120 takes, of shots with and without a letter, in acts and scenes of one, two and three digits."""
    clips = [
        f"A{act:02d}_S{scene:02d}_SH{shot:03d}{letter}"
        for act in (1, 9, 10, 32, 33, 40, 99, 100)
        for scene in (1, 12, 99, 120)
        for shot in (1, 3, 10, 999, 1001)
        for letter in ("", "A", "B", "Z")
    ]
    names = Counter(reel_name(clip_id, take) for clip_id in clips for take in range(1, 121))
    assert len(names) == len(clips) * 120
    assert {len(name) for name in names} == {8}


def test_reels_of_usual_takes_can_be_read() -> None:
    assert reel_name("A01_S02_SH003A", 4) == "102003A4"
    assert reel_name("A12_S10_SH120", 11) == "C101200B"
    assert reel_name("A01_S02_SH003A", 35) == "102003AZ"
    assert reel_name("A01_S02_SH003A", 36)[0] == "X"


def test_no_two_takes_of_a_film_of_99_acts_share_a_number() -> None:
    """Neighbours in the count, where one number would run into the next."""
    assert reel_name("A99_S99_SH999Z", 580)[0] == "Y"
    assert reel_name("A99_S99_SH999Z", 581)[0] == "Z"
    ends = [reel_name("A40_S01_SH001", take) for take in (579, 580)] + [reel_name("A40_S01_SH001A", 1)]
    assert [int(end, 36) - int(ends[0], 36) for end in ends] == [0, 1, 2]


@pytest.mark.parametrize(
    ("name", "portable"),
    [
        ("theme.flac", "theme.flac"),
        ("港の歌 (final) .wav", "港の歌 (final).wav"),
        ('Thème & "50%": #1?.wav', "Thème & _50%__ #1_.wav"),
        ("a\\b\x07|c*.mp3 ", "a_b__c_.mp3"),
        ("con.wav", "_con.wav"),
        (".wav", "_.wav"),
        ("rain...wav", "rain.wav"),
        ("Lpt1", "_Lpt1"),
    ],
)
def test_music_has_a_name_that_every_system_takes(name: str, portable: str) -> None:
    assert portable_name(name) == portable
    assert portable_name(portable) == portable


@pytest.mark.parametrize("rate", RATES, ids=str)
def test_the_readme_says_where_time_code_begins(rate: Fraction) -> None:
    text = readme_text(cut_of(THREE, EDITED, rate), [], {})
    assert ("01:00:00;00 in each" in text) == (rate in HOURS)
    assert ("Time code begins" in text) == has_time_code(rate)


@pytest.mark.parametrize("text", ["", "{}", "[1]", '{"OTIO_SCHEMA": "Clip.2"}', "[" * 5000, '{"OTIO_SCHEMA": 3}'])
def test_what_is_no_otio_file_is_told(text: str, tmp_path: Path) -> None:
    path = tmp_path / "cut.otio"
    path.write_text(text)
    with pytest.raises(ProjectError, match=r"cut\.otio"):
        read_otio(path)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "no event"),
        ("001  AX V C 00:00:00:00 00:00:01:00 01:00:00:00 01:00:00:99", "line 1"),
        ("001  AX V C 00:00:00:00 00:00:01:00 01:00:01:00 01:00:00:00", "line 1"),
        ("TITLE: x\n001  AX V C 00:00", "line 2"),
    ],
)
def test_what_is_no_list_is_told_by_its_line(text: str, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        read_edl(text, Fraction(24), {})
