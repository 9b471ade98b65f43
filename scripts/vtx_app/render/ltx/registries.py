"""Registries of weights for ltx-core 1.2: on the card, or parked in main memory between uses."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from ltx_core.loader.registry import ModelRegistry

__all__ = ["ParkedRegistry", "registry_that_keeps"]


class ParkedRegistry(ModelRegistry):  # type: ignore[misc]
    """Keeps weights in main memory: a model is copied to the card when it is used, and freed after.

    The loader has read them to the card; what is kept, and given back to it, is a copy in pinned memory, from which
    the builder makes the model (``add`` may answer with the copy it retains: ltx_core.loader.helpers).
    """

    def add(self, paths: list[str], sd_ops: Any, state_dict: Any) -> Any:
        """Keep a copy of ``state_dict`` in main memory, and answer with it."""
        import torch

        pin = torch.cuda.is_available()
        parked = {}
        for name, tensor in state_dict.sd.items():
            parked[name] = tensor.to("cpu")
            if pin:
                try:
                    parked[name] = parked[name].pin_memory()
                except RuntimeError:  # the driver pins no more: the rest waits unpinned, and is copied more slowly
                    pin = False
        return super().add(paths, sd_ops, replace(state_dict, sd=parked, device=torch.device("cpu")))


def registry_that_keeps(where: str) -> ModelRegistry:
    """A new registry that keeps weights on the ``card`` or in ``main memory``."""
    return ParkedRegistry() if where == "main memory" else ModelRegistry()
