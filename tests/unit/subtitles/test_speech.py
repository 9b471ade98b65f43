from __future__ import annotations

import json
import os
from fractions import Fraction
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from kit.beeps import beeps, write_beeps
from vtx_app.compile.request import Line
from vtx_app.cut.timing import line_spans
from vtx_app.errors import CutError
from vtx_app.media.codec import SAMPLE_RATE
from vtx_app.render.animatic.reading.model import Place, Reading, Weather
from vtx_app.render.animatic.sound.guide_track import Speech, guide_track
from vtx_app.subtitles.speech import find_speech
from vtx_app.subtitles.takes import TakesSpeech

SPOKEN = [(0.5, 1.25), (2.0, 2.75)]


def sound(spoken: list[tuple[float, float]], seconds: float, **how: float) -> npt.NDArray[np.int16]:
    return beeps(spoken, round(seconds * SAMPLE_RATE), **how)


@pytest.mark.parametrize("level", [0.003, 0.1, 1.0])
@pytest.mark.parametrize("noise", [0.0, 0.0002])
def test_speech_is_found_where_it_is_however_loud(level: float, noise: float) -> None:
    found = find_speech(sound(SPOKEN, 4, level=level, noise=noise), SAMPLE_RATE)
    assert found == [pytest.approx(each, abs=0.03) for each in SPOKEN]


@pytest.mark.parametrize(
    "samples",
    [
        sound([], 2, noise=0),
        sound([], 2, noise=0.1),
        sound([(0, 2)], 2),
        sound([(1.0, 1.05)], 2),
        sound([(0.5, 1.5)], 2, hertz=40, noise=0.002),
        np.zeros((0, 2), np.int16),
        np.zeros((300, 2), np.int16),
    ],
    ids=["silence", "noise", "a note that never ends", "a click", "rumble", "nothing", "6 ms"],
)
def test_what_is_no_speech(samples: npt.NDArray[np.int16]) -> None:
    assert find_speech(samples, SAMPLE_RATE) == []


def test_a_stop_in_a_word_is_no_pause() -> None:
    (found,) = find_speech(sound([(0.5, 0.9), (1.0, 1.4)], 2), SAMPLE_RATE)
    assert found == pytest.approx((0.5, 1.4), abs=0.03)


@pytest.mark.parametrize("weather", ["", "rain", "storm"])
def test_a_storyboard_murmurs_where_its_lines_are(weather: str) -> None:
    rate, lines = Fraction(24), [Line("Mara", "I counted all night, and did you ever miss one?"), Line("Ivo", "No.")]
    spans = line_spans(lines, 150, rate)
    reading = Reading("A", Place("street", False, "Street", "street"), weather=Weather(weather))
    speeches = [Speech(line.speaker, line.text, "", span) for line, span in zip(lines, spans, strict=True)]
    found = find_speech(guide_track(150, rate, reading, speeches), SAMPLE_RATE)
    assert [start for start, _ in found] == [pytest.approx(span.first / 24, abs=0.1) for span in spans]
    assert all(start < end <= span.end / 24 for (start, end), span in zip(found, spans, strict=True))


@pytest.mark.parametrize(("rate", "head"), [(Fraction(24), 12), (Fraction(24000, 1001), 0)])
def test_speech_is_in_the_time_of_the_shot(tmp_path: Path, rate: Fraction, head: int) -> None:
    take = tmp_path / "take.mp4"
    write_beeps(take, SPOKEN, 96, Fraction(24))
    slower = float(Fraction(24) / rate)
    wanted = [(start * slower - head / 24, end * slower - head / 24) for start, end in SPOKEN]
    assert TakesSpeech(tmp_path / "known.json").in_shot(take, rate, head) == [
        pytest.approx(each, abs=0.03) for each in wanted
    ]


def test_a_take_is_read_once_and_again_when_it_has_changed(tmp_path: Path) -> None:
    known, rate = tmp_path / "known.json", Fraction(24)
    take = tmp_path / "take.mp4"
    write_beeps(take, SPOKEN, 96, rate)
    first = TakesSpeech(known)
    found = first.in_shot(take, rate, 12)
    first.keep()
    before = take.stat()
    take.write_bytes(bytes(before.st_size))
    os.utime(take, ns=(before.st_mtime_ns, before.st_mtime_ns))
    assert TakesSpeech(known).in_shot(take, rate, 12) == found  # it is not opened
    os.utime(take, ns=(before.st_mtime_ns, before.st_mtime_ns + 1))
    with pytest.raises(CutError):
        TakesSpeech(known).in_shot(take, rate, 12)


def test_what_was_found_is_kept_of_the_takes_that_were_asked_for(tmp_path: Path) -> None:
    known, rate = tmp_path / "known.json", Fraction(24)
    one, other = tmp_path / "one.mp4", tmp_path / "other.mp4"
    for take in (one, other):
        write_beeps(take, SPOKEN, 96, rate)
    for takes in ([one, other], [other]):
        speech = TakesSpeech(known)
        for take in takes:
            speech.in_shot(take, rate, 0)
        speech.keep()
    assert "other.mp4" in known.read_text() and "one.mp4" not in known.read_text()


@pytest.mark.parametrize(
    "damage", ["", "{", "[]", '{"version": 1, "takes": {"a": [0, 1]}}', '{"version": 0, "takes": {}}']
)
def test_a_damaged_file_of_found_speech_is_written_again(tmp_path: Path, damage: str) -> None:
    known, rate = tmp_path / "known.json", Fraction(24)
    take = tmp_path / "take.mp4"
    write_beeps(take, SPOKEN, 96, rate)
    known.write_text(damage)
    speech = TakesSpeech(known)
    assert len(speech.in_shot(take, rate, 0)) == len(SPOKEN)
    speech.keep()
    assert json.loads(known.read_text())["takes"]
