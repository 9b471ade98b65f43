"""Which kind of model a file is, and whether two belong together, by their headers, before a GPU works for nothing.

The facts are from the sources of ltx-core and ltx-pipelines 1.2.0 and 1.0.0: the key prefixes that each component's
``model_configurator.py`` selects, ``sd_ops.py`` and ``fuse_loras.py`` for LoRAs, ``gemma_assets.py`` for Gemma. LTX
silently ignores what it doesn't find; here each such case is a :class:`~vtx_app.errors.ModelError`, one line that
begins with the path. Only what LTX can't use is refused: a whole checkpoint may stand in for its parts.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Literal

from vtx_app.errors import ModelError
from vtx_app.models.safetensors_header import Header, TensorInfo, generation, model_config, read_header

__all__ = ["Kind", "require_kind", "require_lora_fits", "require_same_generation", "unmatched_lora_keys"]

Kind = Literal[
    "checkpoint",
    "transformer",
    "text_encoder",
    "video_vae",
    "audio_vae",
    "upsampler",
    "temporal_upsampler",
    "lora",
    "gemma_root",
]

_TRANSFORMER = "model.diffusion_model."
# Text connectors have the transformer's prefix; LTX builds them separately, without LoRAs.
_TEXT_SIDE = re.compile(r"text_embedding_projection\.|((video|audio)_)?embeddings_connector\.")
_LORA_KEY = re.compile(r"\.(lora_|lokr_|hada_)")

# Part of a model → the prefixes of its tensors' names.
_PARTS: dict[str, tuple[str, ...]] = {
    "transformer": (_TRANSFORMER,),
    "video VAE": ("vae.",),
    "audio VAE": ("audio_vae.",),
    "vocoder": ("vocoder.",),
    "duration head": ("duration_head.",),
    "latent upsampler": ("post_upsample_res_blocks.",),
    "transformer in the layout of another program": ("diffusion_model.", "transformer_blocks."),
    "bare Gemma without its configuration and tokenizer": ("language_model.", "model.layers.", "model.language_model."),
}
_MONOLITH = ("transformer", "video VAE", "audio VAE", "vocoder")

# Kind → its name in messages, and the parts that LTX looks for in it.
_KINDS: dict[Kind, tuple[str, tuple[str, ...]]] = {
    "checkpoint": ("LTX-2 checkpoint", _MONOLITH),
    "transformer": ("LTX-2 transformer", ("transformer",)),
    "text_encoder": ("text encoder packed for LTX-2", ("packed text encoder",)),
    "video_vae": ("LTX-2 video VAE", ("video VAE",)),
    "audio_vae": ("LTX-2 audio VAE with its vocoder", ("audio VAE", "vocoder")),
    "upsampler": ("spatial latent upsampler", ("latent upsampler",)),
    "temporal_upsampler": ("temporal latent upsampler", ("temporal upsampler",)),
    "lora": ("LoRA", ("LoRA",)),
}


def require_kind(path: Path, kind: Kind) -> None:
    """Raise :class:`ModelError` with what ``path`` seems to be, unless it can be used as ``kind``."""
    if kind == "gemma_root":
        _require_gemma(path)
        return
    parts = _parts(read_header(path))
    name, needed = _KINDS[kind]
    missing = [part for part in needed if part not in parts]
    if missing and len(missing) < len(needed):
        held = _listed(part for part in needed if part in parts)
        raise ModelError(f"{path} holds {held}, but no {' and no '.join(missing)}; give the path of {_a(name)}")
    if missing:
        whole = "a whole LTX-2 checkpoint" if parts.issuperset(_MONOLITH) else ""
        seems = whole or _listed(sorted(parts)) or "of no kind that VTX knows"
        raise ModelError(f"{path} is {seems}, not {_a(name)}; give the path of {_a(name)}")
    if kind == "text_encoder" and path.suffix != ".safetensors":  # LTX goes by the name here
        raise ModelError(f"{path} must be named .safetensors for LTX to read it; rename it")


def require_same_generation(checkpoint: Path, other: Path) -> None:
    """Raise :class:`ModelError` if both files name a generation of LTX-2 and major.minor differ.

    The trainer writes none into LoRAs, and nothing in LTX reads one from upsamplers, so most files name none. A number
    below 2 is not a generation of LTX-2 but the file's own edition.
    """
    ours, theirs = generation(read_header(checkpoint)), generation(read_header(other))
    if ours is None or theirs is None or min(len(ours), len(theirs)) < 2 or min(ours, theirs) < (2,):
        return
    if ours[:2] != theirs[:2]:
        mine, its = (".".join(map(str, each[:2])) for each in (ours, theirs))
        raise ModelError(f"{other} is for LTX {its}, but {checkpoint} is LTX {mine}; use the file made for LTX {mine}")


def unmatched_lora_keys(lora: Header, model: Header) -> tuple[list[str], int]:
    """Return the LoRA's layers that LTX would ignore with this model's transformer, and the number of all its layers.

    LTX applies pairs ``<layer>.lora_A.weight`` and ``.lora_B.weight`` if the transformer has ``<layer>.weight``,
    without ``diffusion_model.`` on both sides. ``lora_down``/``lora_up``, LoKr and other programs' names match
    nothing. Layers of the text side are not counted: LTX never applies them, and its own distilled LoRAs have some.
    """
    weights, pairs = _weights(model), _pairs(lora)
    unmatched = [layer for layer, pair in pairs.items() if len(pair) < 2 or f"{layer}.weight" not in weights]
    return unmatched, len(pairs)


def require_lora_fits(lora_path: Path, model_path: Path) -> None:
    """Raise :class:`ModelError` if the LoRA would change nothing, or only a part, or fail on a shape.

    ``model_path`` is the checkpoint, or the transformer of a split model.
    """
    require_kind(lora_path, "lora")
    require_kind(model_path, "transformer")
    lora, model = read_header(lora_path), read_header(model_path)
    unmatched, count = unmatched_lora_keys(lora, model)
    if not count:
        raise ModelError(
            f"{lora_path} changes only the text side, which LTX never changes: it would have no effect; "
            "use a LoRA for the transformer"
        )
    if not any(name.endswith(".lora_A.weight") for name in lora.tensors):
        form = next(name for name in lora.tensors if _LORA_KEY.search(name))
        raise ModelError(
            f"{lora_path} would have no effect: LTX applies lora_A.weight and lora_B.weight, this has {form!r}; "
            "convert it, or use another LoRA"
        )
    if unmatched:
        if len(unmatched) == count:
            fault = f"none of its {count} layers is in {model_path}: it would have no effect"
        else:
            fault = f"{len(unmatched)} of its {count} layers are not in {model_path}: they would have no effect"
        raise ModelError(f"{lora_path}: {fault} (first: {unmatched[0]!r}); use a LoRA made for this model")
    weights = _weights(model)
    for layer, pair in _pairs(lora).items():
        _require_shapes(lora_path, layer, pair, model_path, weights[f"{layer}.weight"])


def _require_shapes(
    lora_path: Path, layer: str, pair: Mapping[str, TensorInfo], model_path: Path, weight: TensorInfo
) -> None:
    """lora_A is (rank, in), lora_B (out, rank), the weight (out, in); LTX fails only after it has loaded everything."""
    a, b = pair["A"].shape, pair["B"].shape
    if len(weight.shape) != 2 or not weight.dtype.startswith(("F", "BF")):  # packed weights have other shapes
        return
    if len(a) != 2 or len(b) != 2 or a[0] != b[1]:
        raise ModelError(f"{lora_path} is damaged: lora_A {a} and lora_B {b} of {layer!r} don't go together")
    if (b[0], a[1]) != weight.shape:
        raise ModelError(
            f"{lora_path} is for another model: {layer!r} is {b[0]}×{a[1]} there and "
            f"{weight.shape[0]}×{weight.shape[1]} in {model_path}; use a LoRA made for this model"
        )


def _weights(model: Header) -> dict[str, TensorInfo]:
    tensors = model.tensors.items()
    return {name.replace(_TRANSFORMER, ""): tensor for name, tensor in tensors if name.startswith(_TRANSFORMER)}


def _pairs(lora: Header) -> dict[str, dict[str, TensorInfo]]:
    """Return layer → its "A" and "B" as LTX would find them; neither for a layer of another form."""
    pairs: dict[str, dict[str, TensorInfo]] = {}
    for name, tensor in lora.tensors.items():
        key = _LORA_KEY.search(name)
        layer = name[: key.start()].replace("diffusion_model.", "") if key else ""
        if not key or _TEXT_SIDE.match(layer):
            continue
        pair = pairs.setdefault(layer, {})
        for side in "AB":
            if name[key.start() :] == f".lora_{side}.weight":
                pair[side] = tensor
    return pairs


def _parts(header: Header) -> set[str]:
    names = header.tensors
    if any(_LORA_KEY.search(name) for name in names):
        return {"LoRA"}
    if "gemma_config" in header.metadata and "tokenizer_json" in names:
        return {"packed text encoder"}
    # Text connectors alone are not a transformer.
    body = [name for name in names if not _TEXT_SIDE.match(name.removeprefix(_TRANSFORMER))]
    found = {part for part, prefixes in _PARTS.items() if any(name.startswith(prefixes) for name in body)}
    if all(any(name.startswith(prefix) for name in names) for prefix in ("decoder.", "per_channel_statistics.")):
        found.add("video VAE")  # on its own it may have no prefix
    if "latent upsampler" in found and model_config(header).get("temporal_upsample"):
        found = (found - {"latent upsampler"}) | {"temporal upsampler"}
    return found


def _a(name: str) -> str:
    return f"an {name}" if name.startswith(("LTX", "audio")) else f"a {name}"


def _listed(names: Iterable[str]) -> str:
    return " and ".join(_a(name) if not name.startswith("bare") else name for name in names)


def _require_gemma(root: Path) -> None:
    """Require a Gemma folder as both versions of LTX search it: anywhere below ``root``, with all weights."""
    try:
        if root.is_file():
            raise ModelError(f"{root} is a file; give the path of the folder with all of Gemma's files")
        if not root.is_dir():
            raise ModelError(f"there is no folder {root}; correct the path, or fetch Gemma")
        # The nearest first: LTX takes the first that it finds.
        files = sorted((each for each in root.rglob("*") if each.is_file()), key=lambda path: (len(path.parts), path))
    except OSError as error:
        raise ModelError(f"{root} can't be read: {error.strerror}") from error
    # LTX 1.0.0 reads tokenizer.model and preprocessor_config.json, 1.2.0 the other of each pair.
    for names in (
        ("config.json",),
        ("tokenizer.json", "tokenizer.model"),
        ("preprocessor_config.json", "processor_config.json"),
    ):
        if not any(file.name in names for file in files):
            raise ModelError(f"{root} has no {' or '.join(names)}; fetch all of Gemma's files, not only its weights")
    kind = _json_object(next(file for file in files if file.name == "config.json")).get("model_type")
    if not isinstance(kind, str) or not kind.startswith("gemma") or kind in {"gemma", "gemma2", "gemma3_text"}:
        raise ModelError(f"{root} holds a model of type {kind!r}; LTX needs the whole Gemma that its checkpoint names")
    model_files = [file for file in files if re.fullmatch(r"model.*\.safetensors(\.index\.json)?", file.name)]
    if not model_files:
        raise ModelError(f"{root} has no model*.safetensors; fetch Gemma's weights too")
    folder = model_files[0].parent
    missing = sorted(_shards(model_files, folder) - {file.name for file in files if file.parent == folder})
    if missing:
        more = f" and {len(missing) - 1} more" if len(missing) > 1 else ""
        raise ModelError(f"{root} lacks {missing[0]!r}{more} of Gemma's weights; fetch what is missing")
    for file in files:
        if file.suffix == ".safetensors" and file.is_relative_to(folder):  # LTX loads every one
            read_header(file)


def _shards(model_files: list[Path], folder: Path) -> set[str]:
    """Return the names of all weight files, by the index and by names such as model-00001-of-00005.safetensors."""
    names: set[str] = set()
    for file in (each for each in model_files if each.parent == folder):
        if file.suffix == ".json":
            files = _json_object(file).get("weight_map")
            if not isinstance(files, dict) or not files:
                raise ModelError(f"{file} names no weights; fetch it again")
            names |= {str(name) for name in files.values()}
        elif part := re.fullmatch(r"(.*-)\d{5}(-of-(\d{5})\.safetensors)", file.name):
            names |= {f"{part[1]}{number:05}{part[2]}" for number in range(1, int(part[3]) + 1)}
    return names


def _json_object(path: Path) -> dict[str, object]:
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise ModelError(f"{path} can't be read as JSON; fetch it again") from error
    if not isinstance(document, dict):
        raise ModelError(f"{path} is not the file that Gemma has there; fetch it again")
    return document
