"""Calls of pipelines in this process, with weights that stay loaded from one call to the next.

Each call is the module's own ``main`` with its own parser, so that it can't differ from the command line. From 1.2 on,
its pipeline gets a registry of weights; with 1.0, only Python, torch and prompt encodings stay loaded.
"""

from __future__ import annotations

import contextlib
import importlib
import os
import sys
import time
import traceback
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any

from vtx_app.errors import RenderError
from vtx_app.render.gpus import has_gpu
from vtx_app.render.ltx.call import PipelineCall
from vtx_app.render.ltx.fit import tiles_by_free_memory
from vtx_app.render.ltx.footprint import footprint
from vtx_app.render.ltx.memory import Mode, is_out_of_memory, out_of_memory
from vtx_app.render.ltx.package import installed
from vtx_app.render.ltx.pending_prompts import read_pending_prompts
from vtx_app.render.ltx.progress import Step, Steps
from vtx_app.render.ltx.runners.render_process import log_tail
from vtx_app.render.ltx.worker.encodings import EncodingCache
from vtx_app.render.ltx.worker.hooks import Cancelled, Hooks, TextEncoder
from vtx_app.render.ltx.worker.probe import require_fitting_package
from vtx_app.render.ltx.worker.weight_store import WeightStore

__all__ = ["PipelineSession"]


class _OutOfMemory(Exception):
    """The GPU's memory ran out."""


class PipelineSession:
    """Runs calls in this process, one at a time.

    ``encodings`` is the folder of prompt encodings, ``prompts`` the file of the build's pending prompts. ``broken``:
    a call failed in an unforeseen way, and what it left behind (above all a CUDA context) can't be trusted again.
    Raises :class:`DoesNotFit` for a package that can't be hooked, here or, of a pipeline's own module, from ``run``.
    """

    def __init__(self, encodings: Path | None = None, prompts: Path | None = None) -> None:
        import torch  # the slow part of the start

        self.torch = torch
        self.encodings, self.prompts = encodings, prompts
        self.package = installed()
        require_fitting_package(keeps_weights=self.package.offloads)
        self.hooks = Hooks()
        self.hooks.before_decode = self._note_peak
        self.hooks.install()
        self.weights = WeightStore(self.package)
        self.calls = 0
        self.undecoded_peak = 0
        self.broken = False

    def run(self, call: PipelineCall, steps: Steps, is_cancelled: Callable[[], bool]) -> dict[str, Any]:
        """Run the call to its end. Returns facts for the take's record.

        Raises :class:`RenderError` with the reason, :class:`Cancelled` if ``is_cancelled``.
        """
        self._require_gpu()
        self.hooks.begin(steps, is_cancelled, self._encoder(call))
        began = time.monotonic()
        mode, retried = self.weights.choose(call), False
        while (error := self._attempt(call, mode)) is not None:
            self.weights.clear()
            smaller = self.weights.smaller(mode, call)
            if retried or smaller is None:
                raise out_of_memory(call, error, retried=retried)
            steps(Step(f"out of memory; once more with weights {smaller.description}"))
            mode, retried = smaller, True
        self.calls += 1
        return self._facts(call, mode, time.monotonic() - began, retried=retried)

    def _require_gpu(self) -> None:
        """Raise :class:`RenderError` if there is a GPU and torch would not use it, but render on the CPU for days."""
        if self.torch.cuda.is_available() or not has_gpu(os.environ.get("CUDA_VISIBLE_DEVICES", "")):
            return
        try:
            self.torch.cuda.init()
        except Exception as error:  # an AssertionError of torch's, or a RuntimeError of the driver's
            raise RenderError(f"torch can't use the GPU of this machine: {error}") from error

    def _attempt(self, call: PipelineCall, mode: Mode) -> str | None:
        """Run the call in a mode. Returns the error if the GPU's memory ran out, without the tensors it refers to."""
        done = False
        try:
            self.weights.enter(mode, call)
            _reset_peaks(self.torch)
            self._run_main(call, mode)
            done = True
        except _OutOfMemory as error:
            return str(error)
        finally:
            if not done:
                call.output.unlink(missing_ok=True)
        return None

    def _run_main(self, call: PipelineCall, mode: Mode) -> None:
        module = importlib.import_module(call.module)
        self.hooks.prepare(module, keeps_weights=self.package.offloads)
        self.hooks.pipeline_options = self.weights.pipeline_options(call)
        sys.argv = [module.__file__ or module.__name__, *call.argv(offload=mode.offload)]
        try:
            module.main()
        except SystemExit as error:
            if error.code not in (None, 0):
                reason = error.code if isinstance(error.code, str) else log_tail(call.log)
                raise RenderError(f"{call.pipeline} refused its command line: {reason}") from error
        except (Cancelled, ConnectionError):
            raise
        except Exception as error:
            text = f"{type(error).__name__}: {error}"
            if is_out_of_memory(text):
                raise _OutOfMemory(error) from error
            traceback.print_exc()
            self.broken = True
            raise RenderError(f"{call.pipeline} failed: {text}") from error

    def _encoder(self, call: PipelineCall) -> Callable[[TextEncoder, list[str]], Any]:
        """Return what encodes the call's prompt, and with it those of all the build's pending takes."""
        if self.encodings is None or not call.encoder:
            return lambda encoder, prompts: encoder.encode(prompts)
        from ltx_pipelines.utils.helpers import get_device

        device = get_device().type
        software = (f"ltx {self.package}", f"torch {self.torch.__version__}", f"transformers {version('transformers')}")
        cache = EncodingCache(self.encodings, (*software, device, *call.encoder), device)

        def encode(encoder: TextEncoder, prompts: list[str]) -> Any:
            if cache.missing([prompts]):
                missing = cache.missing([prompts, *self._pending(call.encoder)])
                with encoder.loaded() if len(missing) > 1 else contextlib.nullcontext():
                    for done, group in enumerate(missing):
                        self.hooks.report(Step("encode prompts", done, len(missing)))
                        if not cache.encode_ahead(encoder.encode, group):
                            break
            return cache.get(encoder.encode, prompts)

        return encode

    def _pending(self, encoder: tuple[str, ...]) -> list[list[str]]:
        """Return the build's pending prompts for that encoder, with the package's own negative where it is used."""
        from ltx_pipelines.utils.constants import DEFAULT_NEGATIVE_PROMPT

        groups = read_pending_prompts(self.prompts, encoder) if self.prompts is not None else []
        return [[DEFAULT_NEGATIVE_PROMPT if text is None else text for text in group] for group in groups]

    def _note_peak(self) -> None:
        if self.torch.cuda.is_available():
            self.undecoded_peak = self.torch.cuda.max_memory_allocated()

    def _facts(self, call: PipelineCall, mode: Mode, seconds: float, *, retried: bool) -> dict[str, Any]:
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
            # Not what is reserved: the pool is not emptied between takes.
            facts["peak_vram_bytes"] = self.torch.cuda.max_memory_allocated()
            facts["expected_vram_bytes"] = footprint(call, mode).total
            if tiles_by_free_memory(call):  # it fills what there is
                facts["peak_vram_before_decode_bytes"] = self.undecoded_peak
        if retried:
            facts["out_of_memory_at_first"] = True
        return facts


def _reset_peaks(torch: Any) -> None:
    if torch.cuda.is_available():
        torch.cuda.reset_peak_memory_stats()
    with contextlib.suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5")  # proc(5): resets this process's high-water mark


def _peak_main_memory() -> int:
    """Return the peak of this process's main memory in bytes, since the last reset (elsewhere than on Linux: ever)."""
    with contextlib.suppress(OSError):
        for line in Path("/proc/self/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024
