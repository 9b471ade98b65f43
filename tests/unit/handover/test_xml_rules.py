"""XML of cuts keeps to Apple's document types, and every time in FCPXML to the frames and to the media."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from lxml import etree

from kit.dtd import invalid
from kit.handover import CODED, EDITED, IDS, THREE, cut_of, edits
from vtx_app.cut.trim import EditFaults
from vtx_app.handover.fcpxml import fcpxml_text
from vtx_app.handover.model import Cut, Laid, Marker
from vtx_app.handover.xmeml import xmeml_text

A, B, C, D = IDS
TITLE = "Où vas-tu, 夜 & <b>\"]]>'\u0001\ud83d\ude00".encode("utf-16", "surrogatepass").decode("utf-16")
MUSIC = (
    Laid("music/th\u00e8me & co.flac", "music", 400, start=10, frames=60, first=5, gain_db=-6, fade_in=12, fade_out=24),
    Laid('music/"]]><a>.wav', "effects", 40, start=20, frames=20, first=0),
    Laid("music/th\u00e8me & co.flac", "music", 400, start=30, frames=20, first=100, fade_out=3),
)
MARKS = (
    Marker(0, "act", "Act 1"),
    Marker(50, "note", "<script>", "it's & \u0001 too dark"),
    Marker(51, "scene", TITLE),
)
TITLES = [
    {"text": TITLE.replace("\u0001", ""), "frames": 9, "before": B},
    {"text": "Fin", "frames": 12, "after": D, "background": "#ffffff"},
    {"text": "later", "frames": 5, "over": A, "from": 3},
]


@st.composite
def cuts(draw: st.DrawFn) -> Cut:
    """A cut with everything that a hand-over can hold; its name, marks and music are hostile."""
    materials, edit = draw(edits())
    titles: list[dict[str, Any]] = draw(st.lists(st.sampled_from(TITLES), unique_by=id))
    shown = {each.clip_id for each in materials}
    edit["titles"] = [each for each in titles if {each.get(key, A) for key in ("before", "after", "over")} <= shown]
    name = draw(st.text(max_size=12).map(lambda text: text + TITLE))
    try:
        return cut_of(materials, edit, draw(st.sampled_from(CODED)), MUSIC, MARKS, name)
    except EditFaults:
        assume(False)
        raise


@settings(deadline=None, max_examples=60)
@given(cuts())
def test_any_cut_is_valid_fcpxml(cut: Cut) -> None:
    assert invalid(fcpxml_text(cut)) == []


@settings(deadline=None, max_examples=60)
@given(cuts())
def test_any_cut_is_valid_xmeml(cut: Cut) -> None:
    assert invalid(xmeml_text(cut)) == []


@pytest.mark.parametrize("rate", CODED, ids=str)
def test_one_edit_is_valid_at_every_rate(rate: Fraction) -> None:
    for edit in ({**EDITED, "titles": TITLES}, {"clips": {A: {"hold": {"last": 9}}, B: {"mute": True}}}):
        cut = cut_of(THREE, edit, rate, MUSIC, MARKS, TITLE)
        assert [*invalid(fcpxml_text(cut)), *invalid(xmeml_text(cut))] == []


_TIMES = ("offset", "start", "duration", "tcStart", "audioStart", "audioDuration", "frameDuration", "time")


def _seconds(text: str) -> Fraction:
    """A time of FCPXML: a 64-bit numerator, a 32-bit denominator."""
    assert text.endswith("s")
    numerator, _, denominator = text[:-1].partition("/")
    assert abs(int(numerator)) < 2**63
    assert 0 < int(denominator or "1") < 2**31
    return Fraction(text[:-1])


def _times(tree: Any) -> Iterator[tuple[str, Fraction]]:
    for element in tree.iter():
        for key in _TIMES:
            if key in element.attrib:
                yield f"{element.tag} {key}", _seconds(element.get(key))
        if element.tag == "timept":
            yield "timept value", _seconds(element.get("value"))


def _beyond(tree: Any) -> Iterator[str]:
    """The clips that show or play more of their files than there is, with what transitions show."""
    assets = {each.get("id"): each for each in tree.iter("asset")}
    for clip in tree.iter("asset-clip"):
        asset = assets[clip.get("ref")]
        first = _seconds(asset.get("start"))
        end = first + _seconds(asset.get("duration"))
        spans: list[Sequence[Fraction]] = []
        if (map_ := clip.find("timeMap")) is not None:
            values = {_seconds(each.get("value")) for each in map_}
            spans += [(value, value) for value in values]
        else:
            start, at = _seconds(clip.get("start")), _seconds(clip.get("offset"))
            own, length = at - start, _seconds(clip.get("duration"))
            low, high = start, start + length
            beside = (clip.getprevious(), clip.getnext()) if clip.get("lane") is None else ()
            for side in beside:
                if side is not None and side.tag == "transition":
                    low = min(low, _seconds(side.get("offset")) - own)
                    high = max(high, _seconds(side.get("offset")) + _seconds(side.get("duration")) - own)
            spans.append((low, high))
        if clip.get("audioStart"):
            heard = _seconds(clip.get("audioStart"))
            spans.append((heard, heard + _seconds(clip.get("audioDuration"))))
        yield from (f"{clip.get('name')}: {low} {high}" for low, high in spans if low < first or high > end)


@settings(deadline=None, max_examples=60)
@given(cuts())
def test_fcpxml_lies_on_frames_without_gaps_and_inside_its_files(cut: Cut) -> None:
    tree = etree.fromstring(fcpxml_text(cut).encode())
    frame = _seconds(tree.find(".//format").get("frameDuration"))
    assert frame == 1 / cut.rate
    assert [what for what, time in _times(tree) if (time / frame).denominator != 1] == []
    sequence = tree.find(".//sequence")
    at = begin = _seconds(sequence.get("tcStart"))
    for item in sequence.find("spine"):
        if item.tag != "transition":
            assert _seconds(item.get("offset")) == at
            at += _seconds(item.get("duration"))
    assert at - begin == _seconds(sequence.get("duration")) == cut.frames * frame
    assert list(_beyond(tree)) == []
    ids = [each.get("id") for each in tree.iter() if each.get("id")]
    assert len(ids) == len(set(ids))
    assert {each.get("ref") for each in tree.iter() if each.get("ref")} <= set(ids)


@settings(deadline=None, max_examples=60)
@given(cuts())
def test_music_and_marks_lie_where_the_cut_has_them(cut: Cut) -> None:
    """What is anchored to an item of the spine counts in that item's own time."""
    tree = etree.fromstring(fcpxml_text(cut).encode())
    found, marks = [], []
    begin = _seconds(tree.find(".//sequence").get("tcStart"))
    for item in tree.find(".//spine"):
        if item.tag == "transition":
            continue
        shift = _seconds(item.get("offset")) - _seconds(item.get("start")) - begin
        for child in item:
            if child.get("lane"):
                at = (_seconds(child.get("offset")) + shift) * cut.rate
                found.append((at, _seconds(child.get("duration")) * cut.rate, _seconds(child.get("start")) * cut.rate))
            if child.tag == "marker":
                marks.append((_seconds(child.get("start")) + shift) * cut.rate)
    laid = [(each.start, each.frames, each.first) for each in cut.laid if each.start < cut.frames]
    assert sorted(found) == sorted(laid)
    assert sorted(marks) == sorted(mark.at for mark in cut.markers if mark.at < cut.frames)
