"""Packages with the interfaces that the worker hooks, and a torch that only says there is no GPU: small, real files."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

__all__ = ["HOOKABLE", "write_hookable"]

HOOKABLE: Mapping[str, str] = {
    "torch/__init__.py": """\
__version__ = "0"
class cuda:
    @staticmethod
    def is_available(): return False
""",
    "torch/version.py": "cuda = None\n",
    "ltx_pipelines/utils/__init__.py": "",
    "ltx_pipelines/utils/samplers.py": "def tqdm(iterable, **kwargs): return iterable\n",
    "ltx_pipelines/utils/media_io/__init__.py": "",
    "ltx_pipelines/utils/media_io/encode.py": "def tqdm(iterable, **kwargs): return iterable\n",
    "ltx_pipelines/utils/constants.py": 'DEFAULT_NEGATIVE_PROMPT = "blur"\n',
    "ltx_pipelines/utils/helpers.py": """\
class Device: type = "cpu"
def get_device(): return Device()
def cleanup_memory(): pass
""",
    "ltx_pipelines/utils/blocks.py": """\
class PromptEncoder:
    def _text_encoder_ctx(self): raise NotImplementedError
    def __call__(self, prompts, *, enhance_first_prompt=False, enhance_prompt_image=None, enhance_prompt_seed=42,
                 enhance_static_cache=False): return []
""",
    "ltx_core/__init__.py": "",
    "ltx_core/allocator_trim_strategy.py": """\
import enum
class AllocatorTrimStrategy(enum.Enum):
    TRIM = "trim"
    DEFER = "defer"
""",
    "ltx_core/loader/__init__.py": "",
    "ltx_core/loader/sft_loader.py": """\
class SafetensorsStateDictLoader:
    def load(self, path, sd_ops, device=None): return {}
""",
    "ltx_core/loader/primitives.py": """\
import dataclasses
@dataclasses.dataclass(frozen=True)
class StateDict:
    sd: dict
    device: object
    size: int
    dtype: set
""",
    "ltx_core/loader/registry.py": """\
class ModelRegistry:
    def __init__(self, *, cache_weights=True, cache_models=True): pass
    def add(self, paths, sd_ops, state_dict): return state_dict
    def clear(self): pass
""",
    "ltx_core/text_encoders/__init__.py": "",
    "ltx_core/text_encoders/gemma/__init__.py": "",
    "ltx_core/text_encoders/gemma/embeddings_processor.py": """\
import typing
class EmbeddingsProcessorOutput(typing.NamedTuple):
    video_encoding: object
    audio_encoding: object
    attention_mask: object
""",
}
"""File → its text, as ltx-pipelines and ltx-core 1.2 have it where the worker takes hold."""


def write_hookable(folder: Path, changes: Mapping[str, tuple[str, str]] | None = None) -> None:
    """Write the packages into ``folder``, where the stand-in for the pipelines may be already. ``changes``: file → a
    text in it and the one in its place."""
    for name, text in HOOKABLE.items():
        old, new = (changes or {}).get(name, ("", ""))
        assert old in text
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text.replace(old, new) if old else text, encoding="utf-8")
