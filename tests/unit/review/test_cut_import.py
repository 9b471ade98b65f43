"""An editor's cut becomes the film's edit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
from defusedxml.ElementTree import fromstring
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from kit.handover import IDS, RATES, cut_of, edits, material, two_edits
from vtx_app.cut.timeline import Material
from vtx_app.cut.trim import EditFaults
from vtx_app.formats.edit import Edit
from vtx_app.formats.rate import has_time_code
from vtx_app.handover.changes import changes, found_of
from vtx_app.handover.edl import edl_text, read_edl
from vtx_app.handover.fcpxml import fcpxml_text
from vtx_app.handover.fcpxml_reader import read_fcpxml
from vtx_app.handover.found import Found
from vtx_app.handover.model import Cut
from vtx_app.handover.xmeml import xmeml_text
from vtx_app.handover.xmeml_reader import read_xmeml
from vtx_app.review.cut_import import Imported, Place, import_cut

A, B, C, D = IDS


def imported(found: Found, cut: Cut, edit: dict[str, Any], materials: Sequence[Material], **more: Any) -> Imported:
    places = {each.clip_id: Place(1, each.head, each.frames) for each in materials}
    return import_cut(found, cut, Edit.model_validate(edit), places, [each.clip_id for each in materials], **more)


def rebuilt(made: Imported, materials: Sequence[Material], rate: Fraction = Fraction(24)) -> Cut:
    by_id = {each.clip_id: each for each in materials}
    order = [by_id[clip_id] for clip_id in made.order]
    clips = {clip_id: entry for clip_id, entry in made.clips.items() if entry}
    return cut_of(order, {"clips": clips, "transitions": made.transitions}, rate)


def seen(cut: Cut) -> Found:
    return replace(found_of(cut), ignored=())


@settings(deadline=None, max_examples=80)
@given(edits(), st.sampled_from(RATES))
def test_what_is_handed_over_and_comes_back_changes_nothing(made: Any, rate: Fraction) -> None:
    materials, edit = made
    try:
        cut = cut_of(materials, edit, rate)
    except EditFaults:
        assume(False)
    found = [found_of(cut)]
    if has_time_code(rate):
        found += [
            read_xmeml(fromstring(xmeml_text(cut))),
            read_fcpxml(fromstring(fcpxml_text(cut))),
            read_edl(edl_text(cut), rate, {}),
        ]
    for each in found:
        back = imported(each, cut, edit, materials)
        assert back.order == [each.clip_id for each in materials]
        assert {clip_id: entry for clip_id, entry in back.clips.items() if entry} == edit["clips"]
        assert back.transitions == edit["transitions"]
        assert back.lost == []


@settings(deadline=None, max_examples=80)
@given(two_edits())
def test_another_cut_of_the_same_clips_becomes_an_edit_that_makes_it(made_of: Any) -> None:
    materials, edit, edited = made_of
    # Where a clip that is shown twice dissolves at its end, in and out have no one answer: import tells the difference.
    assume(not any(each.get("dissolve") for each in edited["transitions"]) or "repeat" not in str(edited["clips"]))
    try:
        cut, wanted = cut_of(materials, edit), cut_of(materials, edited)
    except EditFaults:
        assume(False)
    found = found_of(wanted)
    assume(found.sound is not None)
    explicit = [each.clip_id for each in materials]
    made = imported(found, cut, edit, materials, explicit=explicit)
    assert made.lost == []
    again = rebuilt(made, materials)
    assert found_of(again).pieces == found.pieces
    assert [(join.at, join.kind, join.frames) for join in again.joins] == [
        (join.at, join.kind, join.frames) for join in wanted.joins
    ]
    heard = [
        {(each.clip_id, each.first, each.frames, each.start, each.gain_db) for each in every.sound or ()}
        for every in (found_of(again), found)
    ]
    assert heard[0] == heard[1]


THREE = [material(A, head=8, tail=8), material(B, head=8, tail=8), material(D, head=8, tail=8)]


def test_trims_order_and_gains() -> None:
    edit: dict[str, Any] = {"clips": {A: {"gain_db": -3}}}
    cut = cut_of(THREE, edit)
    theirs = cut_of(
        [THREE[1], THREE[0], THREE[2]],
        {"clips": {A: {"in": 4, "gain_db": -6}, B: {"out": -10}}, "transitions": [{"after": B, "dissolve": 8}]},
    )
    made = imported(found_of(theirs), cut, edit, THREE)
    assert made.order == [B, A, D]
    assert made.clips[A] == {"in": 4, "gain_db": -6}
    assert made.clips[B] == {"out": 38}
    assert made.transitions == [{"after": B, "dissolve": 8}]
    lines = changes(found_of(cut), found_of(theirs), {each.clip_id: each.head for each in THREE})
    assert any(line.startswith("~ ") and "moved: now" in line for line in lines)
    assert any("-3 dB → -6 dB" in line for line in lines)
    assert any("cut → dissolve 8" in line for line in lines)


def test_sound_that_slipped_is_told_from_none() -> None:
    found = found_of(cut_of(THREE, {}))
    assert found.sound is not None
    heads = {each.clip_id: each.head for each in THREE}
    for theirs, told in (
        ((replace(found.sound[0], first=found.sound[0].first + 1), *found.sound[1:]), "out of step with its picture"),
        (found.sound[1:], "silent"),
    ):
        (line,) = changes(found, replace(found, sound=theirs), heads)
        assert line.startswith(f"~ {A} (01:00:00:00): sound from +0 to +0 frames beside its picture → ")
        assert line.endswith(told)


def test_a_clip_left_out_and_one_brought_back() -> None:
    edit: dict[str, Any] = {"clips": {B: {"leave_out": True, "in": 2}}}
    cut = cut_of(THREE, edit)
    theirs = cut_of(THREE, {"clips": {A: {"leave_out": True}}})
    made = imported(found_of(theirs), cut, edit, THREE)
    assert made.clips[A] == {"leave_out": True}
    assert made.clips[B] == {}
    assert made.order == [B, D]


def test_what_the_edit_cannot_hold_is_told() -> None:
    cut = cut_of(THREE, {})
    found = found_of(cut)
    first = found.pieces[0]
    again = replace(first, start=found.frames)
    strange = replace(first, clip_id="A09_S01_SH001", start=found.frames + 48)
    other = replace(found.pieces[1], take=4)
    cut_up = replace(found, pieces=(first, other, found.pieces[2], again, strange), frames=found.frames + 96)
    told = "\n".join(imported(cut_up, cut, {}, THREE).lost)
    assert f"{A} at frame 144: shown again" in told
    assert "A09_S01_SH001 at frame 192: the film has no such clip" in told
    assert f"{B}: the cut has take 4" in told


def test_a_cut_through_a_clip_is_no_change() -> None:
    cut = cut_of(THREE, {})
    found = found_of(cut)
    first = found.pieces[0]
    halves = (replace(first, frames=20), replace(first, first=first.first + 20, frames=28, start=20))
    made = imported(replace(found, pieces=(*halves, *found.pieces[1:])), cut, {}, THREE)
    assert not any(made.clips.values())
    assert made.lost == []


@pytest.mark.parametrize("shift", [-3, 2])
def test_a_dissolve_off_the_middle_shows_the_same(shift: int) -> None:
    cut = cut_of(THREE, {})
    theirs = cut_of(THREE, {"transitions": [{"after": A, "dissolve": 10}]})
    found = found_of(theirs)
    one, two, three = found.pieces
    moved = replace(
        found,
        pieces=(
            replace(one, frames=one.frames + shift),
            replace(two, start=two.start + shift, first=two.first + shift, frames=two.frames - shift),
            three,
        ),
        joins=tuple(
            replace(join, at=join.at + shift, before=join.before + shift, after=join.after - shift)
            for join in found.joins
        ),
    )
    made = imported(moved, cut, {}, THREE)
    assert found_of(rebuilt(made, THREE)).pieces == found.pieces
    assert made.transitions == [{"after": A, "dissolve": 10}]
