from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from vtx_app.cut.end_roll import EndRollPicture, roll_fault
from vtx_app.errors import CutError
from vtx_app.formats.edit import EndRoll

LINES = ["CAST", "", "Inès\tNadezhda", "Yann\tB. Li", "", "Written by", "Jo"]


def roll(frames: int = 60, **keys: float) -> EndRoll:
    return EndRoll(file="story/roll.txt", frames=frames, **keys)


def seen(picture: EndRollPicture, index: int) -> NDArray[np.float64]:
    return np.asarray(picture.frame(index), np.float64)[..., 3] / 255


def centre_of_ink(frame: NDArray[np.float64]) -> float:
    """The row of the middle of what is drawn."""
    rows = frame.sum(1)
    return float((rows * (np.arange(len(rows)) + 0.5)).sum() / rows.sum())


@pytest.mark.parametrize("frames", [37, 60, 251])
def test_it_comes_in_from_below_and_leaves_above(frames: int) -> None:
    picture = EndRollPicture(roll(frames), LINES, 320, 180)
    first, last = seen(picture, 0), seen(picture, frames - 1)
    step = float(picture.step)
    assert first[: int(180 - step) - 1].max() == 0
    assert last[int(step) + 2 :].max() == 0
    assert not seen(picture, -1).any()
    assert not seen(picture, frames).any()
    assert seen(picture, frames // 2).any()


@pytest.mark.parametrize("frames", [37, 60, 251])
def test_it_moves_by_the_same_step_in_every_frame(frames: int) -> None:
    picture = EndRollPicture(roll(frames), ["Inès"], 320, 180)
    ink = seen(picture, frames // 2).sum()
    whole = [index for index in range(frames) if abs(seen(picture, index).sum() - ink) < 0.01 * ink]
    centres = [centre_of_ink(seen(picture, index)) for index in whole]
    assert len(centres) > frames // 2
    steps = np.diff(whole) * float(picture.step)
    np.testing.assert_allclose(-np.diff(centres), steps, atol=0.05)
    assert centres[0] - centres[-1] == pytest.approx(steps.sum(), abs=0.05)


def test_parts_of_a_pixel_do_not_make_it_flicker() -> None:
    """A line has the same ink in every frame, wherever between two rows it stands."""
    picture = EndRollPicture(roll(251), ["Inès the keeper"], 320, 180)
    inks = [seen(picture, index).sum() for index in range(80, 170)]
    assert max(inks) - min(inks) < 0.01 * max(inks)


def test_roles_end_left_of_the_middle_and_names_begin_right_of_it() -> None:
    picture = EndRollPicture(roll(), ["The Keeper of the Light\tJo"], 640, 180)
    columns = seen(picture, 30).max(0)
    assert columns[:310].any()
    assert columns[330:].any()
    assert not columns[317:323].any()
    role, name = columns[:320].max(), columns[320:].max()
    assert 0.6 < role < 0.8 < name


def test_a_line_without_a_tab_is_centred_and_wrapped() -> None:
    picture = EndRollPicture(roll(), ["A person with a great many names, honours and titles"], 200, 180)
    frame = seen(picture, 30)
    drawn = np.nonzero(frame.max(0))[0]
    assert drawn.min() >= 10
    assert drawn.max() < 190
    assert abs((drawn.min() + drawn.max()) / 2 - 100) < 3


def test_a_word_too_wide_names_its_line_and_the_largest_size() -> None:
    lines = ["CAST", "x" * 60]
    fault = roll_fault(roll(size=9.0), lines, 320, 180)
    assert fault is not None
    assert fault[0] == 2
    size = float(fault[1].rpartition(" ")[2])
    assert roll_fault(roll(size=size), lines, 320, 180) is None
    assert roll_fault(roll(size=size + 0.1), lines, 320, 180) is not None
    with pytest.raises(CutError, match=r"^line 2: .* the largest size that fits is"):
        EndRollPicture(roll(size=9.0), lines, 320, 180)
    assert roll_fault(roll(), ["x" * 400], 320, 180) == (
        1,
        "it doesn't fit into 90% of the picture's width at size 5; make it shorter",
    )


@pytest.mark.parametrize("lines", [[], [""], ["\x1b\u202e"], ["\t"]])
def test_a_roll_without_words_is_empty(lines: list[str]) -> None:
    picture = EndRollPicture(roll(10), lines, 64, 64)
    assert not any(seen(picture, index).any() for index in range(10))
