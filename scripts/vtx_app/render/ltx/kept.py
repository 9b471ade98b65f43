"""What a worker's registry keeps from call to call, and whether the next call has room beside it."""

from __future__ import annotations

from dataclasses import dataclass, field

from vtx_app.render.ltx.memory import Mode, fits_together
from vtx_app.render.ltx.runner import Call

__all__ = ["Kept", "fuses"]


def fuses(call: Call) -> bool:
    """Whether LoRAs are fused into a copy of the call's transformer."""
    return "--lora" in call.words or "--distilled-lora" in call.words


@dataclass(slots=True)
class Kept:
    """Bytes of the models and LoRAs that calls have left in a registry, by what they were loaded as.

    A registry lets go of nothing by itself, and films that are built together, or clips of two pipelines, may each
    have models that fit alone.
    """

    models: dict[str, int] = field(default_factory=dict)
    loras: dict[str, int] = field(default_factory=dict)

    def crowds(self, call: Call, mode: Mode, card: int | None, main: int) -> bool:
        """Whether what is kept of other calls must go before ``call``, for want of memory (bytes of the card, of main
        memory; see :func:`vtx_app.render.ltx.memory.choose`)."""
        own = _models(call)
        models, loras = self.models | own, {**self.loras, **call.loras}
        if len(models) == len(own) and len(loras) == len(call.loras):
            return False
        fused = call.weights.get("transformer", 0) if fuses(call) else 0
        return not fits_together(mode, sum(models.values()), sum(loras.values()), card, main, fused=fused)

    def add(self, call: Call) -> None:
        """Note what ``call`` loads."""
        self.models.update(_models(call))
        self.loras.update(call.loras)

    def clear(self) -> None:
        """Nothing is kept any more."""
        self.models.clear()
        self.loras.clear()


def _models(call: Call) -> dict[str, int]:
    """Weights that are stored in two ways are kept twice."""
    return {f"{path} {call.quantization}": size for path, size in call.files.items()}
