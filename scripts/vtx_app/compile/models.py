"""The models and LoRAs that a clip's take is made with."""

from __future__ import annotations

from collections.abc import Iterable

from vtx_app.compile.request import LoraInput, ModelInput
from vtx_app.compile.sources import RequestSources
from vtx_app.errors import ModelError
from vtx_app.formats.bibles import Lora
from vtx_app.formats.generations import GENERATIONS
from vtx_app.formats.pipelines import DISTILLED_LORA, IC_LORA, Pipeline, pipeline_row
from vtx_app.models.locked import QUANTIZATION, LockedModels, lora_slot
from vtx_app.project.film import Clip, Film
from vtx_app.project.paths import LOCK, LORAS

__all__ = ["clip_generation", "clip_models", "lora_inputs", "named_loras", "quantization", "triggers", "used_loras"]


def named_loras(clip: Clip, film: Film) -> list[Lora]:
    """The LoRAs a clip names: its bundle's, then its own."""
    return [*film.loras.bundles.get(clip.spec.continuity.shared_loras_profile or "", []), *clip.spec.loras]


def used_loras(clip: Clip, film: Film, pipeline: str, generation: int | None, *, draft: bool = False) -> list[Lora]:
    """The LoRAs that the clip's take is made with: those it names and ``pipeline`` can use, or for ``ic_lora``, which
    needs one, the machine's."""
    row = pipeline_row(pipeline, generation)
    used = [lora for lora in named_loras(clip, film) if not _is_unused(lora, row, draft=draft)]
    return [Lora(env_path=IC_LORA)] if pipeline == "ic_lora" and not used else used


def _is_unused(lora: Lora, row: Pipeline, *, draft: bool) -> bool:
    """Whether the pipeline ignores the LoRA: the one that distils a model, on a distilled model, or an IC-LoRA in a
    draft."""
    return (row.ignores_distilled_lora and lora.env_path == DISTILLED_LORA) or (draft and lora.env_path == IC_LORA)


def lora_inputs(clip: Clip, film: Film, sources: RequestSources) -> tuple[LoraInput, ...]:
    """The LoRAs a clip names, by slot and weight."""
    bundle, own = clip.spec.continuity.shared_loras_profile, clip.spec.loras
    if sources.spec("loras", "continuity.shared_loras_profile", bundle) is not None:
        sources.read("loras", LORAS, f"bundles.{bundle}", _weights(film.loras.bundles.get(bundle or "", [])))
    sources.spec("loras", "loras", _weights(own) if own else None)
    return tuple(LoraInput(lora_slot(lora), lora.weight) for lora in named_loras(clip, film))


def triggers(clip: Clip, film: Film, used: Iterable[Lora], sources: RequestSources) -> list[str]:
    """The trigger words of the LoRAs that the clip's take is made with."""
    bundle = clip.spec.continuity.shared_loras_profile
    shared = film.loras.bundles.get(bundle or "", [])
    if bundle is not None:
        sources.read("triggers", LORAS, f"bundles.{bundle}", ", ".join(filter(None, (o.trigger for o in shared))))
    own = ", ".join(filter(None, (lora.trigger for lora in clip.spec.loras)))
    sources.spec("triggers", "loras", own or None)
    return [lora.trigger for lora in used]


def _weights(loras: Iterable[Lora]) -> str:
    return ", ".join(f"{lora_slot(lora)} {lora.weight}" for lora in loras)


def clip_models(
    clip: Clip,
    film: Film,
    made_by: tuple[str, int | None],
    models: LockedModels,
    sources: RequestSources,
    *,
    draft: bool,
    temporal: bool,
) -> tuple[dict[str, str], tuple[LoraInput, ...], tuple[ModelInput, ...]]:
    """Every slot with its fingerprint; the LoRAs with their weights; the pipeline's own models.

    ``made_by``: the pipeline and its generation. ``temporal``: it doubles the frame rate. Raises :class:`ModelError`
    that names the clip's spec.
    """
    used = used_loras(clip, film, *made_by, draft=draft)
    pipeline_slots = models.slots(made_by[0], temporal=temporal)
    slots: dict[str, str] = {}
    try:
        for part, part_slots in (("models", pipeline_slots), ("loras", map(lora_slot, used))):
            for slot in part_slots:
                slots[slot] = sources.read(part, LOCK, f"models.{slot}", models.fingerprint(slot))
    except ModelError as error:
        raise ModelError(f"{clip.name}: {error}") from None
    loras = tuple(LoraInput(slots[lora_slot(lora)], lora.weight) for lora in used)
    return slots, loras, tuple(ModelInput(slot, slots[slot]) for slot in pipeline_slots)


def clip_generation(pipeline: str, models: LockedModels, sources: RequestSources) -> int | None:
    """The generation of a pipeline in requests: None is the first."""
    if pipeline not in GENERATIONS:
        return None
    number = models.generation(pipeline)
    sources.read("generation", LOCK, f"generations.{pipeline}", str(number))
    return number if number > 1 else None


def quantization(models: LockedModels, sources: RequestSources) -> str | None:
    """How the transformer's weights are quantised. Raises :class:`ModelError`."""
    found = models.quantization()
    file, key = (LOCK, "quantization") if models.lock.models else ("environment", QUANTIZATION)
    sources.read("quantization", file, key, found or "none")
    return found
