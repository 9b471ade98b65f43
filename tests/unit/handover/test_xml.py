"""Cuts written as XML of Final Cut 7 and of Final Cut Pro, read back by VTX and by others."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import opentimelineio as otio
import pytest
from defusedxml.ElementTree import fromstring
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from kit.handover import CODED, EDITED, IDS, THREE, cut_of, edits, pieces
from vtx_app.cut.trim import EditFaults
from vtx_app.errors import ProjectError
from vtx_app.handover.fcpxml import fcpxml_text
from vtx_app.handover.fcpxml_reader import read_fcpxml
from vtx_app.handover.found import Found
from vtx_app.handover.model import Cut, Laid, Marker
from vtx_app.handover.otio_file import otio_text
from vtx_app.handover.otio_reader import found_in
from vtx_app.handover.xmeml import xmeml_text
from vtx_app.handover.xmeml_reader import read_xmeml
from vtx_app.handover.xml_text import read_xml

A, B, C, D = IDS
MUSIC = (
    Laid("music/th\u00e8me & co.flac", "music", 400, start=10, frames=60, first=5, gain_db=-6, fade_in=12, fade_out=24),
)
MARKS = (Marker(0, "act", "Act 1"), Marker(50, "note", "<script>", "it's & \u0001 too dark"))


def same(found: Found, cut: Cut) -> None:
    assert list(found.pieces) == pieces(cut)
    assert sorted(found.joins, key=lambda each: each.at) == list(cut.joins)
    assert found.rate == cut.rate
    assert found.ignored == ()
    heard = sorted(
        (each.media.clip_id, each.first, each.frames, each.start, each.gain_db, each.fade_in, each.fade_out)
        for each in cut.sound
    )
    assert heard == sorted(
        (each.clip_id, each.first, each.frames, each.start, each.gain_db, each.fade_in, each.fade_out)
        for each in found.sound or ()
    )


def xmeml(cut: Cut) -> Found:
    return read_xmeml(fromstring(xmeml_text(cut)))


def fcpxml(cut: Cut) -> Found:
    return read_fcpxml(fromstring(fcpxml_text(cut)))


@pytest.mark.parametrize("rate", CODED, ids=str)
def test_both_are_read_back_to_the_frame(rate: Fraction) -> None:
    cut = cut_of(THREE, EDITED, rate, MUSIC, MARKS)
    same(xmeml(cut), cut)
    same(fcpxml(cut), cut)


@settings(deadline=None, max_examples=60)
@given(edits(), st.sampled_from(CODED))
def test_what_is_written_is_read(made: Any, rate: Fraction) -> None:
    materials, edit = made
    try:
        cut = cut_of(materials, edit, rate)
    except EditFaults:
        assume(False)
    same(xmeml(cut), cut)
    same(fcpxml(cut), cut)


@pytest.mark.parametrize("rate", CODED, ids=str)
def test_opentimelineio_reads_final_cut_7_to_the_frame(rate: Fraction) -> None:
    cut = cut_of(THREE, EDITED, rate, MUSIC, MARKS)
    timeline = otio.adapters.read_from_string(xmeml_text(cut), "fcp_xml")
    found = found_in(timeline, otio)
    assert list(found.pieces) == pieces(cut)
    assert found.rate == rate
    seen = [(join.at, join.frames) for join in found.joins]
    assert (50, 9) in seen
    assert {mark.name for mark in timeline.tracks.markers} == {"Act 1", "<script>"}
    sounds = {(each.clip_id, each.first, each.frames, each.start) for each in found.sound or ()}
    assert sounds == {(each.media.clip_id, each.first, each.frames, each.start) for each in cut.sound}


def test_paths_are_relative_and_escaped() -> None:
    cut = cut_of(THREE, EDITED, laid=MUSIC)
    for text in (xmeml_text(cut), fcpxml_text(cut), otio_text(cut)):
        assert "music/th%C3%A8me%20%26%20co.flac" in text
        assert "file:" not in text.replace("file://", "file:") or "file://" not in text


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('<!DOCTYPE x [<!ENTITY a "1"><!ENTITY b "&a;&a;">]><xmeml>&b;</xmeml>', "entities"),
        ('<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><xmeml>&a;</xmeml>', "entities"),
        ("<xmeml><sequence>", "not a complete XML file"),
        ("", "not a complete XML file"),
    ],
)
def test_hostile_and_damaged_xml_is_told(text: str, told: str, tmp_path: Path) -> None:
    path = tmp_path / "cut.xml"
    path.write_text(text)
    with pytest.raises(ProjectError, match=told):
        read_xml(path)


def test_the_length_of_a_file_is_bounded(tmp_path: Path) -> None:
    path = tmp_path / "cut.xml"
    with path.open("wb") as file:
        file.truncate(2**30)
    with pytest.raises(ProjectError, match="larger than"):
        read_xml(path)
