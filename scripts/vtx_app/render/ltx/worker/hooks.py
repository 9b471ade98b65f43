"""Hooks into a pipeline that runs in this process: steps, seconds by phase, weights that are loaded, prompt encodings.

The pipelines' own ``main`` runs unchanged. Replaced are names that it looks up: ``tqdm`` in the denoising loops and in
the video encoder, the loader of weights, the encoder of prompts; :mod:`.probe` tells first whether they are as the
hooks need them.
"""

from __future__ import annotations

import contextlib
import functools
import importlib
import inspect
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any

from vtx_app.render.ltx.progress import Step, Steps
from vtx_app.render.ltx.worker.probe import pipeline_classes, require_fitting_module

__all__ = ["Cancelled", "Hooks", "TextEncoder", "of_one_iterable"]


@dataclass(frozen=True, slots=True)
class TextEncoder:
    """The text encoder of the running call: ``encode`` encodes the prompts of one call, one or more.

    ``loaded`` keeps it loaded over many calls; the package would load it for each.
    """

    encode: Callable[[list[str]], Any]
    loaded: Callable[[], contextlib.AbstractContextManager[Any]] = contextlib.nullcontext


class Cancelled(Exception):
    """Nobody waits for this call any more."""


@dataclass(slots=True)
class Hooks:
    """Observes the calls of one process, one at a time, and feeds them. All fields are of the running call.

    ``encode`` encodes prompts. ``before_decode`` is called before the first picture is decoded. ``pipeline_options``
    are passed to the pipeline's constructor if it has such parameters.
    """

    steps: Steps = lambda _: None
    is_cancelled: Callable[[], bool] = lambda: False
    encode: Callable[[TextEncoder, list[str]], Any] = lambda encoder, prompts: encoder.encode(prompts)
    before_decode: Callable[[], None] = lambda: None
    pipeline_options: dict[str, Any] = field(default_factory=dict)
    seconds: defaultdict[str, float] = field(default_factory=lambda: defaultdict(float))
    loads: list[str] = field(default_factory=list)
    stage: int = 0

    def begin(
        self, steps: Steps, is_cancelled: Callable[[], bool], encode: Callable[[TextEncoder, list[str]], Any]
    ) -> None:
        """Start the observation of a call."""
        self.steps, self.is_cancelled, self.encode = steps, is_cancelled, encode
        self.stage, self.seconds, self.loads = 0, defaultdict(float), []

    def report(self, step: Step) -> None:
        """Pass on a step. Raises :class:`Cancelled`."""
        if self.is_cancelled():
            raise Cancelled
        self.steps(step)

    def install(self) -> None:
        """Hook the package, once a process."""
        samplers = importlib.import_module("ltx_pipelines.utils.samplers")
        samplers.tqdm = of_one_iterable(self.denoising_steps, samplers.tqdm)  # type: ignore[attr-defined]
        for name in ("ltx_pipelines.utils.media_io.encode", "ltx_pipelines.utils.media_io"):
            module = _import_optional(name)  # 1.0 has one module, 1.2 a folder of them
            if hasattr(module, "tqdm"):
                module.tqdm = of_one_iterable(self._written_chunks, module.tqdm)  # type: ignore[union-attr]
        loader = importlib.import_module("ltx_core.loader.sft_loader").SafetensorsStateDictLoader
        loader.load = self._hook_load(loader.load)
        blocks = _import_optional("ltx_pipelines.utils.blocks")
        if blocks is not None:
            blocks.PromptEncoder.__call__ = self._hook_prompt_encoder(blocks.PromptEncoder.__call__)

    def prepare(self, module: ModuleType, *, keeps_weights: bool) -> None:
        """Hook a pipeline's module, once: its pipeline, and what it imported under its own names.

        Raises :class:`DoesNotFit` as :func:`require_fitting_module` does.
        """
        if getattr(module, "_vtx_hooked", False):
            return
        require_fitting_module(module, keeps_weights=keeps_weights)
        for name, found in pipeline_classes(module).items():
            setattr(module, name, functools.partial(self._new_pipeline, found))
        module.encode_video = self._hook_encode_video(module.encode_video)  # type: ignore[attr-defined]
        if hasattr(module, "encode_prompts"):  # 1.0: a function, not a class
            module.encode_prompts = self._hook_encode_prompts(module.encode_prompts)  # type: ignore[attr-defined]
        module._vtx_hooked = True  # type: ignore[attr-defined]

    def _new_pipeline(self, pipeline: type, *args: Any, **kwargs: Any) -> Any:
        parameters = inspect.signature(pipeline.__init__).parameters  # type: ignore[misc]
        options = {name: value for name, value in self.pipeline_options.items() if name in parameters}
        return pipeline(*args, **options | kwargs)

    @contextlib.contextmanager
    def _timed(self, phase: str, without: str = "") -> Iterator[None]:
        """Add the time inside to the seconds of ``phase``, less what is added to those of ``without`` meanwhile."""
        began, before = time.monotonic(), self.seconds.get(without, 0.0)
        try:
            yield
        finally:
            self.seconds[phase] += time.monotonic() - began - (self.seconds.get(without, 0.0) - before)

    # -- replacements ------------------------------------------------------------------------------------

    def denoising_steps(self, steps: Iterable[Any], **_: Any) -> Iterator[Any]:
        """Yield the steps of a stage, and report each. Raises :class:`Cancelled`."""
        self.stage += 1
        all_steps = list(steps)
        with self._timed("denoise"):  # a sampler may stop before its last step
            for done, step in enumerate(all_steps):
                self.report(Step(f"denoise, stage {self.stage}", done, len(all_steps)))
                yield step
        self.report(Step(f"denoise, stage {self.stage}", len(all_steps), len(all_steps)))

    def _written_chunks(self, chunks: Iterable[Any], total: int | None = None, **_: Any) -> Iterator[Any]:
        for done, chunk in enumerate(chunks):
            self.report(Step("decode and write", done, max(total or 0, done + 1)))
            yield chunk

    def _hook_load(self, load: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(load)
        def hooked(*args: Any, **kwargs: Any) -> Any:
            part = _part_name(kwargs.get("sd_ops", args[2] if len(args) > 2 else None))
            self.report(Step(f"load the {part}"))
            with self._timed("load"):
                loaded = load(*args, **kwargs)
            self.loads.append(part)
            return loaded

        return hooked

    def _hook_prompt_encoder(self, encode: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(encode)
        def hooked(encoder: Any, prompts: list[str], **kwargs: Any) -> Any:
            if kwargs.get("enhance_first_prompt"):
                return encode(encoder, prompts, **kwargs)
            loaded = functools.partial(_encoder_loaded, encoder)
            return self._encode(TextEncoder(lambda texts: encode(encoder, texts, **kwargs), loaded), prompts)

        return hooked

    def _hook_encode_prompts(self, encode: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(encode)
        def hooked(prompts: list[str], *args: Any, **kwargs: Any) -> Any:
            if kwargs.get("enhance_first_prompt"):
                return encode(prompts, *args, **kwargs)
            loaded = functools.partial(_ledger_encoder_loaded, args[0] if args else kwargs["model_ledger"])
            return self._encode(TextEncoder(lambda texts: encode(texts, *args, **kwargs), loaded), prompts)

        return hooked

    def _encode(self, encoder: TextEncoder, prompts: list[str]) -> Any:
        self.report(Step("encode the prompt"))
        with self._timed("encode text", without="load"):
            return self.encode(encoder, list(prompts))

    def _hook_encode_video(self, encode: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(encode)
        def hooked(*args: Any, **kwargs: Any) -> Any:
            if hasattr(kwargs.get("video"), "__next__"):
                kwargs["video"] = self._decoded_chunks(kwargs["video"])
            with self._timed("write", without="decode"):
                return encode(*args, **kwargs)

        return hooked

    def _decoded_chunks(self, chunks: Iterator[Any]) -> Iterator[Any]:
        end = object()
        self.before_decode()
        while True:
            with self._timed("decode"):
                chunk = next(chunks, end)
            if chunk is end:
                return
            yield chunk


def of_one_iterable(hook: Callable[..., Any], tqdm: Callable[..., Any]) -> Callable[..., Any]:
    """``hook`` in place of ``tqdm`` where it goes over one iterable; its other uses are left to it."""

    def bar(*args: Any, **kwargs: Any) -> Any:
        return hook(*args, **kwargs) if len(args) == 1 and isinstance(args[0], Iterable) else tqdm(*args, **kwargs)

    return bar


_PARTS = {
    "AUDIO_VAE_DECODER": "audio decoder",
    "AUDIO_VAE_ENCODER": "audio encoder",
    "VAE_DECODER": "video decoder",
    "VAE_ENCODER": "video encoder",
    "VOCODER": "vocoder",
    "GEMMA": "text encoder",
    "EMBEDDINGS": "text connectors",
    "DURATION": "duration head",
    "LORA": "LoRA",
    "LTXV_MODEL": "transformer",
}
"""Part of a loader's operation name in ltx_core → the part of the model that it is for."""


def _part_name(operations: object) -> str:
    """Return what is loaded, by the operations on the names of its weights; only the upsampler has none."""
    name = str(getattr(operations, "name", ""))
    return next((part for key, part in _PARTS.items() if key in name), name or "upsampler")


@contextlib.contextmanager
def _encoder_loaded(encoder: Any) -> Iterator[None]:
    """Keep the text encoder of a ``PromptEncoder`` of 1.2 loaded for all its calls."""
    with encoder._text_encoder_ctx() as model:
        encoder._text_encoder_ctx = lambda: contextlib.nullcontext(model)
        try:
            yield
        finally:
            del encoder._text_encoder_ctx


@contextlib.contextmanager
def _ledger_encoder_loaded(ledger: Any) -> Iterator[None]:
    """Keep the text encoder of a model ledger of 1.0 loaded, which would build it for each call."""
    model = ledger.text_encoder()
    ledger.text_encoder = lambda: model
    try:
        yield
    finally:
        del ledger.text_encoder


def _import_optional(name: str) -> ModuleType | None:
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError:
        return None
