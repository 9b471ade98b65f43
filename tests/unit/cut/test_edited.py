"""The edit and the clips → the timeline."""

from __future__ import annotations

from typing import Any

import pytest

from kit.material import A, B, C, D, material
from vtx_app.cut.edited import build_timeline, copy_starts
from vtx_app.cut.timeline import Copied, Footage, Layer, Material, Plain, Roll, Timeline, Words
from vtx_app.cut.trim import EditFaults
from vtx_app.formats.edit import Card, Edit


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
    for beyond in ({"in": 30}, {"in": 30, "out": 24}):  # what the message names fits
        assert faults(material(A, tail=3), clips={A: beyond}) == [
            f"clips.{A}.in: 30: nothing is left of the shot's 24 frames; at most 23"
        ]
        assert [use.frames for use in edited(material(A, tail=3), clips={A: {**beyond, "in": 23}}).uses] == [1]
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
