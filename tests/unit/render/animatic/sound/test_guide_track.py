from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from vtx_app.cut.timing import Span
from vtx_app.media.codec import SAMPLE_RATE, samples_for
from vtx_app.render.animatic.reading.model import Person, Place, Reading, Weather
from vtx_app.render.animatic.sound.guide_track import SPEECH_LOUDNESS, Speech, guide_track
from vtx_app.render.animatic.sound.voice import Voice, murmur, syllables, voice_of
from vtx_app.sound.loudness import LoudnessMeter

RATE = Fraction(24)
ROOM = Reading("A01_S01_SH001", Place("room", True, "Room", "room"))
LINE = "I counted all night. You never missed one."


def level(samples: np.ndarray[tuple[int, ...], np.dtype[np.int16]]) -> float:
    """RMS in dBFS."""
    return float(20 * np.log10(np.sqrt(np.mean((samples / 32768.0) ** 2)) + 1e-9))


def pitch_of(samples: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> float:
    """The pitch in hertz by autocorrelation."""
    part = samples[len(samples) // 4 : len(samples) * 3 // 4]
    found = np.fft.irfft(np.abs(np.fft.rfft(part, 2 * len(part))) ** 2)
    low, high = SAMPLE_RATE // 500, SAMPLE_RATE // 60
    return SAMPLE_RATE / (low + int(found[low:high].argmax()))


@pytest.mark.parametrize("rate", [Fraction(24), Fraction(24000, 1001), Fraction(30)])
def test_it_lasts_as_long_as_the_picture(rate: Fraction) -> None:
    assert guide_track(49, rate, ROOM, []).shape == (samples_for(49, rate), 2)


def test_there_is_no_pip_and_no_gap_at_a_cut() -> None:
    """The tone of a place is as loud in its first and last tenth as in its middle, and soft."""
    track = guide_track(96, RATE, ROOM, [])
    tenth = SAMPLE_RATE // 10
    parts = [level(track[:tenth]), level(track[len(track) // 2 :][:tenth]), level(track[-tenth:])]
    assert max(parts) - min(parts) < 5
    assert max(parts) < -45
    assert abs(track[0]).max() < 330  # no click


def test_all_shots_at_a_place_have_one_tone_and_rain_another() -> None:
    again = guide_track(48, RATE, ROOM, [])
    assert np.array_equal(guide_track(96, RATE, ROOM, [])[: len(again)], again)
    rain = guide_track(48, RATE, Reading("A", Place("street", False, "Street", "street"), weather=Weather("rain")), [])
    assert level(rain) > level(again) + 6


def test_speech_is_as_loud_as_a_programme_and_only_where_it_is_said() -> None:
    track = guide_track(120, RATE, ROOM, [Speech("Inès", LINE, "", Span(24, 96))])
    meter = LoudnessMeter()
    meter.push((track[samples_for(24, RATE) : samples_for(96, RATE)] / 32768).astype(np.float32))
    loudness = meter.loudness()
    assert loudness is not None
    assert abs(loudness - SPEECH_LOUDNESS) < 1.5
    assert level(track[: samples_for(23, RATE)]) < -45
    assert level(track[samples_for(97, RATE) :]) < -45
    assert abs(track).max() < 0.6 * 32768


@pytest.mark.parametrize(
    ("text", "count"), [("Ten. Eleven. Twelve.", 5), ("Да, нет", 2), ("一二三", 3), ("—", 0), ("1959", 4)]
)
def test_syllables_of_any_script(text: str, count: int) -> None:
    assert sum(number for number, _ in syllables(text)) == count


def test_pitch_follows_who_speaks_and_how() -> None:
    man, woman = Person("m", "M", woman=False), Person("w", "W", woman=True)
    child = Person("c", "C", age="child", years=8)
    pitches = [pitch_of(murmur(voice_of("x", words, person), LINE, 2 * SAMPLE_RATE))
               for words, person in (("a deep, low voice", man), ("", man), ("", woman), ("", child))]  # fmt: skip
    assert pitches == sorted(pitches)
    assert pitches[0] < 110 < 160 < pitches[2] < 220 < pitches[3]


def test_a_slow_voice_takes_longer() -> None:
    def length(words: str) -> int:
        found = np.flatnonzero(np.abs(murmur(voice_of("x", words, None), LINE, 6 * SAMPLE_RATE)) > 0.02)
        return int(found[-1] - found[0])

    assert length("slow and unhurried") > length("") > length("quick, clipped")


def test_a_whisper_has_no_pitch_and_a_sentence_has_syllables() -> None:
    voiced, breath = (murmur(Voice(breath=share), LINE, 3 * SAMPLE_RATE) for share in (0.05, 0.9))

    def tone(samples: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> float:
        spectrum = np.abs(np.fft.rfft(samples))
        return float(spectrum.max() / spectrum.mean())

    assert tone(voiced) > 2 * tone(breath)
    swells = np.abs(voiced[: len(voiced) // 480 * 480]).reshape(-1, 480).mean(1)
    assert (np.diff(np.sign(np.diff(np.convolve(swells, np.ones(5) / 5, "same")))) < 0).sum() >= 7


def test_the_same_line_sounds_the_same_and_fits_any_span() -> None:
    one, other = (murmur(Voice(), LINE, SAMPLE_RATE) for _ in range(2))
    assert np.array_equal(one, other)
    for count in (0, 10, 3000, 12000):
        assert len(murmur(Voice(), LINE, count)) == count
