"""A film's own hand-over, edited with OpenTimelineIO: it comes back right, or is listed as what an edit can't say."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import opentimelineio as otio
import pytest

from kit.film import IDS, Film
from kit.machine import forget
from kit.takes import make_takes
from vtx_app.errors import ProjectError
from vtx_app.handover.otio_file import otio_text
from vtx_app.plan.handover import film_cut
from vtx_app.plan.planner import plan_film
from vtx_app.review.list_import import ListImport, import_list
from vtx_app.review.read_list import read_list

schema = otio.schema
EDIT = """\
version: 1
clips:
  A01_S01_SH001: {out: 20, gain_db: -3}
transitions:
  - {after: A01_S01_SH002, dissolve: 6}
"""
A, B, C, D, E, F = IDS
OWN: dict[str, Any] = {A: {"out": 20, "gain_db": -3}}
OUT_OF_STEP = "its sound is not in step with its picture"
NO_GAP = "an edit has no gaps"


def time(frames: float, rate: float = 24) -> Any:
    return otio.opentime.RationalTime(frames, rate)


def stretch(first: float, frames: float, rate: float = 24) -> Any:
    return otio.opentime.TimeRange(time(first, rate), time(frames, rate))


class Theirs:
    """The film's hand-over as an editor has it open."""

    def __init__(self, text: str) -> None:
        self.timeline = otio.adapters.read_from_string(text, "otio_json")
        self.track = self.timeline.video_tracks()[0]
        self.clips = [each for each in self.track if isinstance(each, schema.Clip)]
        self.sounds = [each for track in self.timeline.audio_tracks() for each in track.find_clips()]

    def put(self, at: Any, item: Any) -> None:
        """Have ``item`` in the place of ``at``; where it is None, nothing."""
        for track in self.timeline.tracks:
            if at in list(track):
                number = track.index(at)
                del track[number]
                if item is not None:
                    track.insert(number, item)

    def nest(self, clip: Any, *, rows: int = 1) -> Any:
        nest = schema.Stack(name="nest")
        self.put(clip, nest)
        nest.append(clip)
        for _ in range(rows - 1):
            nest.append(clip.deepcopy())
        return nest


def imported(film: Film, change: Callable[[Theirs], object]) -> ListImport:
    film.edit("metadata.yaml", "fps: 8", "fps: 24")
    film.write("story/05_edit.yaml", EDIT)
    film.write("story/04_shotlist.yaml", "shots:\n" + "".join(f"- clip_id: {clip_id}\n" for clip_id in IDS))
    forget()
    make_takes(plan_film("harbour", "final"))
    plan = plan_film("harbour", "final")
    cut = film_cut(plan)
    theirs = Theirs(otio_text(cut))
    change(theirs)
    path = Path("cut.otio")
    path.write_text(otio.adapters.write_to_string(theirs.timeline, "otio_json"), encoding="utf-8")
    return import_list(plan, read_list(path, cut))


def no_effect(_: Theirs) -> None:
    """An untouched cut."""


def nested_clip(theirs: Theirs) -> None:
    theirs.nest(theirs.clips[4])


def nested_twice_and_trimmed_by_the_nest(theirs: Theirs) -> None:
    outer = schema.Stack(name="outer")
    inner = theirs.nest(theirs.clips[4])
    theirs.put(inner, outer)
    outer.append(inner)
    theirs.clips[4].source_range = stretch(86_400, 25)
    outer.source_range = stretch(0, 24)


def nested_sound(theirs: Theirs) -> None:
    theirs.nest(theirs.sounds[0])


def offline(theirs: Theirs) -> None:
    for clip in (*theirs.clips, *theirs.sounds):
        clip.media_reference = schema.MissingReference()


def without_levels(theirs: Theirs) -> None:
    for sound in theirs.sounds:
        del sound.effects[:]


def other_numbers_of_the_same_time(theirs: Theirs) -> None:
    for clip in theirs.clips[4:]:
        there = clip.source_range
        clip.source_range = stretch(there.start_time.value * 2, there.duration.value * 2, 48)


@pytest.mark.parametrize(
    "change",
    [
        no_effect,
        nested_clip,
        nested_twice_and_trimmed_by_the_nest,
        nested_sound,
        offline,
        without_levels,
        other_numbers_of_the_same_time,
    ],
)
def test_the_same_cut_written_otherwise_changes_nothing(film: Film, change: Callable[[Theirs], None]) -> None:
    made = imported(film, change)
    assert (made.changes, made.lost) == ((), ())


def trim(theirs: Theirs) -> None:
    for clip in (theirs.clips[0], theirs.sounds[0]):
        there = clip.source_range
        clip.source_range = otio.opentime.TimeRange(there.start_time + time(4), there.duration - time(4))


def test_a_trim_that_ripples_with_its_sound(film: Film) -> None:
    def ripple(theirs: Theirs) -> None:
        trim(theirs)
        for track in theirs.timeline.audio_tracks():
            if track[0] is not theirs.sounds[0]:
                first = track[0]
                first.source_range = stretch(0, first.duration().value - 4)

    made = imported(film, ripple)
    assert made.data["clips"] == {A: {"in": 4, "out": 20, "gain_db": -3}}
    assert made.lost == ()


def doubled(theirs: Theirs) -> None:
    theirs.track.append(theirs.clips[0].deepcopy())


def doubled_at_once(theirs: Theirs) -> None:
    theirs.track.insert(1, theirs.clips[0].deepcopy())


def faster(theirs: Theirs) -> None:
    theirs.clips[0].effects.append(schema.LinearTimeWarp(time_scalar=2.0))


def blurred(theirs: Theirs) -> None:
    theirs.clips[0].effects.append(schema.Effect(effect_name="Gaussian Blur"))


def frozen(theirs: Theirs) -> None:
    theirs.clips[0].effects.append(schema.FreezeFrame())


def composited(theirs: Theirs) -> None:
    theirs.nest(theirs.clips[4], rows=2)


def gap_before(theirs: Theirs) -> None:
    theirs.track.insert(0, schema.Gap(duration=time(10)))


def sound_slipped(theirs: Theirs) -> None:
    for track in theirs.timeline.audio_tracks():
        track.insert(0, schema.Gap(duration=time(3)))


def foreign(theirs: Theirs) -> None:
    theirs.track.append(schema.Clip("x", schema.ExternalReference("/other/thing.mov"), stretch(0, 20)))


def track_above(theirs: Theirs) -> None:
    above = schema.Track("V2", children=[theirs.clips[1].deepcopy()], kind="Video")
    theirs.timeline.tracks.insert(1, above)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (doubled, f"{A} at frame 134: shown again apart from its first showing"),
        (doubled_at_once, f"{A}: its sound is heard in 1 of the 2 times that it is shown"),
        (faster, f"{A}_T01: another speed"),
        (blurred, f"{A}_T01: the effect 'Gaussian Blur'"),
        (frozen, f"{A} at frame 0: a still frame without the shot beside it"),
        (composited, "Stack 'nest': what lies in it is not read"),
        (gap_before, f"nothing is seen for 10 frames from frame 0 on: {NO_GAP}"),
        (sound_slipped, f"{A}: {OUT_OF_STEP}"),
        (foreign, "picture 'x': not a take of this film"),
        (track_above, "picture track 'V2': only the lowest is read"),
    ],
)
def test_what_an_edit_cannot_say_is_listed_and_no_clip_or_sound_is_lost(
    film: Film, change: Callable[[Theirs], None], told: str
) -> None:
    made = imported(film, change)
    assert told in made.lost
    wanted = {A: OWN[A] | {"repeat": 2}} if change is doubled_at_once else OWN
    assert made.data["clips"] == wanted
    assert made.data["transitions"] == [{"after": B, "dissolve": 6}]


def test_a_clip_that_left_a_gap_is_left_out_and_no_dissolve_leads_elsewhere(film: Film) -> None:
    made = imported(film, lambda theirs: theirs.put(theirs.clips[2], schema.Gap(duration=theirs.clips[2].duration())))
    kept = {B: {"out": 22}, D: {"in": 1}}  # as they were seen: half the dissolve, without the frame that C ends with
    assert made.data["clips"] == OWN | kept | {C: {"leave_out": True}}
    assert "transitions" not in made.data
    assert "the dissolve at frame 42: there is nothing on one side of it" in made.lost
    assert f"nothing is seen for 21 frames from frame 42 on: {NO_GAP}" in made.lost


def test_what_is_switched_off_is_not_seen_and_not_heard(film: Film) -> None:
    def switch_off(theirs: Theirs) -> None:
        theirs.clips[4].enabled = False
        next(each for each in theirs.sounds if each.name.startswith(A)).enabled = False

    made = imported(film, switch_off)
    assert made.data["clips"] == {A: OWN[A] | {"mute": True}, E: {"leave_out": True}}
    assert any(line.startswith(f"{E}_T") and line.endswith("it is switched off") for line in made.lost)


@pytest.mark.parametrize(
    ("first", "frames", "rate", "told"),
    [
        (float("inf"), 20, 24, "a time of inf frames"),
        (float("nan"), 20, 24, "a time of nan frames"),
        (86_400, float("inf"), 24, "a time of inf frames"),
        (86_400, -5, 24, f"'{A}_T01' lasts -5 frames"),
        (86_400.5, 20, 24, "is no whole frame at 24"),
        (172_801, 40, 48, "is no whole frame at 24"),
        (86_395, 20, 24, "its take has 0 frames before the shot"),
        (86_400, 200, 24, "its take has 1 frame after the shot's 24"),
        (1e300, 1e300, 24, "expected less than or equal to 1000000"),
        (0, 20, 0, "0 frames per second"),
    ],
)
def test_times_that_are_none_or_not_in_the_media_are_refused(
    film: Film, first: float, frames: float, rate: float, told: str
) -> None:
    with pytest.raises(ProjectError) as raised:
        imported(film, lambda theirs: setattr(theirs.clips[0], "source_range", stretch(first, frames, rate)))
    assert told in str(raised.value)
