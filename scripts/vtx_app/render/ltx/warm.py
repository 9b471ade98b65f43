"""Calls of pipelines in this process, with models that stay warm from one to the next.

Each call is the module's own ``main`` with its own parser, so that warm and command line can't differ. From 1.2 on,
its pipeline gets a registry of weights; 1.0 has none, and what stays warm there is Python, torch and the encodings.
"""

from __future__ import annotations

import contextlib
import functools
import importlib
import inspect
import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from importlib.metadata import version
from pathlib import Path
from types import ModuleType
from typing import Any

from vtx_app.errors import RenderError
from vtx_app.render.gpus import has_gpu
from vtx_app.render.ltx.encodings import Encodings
from vtx_app.render.ltx.hooks import Cancelled, Hooks, TextEncoder
from vtx_app.render.ltx.kept import Kept, fuses
from vtx_app.render.ltx.memory import (
    MODES,
    Mode,
    choose,
    fits_together,
    is_out_of_memory,
    require_streamable,
    streams,
    tighter,
    too_big,
)
from vtx_app.render.ltx.package import installed
from vtx_app.render.ltx.runner import Call, Step, Steps
from vtx_app.render.ltx.stored import has_diffusion_vae
from vtx_app.render.ltx.worker_environment import last_words
from vtx_app.render.main_memory import free_main_memory

__all__ = ["Warm"]

Groups = Callable[[], Sequence[Sequence[str | None]]]
"""What the build's clips with the call's encoder say: a prompt each, or a prompt and its negative (None: unsaid)."""


class _CardFull(Exception):
    """The card's memory ran out."""


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
        # Before anything is kept: what is kept later is not in its own way, but what others have of the card is.
        self.room = free_main_memory()
        self.card: int | None = torch.cuda.mem_get_info()[0] if torch.cuda.is_available() else None
        self.kept = Kept()
        self.calls = 0
        self.spoiled = False

    def run(
        self, call: Call, steps: Steps, wanted: Callable[[], bool], encodings: Path | None, groups: Groups
    ) -> dict[str, Any]:
        """Run the call to its end. Returns facts for the take's record.

        Raises :class:`RenderError` with the reason, :class:`Cancelled` where nobody waits for it any more.
        """
        self._require_card()
        self.hooks.begin(steps, wanted)
        self.hooks.encode = self._encoder(call, encodings, groups)
        began = time.monotonic()
        mode = self._mode(call)
        retried = False
        while True:
            try:
                self._enter(mode, call)
                _reset_peaks(self.torch)
                self._main(call)
                break
            except _CardFull as error:
                call.out.unlink(missing_ok=True)
                reason = str(error)
            except BaseException:
                call.out.unlink(missing_ok=True)
                raise
            self._forget()  # outside the handler: its traceback holds the call's tensors
            smaller = self._tighter(mode, call) if self.package.offloads else None
            if retried or smaller is None:
                raise too_big(call.pipeline, call.words, reason, retried=retried)
            steps(Step(f"out of memory; once more with weights {smaller.told}"))
            mode, retried = smaller, True
        self.calls += 1
        return self._facts(call, mode, time.monotonic() - began, retried=retried)

    def _require_card(self) -> None:
        """Raise :class:`RenderError` where there is a card and torch would render beside it, on the CPU, for days."""
        if self.card is not None or not has_gpu(os.environ.get("CUDA_VISIBLE_DEVICES", "")):
            return
        try:
            self.torch.cuda.init()
        except Exception as error:  # torch's own word for it: an AssertionError, or a RuntimeError of the driver's
            raise RenderError(f"torch can't use the GPU of this machine: {error}") from error

    def _mode(self, call: Call) -> Mode:
        if not self.package.offloads:
            if call.memory not in ("", "none", "resident"):
                raise RenderError(f"LTX_OFFLOAD is {call.memory!r}, and this ltx-pipelines has no --offload: unset it")
            return MODES["resident"]
        require_streamable(call.memory, call.quantization)
        fused, streamed = fuses(call), streams(call.quantization)
        wanted = choose(call.memory, call.weights, self.card, self.room, fused=fused, streamed=streamed)
        if wanted.keeps == "card" and self._tiles_by_room(call):
            wanted = self._tighter(wanted, call) or wanted
        order = list(MODES)
        if call.memory or order.index(wanted.name) > order.index(self.mode.name):
            return wanted
        # A mode that was too loose for one clip of this process is not tried again for the next.
        return self.mode if streamed or self.mode.offload == "none" else wanted

    def _tighter(self, mode: Mode, call: Call) -> Mode | None:
        models, loras = sum(call.files.values()), sum(call.loras.values())
        parks = fits_together(MODES["parked"], models, loras, self.card, self.room)
        return tighter(mode, parks=parks, streamed=streams(call.quantization))

    def _tiles_by_room(self, call: Call) -> bool:
        return self.card is not None and has_diffusion_vae(map(Path, call.files))

    def _enter(self, mode: Mode, call: Call) -> None:
        """Make ready for the call in this mode; weights of calls before go where there is no room for both."""
        if mode != self.mode or self.calls == 0 or self.kept.crowds(call, mode, self.card, self.room):
            self._forget()
            self.mode = mode
        self.kept.add(call)
        if self.registry is None and mode.keeps != "nothing" and self.package.offloads:
            from vtx_app.render.ltx.registries import registry_that_keeps

            self.registry = registry_that_keeps(mode.keeps)

    def _forget(self) -> None:
        if self.registry is not None:
            self.registry.clear()
        self.registry = None
        self.kept.clear()
        from ltx_pipelines.utils.helpers import cleanup_memory

        cleanup_memory()  # of the card, and from 1.2 on what was pinned; a failed call leaves some of it in circles

    def _main(self, call: Call) -> None:
        module = importlib.import_module(f"ltx_pipelines.{call.pipeline}")
        self.hooks.prepare(module)
        words = [*call.words]
        if self.mode.offload != "none":
            words += ["--offload", self.mode.offload]
        with self._given(module, trim=self._tiles_by_room(call)), _command_line(module, words):
            try:
                module.main()
            except SystemExit as error:
                if error.code not in (None, 0):
                    said = error.code if isinstance(error.code, str) else last_words(call.log)
                    raise RenderError(f"{call.pipeline} refused its command line: {said}") from error
            except (Cancelled, ConnectionError):
                raise
            except Exception as error:
                if is_out_of_memory(f"{type(error).__name__}: {error}"):
                    raise _CardFull(error) from error
                import traceback

                traceback.print_exc()
                self.spoiled = True
                raise RenderError(f"{call.pipeline} failed: {type(error).__name__}: {error}") from error

    @contextlib.contextmanager
    def _given(self, module: ModuleType, *, trim: bool) -> Iterator[None]:
        """Inside, the module's pipeline is made with this process's registry; with ``trim``, each of its parts gives
        the card back what it had, as in a process of its own."""
        changed: dict[str, Any] = {}
        for name, found in vars(module).items():
            if inspect.isclass(found) and found.__module__ == module.__name__ and name.endswith(_PIPELINE_CLASSES):
                named = inspect.signature(found.__init__).parameters
                if "registry" in named and self.registry is not None:
                    given: dict[str, Any] = {"registry": self.registry}
                    if "alloc_trim_strategy" in named and not trim:
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
        from ltx_pipelines.utils.helpers import get_device

        device = get_device().type
        package, transformers = ".".join(map(str, self.package)), version("transformers")
        software = (f"ltx {package}", f"torch {self.torch.__version__}", f"transformers {transformers}")
        kept = Encodings(folder, (*software, device, *call.encoder), device)

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
            # Of what is reserved, some may be for takes before this one: the pool is not emptied between them.
            facts["peak_vram_bytes"] = self.torch.cuda.max_memory_allocated()
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
