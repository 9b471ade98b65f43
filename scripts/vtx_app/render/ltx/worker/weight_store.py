"""The weights that a worker keeps loaded from call to call, as far as memory allows."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from vtx_app.render.ltx.call import PipelineCall
from vtx_app.render.ltx.fit import choose_mode, require_fit, smaller_mode, tiles_by_free_memory
from vtx_app.render.ltx.footprint import footprint
from vtx_app.render.ltx.memory import MODES, LoadedWeights, Memory, Mode, can_stream
from vtx_app.render.ltx.package import LtxPackage
from vtx_app.render.main_memory import free_main_memory

__all__ = ["WeightStore"]


class WeightStore:
    """A registry for ltx-core 1.2, the mode it is in, and the memory it may use. 1.0 has no registry: it stays None."""

    def __init__(self, package: LtxPackage) -> None:
        import torch

        self.package = package
        # Measured before anything is loaded: later, kept weights would count as taken.
        free = torch.cuda.mem_get_info()[0] if torch.cuda.is_available() else None
        self.memory = Memory(free, free_main_memory())
        self.mode = MODES["resident"]
        self.registry: Any = None
        self._loaded = LoadedWeights()

    def choose(self, call: PipelineCall) -> Mode:
        """Return the mode for a call. Raises :class:`RenderError` as :func:`choose_mode` and :func:`require_fit` do."""
        mode = choose_mode(call, self.memory, self.package)
        require_fit(call, mode, self.memory, self.package)
        if call.offload:
            return mode
        # A mode that needed too much for one call is not tried again for the next.
        order = list(MODES)
        smaller = max(mode, self.mode, key=lambda each: order.index(each.name))
        return smaller if smaller.offload == "none" or can_stream(call.quantization) else mode

    def smaller(self, mode: Mode, call: PipelineCall) -> Mode | None:
        """Return the next mode that needs less of the GPU's memory; None if there is none."""
        return smaller_mode(mode, call, self.memory, self.package)

    def pipeline_options(self, call: PipelineCall) -> dict[str, Any]:
        """Return the options that let a call's pipeline use the registry.

        With ``DEFER``, a part of the pipeline keeps the GPU memory it had; in a process of its own, it returns it.
        """
        if self.registry is None:
            return {}
        from ltx_core.allocator_trim_strategy import AllocatorTrimStrategy

        tiles_vary = self.memory.gpu is not None and tiles_by_free_memory(call)
        trim = {} if tiles_vary else {"alloc_trim_strategy": AllocatorTrimStrategy.DEFER}
        return {"registry": self.registry, **trim}

    def enter(self, mode: Mode, call: PipelineCall) -> None:
        """Get ready for a call in a mode; evict the weights of earlier calls if there is no room for both."""
        work = footprint(call, mode).work if call.tokens else None
        if mode != self.mode or not self._loaded.leave_room_for(call, mode, self.memory, work=work):
            self.clear()
            self.mode = mode
        self._loaded |= LoadedWeights.of(call)
        if self.registry is None and mode.keeps != "nothing" and self.package.offloads:
            from ltx_core.loader.registry import ModelRegistry

            self.registry = ModelRegistry()
            if mode.keeps == "main memory":
                _park_weights(self.registry)

    def clear(self) -> None:
        """Evict everything."""
        from ltx_pipelines.utils.helpers import cleanup_memory

        if self.registry is not None:
            self.registry.clear()
        self.registry = None
        self._loaded = LoadedWeights()
        cleanup_memory()  # of the GPU, from 1.2 on also pinned memory; a failed call leaves some in reference cycles


def _park_weights(registry: Any) -> None:
    """Let ``registry`` keep weights in main memory: a model is copied to the GPU when it is used, and freed after.

    The loader reads weights to the GPU. What is kept, and returned to it, is a copy in pinned memory, from which it
    builds the model (``add`` may return the copy that it retains: ltx_core.loader.helpers).
    """
    import torch

    add = registry.add

    def add_parked(paths: list[str], sd_ops: Any, state_dict: Any) -> Any:
        pin = torch.cuda.is_available()
        parked = {}
        for name, tensor in state_dict.sd.items():
            parked[name] = tensor.to("cpu")
            if pin:
                try:
                    parked[name] = parked[name].pin_memory()
                except RuntimeError:  # the driver pins no more: the rest is unpinned, and copied more slowly
                    pin = False
        return add(paths, sd_ops, replace(state_dict, sd=parked, device=torch.device("cpu")))

    registry.add = add_parked
