"""One time code in all that an editor sees: it drops frames at 29.97 and 59.94, and at no other rate."""

from __future__ import annotations

from fractions import Fraction

import opentimelineio as otio
import pytest
from defusedxml.ElementTree import fromstring

from kit.handover import CODED, IDS, cut_of, material
from vtx_app.cut.edited import build_timeline
from vtx_app.formats.edit import Edit
from vtx_app.handover.ale import ale_text
from vtx_app.handover.edl import edl_text, read_edl
from vtx_app.handover.fcpxml import fcpxml_text
from vtx_app.handover.otio_file import otio_text
from vtx_app.handover.xmeml import xmeml_text
from vtx_app.review.cut_table import cut_table

A, B, _, D = IDS
DROPPING = (Fraction(30_000, 1001), Fraction(60_000, 1001))


def smpte(frame: int, rate: Fraction) -> str:
    """The time code of the film's frame ``frame`` by OpenTimelineIO, for a film that begins at one o'clock."""
    hour = "01:00:00;00" if rate in DROPPING else "01:00:00:00"
    first = otio.opentime.from_timecode(hour, float(rate))
    return otio.opentime.to_timecode(first + otio.opentime.RationalTime(frame, float(rate)), float(rate))


@pytest.mark.parametrize("rate", CODED, ids=str)
def test_every_list_and_table_says_the_same(rate: Fraction) -> None:
    """The last cut is later than a minute, where drop-frame time code leaves its first numbers out."""
    long = [material(clip_id, round(40 * rate)) for clip_id in (A, B, D)]
    cut = cut_of(long, {}, rate)
    records = [smpte(event.start, rate) for event in cut.picture]
    assert (records[2][:6], records[2][8]) == ("01:01:", ";" if rate in DROPPING else ":")
    assert [line.time_code for line in cut_table(build_timeline(long, Edit()), Edit(), rate)] == records
    lines = edl_text(cut).splitlines()
    assert lines[1] == f"FCM: {'' if rate in DROPPING else 'NON-'}DROP FRAME"
    events = [line.split() for line in lines if line[:3].isdigit()]
    assert [each[6] for each in events] == records
    assert {each[4] for each in events} == {records[0]}
    fields = ale_text(cut.media, rate, 1080).splitlines()[-1].split("\t")
    assert fields[2:4] == [records[0], smpte(cut.media[-1].frames, rate)]

    timeline = otio.adapters.read_from_string(otio_text(cut), "otio_json")
    assert otio.opentime.to_timecode(timeline.global_start_time) == records[0]
    clips = list(timeline.video_tracks()[0].find_clips())
    assert {otio.opentime.to_timecode(clip.available_range().start_time) for clip in clips} == {records[0]}

    codes = list(fromstring(xmeml_text(cut)).iter("timecode"))
    assert {code.findtext("string") for code in codes} == {records[0]}
    assert {code.findtext("displayformat") for code in codes} == {"DF" if rate in DROPPING else "NDF"}
    assert {int(code.findtext("frame") or 0) for code in codes} == {timeline.global_start_time.value}

    tree = fromstring(fcpxml_text(cut))
    sequence = next(tree.iter("sequence"))
    forms = {each.get("tcFormat") for each in tree.iter() if each.get("tcFormat")}
    assert forms == {"DF" if rate in DROPPING else "NDF"}
    starts = [sequence.get("tcStart"), *(each.get("start") for each in tree.iter("asset"))]
    assert {Fraction(str(start)[:-1]) * rate for start in starts} == {timeline.global_start_time.value}


@pytest.mark.parametrize("rate", DROPPING, ids=str)
@pytest.mark.parametrize("mode", ["DROP FRAME", "NON-DROP FRAME"])
def test_a_list_of_colons_alone_is_read_by_its_fcm(rate: Fraction, mode: str) -> None:
    """Many programs write ``FCM`` and no semicolon."""
    long = [material(clip_id, round(40 * rate)) for clip_id in (A, B, D)]
    text = edl_text(cut_of(long, {}, rate)).replace("DROP FRAME", mode).replace(";", ":")
    found = [piece.start for piece in read_edl(text, rate, {}).pieces]
    starts = [event.start for event in cut_of(long, {}, rate).picture]
    late = 2 * round(rate) // 30 if mode.startswith("NON") else 0
    assert found == [starts[0], starts[1], starts[2] + late]
