"""Any edit of any clips: what the timeline shows, and that the longest length that is named fits."""

from __future__ import annotations

import re
from typing import Any

from hypothesis import assume, given
from hypothesis import strategies as st

from kit.material import IDS, A, material
from vtx_app.cut.edited import build_timeline, copy_starts
from vtx_app.cut.timeline import Copied, Drawn, Footage, Material, Timeline, Words
from vtx_app.cut.trim import EditFaults, trim
from vtx_app.formats.edit import Edit

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
