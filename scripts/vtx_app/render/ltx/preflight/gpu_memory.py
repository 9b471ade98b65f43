"""Whether takes fit into this machine's GPU, in which memory mode, and what to do if they don't."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from pathlib import Path
from typing import Any

from vtx_app.compile.request import RenderRequest
from vtx_app.errors import ModelError, RenderError
from vtx_app.formats.pipelines import DISTILLED_LORA, PIPELINES
from vtx_app.models.locked import LockedModels
from vtx_app.render.gpus import largest_visible_gpu
from vtx_app.render.ltx.call import PipelineCall, Weights
from vtx_app.render.ltx.fit import Fit, choose_mode, fit, process_mode, tiles_by_free_memory, usable
from vtx_app.render.ltx.footprint import request_tokens
from vtx_app.render.ltx.memory import Memory, Mode
from vtx_app.render.ltx.package import LtxPackage
from vtx_app.render.ltx.past_takes import newest_records, peaks_like
from vtx_app.render.ltx.preflight.models import PlannedTake
from vtx_app.render.ltx.runners.runner import runner_settings
from vtx_app.render.ltx.stored_weights import measure_weights
from vtx_app.render.main_memory import free_main_memory
from vtx_app.text import format_memory, plural

__all__ = ["gpu_memory_lines", "gpu_memory_problems"]

_SMALLER = tuple(Fraction(each, 10) for each in range(9, 1, -1))
"""Smaller sizes to try, as shares of the canvas."""


@dataclass(frozen=True, slots=True)
class _Group:
    """Takes that fit alike (one size, pipeline, set of models): the first, their number, and how they fit."""

    take: PlannedTake
    count: int
    fit: Fit

    def __str__(self) -> str:
        request = self.take.request
        return f"{request.pipeline}, {request.width}×{request.height}, {request.frames} frames"


@dataclass(frozen=True, slots=True)
class _Machine:
    """What the fit depends on: the film's models and records, and the memory of the largest GPU."""

    models: LockedModels
    package: LtxPackage
    memory: Memory
    records: Sequence[Mapping[str, Any]]
    weights: dict[tuple[object, ...], tuple[Weights, ...]] = field(default_factory=dict)

    def call(self, request: RenderRequest, slots: Mapping[str, str]) -> PipelineCall:
        """Return a call with only what decides whether a take fits. Raises :class:`ModelError`, :class:`OSError`."""
        own = {model.slot for model in request.models}
        key = (frozenset(own), frozenset(slots), request.quantization)
        if key not in self.weights:
            paths = {slot: self.models.path(slot) for slot in slots}
            needed = {slot: path for slot, path in paths.items() if slot in own and slot != DISTILLED_LORA}
            loras = [path for slot, path in paths.items() if slot not in needed]
            self.weights[key] = measure_weights(needed, loras, request.quantization)
        call = PipelineCall(
            pipeline=request.pipeline,
            output=Path(),
            prompt="",
            quantization=request.quantization,
            weights=self.weights[key],
            offload=self.models.variables.get("LTX_OFFLOAD", ""),
            tokens=request_tokens(request),
        )
        peaks = peaks_like(request, self.records, self.package, fills=tiles_by_free_memory(call))
        return replace(call, peaks=peaks)

    def fit(self, call: PipelineCall) -> Fit:
        """Return how a call fits with the configured runner. Raises :class:`RenderError` for invalid settings."""
        runner, *_ = runner_settings(self.models.variables)
        choose = process_mode if runner == "process" else choose_mode
        return fit(call, choose(call, self.memory, self.package), self.memory, self.package)


def gpu_memory_lines(takes: Sequence[PlannedTake], models: LockedModels, package: LtxPackage) -> list[str]:
    """Return how the takes fit into the largest GPU, one line per memory mode, the worst first.

    Empty without a GPU, because such a machine plans for others, and without takes whose models are here.
    """
    machine = _machine(models, package)
    if machine is None:
        return []
    alike: dict[tuple[Mode, bool, bool], list[_Group]] = {}
    for group in _groups(takes, machine):
        alike.setdefault((group.fit.mode, group.fit.fits, group.fit.refused), []).append(group)
    return [_line(groups, machine) for groups in alike.values()]


def gpu_memory_problems(takes: Sequence[PlannedTake], models: LockedModels, package: LtxPackage) -> Iterator[str]:
    """Yield the takes that don't fit into the largest GPU in any memory mode, and what to do."""
    machine = _machine(models, package)
    if machine is None:
        return
    for group in _groups(takes, machine):
        if group.fit.refused:
            needs, there = format_memory(group.fit.least), format_memory(machine.memory.gpu or 0)
            alike = f" (and {group.count - 1} like it)" if group.count > 1 else ""
            ways = _ways_out(group.take, machine) or ["make the clip shorter and smaller"]
            yield (
                f"{group.take.name}{alike}: {group} needs at least {needs} of GPU memory, and the largest GPU here has "
                f"{there} for it: {', or '.join(ways)}"
            )


def _machine(models: LockedModels, package: LtxPackage) -> _Machine | None:
    gpu = largest_visible_gpu(os.environ)
    if gpu is None or gpu.total_bytes is None:
        return None
    memory = Memory(usable(gpu.total_bytes), free_main_memory())
    return _Machine(models, package, memory, list(newest_records(models.folder / "renders" / "takes")))


def _groups(takes: Sequence[PlannedTake], machine: _Machine) -> list[_Group]:
    """Return the takes grouped by what decides their fit, the worst first; skips takes whose models are not here."""
    alike: dict[tuple[object, ...], list[PlannedTake]] = {}
    for take in takes:
        request = take.request
        size = request.pipeline, request.width, request.height, request.frames, request.options, request.quantization
        alike.setdefault((*size, tuple(sorted(take.slots)), bool(request.loras)), []).append(take)
    groups = []
    for same in alike.values():
        try:
            call = machine.call(same[0].request, same[0].slots)
            groups.append(_Group(same[0], len(same), machine.fit(call)))
        except (ModelError, RenderError, OSError):  # the checks of models and settings report it
            continue
    return sorted(groups, key=lambda group: (group.fit.fits, -group.fit.needs.total))


def _line(groups: Sequence[_Group], machine: _Machine) -> str:
    worst, count = groups[0], sum(group.count for group in groups)
    needs, there = format_memory(worst.fit.needs.total), format_memory(machine.memory.gpu or 0)
    source = "by earlier takes" if worst.fit.needs.measured else "estimated"
    takes = plural(count, "take")
    return (
        f"GPU memory: {takes} {_verdict(worst.fit, count, machine)}; the largest, {worst}: {needs} of {there}, {source}"
    )


def _verdict(found: Fit, count: int, machine: _Machine) -> str:
    if found.refused:
        return "can't be rendered on this GPU"
    is_default = found.mode.name == "resident" or not machine.package.offloads  # 1.0 has one way, and no setting
    mode = "" if is_default else f" with LTX_OFFLOAD={found.mode.name}"
    if found.fits:
        return f"{'fits' if count == 1 else 'fit'}{mode}"
    forced = machine.models.variables.get("LTX_OFFLOAD", "")
    return f"may not fit with LTX_OFFLOAD={forced}, leave it empty" if forced else f"may not fit{mode}"


def _ways_out(take: PlannedTake, machine: _Machine) -> list[str]:
    """Return what would make the take fit, the cheapest first: shorter, smaller, quantized."""
    request = take.request
    call = machine.call(request, take.slots)

    def fits(width: int, height: int, frames: int) -> bool:
        tokens = request_tokens(request, width=width, height=height, frames=frames)
        return machine.fit(replace(call, tokens=tokens)).fits

    ways = []
    width, height, frames = request.width, request.height, request.frames
    shorter = next((each for each in range(frames - 8, 0, -8) if fits(width, height, each)), None)
    if shorter is not None:
        ways.append(f"make it shorter: {shorter} frames ({float(shorter / request.rate):.1f} s)")
    multiple = PIPELINES[request.pipeline].multiple
    sizes = [[max(1, int(side * share / multiple)) * multiple for side in (width, height)] for share in _SMALLER]
    smaller = next(((wide, high) for wide, high in sizes if fits(wide, high, frames)), None)
    if smaller is not None:
        ways.append(f"make it smaller: {smaller[0]}×{smaller[1]}")
    if (
        request.quantization is None
        and machine.fit(machine.call(replace(request, quantization="fp8-cast"), take.slots)).fits
    ):
        ways.append("lock the film to LTX_QUANTIZATION=fp8-cast (it changes pixels: vtx models lock)")
    return ways
