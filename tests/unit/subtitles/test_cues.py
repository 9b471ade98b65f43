from __future__ import annotations

from bisect import bisect_left, bisect_right
from fractions import Fraction
from itertools import pairwise
from math import ceil, floor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vtx_app.subtitles.cues import Cue, make_cues, subtitle
from vtx_app.subtitles.film import HeardLine
from vtx_app.subtitles.words import LINE_WIDTH, spoken_text, text_width, words_of

FILM = Fraction(24)
SENTENCES = [
    "No.",
    "Nobody today.",
    "I counted all night, and did you ever miss one?",
    "When the lamp went out I lit three matches, one after the other, and I held the last one until it burned me.",
    "今日は誰も来ませんでしたが、明日はきっと誰かが来るでしょうと灯台守は静かに言いました。",
    "오늘은 아무도 오지 않았지만 내일은 누군가 올 거예요.",
    "לא היום, ומחר אולי יבוא מישהו",
    "x" * 100,
    "<i>a</i> --> b",
]


def heard(text: str, start: float, end: float, speaker: str = "Mara") -> HeardLine:
    """A line that is spoken evenly between two frames of the film."""
    words = tuple(words_of(spoken_text(text)))
    step = (end - start) / len(words)
    return HeardLine(speaker, words, tuple((start + at * step, start + (at + 1) * step) for at in range(len(words))))


@st.composite
def dialogues(draw: st.DrawFn, *, crowded: bool) -> tuple[list[HeardLine], list[int], int, Fraction]:
    """Lines of a film with its cuts, frames and rate; no two at once unless ``crowded``. Each is in one shot."""
    rate = draw(st.sampled_from([Fraction(8), Fraction(24000, 1001), Fraction(25), Fraction(60)]))
    lines, cuts, at = [], [], 0
    for _ in range(draw(st.integers(1, 6))):
        length = draw(st.integers(1, 400))
        for _ in range(draw(st.integers(0, 3))):
            text, who = draw(st.sampled_from(SENTENCES)), draw(st.sampled_from(["Mara", "Ivo"]))
            spoken = len(words_of(text)) * float(rate) * draw(st.floats(0.01 if crowded else 0.15, 0.6))
            if spoken >= length:
                continue
            start = draw(st.floats(0, length - spoken))
            if crowded or not lines or at + start >= lines[-1].times[-1][1]:
                lines.append(heard(text, at + start, at + start + spoken, who))
        at += length
        cuts.append(at)
    return lines, cuts[:-1], at, rate


@given(dialogues(crowded=True))
def test_what_holds_of_every_cue(film: tuple[list[HeardLine], list[int], int, Fraction]) -> None:
    lines, cuts, frames, rate = film
    cues = make_cues(lines, cuts, frames, rate)
    for cue in cues:
        assert 0 <= cue.start < cue.end <= frames
        assert 1 <= len(cue.lines) <= 2
        assert all(0 < text_width(line) <= LINE_WIDTH for line in cue.lines)
        assert cue.end - cue.start <= 7 * rate
    assert all(later.start - earlier.end >= 2 for earlier, later in pairwise(cues))


@given(dialogues(crowded=False))
def test_where_nobody_speaks_at_once_all_is_shown_as_long_as_there_is_room(
    film: tuple[list[HeardLine], list[int], int, Fraction],
) -> None:
    lines, cuts, frames, rate = film
    cues = make_cues(lines, cuts, frames, rate)
    for at, cue in enumerate(cues):
        place = bisect_left(cuts, cue.end)
        shot_end = cuts[place] if place < len(cuts) else frames
        room = min(shot_end, cues[at + 1].start - 2 if at + 1 < len(cues) else frames, cue.start + floor(7 * rate))
        wanted = max(ceil(rate), ceil(sum(map(text_width, cue.lines)) * rate / 17))
        assert cue.end - cue.start >= min(wanted, room - cue.start), "too short, with room after it"
        assert bisect_right(cuts, cue.start) == bisect_left(cuts, cue.end), "it goes over a cut"


@given(dialogues(crowded=False))
def test_every_word_is_shown_in_order(film: tuple[list[HeardLine], list[int], int, Fraction]) -> None:
    lines, cuts, frames, _ = film
    cues = make_cues(lines, cuts, frames * 20, Fraction(24))  # nothing is at the film's very end
    shown = "".join(line.removeprefix("- ") for cue in cues for line in cue.lines).replace(" ", "")
    assert shown == "".join(word.text for line in lines for word in line.words)


def only(*lines: HeardLine, cuts: tuple[int, ...] = (), frames: int = 2400) -> list[Cue]:
    return make_cues(lines, cuts, frames, FILM)


def test_a_cue_comes_with_its_words_and_stays_as_long_as_it_takes_to_read() -> None:
    assert only(heard("I counted all night, and did you ever miss one?", 48, 60)) == [
        Cue(48, 48 + ceil(46 * 24 / 17), ("I counted all night,", "and did you ever miss one?"), ("Mara",))
    ]
    (slow,) = only(heard("Nobody today.", 48, 130))
    assert (slow.start, slow.end) == (48, 130)


def test_a_short_word_is_shown_for_a_second() -> None:
    (cue,) = only(heard("No.", 48, 54))
    assert (cue.start, cue.end) == (48, 72)
    (late,) = only(heard("No.", 48, 54), cuts=(60,))  # too little room behind it: it comes earlier
    assert (late.start, late.end) == (36, 60)


def test_cues_keep_to_cuts() -> None:
    (near,) = only(heard("Nobody today.", 50, 90), cuts=(46, 100))
    assert (near.start, near.end) == (46, 100)
    (far,) = only(heard("Nobody today.", 60, 85), cuts=(46, 100))
    assert (far.start, far.end) == (60, 85)
    (over,) = only(heard("Nobody today.", 60, 110), cuts=(46, 100, 140))  # its sound goes on over the next shot
    assert (over.start, over.end) == (60, 110)


def test_a_quick_answer_shares_the_cue() -> None:
    lines = heard("Did you ever miss one?", 48, 66), heard("No.", 68, 75, "Ivo")
    assert only(*lines) == [Cue(48, 48 + ceil(29 * 24 / 17), ("- Did you ever miss one?", "- No."), ("Mara", "Ivo"))]
    assert [cue.lines for cue in only(*lines, cuts=(67,))] == [("Did you ever miss one?",), ("No.",)]
    assert len(only(heard("Did you ever miss one?", 48, 80), heard("No.", 82, 89, "Ivo"))) == 2


def test_one_who_goes_on_at_once_has_no_dash() -> None:
    (cue,) = only(heard("No.", 48, 54), heard("Nobody today.", 56, 80))
    assert cue.lines == ("No. Nobody today.",)


def test_a_cue_in_seconds() -> None:
    rate = Fraction(24000, 1001)
    found = subtitle(Cue(24, 48, ("a", "b"), ("Mara",)), rate)
    assert (found.start, found.end, found.text) == (24 / rate, 48 / rate, "a\nb")


@pytest.mark.parametrize("text", [sentence for sentence in SENTENCES if " " in sentence])
def test_no_line_ends_inside_a_word(text: str) -> None:
    words = set(text.split())
    for cue in only(heard(text, 0, 240)):
        for line in cue.lines:
            assert set(line.split()) <= words
