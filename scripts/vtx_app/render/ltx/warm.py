"""Calls of pipelines in this process, with models that stay warm from one to the next.

Each call is the module's own ``main`` with its own parser, so that warm and command line can't differ. From 1.2 on,
its pipeline gets a registry of weights; 1.0 has none, and what stays warm there is Python, torch and the encodings.
"""

from __future__ import annotations

import contextlib
import functools
import importlib
import inspect
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

from vtx_app.errors import RenderError
from vtx_app.render.ltx.encodings import Encodings
from vtx_app.render.ltx.hooks import Cancelled, Hooks, TextEncoder
from vtx_app.render.ltx.memory import MODES, Mode, choose, free_main_memory, tighter, too_big
from vtx_app.render.ltx.package import installed
from vtx_app.render.ltx.runner import Call, Step, Steps
from vtx_app.render.ltx.worker_environment import last_words

__all__ = ["Warm"]

Groups = Callable[[], Sequence[Sequence[str | None]]]
"""What the build's clips with the call's encoder say: a prompt each, or a prompt and its negative (None: unsaid)."""


class Warm:
    """The models of this process. One call at a time.

    ``spoiled``: a call failed in a way nobody foresaw, and what it left behind (a CUDA context, most of all) is not
    to be trusted with another.
    """

    def __init__(self) -> None:
        self.package = installed()
        import torch  # the slow part of a start, paid once

        self.torch = torch
        self.hooks = Hooks()
        self.hooks.install()
        self.mode = MODES["resident"]
        self.registry: Any = None
        self.room = free_main_memory()  # before anything is kept: what is parked there later is not in its own way
        self.calls = 0
        self.spoiled = False

    def run(
        self, call: Call, steps: Steps, wanted: Callable[[], bool], encodings: Path | None, groups: Groups
    ) -> dict[str, Any]:
        """Run the call to its end. Returns facts for the take's record.

        Raises :class:`RenderError` with the reason, :class:`Cancelled` where nobody waits for it any more.
        """
        self.hooks.begin(steps, wanted)
        self.hooks.encode = self._encoder(call, encodings, groups)
        began = time.monotonic()
        mode = self._mode(call)
        retried = False
        while True:
            try:
                self._enter(mode)
                _reset_peaks(self.torch)
                self._main(call)
                break
            except self.torch.OutOfMemoryError as error:
                call.out.unlink(missing_ok=True)
                reason = str(error)
            except BaseException:
                call.out.unlink(missing_ok=True)
                raise
            self._forget()  # outside the handler: its traceback holds the call's tensors
            smaller = tighter(mode) if self.package.offloads else None
            if retried or smaller is None:
                raise too_big(call.pipeline, call.words, reason, retried=retried)
            steps(Step(f"out of memory; once more with weights {smaller.told}"))
            mode, retried = smaller, True
        self.calls += 1
        return self._facts(call, mode, time.monotonic() - began, retried=retried)

    def _mode(self, call: Call) -> Mode:
        if not self.package.offloads:
            if call.memory not in ("", "none", "resident"):
                raise RenderError(f"LTX_OFFLOAD is {call.memory!r}, and this ltx-pipelines has no --offload: unset it")
            return MODES["resident"]
        card = self.torch.cuda.get_device_properties(0).total_memory if self.torch.cuda.is_available() else None
        fused = "--lora" in call.words or "--distilled-lora" in call.words
        wanted = choose(call.memory, call.weights, card, self.room, fused=fused)
        order = list(MODES)
        # A mode that was too loose for one clip of this process is not tried again for the next.
        return wanted if call.memory or order.index(wanted.name) > order.index(self.mode.name) else self.mode

    def _enter(self, mode: Mode) -> None:
        if mode != self.mode or self.calls == 0:
            self._forget()
            self.mode = mode
        if self.registry is None and mode.keeps != "nothing" and self.package.offloads:
            from vtx_app.render.ltx.registries import registry_that_keeps

            self.registry = registry_that_keeps(mode.keeps)

    def _forget(self) -> None:
        if self.registry is not None:
            self.registry.clear()
        self.registry = None
        if self.torch.cuda.is_available():
            self.torch.cuda.empty_cache()

    def _main(self, call: Call) -> None:
        module = importlib.import_module(f"ltx_pipelines.{call.pipeline}")
        self.hooks.prepare(module)
        words = [*call.words]
        if self.mode.offload != "none":
            words += ["--offload", self.mode.offload]
        with self._given(module), _command_line(module, words):
            try:
                module.main()
            except SystemExit as error:
                if error.code not in (None, 0):
                    said = error.code if isinstance(error.code, str) else last_words(call.log)
                    raise RenderError(f"{call.pipeline} refused its command line: {said}") from error
            except (Cancelled, ConnectionError, self.torch.OutOfMemoryError):
                raise
            except Exception as error:
                import traceback

                traceback.print_exc()
                self.spoiled = True
                raise RenderError(f"{call.pipeline} failed: {type(error).__name__}: {error}") from error

    @contextlib.contextmanager
    def _given(self, module: ModuleType) -> Iterator[None]:
        """Inside, the module's pipeline is made with this process's registry."""
        changed: dict[str, Any] = {}
        for name, found in vars(module).items():
            if inspect.isclass(found) and found.__module__ == module.__name__ and name.endswith(_PIPELINE_CLASSES):
                named = inspect.signature(found.__init__).parameters
                if "registry" in named and self.registry is not None:
                    given: dict[str, Any] = {"registry": self.registry}
                    if "alloc_trim_strategy" in named:
                        from ltx_core.allocator_trim_strategy import AllocatorTrimStrategy

                        given["alloc_trim_strategy"] = AllocatorTrimStrategy.DEFER
                    changed[name] = found
                    setattr(module, name, functools.partial(found, **given))
        try:
            yield
        finally:
            for name, found in changed.items():
                setattr(module, name, found)

    def _encoder(self, call: Call, folder: Path | None, groups: Groups) -> Callable[[TextEncoder, list[str]], Any]:
        """Encodes the call's prompt, and on the way those of all the build's clips that are still to come."""
        if folder is None or not call.encoder:
            return lambda encoder, prompts: encoder.encode(prompts)
        device = "cuda" if self.torch.cuda.is_available() else "cpu"
        version = ".".join(map(str, self.package))
        kept = Encodings(folder, (f"ltx {version}", f"torch {self.torch.__version__}", device, *call.encoder), device)

        def encode(encoder: TextEncoder, prompts: list[str]) -> Any:
            if kept.missing([prompts]):
                ahead = kept.missing([prompts, *(_said(group) for group in groups())])
                with encoder.held() if len(ahead) > 1 else contextlib.nullcontext():
                    for done, group in enumerate(ahead):
                        self.hooks.tell(Step("encode prompts", done, len(ahead)))
                        if not kept.encode_ahead(encoder.encode, group):
                            break
            return kept.of(encoder.encode, prompts)

        return encode

    def _facts(self, call: Call, mode: Mode, seconds: float, *, retried: bool) -> dict[str, Any]:
        phases = {name: round(spent, 3) for name, spent in self.hooks.seconds.items()}
        facts: dict[str, Any] = {
            "exit": 0,
            "seconds": phases | {"call": round(seconds, 3)},
            "loads": self.hooks.loads,
            "memory": mode.name,
            "warm": self.calls > 1,
            "peak_ram_bytes": _peak_main_memory(),
        }
        if self.torch.cuda.is_available():
            facts["gpu"] = self.torch.cuda.get_device_name(0)
            facts["peak_vram_bytes"] = self.torch.cuda.max_memory_reserved()
        if retried:
            facts["out_of_memory_at_first"] = True
        return facts


_PIPELINE_CLASSES = ("Pipeline", "Stage")


def _said(group: Sequence[str | None]) -> list[str]:
    """A group with the package's own negative where a clip says none."""
    from ltx_pipelines.utils.constants import DEFAULT_NEGATIVE_PROMPT

    return [DEFAULT_NEGATIVE_PROMPT if text is None else text for text in group]


@contextlib.contextmanager
def _command_line(module: ModuleType, words: list[str]) -> Iterator[None]:
    before = sys.argv
    sys.argv = [module.__file__ or module.__name__, *words]
    try:
        yield
    finally:
        sys.argv = before


def _reset_peaks(torch: Any) -> None:
    if torch.cuda.is_available():
        torch.cuda.reset_peak_memory_stats()
    with contextlib.suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5")  # proc(5): the high-water mark of this process starts anew


def _peak_main_memory() -> int:
    """Bytes of main memory that this process had at most since the last reset (in all its life, off Linux)."""
    with contextlib.suppress(OSError):
        for line in Path("/proc/self/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024
