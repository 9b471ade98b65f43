"""What would stop a render on this machine, found before any weights are loaded, from headers, sizes and settings."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence

from vtx_app.compile.prompt import MODEL_TOKENS
from vtx_app.errors import RenderError, SpecError, VtxError
from vtx_app.models.locked import LockedModels
from vtx_app.render.gpus import gpus, newest_capability, visible_gpus
from vtx_app.render.ltx.call import require_supported
from vtx_app.render.ltx.memory import forced_mode
from vtx_app.render.ltx.package import CPU_ONLY, LtxPackage, installed_for, torch_is_cpu_only
from vtx_app.render.ltx.preflight.capacity import disk_problems
from vtx_app.render.ltx.preflight.gpu_memory import gpu_memory_problems
from vtx_app.render.ltx.preflight.models import (
    PlannedTake,
    model_problems,
    quantization_problems,
    require_suitable_models,
)
from vtx_app.render.ltx.preflight.tokens import count_tokens
from vtx_app.render.ltx.runners.runner import runner_settings

__all__ = ["find_problems"]

_NEWEST = LtxPackage((1, 2))
_FP8_CAPABILITY = (8, 9)
_TEXT_ENCODERS = ("LTX_GEMMA_ROOT", "LTX_TEXT_ENCODER_PATH")


def find_problems(takes: Sequence[PlannedTake], models: LockedModels) -> list[str]:
    """Return why the takes can't be rendered on this machine, a line each; empty if nothing is known against it."""
    if not takes:
        return []
    problems: list[str] = []
    package = _NEWEST  # what can be checked without a package, is
    try:
        package = installed_for(models.folder)
        problems += _for_each(takes, lambda take: require_supported(take.request, package))
    except (RenderError, SpecError) as error:
        problems.append(str(error))
    one_of_each_set = {tuple(sorted(take.slots)): take for take in reversed(takes)}.values()
    problems += [
        *_torch_problems(),
        *_setting_problems(takes, models.variables, package),
        *(problem for take in one_of_each_set for problem in model_problems(take, models)),
        *quantization_problems(takes, models, package),
        *_capability_problems(takes),
        *_for_each(takes, lambda take: require_suitable_models(take, models)),
        *_for_each(takes, lambda take: _require_whole_prompts(take, models)),
        *disk_problems(takes, models.folder),
        *gpu_memory_problems(takes, models, package),
    ]
    return list(dict.fromkeys(problems))


def _for_each(takes: Sequence[PlannedTake], check: Callable[[PlannedTake], None]) -> Iterator[str]:
    for take in takes:
        try:
            check(take)
        except VtxError as error:
            yield f"{take.name}: {error}"


def _torch_problems() -> Iterator[str]:
    if visible_gpus(os.environ) != ("",) and torch_is_cpu_only() and gpus():
        yield f"this machine has a GPU, and {CPU_ONLY}"


def _setting_problems(takes: Sequence[PlannedTake], variables: Mapping[str, str], package: LtxPackage) -> Iterator[str]:
    try:
        runner_settings(variables)
        for quantization in {take.request.quantization for take in takes}:
            forced_mode(variables.get("LTX_OFFLOAD", ""), quantization, package)
    except RenderError as error:
        yield str(error)


def _capability_problems(takes: Sequence[PlannedTake]) -> Iterator[str]:
    """Yield if no GPU can multiply in fp8 (``torch._scaled_mm``: compute capability 8.9, Ada, or newer)."""
    if not any(take.request.quantization == "fp8-scaled-mm" for take in takes):
        return
    newest = newest_capability()
    if newest is not None and newest < _FP8_CAPABILITY:
        here, needed = (".".join(map(str, each)) for each in (newest, _FP8_CAPABILITY))
        yield (
            f"LTX_QUANTIZATION=fp8-scaled-mm needs a GPU of compute capability {needed} or newer, and the newest here "
            f"has {here}: use fp8-cast"
        )


def _require_whole_prompts(take: PlannedTake, models: LockedModels) -> None:
    """Raise :class:`RenderError` if the model would not read a prompt to its end, by its own tokenizer."""
    slot = next((slot for slot in _TEXT_ENCODERS if slot in take.slots), None)
    encoder = models.configured_path(slot) if slot else None
    for name, text in (("prompt", take.request.prompt), ("negative", take.request.negative)):
        tokens = count_tokens(text, encoder)
        if tokens is not None and tokens > MODEL_TOKENS:
            raise RenderError(
                f"the compiled {name} has {tokens:,} tokens and the model reads {MODEL_TOKENS:,}: its end would not be "
                "seen; shorten the clip's words or the descriptions it names"
            )
