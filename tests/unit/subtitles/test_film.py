from __future__ import annotations

from fractions import Fraction

from vtx_app.cut.timeline import Copied, Drawn, Footage, Heard, Layer, Plain, Timeline, Use
from vtx_app.subtitles.film import cut_frames, heard_lines
from vtx_app.subtitles.layout import plain_text
from vtx_app.subtitles.placing import Spoken
from vtx_app.subtitles.words import words_of

A, B = "A01_S01_SH001", "A01_S01_SH002"
RATE = Fraction(10)
WORDS = tuple(words_of("I counted all night."))
LINE = Spoken("Mara", WORDS, ((1.0, 1.5), (1.5, 2.0), (2.0, 2.5), (2.5, 3.0)))


def heard(*sounds: Heard) -> list[tuple[str, tuple[float, float]]]:
    """What is heard of the line in A, and from which frame to which."""
    lines = heard_lines(sounds, {A: [LINE]}, RATE)
    return [(plain_text(line.words), (line.times[0][0], line.times[-1][1])) for line in lines]


def test_a_line_is_heard_where_its_shot_is() -> None:
    assert heard(Heard(A, 0, 40, 100)) == [("I counted all night.", (110, 130))]
    assert heard(Heard(B, 0, 40, 100)) == []


def test_a_shot_that_is_shown_twice_is_heard_twice() -> None:
    assert heard(Heard(A, 0, 40, 0), Heard(A, 0, 40, 40)) == [
        ("I counted all night.", (10, 30)),
        ("I counted all night.", (50, 70)),
    ]


def test_of_a_trimmed_line_the_words_that_are_heard_stay() -> None:
    assert heard(Heard(A, 0, 22, 100)) == [("I counted…", (110, 120))]
    assert heard(Heard(A, 18, 20, 100)) == [("…all night.", (102, 112))]
    assert heard(Heard(A, 0, 29, 100)) == [("I counted all night.", (110, 129))]  # most of the last word is heard
    assert heard(Heard(A, 30, 10, 100)) == heard(Heard(A, 0, 10, 100)) == []


def test_a_handle_shifts_nothing() -> None:
    assert heard(Heard(A, -5, 40, 100)) == [("I counted all night.", (115, 135))]


def film(frames: int, uses: list[Use], *drawn: Drawn) -> Timeline:
    copied = [Copied(use.clip_id, 0, use.frames, use.start) for use in uses]
    return Timeline(frames, tuple(uses), (*copied, *drawn), (), {"A01": (0, frames)})


def test_cuts_are_where_another_shot_begins() -> None:
    assert cut_frames(film(70, [Use(A, 0, 40, 0), Use(B, 0, 30, 40)])) == [40]
    assert cut_frames(film(80, [Use(A, 0, 40, 0), Use(A, 0, 40, 40)])) == [40]


def test_a_dissolve_cuts_in_its_middle() -> None:
    layers = Layer(Footage(A, 30), 0, 10), Layer(Footage(B, 0), 0, 10, 10)
    dissolve = Drawn(f"{A}__dissolve", 10, 30, layers)
    assert cut_frames(film(60, [Use(A, 0, 40, 0), Use(B, 0, 30, 30)], dissolve)) == [35]


def test_a_still_belongs_to_its_shot_and_a_card_does_not() -> None:
    still = Drawn(f"{A}__hold", 10, 40, (Layer(Footage(A, 39, still=True), 0, 10),))
    card = Drawn(f"{A}__title", 20, 50, (Layer(Plain("#000000"), 0, 20),))
    assert cut_frames(film(100, [Use(A, 0, 40, 0), Use(B, 0, 30, 70)], still, card)) == [50, 70]


def test_a_hold_before_a_shot_belongs_to_that() -> None:
    still = Drawn(f"{B}__hold", 10, 40, (Layer(Footage(B, 0, still=True), 0, 10),))
    assert cut_frames(film(80, [Use(A, 0, 40, 0), Use(B, 0, 30, 50)], still)) == [40]


def test_a_card_at_either_end_of_the_film() -> None:
    first, last = (Drawn(f"{A}__{at}", 10, at, (Layer(Plain("#000000"), 0, 10, 4, 4),)) for at in (0, 50))
    assert cut_frames(film(60, [Use(A, 0, 40, 10)], first, last)) == [10, 50]
