"""What a job asks of the machine that runs it: processors, memory, disk and time.

A cluster gives a job what it asks for and kills one that takes more, so these are upper bounds with a margin. They
decide where a job runs and never what it makes: a job that is given more or less makes the same file. On one machine
they limit nothing, unless ``--resources mem_mb=…`` says so.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from vtx_app.compile.request import RenderRequest
from vtx_app.errors import ProjectError
from vtx_app.formats.check import did_you_mean
from vtx_app.formats.renderers import RENDERERS

__all__ = [
    "ENVIRONMENT",
    "RESOURCES",
    "SMALL",
    "STORY",
    "VARIABLE",
    "JobNeeds",
    "encoding_needs",
    "joining_needs",
    "read_changes",
    "take_needs",
    "with_changes",
]

VARIABLE = "VTX_RESOURCES"
"""Of ``project.env`` and ``global.env``: what a film's jobs ask for instead, in the words of ``--set-resources``."""

RESOURCES = ("threads", "mem_mb", "disk_mb", "runtime")

_THREADED = ("take", "delivery")
"""Rules whose jobs use more than one processor; the others encode in one thread, so that the same bytes come out."""

_PYTHON_MB = 1_000
"""Of a job: its Python and the codecs, and the two processes of Snakemake around it on a node (about 150 MB each)."""

_TORCH_MB = 8_000
"""Of a take besides its models: Python, torch, CUDA's own main memory, and the decoded frames."""

_UNKNOWN_WEIGHTS = 70_000_000_000
"""Bytes of models that are not on the machine that plans: LTX-2.5's transformer of 22 billion numbers in bf16 (44 GB),
Gemma 3 12B in bf16 (24 GB) and the smaller models."""

_PINNED = 1 / 0.7
"""Main memory for each byte of weights that waits there, as ``vtx_app.render.ltx.memory`` counts it."""

_KEEPS_ONE = ("resident", "none", "reloaded", "disk")
"""Settings of ``LTX_OFFLOAD`` with which main memory holds no more than the model that is being read."""

_LOADING_SECONDS = 600
"""For reading models from a file system that many nodes read from."""

_UNKNOWN_SECONDS = 3_000
"""For a take on a GPU if no earlier one is like it: with loading, an hour."""

_MARGIN = 2.0
"""Factor on the seconds that earlier takes took: another node, a slower card."""

_TAKE_BYTES_PER_PIXEL = 0.15
"""Disk for a take, its unfinished copy and what it starts from: three times what :mod:`preflight.capacity` expects."""

_PIXELS_PER_SECOND = 1_500_000
"""What one processor encodes at least: a fifth of what the README's figures give for storyboards."""

_ENCODER_BYTES_PER_PIXEL = 250
"""Of an encoder: 60 frames that it looks ahead, those being written and those read, 1.5 to 3 bytes a pixel each."""

_BYTES_PER_SECOND = 4_000_000
"""Disk for a second of film that is joined or mixed: 20 Mbit/s of picture, and its sound as floats (twice 0.4 MB)."""

_LARGER = 1.5
_LONGER = 2.0
"""Factors on memory and time for each further try."""


@dataclass(frozen=True, slots=True)
class JobNeeds:
    """``threads`` are processors, ``mem_mb`` and ``disk_mb`` megabytes (10⁶ bytes), ``runtime`` minutes."""

    threads: int
    mem_mb: int
    disk_mb: int
    runtime: int

    def on_try(self, attempt: int) -> JobNeeds:
        """What the job asks for on its ``attempt``-th try (from 1): more memory and more time than before."""
        more = max(0, attempt - 1)
        return replace(
            self, mem_mb=math.ceil(self.mem_mb * _LARGER**more), runtime=math.ceil(self.runtime * _LONGER**more)
        )


def take_needs(request: RenderRequest, weights: Iterable[int] | None, offload: str, seconds: float | None) -> JobNeeds:
    """What rendering ``request`` needs.

    ``weights``: bytes of each model as it is loaded, None if they are not here. ``offload``: the setting
    ``LTX_OFFLOAD``. ``seconds``: that takes like it took, None if there are none.
    """
    pixels = request.width * request.height * request.frames
    disk = _megabytes(pixels * _TAKE_BYTES_PER_PIXEL)
    if not RENDERERS[request.renderer].uses_models:
        own = encoding_needs(request.width, request.height, request.frames)
        return replace(own, disk_mb=disk, runtime=max(own.runtime, _minutes((seconds or 0) * _MARGIN)))
    sizes = [_UNKNOWN_WEIGHTS] if weights is None else [*weights]
    held = max(sizes, default=0) if offload in _KEEPS_ONE and weights is not None else sum(sizes) * _PINNED
    time = _UNKNOWN_SECONDS if seconds is None else seconds * _MARGIN
    frames = 4 * 3 * request.width * request.height * request.frames  # decoded, as floats
    return JobNeeds(4, _TORCH_MB + _megabytes(held + frames), disk, _minutes(_LOADING_SECONDS + time))


def encoding_needs(width: int, height: int, frames: int, threads: int = 1) -> JobNeeds:
    """What encoding ``frames`` pictures of ``width`` × ``height`` pixels needs."""
    picture = width * height
    return JobNeeds(
        threads,
        _PYTHON_MB + _megabytes(picture * _ENCODER_BYTES_PER_PIXEL * max(1, threads / 2)),
        _megabytes(picture * frames * _TAKE_BYTES_PER_PIXEL),
        10 + _minutes(picture * frames / _PIXELS_PER_SECOND / threads),
    )


def joining_needs(seconds: float) -> JobNeeds:
    """What joining or mixing a film of ``seconds`` needs; the memory doesn't depend on the length."""
    return JobNeeds(1, 2 * _PYTHON_MB, 1_000 + _megabytes(seconds * _BYTES_PER_SECOND), 10 + _minutes(seconds / 2))


SMALL = JobNeeds(1, _PYTHON_MB, 1_000, 20)
"""Of a job that reads a few takes and writes a small file."""

STORY = JobNeeds(1, _PYTHON_MB, 1_000, 240)
"""Of a stage of the story: little, and the time that a model takes to answer."""

ENVIRONMENT = JobNeeds(1, 2 * _PYTHON_MB, 20_000, 60)
"""Of the installation of a film's own Python: room for torch with CUDA, twice."""


def read_changes(text: str, rules: Iterable[str]) -> Mapping[tuple[str, str], int]:
    """Read the variable :data:`VARIABLE`: ``take:mem_mb=64000 clip:threads=4``, separated by spaces.

    Returns the value by rule and resource. Raises :class:`ProjectError` for text in another form, and for an unknown
    rule or resource.
    """
    known = tuple(rules)
    found: dict[tuple[str, str], int] = {}
    for word in text.split():
        match = re.fullmatch(r"([a-z_]+):([a-z_]+)=([1-9][0-9]{0,8})", word)
        if match is None:
            raise ProjectError(
                f"{VARIABLE}: {word!r}: expected <rule>:<resource>=<number>, as in take:mem_mb=64000, "
                "separated by spaces"
            )
        rule, name, value = match.groups()
        for what, given, there in (("rule", rule, known), ("resource", name, RESOURCES)):
            if given not in there:
                hint = did_you_mean(given, there) or f"; there are {', '.join(there)}"
                raise ProjectError(f"{VARIABLE}: {word!r}: unknown {what} {given!r}{hint}")
        if name == "threads" and rule not in _THREADED:
            raise ProjectError(f"{VARIABLE}: {word!r}: a job of {rule} uses one processor; leave it out")
        found[rule, name] = int(value)
    return found


def with_changes(needs: JobNeeds, rule: str, changes: Mapping[tuple[str, str], int]) -> JobNeeds:
    """``needs``, overridden by what ``changes`` has for ``rule``."""
    own = {name: changes[rule, name] for name in RESOURCES if (rule, name) in changes}
    return replace(needs, **own) if own else needs


def _megabytes(size: float) -> int:
    return math.ceil(size / 1e6)


def _minutes(seconds: float) -> int:
    return math.ceil(seconds / 60)
