"""How a call of a pipeline is watched from inside its process: steps, seconds by phase, weights that are loaded.

The pipelines' own ``main`` runs, unchanged. What is put in its place are names that it looks up: ``tqdm`` in the
denoising loops and in the encoder, the loader of weights, the encoder of prompts.
"""

from __future__ import annotations

import contextlib
import functools
import importlib
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any

from vtx_app.render.ltx.runner import Step, Steps

__all__ = ["Cancelled", "Hooks", "TextEncoder"]


@dataclass(frozen=True, slots=True)
class TextEncoder:
    """What encodes prompts in the call that runs: one answer a call, for one prompt or more.

    ``held`` keeps it loaded through many calls, where the package would load it for each.
    """

    encode: Callable[[list[str]], Any]
    held: Callable[[], contextlib.AbstractContextManager[Any]] = contextlib.nullcontext


class Cancelled(Exception):
    """Nobody waits for this call any more."""


@dataclass(slots=True)
class Hooks:
    """The watch over one process's calls, one at a time. ``steps`` and ``wanted`` are those of the call that runs."""

    steps: Steps = lambda _: None
    wanted: Callable[[], bool] = lambda: True
    seconds: defaultdict[str, float] = field(default_factory=lambda: defaultdict(float))
    loads: list[str] = field(default_factory=list)
    stage: int = 0
    encode: Callable[[TextEncoder, list[str]], Any] = lambda encoder, prompts: encoder.encode(prompts)

    def begin(self, steps: Steps, wanted: Callable[[], bool]) -> None:
        """Start anew for a call."""
        self.steps, self.wanted, self.stage = steps, wanted, 0
        self.seconds, self.loads = defaultdict(float), []

    def tell(self, step: Step) -> None:
        """A step is reached. Raises :class:`Cancelled` where nobody waits for the call any more."""
        if not self.wanted():
            raise Cancelled
        self.steps(step)

    def install(self) -> None:
        """Put the hooks into the package, once a process."""
        samplers = importlib.import_module("ltx_pipelines.utils.samplers")
        samplers.tqdm = self._denoising  # type: ignore[attr-defined]
        for name in ("ltx_pipelines.utils.media_io.encode", "ltx_pipelines.utils.media_io"):
            try:
                module = importlib.import_module(name)
            except ModuleNotFoundError:  # 1.0 has one module, 1.2 a folder of them
                continue
            if hasattr(module, "tqdm"):
                module.tqdm = self._writing  # type: ignore[attr-defined]
        loader = importlib.import_module("ltx_core.loader.sft_loader").SafetensorsStateDictLoader
        loader.load = self._loading(loader.load)
        blocks = _optional("ltx_pipelines.utils.blocks")
        if blocks is not None:
            blocks.PromptEncoder.__call__ = self._encoding(blocks.PromptEncoder.__call__)

    def prepare(self, module: ModuleType) -> None:
        """Hook what a pipeline's module holds under names of its own."""
        if getattr(module, "_vtx_watched", False):
            return
        module.encode_video = self._encode_video(module.encode_video)  # type: ignore[attr-defined]
        if hasattr(module, "encode_prompts"):  # 1.0: a function, not a class
            module.encode_prompts = self._encoding_1_0(module.encode_prompts)  # type: ignore[attr-defined]
        module._vtx_watched = True  # type: ignore[attr-defined]

    # -- what stands in their places ---------------------------------------------------------------------

    def _denoising(self, steps: Iterable[Any], **_: Any) -> Iterator[Any]:
        self.stage += 1
        every = list(steps)
        began = time.monotonic()
        try:
            for done, step in enumerate(every):
                self.tell(Step(f"denoise, stage {self.stage}", done, len(every)))
                yield step
        finally:  # a sampler may stop before its last step
            self.seconds["denoise"] += time.monotonic() - began
        self.tell(Step(f"denoise, stage {self.stage}", len(every), len(every)))

    def _writing(self, chunks: Iterable[Any], total: int | None = None, **_: Any) -> Iterator[Any]:
        for done, chunk in enumerate(chunks):
            self.tell(Step("decode and write", done, max(total or 0, done + 1)))
            yield chunk

    def _loading(self, load: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(load)
        def loading(*words: Any, **named: Any) -> Any:
            name = _weights_name(named.get("sd_ops", words[2] if len(words) > 2 else None))
            self.tell(Step(f"load the {name}"))
            began = time.monotonic()
            loaded = load(*words, **named)
            self.seconds["load"] += time.monotonic() - began
            self.loads.append(name)
            return loaded

        return loading

    def _encoding(self, encode: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(encode)
        def encoding(encoder: Any, prompts: list[str], **options: Any) -> Any:
            if options.get("enhance_first_prompt"):
                return encode(encoder, prompts, **options)
            held = functools.partial(_held, encoder)
            return self._encoded(TextEncoder(lambda texts: encode(encoder, texts, **options), held), prompts)

        return encoding

    def _encoding_1_0(self, encode: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(encode)
        def encoding(prompts: list[str], *words: Any, **options: Any) -> Any:
            if options.get("enhance_first_prompt"):
                return encode(prompts, *words, **options)
            ledger = words[0] if words else options["model_ledger"]
            held = functools.partial(_held_1_0, ledger)
            return self._encoded(TextEncoder(lambda texts: encode(texts, *words, **options), held), prompts)

        return encoding

    def _encoded(self, encoder: TextEncoder, prompts: list[str]) -> Any:
        began, loading = time.monotonic(), self.seconds["load"]
        self.tell(Step("encode the prompt"))
        encoded = self.encode(encoder, list(prompts))
        self.seconds["encode text"] += time.monotonic() - began - (self.seconds["load"] - loading)
        return encoded

    def _encode_video(self, encode: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(encode)
        def writing(*words: Any, **named: Any) -> Any:
            began, before = time.monotonic(), self.seconds["decode"]
            if hasattr(named.get("video"), "__next__"):
                named["video"] = self._decoding(named["video"])
            done = encode(*words, **named)
            self.seconds["write"] += time.monotonic() - began - (self.seconds["decode"] - before)
            return done

        return writing

    def _decoding(self, chunks: Iterator[Any]) -> Iterator[Any]:
        while True:
            began = time.monotonic()
            try:
                chunk = next(chunks)
            except StopIteration:
                return
            finally:
                self.seconds["decode"] += time.monotonic() - began
            yield chunk


_WEIGHTS = (
    ("AUDIO_VAE_DECODER", "audio decoder"),
    ("AUDIO_VAE_ENCODER", "audio encoder"),
    ("VAE_DECODER", "video decoder"),
    ("VAE_ENCODER", "video encoder"),
    ("VOCODER", "vocoder"),
    ("GEMMA", "text encoder"),
    ("EMBEDDINGS", "text connectors"),
    ("DURATION", "duration head"),
    ("LORA", "LoRA"),
    ("LTXV_MODEL", "transformer"),
)
"""What a loader's operations are called in ltx_core, and which part of the model they are for."""


def _weights_name(operations: object) -> str:
    """What is loaded, by the operations on the names of its weights; the upsampler alone has none."""
    name = str(getattr(operations, "name", ""))
    return next((part for mark, part in _WEIGHTS if mark in name), name or "upsampler")


@contextlib.contextmanager
def _held(encoder: Any) -> Iterator[None]:
    """Inside, every call of this ``PromptEncoder`` of 1.2 finds its text encoder loaded."""
    with encoder._text_encoder_ctx() as model:
        encoder._text_encoder_ctx = lambda: contextlib.nullcontext(model)
        try:
            yield
        finally:
            del encoder._text_encoder_ctx


@contextlib.contextmanager
def _held_1_0(ledger: Any) -> Iterator[None]:
    """The same for 1.0, where a ledger makes the text encoder anew for each who asks."""
    model = ledger.text_encoder()
    ledger.text_encoder = lambda: model
    try:
        yield
    finally:
        del ledger.text_encoder


def _optional(name: str) -> ModuleType | None:
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError:
        return None
