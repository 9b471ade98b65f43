"""Where weights wait, by what there is of them and of memory."""

from __future__ import annotations

import psutil
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vtx_app.errors import RenderError
from vtx_app.render.ltx.memory import MODES, Mode, choose, free_main_memory, tighter

GB = 10**9
WEIGHTS = {"transformer": 40 * GB, "text_encoder": 24 * GB, "rest": 4 * GB}
LOOSEST_FIRST = ["resident", "parked", "cpu", "disk"]
BYTES = st.integers(0, 400 * GB)
SIZES = st.fixed_dictionaries(dict.fromkeys(WEIGHTS, BYTES))


def looseness(mode: Mode) -> int:
    return -LOOSEST_FIRST.index(mode.name)


@pytest.mark.parametrize(
    ("card", "main", "fused", "mode"),
    [
        (None, 0, True, "resident"),  # without a card there is but one memory
        (91 * GB, 0, False, "resident"),  # three quarters of it hold all 68
        (90 * GB, 86 * GB, False, "parked"),
        (91 * GB, 86 * GB, True, "parked"),  # 108 with the copy that LoRAs are fused into
        (145 * GB, 0, True, "resident"),
        (60 * GB, 86 * GB, False, "parked"),  # 44 at a time, and main memory holds all
        (60 * GB, 84 * GB, False, "disk"),
        (58 * GB, 400 * GB, False, "disk"),  # the transformer alone is too large
        (0, 0, False, "disk"),
    ],
)
def test_the_loosest_mode_that_there_is_room_for(card: int | None, main: int, fused: bool, mode: str) -> None:
    assert choose("", WEIGHTS, card, main, fused=fused) == MODES[mode]


def test_models_of_unknown_size_are_resident() -> None:
    assert choose("", {}, 8 * GB, 0, fused=True) == MODES["resident"]


@pytest.mark.parametrize(
    ("said", "mode"),
    [("none", "resident"), ("resident", "resident"), ("parked", "parked"), ("cpu", "cpu"), ("disk", "disk")],
)
@given(weights=SIZES, card=st.none() | BYTES, main=BYTES, fused=st.booleans())
def test_a_word_decides_whatever_there_is(
    said: str, mode: str, weights: dict[str, int], card: int | None, main: int, fused: bool
) -> None:
    assert choose(said, weights, card, main, fused=fused) == MODES[mode]


@pytest.mark.parametrize("word", ["gpu", "CPU", "Disk", " disk", "0", "disk,cpu"])
def test_another_word_is_refused(word: str) -> None:
    with pytest.raises(RenderError) as caught:
        choose(word, {}, None, 0, fused=False)
    assert str(caught.value).startswith(f"LTX_OFFLOAD is {word!r}; expected one of none, resident, parked, cpu, disk")


@given(weights=SIZES, card=BYTES, main=BYTES, fused=st.booleans(), more=BYTES)
def test_more_memory_is_never_a_tighter_mode(
    weights: dict[str, int], card: int, main: int, fused: bool, more: int
) -> None:
    chosen = looseness(choose("", weights, card, main, fused=fused))
    assert looseness(choose("", weights, card + more, main, fused=fused)) >= chosen
    assert looseness(choose("", weights, card, main + more, fused=fused)) >= chosen
    assert looseness(choose("", weights, card, main, fused=False)) >= chosen


@given(weights=SIZES, card=BYTES, main=BYTES, fused=st.booleans())
def test_what_is_chosen_fits(weights: dict[str, int], card: int, main: int, fused: bool) -> None:
    mode = choose("", weights, card, main, fused=fused)
    if mode.keeps == "card":
        assert sum(weights.values()) + (weights["transformer"] if fused else 0) <= card
    elif mode.keeps == "main memory":
        assert sum(weights.values()) <= main


@given(st.sampled_from(sorted(MODES)))
def test_tighter_and_tighter_ends_on_disk(name: str) -> None:
    mode, seen = MODES[name], [name]
    while (smaller := tighter(mode)) is not None:
        assert looseness(smaller) < looseness(mode)
        mode = smaller
        seen.append(mode.name)
    assert seen[-1] == "disk"


@given(
    st.sampled_from(["", "none", "resident", "parked", "cpu", "disk"]),
    SIZES,
    st.none() | BYTES,
    BYTES,
    st.booleans(),
)
def test_weights_are_never_kept_and_streamed_at_once(
    said: str, weights: dict[str, int], card: int | None, main: int, fused: bool
) -> None:
    """From main memory, that pair gives wrong pictures without a word."""
    mode: Mode | None = choose(said, weights, card, main, fused=fused)
    while mode is not None:
        assert (mode.offload == "none") == (mode.keeps != "nothing")
        mode = tighter(mode)


def test_memory_that_only_keeps_files_counts_as_free() -> None:
    """After a model was read, most pages keep its file: the kernel gives them back when they are wanted."""
    memory = psutil.virtual_memory()
    assert abs(free_main_memory() - memory.available) < memory.total // 10  # other processes come and go
