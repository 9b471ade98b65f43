"""What is heard of a pipeline's own words, in whatever pieces they arrive.

``said/`` holds what the command lines of ltx-pipelines 1.2.0 and 1.0.0 wrote, byte for byte but for the folders, in
runs with tiny models: three that end well, and three that fail in ways of their own.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count, pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vtx_app.render.ltx.process_runner import _Heard
from vtx_app.render.ltx.runner import Step

SAID = {path.stem: path.read_bytes() for path in Path(__file__).with_name("said").glob("*.txt")}
VERSIONS = ("1.2.0", "1.0.0")
GOOD = ("one_stage", "two_stages", "distilled")
WIDTH = "ValueError: Resolution (96x128) is not divisible by 64. For two-stage pipelines, height and width must be"
REASONS = {
    "wrong_size": f"{WIDTH} multiples of 64.",
    "refused": "distilled.py: error: unrecognized arguments: --renoise 3",
    "mono": "RuntimeError: Given groups=1, weight of size [128, 2, 3, 3], expected input[1, 1, 73, 66] to have 2 "
    "channels, but got 1 channels instead",
}


def hear(pieces: Iterator[bytes] | list[bytes], stages: int = 2) -> tuple[_Heard, list[Step]]:
    """What is made of those pieces, by a clock that goes on by a second whenever it is looked at."""
    steps: list[Step] = []
    seconds = count()
    heard = _Heard(steps.append, stages, clock=lambda: float(next(seconds)))
    for piece in pieces:
        heard.hear(piece)
    return heard, steps


def stages_of(name: str) -> int:
    return 1 if name.endswith("one_stage") else 2


def bars(doing: str, *done: int) -> list[Step]:
    return [Step(doing, each, done[-1]) for each in done]


def test_everything_is_here() -> None:
    assert set(SAID) == {f"{version}-{name}" for version in VERSIONS for name in (*GOOD, *REASONS)}


@pytest.mark.parametrize("version", VERSIONS)
def test_steps_of_every_stage_and_of_what_is_written(version: str) -> None:
    one, two = "denoise, stage 1", "denoise, stage 2"
    written = bars("decode and write", 0, 1)
    assert hear([SAID[f"{version}-one_stage"]], 1)[1] == bars(one, 0, 2, 3) + written
    assert hear([SAID[f"{version}-two_stages"]])[1] == bars(one, 0, 2, 3) + bars(two, 0, 3) + written
    some = 7 if version == "1.2.0" else 6  # of the eight, as often as the bar was drawn
    assert hear([SAID[f"{version}-distilled"]])[1] == bars(one, 0, some, 8) + bars(two, 0, 3) + written


@pytest.mark.parametrize("name", GOOD)
def test_seconds_by_phase(name: str) -> None:
    """A second a mark, so: how often each phase was begun. 1.0 says nothing but its bars."""
    loops = stages_of(name)
    heard, _ = hear([SAID[f"1.2.0-{name}"]], loops)
    decodes = 2  # of the picture, and of the sound
    assert heard.phases() == {"load": 2, "encode text": 1, "denoise": loops, "decode": decodes, "write": 1}
    heard, _ = hear([SAID[f"1.0.0-{name}"]], loops)
    assert heard.phases() == {"load": 1, "denoise": 1, "decode": 1}


def test_a_phase_lasts_until_the_next_begins() -> None:
    now = [10.0]
    heard = _Heard(lambda _: None, clock=lambda: now[0])
    for seconds, line in ((2.5, b"Building text encoder from x"), (4.0, b"Prompt encoding complete")):
        now[0] += seconds
        heard.hear(line + b"\n")
    now[0] += 8.0
    assert heard.phases() == {"load": 10.5, "encode text": 4.0}


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("name", REASONS)
def test_the_reason_is_the_last_line_of_the_failure(version: str, name: str) -> None:
    heard, _ = hear([SAID[f"{version}-{name}"]])
    assert heard.reason() == REASONS[name]
    assert not heard.out_of_memory()


@pytest.mark.parametrize("name", GOOD)
@pytest.mark.parametrize("version", VERSIONS)
def test_what_goes_well_has_no_reason(version: str, name: str) -> None:
    heard, _ = hear([SAID[f"{version}-{name}"]])
    assert heard.reason() == ""
    assert not heard.out_of_memory()


@pytest.mark.parametrize(
    "line",
    [
        "torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 2.00 GiB.",
        "torch.cuda.OutOfMemoryError: CUDA out of memory. Tried to allocate 20.00 MiB.",
        "RuntimeError: CUDA out of memory: Zuschauerraum – 映画館",
    ],
)
def test_a_card_that_is_full_is_told_from_other_failures(line: str) -> None:
    data = f"Traceback (most recent call last):\n  File x\n{line}\n".encode()
    for cut in range(len(data)):
        heard, _ = hear([data[:cut], data[cut:]])
        assert heard.out_of_memory()
        assert heard.reason() == line


PIECES = st.lists(st.integers(0, 5000), max_size=30)


@given(st.sampled_from(sorted(SAID)), PIECES)
def test_in_whatever_pieces_it_arrives_the_same_is_heard(name: str, cuts: list[int]) -> None:
    data = SAID[name]
    whole, whole_steps = hear([data], stages_of(name))
    places = [0, *sorted(min(cut, len(data)) for cut in cuts), len(data)]
    heard, steps = hear([data[begin:end] for begin, end in pairwise(places)], stages_of(name))
    assert steps == whole_steps
    assert (heard.lines, heard.reason(), heard.rest) == (whole.lines, whole.reason(), whole.rest)
    assert heard.phases() == whole.phases()


@pytest.mark.parametrize("name", sorted(SAID))
def test_byte_for_byte_the_same_is_heard(name: str) -> None:
    whole, whole_steps = hear([SAID[name]], stages_of(name))
    heard, steps = hear([bytes([byte]) for byte in SAID[name]], stages_of(name))
    assert (steps, heard.lines, heard.phases()) == (whole_steps, whole.lines, whole.phases())


@given(st.sampled_from(sorted(SAID)), st.integers(0, 5000))
def test_what_is_cut_off_anywhere_is_a_beginning(name: str, end: int) -> None:
    whole_steps = hear([SAID[name]], stages_of(name))[1]
    heard, steps = hear([SAID[name][:end]], stages_of(name))
    assert steps == whole_steps[: len(steps)]
    assert sum(heard.phases().values()) > 0


@given(st.lists(st.binary(max_size=30), max_size=10))
def test_whatever_is_said_is_heard(pieces: list[bytes]) -> None:
    heard, steps = hear(pieces)
    text = b"".join(pieces).decode(errors="replace").replace("\r", "\n")
    lines = [line for line in text.split("\n")[:-1] if line]
    assert len(heard.lines) + len(steps) == len(lines)
