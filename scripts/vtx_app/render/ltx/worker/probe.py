"""Check by signatures that :mod:`.hooks` and :mod:`.weight_store` fit the installed package.

They were written for ltx-pipelines 1.0 and 1.2. A version with the same interfaces runs warm; the worker runs no other.
The prompt encoder must match completely: an unknown parameter or part of its result could change pixels behind the
cache of encodings.
"""

from __future__ import annotations

import contextlib
import importlib
import inspect
from dataclasses import fields, is_dataclass
from types import ModuleType
from typing import Any

__all__ = ["DoesNotFit", "pipeline_classes", "require_fitting_module", "require_fitting_package"]

_PIPELINE_CLASSES = ("Pipeline", "Stage")
_ENHANCING = {"enhance_first_prompt", "enhance_prompt_image", "enhance_prompt_seed", "enhance_static_cache"}
"""Parameters that only decide how a prompt is rewritten; such calls are not cached."""


class DoesNotFit(Exception):
    """The hooks don't fit the installed package. The text says what differs."""


def require_fitting_package(*, keeps_weights: bool) -> None:
    """Raise :class:`DoesNotFit` if the package can't be hooked. ``keeps_weights``: it should have a registry (1.2)."""
    _parameters("ltx_pipelines.utils.samplers", "tqdm")
    _require_in_any(("ltx_pipelines.utils.media_io.encode", "ltx_pipelines.utils.media_io"), "tqdm")
    load = _parameters("ltx_core.loader.sft_loader", "SafetensorsStateDictLoader.load")
    _require(load[:3] == ["self", "path", "sd_ops"], "the loader of weights", load)
    for name in ("get_device", "cleanup_memory"):
        found = _required_parameters("ltx_pipelines.utils.helpers", name)
        _require(not found, f"{name}()", found)
    default = _attribute("ltx_pipelines.utils.constants", "DEFAULT_NEGATIVE_PROMPT")
    _require(isinstance(default, str), "DEFAULT_NEGATIVE_PROMPT", [type(default).__name__])
    encoding = _attribute("ltx_core.text_encoders.gemma.embeddings_processor", "EmbeddingsProcessorOutput")
    parts = list(getattr(encoding, "_fields", ()))
    _require(parts == ["video_encoding", "audio_encoding", "attention_mask"], "a prompt's encoding", parts)
    if keeps_weights:
        _require_prompt_encoder()
        _require_registry()
    else:
        encode = _parameters("ltx_pipelines.utils.helpers", "encode_prompts")
        known = encode[:2] == ["prompts", "model_ledger"] and set(encode[2:]) <= _ENHANCING
        _require(known, "encode_prompts()", encode)


def require_fitting_module(module: ModuleType, *, keeps_weights: bool) -> None:
    """Raise :class:`DoesNotFit` if a pipeline's module can't be hooked."""
    name = module.__name__
    _parameters(name, "encode_video")
    classes = pipeline_classes(module)
    _require(bool(classes), f"the pipeline of {name}", sorted(vars(module))[:8])
    if not keeps_weights:
        return
    for found in classes.values():
        missing = {"registry", "alloc_trim_strategy"} - set(inspect.signature(found).parameters)
        if missing:
            raise DoesNotFit(f"{found.__name__} takes no {' and no '.join(sorted(missing))}")


def pipeline_classes(module: ModuleType) -> dict[str, type]:
    """Return the classes of a pipeline's module that its ``main`` builds, by name."""
    return {
        name: found
        for name, found in vars(module).items()
        if inspect.isclass(found) and found.__module__ == module.__name__ and name.endswith(_PIPELINE_CLASSES)
    }


def _require_prompt_encoder() -> None:
    encode = _parameters("ltx_pipelines.utils.blocks", "PromptEncoder.__call__")
    known = encode[:2] == ["self", "prompts"] and set(encode[2:]) <= _ENHANCING
    _require(known, "PromptEncoder.__call__", encode)
    loaded = _required_parameters("ltx_pipelines.utils.blocks", "PromptEncoder._text_encoder_ctx")
    _require(loaded == ["self"], "PromptEncoder._text_encoder_ctx", loaded)


def _require_registry() -> None:
    add = _parameters("ltx_core.loader.registry", "ModelRegistry.add")
    _require(add == ["self", "paths", "sd_ops", "state_dict"], "ModelRegistry.add", add)
    for name in ("__init__", "clear"):
        found = _required_parameters("ltx_core.loader.registry", f"ModelRegistry.{name}")
        _require(found == ["self"], f"ModelRegistry.{name}", found)
    weights = _attribute("ltx_core.loader.primitives", "StateDict")
    held = [field.name for field in fields(weights)] if is_dataclass(weights) else []
    _require({"sd", "device"} <= set(held), "StateDict", held)
    _attribute("ltx_core.allocator_trim_strategy", "AllocatorTrimStrategy.DEFER")


def _require(fits: bool, what: str, found: list[str]) -> None:
    if not fits:
        raise DoesNotFit(f"{what} is not as VTX knows it: {', '.join(found) or 'nothing'}")


def _parameters(module: str, path: str) -> list[str]:
    """Return the names of a function's parameters."""
    return list(_signature(module, path).parameters)


def _required_parameters(module: str, path: str) -> list[str]:
    """Return the names of the parameters without a default, except ``*args`` and ``**kwargs``."""
    parameters = _signature(module, path).parameters.values()
    collecting = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)
    return [each.name for each in parameters if each.default is each.empty and each.kind not in collecting]


def _signature(module: str, path: str) -> inspect.Signature:
    found = _attribute(module, path)
    try:
        return inspect.signature(found)
    except (TypeError, ValueError):
        raise DoesNotFit(f"{module}.{path} can't be called") from None


def _require_in_any(modules: tuple[str, ...], path: str) -> None:
    for module in modules:
        with contextlib.suppress(DoesNotFit):
            _attribute(module, path)
            return
    raise DoesNotFit(f"there is no {path} in {' or '.join(modules)}")


def _attribute(module: str, path: str) -> Any:
    try:
        found: Any = importlib.import_module(module)
    except ImportError as error:
        raise DoesNotFit(f"there is no {module} ({error})") from None
    for name in path.split("."):
        if not hasattr(found, name):
            raise DoesNotFit(f"there is no {module}.{path}")
        found = getattr(found, name)
    return found
