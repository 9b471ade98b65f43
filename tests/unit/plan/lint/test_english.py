"""Whether words are English, and whether they say that something moves."""

from __future__ import annotations

import pytest

from vtx_app.plan.lint.english import holds_motion, is_english

STILL = (
    "Close-up of an old woman's face, hard light from the left.",
    "A row of houses, an open window, a folded sail. Grey sky.",
    "Wide shot of the quay at dawn, nobody about, iron rings in the stone.",
    "A portrait of the keeper, cropped grey hair, polished brass behind her.",
    "She stands at the rail and looks at the camera.",
)
MOVING = (
    "Slow push in on an iron ring.",
    "The camera pans left over the roofs.",
    "Mara ties the ferry up and turns to the sea.",
    "Handheld, close on her hands.",
    "Fog drifts over the water.",
    "She looks up.",
    "The old man is running.",
    "Timelapse of a city at night.",
    "GULLS WHEEL; A BOY SWIMS.",
    "He carries the lamp; a moth flies round it.",
)


@pytest.mark.parametrize("text", STILL)
def test_what_stands_still_holds_no_motion(text: str) -> None:
    assert not holds_motion(text)


@pytest.mark.parametrize("text", MOVING)
def test_what_moves_holds_motion(text: str) -> None:
    assert holds_motion(text)


@pytest.mark.parametrize(
    "word", ["panel", "tracksuit", "runway", "wavelength", "turnip", "comet", "flower", "brunette"]
)
def test_a_word_is_whole(word: str) -> None:
    assert not holds_motion(f"A {word} in the light.")


@pytest.mark.parametrize(
    "text", [*STILL, *MOVING, 'White letters on the bow: "НАДЕЖДА".', "Los Angeles at night.", "René in a café.", ""]
)
def test_english_is_english(text: str) -> None:
    assert is_english(text)


@pytest.mark.parametrize(
    "text",
    [
        "Старуха стоит у окна.",
        "夜明けの埠頭、誰もいない。",
        "Un quai de pierre, le ciel est gris.",
        "Eine alte Frau steht mit einer Lampe auf der Mole.",
        "Una mujer en el muelle, con los ojos cerrados.",
    ],
)
def test_other_languages_are_not(text: str) -> None:
    assert not is_english(text)
