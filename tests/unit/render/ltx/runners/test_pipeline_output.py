"""The output of a pipeline, read in pieces of any size.

``outputs/`` holds what the command lines of ltx-pipelines 1.2.0 and 1.0.0 wrote, byte for byte but for the folders, in
runs with tiny models: three that end well, and three that fail in ways of their own.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count, pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vtx_app.render.ltx.progress import Step
from vtx_app.render.ltx.runners.pipeline_output import PipelineOutput

OUTPUTS = {path.stem: path.read_bytes() for path in Path(__file__).with_name("outputs").glob("*.txt")}
VERSIONS = ("1.2.0", "1.0.0")
GOOD = ("one_stage", "two_stages", "distilled")
WIDTH = "ValueError: Resolution (96x128) is not divisible by 64. For two-stage pipelines, height and width must be"
ERRORS = {
    "wrong_size": f"{WIDTH} multiples of 64.",
    "refused": "distilled.py: error: unrecognized arguments: --renoise 3",
    "mono": "RuntimeError: Given groups=1, weight of size [128, 2, 3, 3], expected input[1, 1, 73, 66] to have 2 "
    "channels, but got 1 channels instead",
}


def read(pieces: Iterator[bytes] | list[bytes], stages: int = 2) -> tuple[PipelineOutput, list[Step]]:
    """Return what is read of those pieces, by a clock that advances a second whenever it is read."""
    steps: list[Step] = []
    seconds = count()
    output = PipelineOutput(steps.append, stages, clock=lambda: float(next(seconds)))
    for piece in pieces:
        output.feed(piece)
    return output, steps


def stages_of(name: str) -> int:
    return 1 if name.endswith("one_stage") else 2


def bars(doing: str, *done: int) -> list[Step]:
    return [Step(doing, each, done[-1]) for each in done]


def test_every_output_is_here() -> None:
    assert set(OUTPUTS) == {f"{version}-{name}" for version in VERSIONS for name in (*GOOD, *ERRORS)}


@pytest.mark.parametrize("version", VERSIONS)
def test_steps_of_every_stage_and_of_the_written_file(version: str) -> None:
    one, two = "denoise, stage 1", "denoise, stage 2"
    written = bars("decode and write", 0, 1)
    assert read([OUTPUTS[f"{version}-one_stage"]], 1)[1] == bars(one, 0, 2, 3) + written
    assert read([OUTPUTS[f"{version}-two_stages"]])[1] == bars(one, 0, 2, 3) + bars(two, 0, 3) + written
    some = 7 if version == "1.2.0" else 6  # of the eight, as often as the bar was drawn
    assert read([OUTPUTS[f"{version}-distilled"]])[1] == bars(one, 0, some, 8) + bars(two, 0, 3) + written


@pytest.mark.parametrize("name", GOOD)
def test_seconds_by_phase(name: str) -> None:
    """A second a mark, so: how often each phase was begun. 1.0 prints only its bars."""
    loops = stages_of(name)
    output, _ = read([OUTPUTS[f"1.2.0-{name}"]], loops)
    decodes = 2  # of the picture, and of the sound
    assert output.seconds() == {"load": 2, "encode text": 1, "denoise": loops, "decode": decodes, "write": 1}
    output, _ = read([OUTPUTS[f"1.0.0-{name}"]], loops)
    assert output.seconds() == {"load": 1, "denoise": 1, "decode": 1}


def test_a_phase_lasts_until_the_next_begins() -> None:
    now = [10.0]
    output = PipelineOutput(lambda _: None, clock=lambda: now[0])
    for seconds, line in ((2.5, b"Building text encoder from x"), (4.0, b"Prompt encoding complete")):
        now[0] += seconds
        output.feed(line + b"\n")
    now[0] += 8.0
    assert output.seconds() == {"load": 10.5, "encode text": 4.0}


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("name", ERRORS)
def test_the_error_is_the_last_line_of_the_failure(version: str, name: str) -> None:
    output, _ = read([OUTPUTS[f"{version}-{name}"]])
    assert output.error() == ERRORS[name]
    assert not output.out_of_memory()


@pytest.mark.parametrize("name", GOOD)
@pytest.mark.parametrize("version", VERSIONS)
def test_a_success_has_no_error(version: str, name: str) -> None:
    output, _ = read([OUTPUTS[f"{version}-{name}"]])
    assert output.error() == ""
    assert not output.out_of_memory()


@pytest.mark.parametrize(
    "line",
    [
        "torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 2.00 GiB.",
        "torch.cuda.OutOfMemoryError: CUDA out of memory. Tried to allocate 20.00 MiB.",
        "RuntimeError: CUDA out of memory: Zuschauerraum – 映画館",
    ],
)
def test_a_full_gpu_is_recognized(line: str) -> None:
    data = f"Traceback (most recent call last):\n  File x\n{line}\n".encode()
    for cut in range(len(data)):
        output, _ = read([data[:cut], data[cut:]])
        assert output.out_of_memory()
        assert output.error() == line


PIECES = st.lists(st.integers(0, 5000), max_size=30)


@given(st.sampled_from(sorted(OUTPUTS)), PIECES)
def test_pieces_of_any_size_are_read_the_same(name: str, cuts: list[int]) -> None:
    data = OUTPUTS[name]
    whole, whole_steps = read([data], stages_of(name))
    places = [0, *sorted(min(cut, len(data)) for cut in cuts), len(data)]
    output, steps = read([data[begin:end] for begin, end in pairwise(places)], stages_of(name))
    assert steps == whole_steps
    assert (output.lines, output.error(), output.partial_line) == (whole.lines, whole.error(), whole.partial_line)
    assert output.seconds() == whole.seconds()


@pytest.mark.parametrize("name", sorted(OUTPUTS))
def test_single_bytes_are_read_the_same(name: str) -> None:
    whole, whole_steps = read([OUTPUTS[name]], stages_of(name))
    output, steps = read([bytes([byte]) for byte in OUTPUTS[name]], stages_of(name))
    assert (steps, output.lines, output.seconds()) == (whole_steps, whole.lines, whole.seconds())


@given(st.sampled_from(sorted(OUTPUTS)), st.integers(0, 5000))
def test_a_cut_off_output_is_a_beginning(name: str, end: int) -> None:
    whole_steps = read([OUTPUTS[name]], stages_of(name))[1]
    output, steps = read([OUTPUTS[name][:end]], stages_of(name))
    assert steps == whole_steps[: len(steps)]
    assert sum(output.seconds().values()) > 0


@given(st.lists(st.binary(max_size=30), max_size=10))
def test_every_line_is_read(pieces: list[bytes]) -> None:
    output, steps = read(pieces)
    text = b"".join(pieces).decode(errors="replace").replace("\r", "\n")
    lines = [line for line in text.split("\n")[:-1] if line]
    assert len(output.lines) + len(steps) == len(lines)
