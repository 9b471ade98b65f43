"""The edit and the clips → the timeline."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from vtx_app.cut.edited import build_timeline, copy_starts
from vtx_app.cut.timeline import Copied, Drawn, Footage, Layer, Material, Plain, Roll, Timeline, Words
from vtx_app.cut.trim import EditFaults, trim
from vtx_app.formats.edit import Card, Edit

A, B, C, D = "A01_S01_SH001", "A01_S01_SH002", "A01_S02_SH001", "A02_S01_SH001"
IDS = (A, B, C, D)


def material(clip_id: str, frames: int = 24, **parts: Any) -> Material:
    return Material(clip_id, int(clip_id[1:3]), int(clip_id[5:7]), frames, **parts)


def edited(*materials: Material, **parts: Any) -> Timeline:
    return build_timeline(materials, Edit.model_validate(parts))


def faults(*materials: Material, **parts: Any) -> list[str]:
    with pytest.raises(EditFaults) as caught:
        edited(*materials, **parts)
    return str(caught.value).splitlines()


def spans(timeline: Timeline) -> list[tuple[str, int, int]]:
    """Each piece: its clip, or its name, its first film frame and the one after its last."""
    return [
        (piece.clip_id if isinstance(piece, Copied) else piece.name, piece.start, piece.start + piece.frames)
        for piece in timeline.picture
    ]


def test_no_edit_is_every_clip_whole() -> None:
    found = edited(material(A), material(B, 10), material(D, 5))
    assert found.picture == (Copied(A, 0, 24, 0), Copied(B, 0, 10, 24), Copied(D, 0, 5, 34))
    assert found.acts == {"A01": (0, 34), "A02": (34, 39)}
    assert [(heard.first, heard.frames, heard.start) for heard in found.sound] == [(0, 24, 0), (0, 10, 24), (0, 5, 34)]
    assert all(heard.seam_in and heard.seam_out for heard in found.sound)


def test_in_and_out_reach_into_the_handles_and_count_from_the_end() -> None:
    found = edited(material(A, head=8, tail=8), material(B), clips={A: {"in": -3, "out": 30}, B: {"in": 2, "out": -4}})
    assert [(use.first, use.frames, use.start) for use in found.uses] == [(-3, 33, 0), (2, 18, 33)]
    assert copy_starts(found) == {}


def test_in_and_out_that_the_take_does_not_have() -> None:
    assert faults(material(A, head=2, tail=3), clips={A: {"in": -4, "out": 30}}) == [
        f"clips.{A}.in: -4: its take has 2 frames before the shot, so at least -2",
        f"clips.{A}.out: 30: its take has 3 frames after the shot's 24, so at most 27",
    ]
    assert faults(material(A), clips={A: {"in": 24}}) == [
        f"clips.{A}.in: 24: nothing is left of the shot's 24 frames; at most 23"
    ]
    assert faults(material(A), clips={A: {"in": 8, "out": 8}}) == [
        f"clips.{A}.out: 8: nothing is left of the shot's 24 frames; from frame 8 on, at least 9"
    ]


def test_the_edit_gives_way_to_a_take_that_a_person_chose() -> None:
    found = edited(material(A, 20, fixed=True), clips={A: {"out": 24, "sound_in": 3}})
    assert [(use.first, use.frames) for use in found.uses] == [(0, 20)]
    assert found.notes == ((A, ("clips", A, "out"), "24: its take has 0 frames after the shot's 20"),)


def test_effects_at_a_fixed_take_are_as_long_as_fits() -> None:
    found = edited(
        material(A, fixed=True),
        material(B),
        transitions=[{"after": A, "dissolve": 40}, {"before": A, "fade_in": 30}],
        titles=[{"over": A, "from": 20, "text": "Dawn", "frames": 8}],
    )
    assert [piece.frames for piece in found.drawn] == [24]
    assert [note[1:] for note in found.notes] == [
        (("transitions", 1, "fade_in"), "30 frames: its take has room for 24"),
        (("transitions", 0, "dissolve"), "40 frames: its take has room for 0"),
        (("titles", 0, "frames"), f"8 frames from frame 20 of {A}: at most 4 fit"),
    ]


def test_a_clip_left_out_and_one_repeated() -> None:
    found = edited(material(A), material(B), material(C, 6), clips={B: {"leave_out": True}, C: {"repeat": 2}})
    assert spans(found) == [(A, 0, 24), (C, 24, 30), (C, 30, 36)]
    assert [heard.start for heard in found.sound] == [0, 24, 30]


def test_a_dissolve_out_of_handles_is_centred_and_keeps_the_length() -> None:
    found = edited(material(A, tail=9), material(B, head=9), transitions=[{"after": A, "dissolve": 8}])
    assert spans(found) == [(A, 0, 20), (f"{A}__dissolve", 20, 28), (B, 28, 48)]
    assert found.overlapped == 0
    assert found.drawn[0].layers == (Layer(Footage(A, 20), 0, 8), Layer(Footage(B, -4), 0, 8, fade_in=8))
    assert copy_starts(found) == {B: (4,)}
    first, second = found.sound
    assert (first.frames, first.fade_out, first.seam_out) == (28, 8, False)
    assert (second.first, second.start, second.fade_in, second.seam_in) == (-4, 20, 8, False)


def test_a_dissolve_leans_to_where_handles_are() -> None:
    found = edited(material(A, tail=1), material(B, head=9), transitions=[{"before": B, "dissolve": 8}])
    assert spans(found)[1] == (f"{A}__dissolve", 17, 25)


def test_a_dissolve_without_handles_makes_the_film_shorter() -> None:
    found = edited(material(A), material(B), transitions=[{"after": A, "dissolve": 8}])
    assert spans(found) == [(A, 0, 16), (f"{A}__dissolve", 16, 24), (B, 24, 40)]
    assert (found.frames, found.overlapped) == (40, 8)


def test_a_dip_keeps_the_length_and_fades_lie_on_their_own_clips() -> None:
    found = edited(
        material(A),
        material(B),
        material(C),
        transitions=[
            {"after": A, "dip": 7, "colour": "#ffffff"},
            {"before": A, "fade_in": 5},
            {"after": C, "fade_out": 6},
        ],
    )
    assert spans(found)[0] == (f"{A}__fade_in", 0, 5)
    assert spans(found)[2] == (f"{A}__dip", 20, 27)
    assert spans(found)[-1] == (f"{C}__fade_out", 66, 72)
    assert found.drawn[1].layers == (
        Layer(Footage(A, 20), 0, 4),
        Layer(Footage(B, 0), 4, 3),
        Layer(Plain("#ffffff"), 0, 7, 4, 3),
    )
    assert found.drawn[0].layers[-1] == Layer(Plain("#000000"), 0, 5, 0, 5)
    assert all(heard.seam_in and heard.seam_out for heard in found.sound)


def test_a_hold_stands_still_and_is_silent() -> None:
    found = edited(material(A, 6), material(B), clips={A: {"in": 1, "hold": {"first": 3, "last": 4}}})
    assert spans(found) == [(f"{A}__hold", 0, 3), (A, 3, 8), (f"{A}__hold_2", 8, 12), (B, 12, 36)]
    assert found.drawn[0].layers == (Layer(Footage(A, 1, still=True), 0, 3),)
    assert found.drawn[1].layers == (Layer(Footage(A, 5, still=True), 0, 4),)
    assert (found.sound[0].start, found.sound[0].frames) == (3, 5)


def test_a_dissolve_out_of_a_hold_needs_no_handle() -> None:
    found = edited(
        material(A), material(B, head=4), clips={A: {"hold": {"last": 6}}}, transitions=[{"after": A, "dissolve": 8}]
    )
    assert (found.frames, found.overlapped) == (54, 0)
    assert found.drawn[0].layers == (Layer(Footage(A, 23, still=True), 0, 10), Layer(Footage(B, -4), 2, 8, fade_in=8))
    assert found.sound[0].fade_out == 0


def test_a_card_belongs_to_the_clip_it_stands_at() -> None:
    found = edited(
        material(A),
        material(D),
        titles=[{"before": D, "text": "Two", "frames": 10, "fade": 2, "background": "#101010"}],
    )
    assert spans(found) == [(A, 0, 24), (f"{D}__title", 24, 34), (D, 34, 58)]
    assert found.acts == {"A01": (0, 24), "A02": (24, 58)}
    assert found.scenes == ((1, 1, 0), (2, 1, 24))
    assert found.shown == {A: (0, 24), D: (0, 24)}
    ground, words = found.drawn[0].layers
    assert ground == Layer(Plain("#101010"), 0, 10)
    assert isinstance(words.content, Words)
    assert (words.content.lettering.text, words.fade_in, words.fade_out) == ("Two", 2, 2)


def test_words_over_a_dissolve_are_one_piece_with_it() -> None:
    found = edited(
        material(A, tail=4),
        material(B, head=4),
        transitions=[{"after": A, "dissolve": 8}],
        titles=[{"over": A, "from": 10, "text": "Dawn", "frames": 12}],
    )
    assert spans(found) == [(A, 0, 10), (f"{A}__title", 10, 28), (B, 28, 48)]
    kinds = [type(layer.content) for layer in found.drawn[0].layers]
    assert kinds == [Footage, Footage, Words]


def test_the_end_card_the_roll_and_the_disclosure_end_the_film() -> None:
    edit = Edit.model_validate(
        {"end_card": {"text": "End", "frames": 12}, "end_roll": {"file": "story/credits.txt", "frames": 48}}
    )
    card = Card.model_validate({"text": "Made with AI", "frames": 20})
    found = build_timeline([material(A)], edit, ["Ada", "Ivo"], disclosure=card)
    assert found.frames == 24 + 12 + 48 + 20
    (piece,) = found.drawn
    assert piece.name == "end_card"
    assert [layer.content for layer in piece.layers if isinstance(layer.content, Roll)] == [
        Roll(edit.end_roll, ("Ada", "Ivo"))
    ]
    assert found.acts == {"A01": (0, 104)}


def test_a_dissolve_between_acts_belongs_to_the_first() -> None:
    found = edited(material(A, tail=8), material(D, head=8), transitions=[{"after": A, "dissolve": 8}])
    assert found.acts == {"A01": (0, 28), "A02": (28, 48)}


def test_fades_that_meet_between_acts_are_two_pieces_and_inside_an_act_one() -> None:
    two = [{"after": A, "fade_out": 4}, {"before": D, "fade_in": 4}]
    assert [piece.name for piece in edited(material(A), material(D), transitions=two).drawn] == [
        f"{A}__fade_out",
        f"{D}__fade_in",
    ]
    one = [{"after": A, "fade_out": 4}, {"before": B, "fade_in": 4}]
    assert spans(edited(material(A), material(B), transitions=one))[1] == (f"{A}__fade_out", 20, 28)


def test_j_and_l_cuts() -> None:
    found = edited(
        material(A, tail=9), material(B, head=9), clips={A: {"sound_out": 5}, B: {"sound_in": -6, "gain_db": -3.0}}
    )
    first, second = found.sound
    assert (first.first, first.frames, first.start) == (0, 29, 0)
    assert (second.first, second.frames, second.start, second.gain_db) == (-6, 30, 18, -3.0)
    assert faults(material(A), material(B, head=2), clips={B: {"sound_in": -6, "sound_out": 1}}) == [
        f"clips.{B}.sound_in: -6: at least -2, so much sound is there, inside the film",
        f"clips.{B}.sound_out: 1: at most 0, so much sound is there, inside the film",
    ]


def test_sound_fades_and_mute() -> None:
    found = edited(material(A), material(B), clips={A: {"mute": True}, B: {"fade_in": 4, "fade_out": 6}})
    (heard,) = found.sound
    assert (heard.fade_in, heard.fade_out, heard.seam_in, heard.seam_out) == (4, 6, False, False)
    assert faults(material(A, 10), clips={A: {"fade_in": 6, "fade_out": 5}}) == [
        f"clips.{A}.fade_out: 5 frames: its sound has 10, so at most 4"
    ]


def test_a_clip_that_goes_on_shows_no_frame_twice() -> None:
    child = material(B, parent=A, repeated=1)
    found = edited(material(A), child)
    assert [(use.first, use.frames, use.start) for use in found.uses] == [(0, 24, 0), (1, 23, 24)]
    assert (found.frames, found.repeated, found.torn) == (47, 1, ())
    for parts in (
        {"clips": {B: {"in": 0}}},
        {"transitions": [{"after": A, "dissolve": 4}]},
        {"titles": [{"after": A, "text": "Later", "frames": 4}]},
        {"clips": {A: {"hold": {"last": 3}}}},
    ):
        found = edited(material(A), child, **parts)
        assert found.uses[1].first == 0
        assert found.torn == ()
    assert edited(material(A), material(C), child).uses[2].first == 0


def test_a_trim_that_tears_a_chain_is_reported() -> None:
    child = material(B, parent=A, repeated=1)
    assert edited(material(A), child, clips={A: {"out": 20}}).torn == ((A, B),)
    assert edited(material(A), child, clips={B: {"in": 3}}).torn == ((A, B),)


def test_a_dissolve_after_the_clip_that_goes_on_leaves_its_chain_alone() -> None:
    clips = (material(A), material(B, parent=A, repeated=1), material(C))
    for where in ({"after": B}, {"before": C}):
        dissolve = {"transitions": [{**where, "dissolve": 4}]}
        found = edited(*clips, **dissolve)
        assert (found.uses[1].first, found.repeated) == (1, 1)
        assert edited(*clips, **dissolve, clips={A: {"out": 20}}).torn == ((A, B),)


def test_two_transitions_at_one_cut() -> None:
    two = [{"after": A, "dissolve": 4}, {"before": B, "fade_in": 4}]
    assert faults(material(A), material(B), transitions=two) == [
        "transitions.1: transition 0 (from 0) is at that cut; keep one of them"
    ]


def test_a_transition_with_nothing_on_its_other_side() -> None:
    assert faults(material(A), transitions=[{"after": A, "dissolve": 4}]) == [
        f"transitions.0.dissolve: nothing is after {A} in the film; a fade_out needs nothing there"
    ]


def test_words_that_outlast_their_clip() -> None:
    assert faults(material(A), titles=[{"over": A, "from": 20, "text": "Dawn", "frames": 6}]) == [
        f"titles.0.frames: 6 frames from frame 20 of {A}: at most 4 fit"
    ]


def test_an_act_of_which_nothing_is_left() -> None:
    words = [{"over": A, "from": 0, "text": "x", "frames": 24}, {"over": C, "from": 0, "text": "x", "frames": 2}]
    last = "A03_S01_SH001"
    found = faults(
        material(A),
        material(D, 4),
        Material(last, 3, 1, 24),
        transitions=[{"after": A, "dissolve": 2}, {"after": D, "dissolve": 2}],
        titles=[{"over": D, "from": 0, "text": "x", "frames": 4}, words[0]],
    )
    assert found == ["transitions: act 2 has no frame of its own: effects join all of it to others"]


# -- any edit --------------------------------------------------------------------------------------

FRAMES = st.integers(1, 12)
COUNT = st.integers(0, 6)


@st.composite
def materials(draw: st.DrawFn) -> list[Material]:
    found = []
    for clip_id in IDS:
        parent = draw(st.booleans()) and found
        found.append(
            material(
                clip_id,
                draw(st.integers(1, 30)),
                head=draw(COUNT),
                tail=draw(COUNT),
                fixed=draw(st.booleans()),
                parent=found[-1].clip_id if parent else None,
                repeated=draw(st.integers(1, 3)) if parent else 0,
            )
        )
    return found


@st.composite
def edits(draw: st.DrawFn, longest: int = 12) -> dict[str, Any]:
    """The data of an edit that names clips and lengths as a person may, fitting or not."""
    shown = [clip_id for clip_id in IDS if not draw(st.sampled_from([False, False, False, True]))] or [A]
    clips: dict[str, Any] = {clip_id: {"leave_out": True} for clip_id in IDS if clip_id not in shown}
    for clip_id in shown:
        clips[clip_id] = draw(
            st.fixed_dictionaries(
                {},
                optional={
                    "in": st.integers(-6, 6),
                    "out": st.integers(-6, 30),
                    "repeat": st.integers(1, 3),
                    "hold": st.fixed_dictionaries({"first": COUNT, "last": COUNT}),
                    "sound_in": st.integers(-4, 4),
                    "sound_out": st.integers(-4, 4),
                    "fade_in": st.integers(0, 3),
                    "mute": st.booleans(),
                },
            )
        )
    place = st.sampled_from(shown)
    frames = st.integers(1, longest)
    transitions = st.one_of(
        st.builds(
            lambda side, clip, kind, length: {side: clip, kind: length},
            st.sampled_from(["after", "before"]),
            place,
            st.sampled_from(["dissolve", "dip"]),
            frames,
        ),
        st.builds(lambda clip, length: {"before": clip, "fade_in": length}, place, frames),
        st.builds(lambda clip, length: {"after": clip, "fade_out": length}, place, frames),
    )
    titles = st.builds(
        lambda side, clip, length, at: (
            {side: clip, "text": "x", "frames": length} | ({"from": at} if side == "over" else {})
        ),
        st.sampled_from(["before", "after", "over"]),
        place,
        frames,
        COUNT,
    )
    found: dict[str, Any] = {"clips": clips, "transitions": draw(st.lists(transitions, max_size=5))}
    found["titles"] = draw(st.lists(titles, max_size=3))
    if draw(st.booleans()):
        found["end_card"] = {"text": "End", "frames": draw(FRAMES)}
    if draw(st.booleans()):
        found["end_roll"] = {"file": "story/roll.txt", "frames": draw(FRAMES)}
    return found


def fitted(clips: list[Material], data: dict[str, Any]) -> Timeline | None:
    """The timeline, each length that does not fit replaced by the longest that is named; None if nothing fits."""
    for _ in range(40):
        try:
            return build_timeline(clips, Edit.model_validate(data), ["Ada"])
        except EditFaults as error:
            keys, text = error.faults[0]
            most = re.search(r"at (?:most|least) (-?\d+)", text)
            if most is None:
                return None
            inner: Any = data
            for key in keys[:-1]:
                inner = inner[key]
            before = inner.get(keys[-1])
            inner[keys[-1]] = int(most[1])
            assert inner[keys[-1]] != before, text
    raise AssertionError("a length that was named does not fit")


@given(materials(), edits())
def test_pieces_cover_the_film_and_show_what_they_should(clips: list[Material], data: dict[str, Any]) -> None:
    found = fitted(clips, data)
    assume(found is not None)
    assert found is not None
    at = 0
    for piece in found.picture:
        assert piece.frames > 0
        assert piece.start == at
        at += piece.frames
    assert at == found.frames
    assert sum(found.acts[name][1] - found.acts[name][0] for name in found.acts) == found.frames
    ends = [0, *(end for _, end in found.acts.values())]
    assert [start for start, _ in found.acts.values()] == ends[:-1]
    by_id = {each.clip_id: each for each in clips}
    edit = Edit.model_validate(data)
    for use in found.uses:
        has = by_id[use.clip_id]
        assert -has.head <= use.first < use.first + use.frames <= has.frames + has.tail
        assert 0 <= use.start < use.end <= found.frames
    for heard in found.sound:
        has = by_id[heard.clip_id]
        assert heard.frames > 0
        assert -has.head <= heard.first
        assert heard.first + heard.frames <= has.frames + has.tail
        assert heard.start >= 0
        assert heard.start + heard.frames <= found.frames
        assert heard.fade_in + heard.fade_out <= heard.frames
    names = [piece.name for piece in found.drawn]
    assert len(set(names)) == len(names)
    shown = {use.clip_id: use for use in reversed(found.uses)}
    for piece in found.picture:
        if isinstance(piece, Copied):
            clip_first = trim(by_id[piece.clip_id], edit.of_clip(piece.clip_id)).first
            uses = [use for use in found.uses if use.clip_id == piece.clip_id and use.start <= piece.start < use.end]
            (use,) = uses
            skipped = (piece.start - use.start + use.first) - piece.first - clip_first
            assert 0 <= skipped <= by_id[piece.clip_id].repeated
            assert piece.start + piece.frames <= use.end
        else:
            covered = [False] * piece.frames
            for layer in piece.layers:
                assert 0 <= layer.at < layer.at + layer.frames <= piece.frames
                assert layer.fade_in + layer.fade_out <= layer.frames
                if not isinstance(layer.content, Words):  # opaque where it does not fade
                    first, end = layer.at + layer.fade_in, layer.at + layer.frames - layer.fade_out
                    covered[first:end] = [True] * (end - first)
                if isinstance(layer.content, Footage) and not layer.content.still:
                    has = by_id[layer.content.clip_id]
                    assert -has.head <= layer.content.first
                    assert layer.content.first + layer.frames <= has.frames + has.tail
            assert all(covered)
    assert shown.keys() == {each for each in IDS if each not in edit.left_out}


@given(materials())
def test_without_an_edit_each_clip_is_one_copied_piece(clips: list[Material]) -> None:
    found = build_timeline(clips, Edit())
    assert [piece.clip_id for piece in found.picture if isinstance(piece, Copied)] == list(IDS)
    assert not found.drawn
    assert found.frames == sum(each.frames for each in clips) - found.repeated
    assert copy_starts(found) == {}


@given(materials(), edits(longest=60))
def test_the_longest_that_is_named_fits(clips: list[Material], data: dict[str, Any]) -> None:
    fitted(clips, data)


@given(materials(), edits())
def test_drawn_pieces_are_apart_or_in_other_acts(clips: list[Material], data: dict[str, Any]) -> None:
    found = fitted(clips, data)
    assume(found is not None)
    assert found is not None
    for left, right in zip(found.picture, found.picture[1:], strict=False):
        if isinstance(left, Drawn) and isinstance(right, Drawn):
            assert any(start == right.start for start, _ in found.acts.values())
