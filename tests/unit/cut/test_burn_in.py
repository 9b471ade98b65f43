"""What a review version says of each frame, and how it is drawn above the picture."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from hypothesis import assume, given, settings
from numpy.typing import NDArray

from kit.band import read_codes
from kit.columns import FRAMES, HEIGHT, RATE, WIDTH, noise, write_columns
from kit.handover import edits, material
from vtx_app.cut.burn_in import BurnedIn, Seen, Stretch, stretches
from vtx_app.cut.edited import build_timeline
from vtx_app.cut.framing import frame_of
from vtx_app.cut.review_band import ReviewBand
from vtx_app.cut.slate_layout import layout
from vtx_app.cut.timeline import Timeline
from vtx_app.cut.trim import EditFaults
from vtx_app.cut.version import Picture, make_version
from vtx_app.formats.check import load_format
from vtx_app.formats.deliveries import Deliverables, PictureFormat
from vtx_app.formats.edit import Edit
from vtx_app.formats.time_code import film_time_code, time_code
from vtx_app.media.labels import Labels

REVIEW = load_format(Path(__file__).resolve().parents[3] / "config/deliveries.yaml", Deliverables).deliveries["review"]
ALL = ("film", "shot", "clip", "take", "version")
A, B = "A01_S01_SH001", "A01_S01_SH002"


def seen_at(timeline: Timeline, frame: int) -> Seen:
    return [each.seen for each in stretches(timeline, {}, {}) if each.seen.start <= frame][-1]


def seen(timeline: Timeline, frame: int) -> tuple[str, int]:
    """Clip and frame of the shot that the stretches name at a frame of the film."""
    of = seen_at(timeline, frame)
    return of.clip_id, of.shot_frame(frame) if of.clip_id else 0


@settings(deadline=None, max_examples=40)
@given(edits())
def test_every_frame_names_a_clip_that_is_seen_there(made: Any) -> None:
    materials, edit = made
    try:
        timeline = build_timeline(materials, Edit.model_validate(edit))
    except EditFaults:
        assume(False)
    for frame in range(timeline.frames):
        there = {(use.clip_id, use.first + frame - use.start) for use in timeline.uses if use.start <= frame < use.end}
        clip_id, shot_frame = seen(timeline, frame)
        if seen_at(timeline, frame).still:  # a use is what moves
            assert "hold" in edit["clips"][clip_id]
        elif there and clip_id:
            assert (clip_id, shot_frame) in there
        elif there:  # a fade: it is more than half black
            assert edit["transitions"]


def test_stills_cards_repeats_and_the_middle_of_a_dissolve() -> None:
    materials = [material(A, 24, head=6, tail=6), material(B, 24, head=6, tail=6)]
    edit = {
        "clips": {A: {"in": 4, "hold": {"first": 12}}, B: {"repeat": 2}},
        "transitions": [{"after": A, "dissolve": 6}],
        "titles": [{"text": "Later", "frames": 10, "after": B}],
    }
    timeline = build_timeline(materials, Edit.model_validate(edit))
    assert [seen(timeline, frame) for frame in (0, 11, 12, 13)] == [(A, 4), (A, 4), (A, 4), (A, 5)]
    second = timeline.uses[1]
    middle = [seen(timeline, second.start + frame)[0] for frame in range(6)]
    assert middle == [A, A, A, B, B, B]
    again = timeline.uses[2]
    assert [seen(timeline, again.start + frame) for frame in (-1, 0)] == [(B, 23), (B, 0)]
    assert [seen(timeline, frame)[0] for frame in (again.end - 1, again.end, timeline.frames - 1)] == [B, "", ""]


def words(**more: Any) -> BurnedIn:
    parts = (
        Stretch(Seen(0, A, -2), "Empty quay", "3f2a91c"),
        Stretch(Seen(10, B, 5), "Mara\u202e & Ölzeug", "0944e71"),
        Stretch(Seen(20)),
    )
    return replace(BurnedIn(ALL, "1daf52b", parts), **more)


def frame_at(band: ReviewBand, index: int, level: int = 120) -> NDArray[np.uint8]:
    picture = av.VideoFrame(band.place.width, band.place.height, "yuv420p")
    for plane in picture.planes:
        np.frombuffer(plane, np.uint8)[:] = level
    return np.asarray(band.frame(picture, index).to_ndarray(format="gray"))


@pytest.mark.parametrize("rate", [Fraction(24), Fraction(30_000, 1001), Fraction(60_000, 1001), Fraction(16)], ids=str)
def test_time_codes_of_film_and_shot_are_read_off_the_picture(rate: Fraction) -> None:
    last = round(61 * rate)
    band = ReviewBand(replace(words(), stretches=(*words().stretches[:2], Stretch(Seen(last, A, 7)))), 854, 480, rate)
    for index, shot in ((2, 0), (9, 7), (10, 5), (19, 14), (last, 7), (last + 3, 10)):
        codes = read_codes(frame_at(band, index), 2)
        assert codes == [film_time_code(index, rate), time_code(shot, rate)]
    assert read_codes(frame_at(band, 1), 2)[1] == " " * 11  # in the handle before the shot


def test_a_card_has_the_time_of_the_film_alone() -> None:
    band = ReviewBand(words(), 854, 480, Fraction(24))
    assert read_codes(frame_at(band, 25), 2) == ["01:00:01:01", " " * 11]


@pytest.mark.parametrize(("width", "height"), [(854, 480), (480, 854), (1920, 800), (128, 96), (64, 64)])
def test_nothing_of_the_picture_is_covered(width: int, height: int) -> None:
    band = ReviewBand(words(), width, height, Fraction(24))
    place = band.place
    for index in (0, 15, 25):
        shown = frame_at(band, index)
        assert shown.shape == (height, width)
        if place.top:
            part = shown[place.top : place.top + place.height, place.left : place.left + place.width]
            assert len(np.unique(part)) == 1
            rest = shown.copy()
            rest[place.top : place.top + place.height, place.left : place.left + place.width] = 0
            assert rest[place.bar :].max() <= 16


def test_only_what_is_asked_for_is_drawn() -> None:
    bar = layout(854, 480, "small").bar
    whole = frame_at(ReviewBand(words(), 854, 480, Fraction(24)), 12)[:bar]
    assert frame_at(ReviewBand(words(fields=()), 854, 480, Fraction(24)), 12)[:bar].max() <= 16
    for field in ALL:
        rest = tuple(each for each in ALL if each != field)
        less = frame_at(ReviewBand(words(fields=rest), 854, 480, Fraction(24)), 12)[:bar]
        assert not np.array_equal(less, whole)
    film = frame_at(ReviewBand(words(fields=("film",)), 854, 480, Fraction(24)), 12)
    assert read_codes(film, 1) == ["01:00:00:12"]
    shot = frame_at(ReviewBand(words(fields=("shot",)), 854, 480, Fraction(24)), 12)
    assert read_codes(shot, 1) == ["00:00:00:07"]


def test_a_review_version_shows_the_film_below_its_band(tmp_path: Path) -> None:
    final, out = write_columns(tmp_path / "film.mp4"), tmp_path / "review.mp4"
    picture = REVIEW.picture
    assert picture is not None
    assert set(picture.burn_in) == set(ALL)
    size = PictureFormat(codec="h264", height=480, enlarge=True)
    framing = frame_of(size, WIDTH, HEIGHT)
    band = ReviewBand(words(), framing.width, framing.height, RATE)
    source = Picture(final, FRAMES, RATE, framing, band=band)
    make_version(out, REVIEW, source, noise(), labels=Labels())
    with av.open(str(out)) as container:
        shown = [frame.to_ndarray(format="gray") for frame in container.decode(video=0)]
    with av.open(str(final)) as container:
        before = [
            frame.reformat(band.place.width, band.place.height, "gray").to_ndarray()
            for frame in container.decode(video=0)
        ]
    assert len(shown) == len(before) == FRAMES
    top, left = band.place.top, band.place.left
    for index, (one, other) in enumerate(zip(shown, before, strict=True)):
        assert read_codes(one, 1) == [film_time_code(index, RATE)]
        part = one[top : top + band.place.height, left : left + band.place.width]
        assert np.abs(part.astype(float) - other).mean() < 3
