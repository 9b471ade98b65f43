"""Prompt encodings, kept by content: the same words to the same encoder are encoded once.

What is kept is the answer to one whole call (a prompt, or a prompt and its negative): encoders round differently
when they are given more texts at once, and a kept answer must be the one that the call itself would give.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from vtx_app.files import acquire_lock, partial_path, publish, release_lock

__all__ = ["KEPT_BYTES", "Encodings"]

KEPT_BYTES = 20 * 2**30
"""Of all encodings together (a prompt of LTX-2.3 has some 12 MB); those used longest ago go first."""

_PARTS = ("video_encoding", "audio_encoding", "attention_mask")


@dataclass(frozen=True, slots=True)
class Encodings:
    """The encodings of one encoder under ``folder``. ``encoder`` names it by content, with what runs it."""

    folder: Path
    encoder: tuple[str, ...]
    device: str

    def path(self, prompts: Sequence[str]) -> Path:
        """Where the answer to ``prompts``, encoded in one call, is kept."""
        told = json.dumps(["encoding/1", *self.encoder, "", *prompts], ensure_ascii=False)
        name = hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()
        return self.folder / name[:2] / f"{name}.safetensors"

    def of(self, encode: Callable[[list[str]], Any], prompts: list[str]) -> Any:
        """The encodings of ``prompts``: kept ones, or what ``encode`` answers, which is then kept."""
        path = self.path(prompts)
        found = self._read(path)
        if found is not None:
            return found
        encoded = encode(prompts)
        self._keep(path, encoded)
        return encoded

    def missing(self, groups: Iterable[Sequence[str]]) -> list[list[str]]:
        """Those of ``groups`` (each what one call encodes) whose answers are not kept, each once."""
        wanted = {self.path(group): list(group) for group in groups}
        return [group for path, group in wanted.items() if not path.exists()]

    def encode_ahead(self, encode: Callable[[list[str]], Any], group: list[str]) -> bool:
        """Keep the answer to ``group``, unless another worker is at it; False where nothing can be kept."""
        path = self.path(group)
        lock = path.with_suffix(".lock")
        try:
            handle = acquire_lock(lock, wait=False)
        except OSError:  # it is encoded when it is needed, then
            return False
        if handle is None:
            return True
        try:
            return path.exists() or self._keep(path, encode(group))
        finally:
            release_lock(lock, handle)

    def _read(self, path: Path) -> list[Any] | None:
        """The answer at ``path``; None where it is not there, or is damaged (then it is made anew)."""
        if not path.exists():
            return None
        from ltx_core.text_encoders.gemma.embeddings_processor import EmbeddingsProcessorOutput
        from safetensors import SafetensorError, safe_open

        try:
            with safe_open(str(path), framework="pt", device=self.device) as file:
                keys = set(file.keys())
                count = 1 + max(int(key.partition(".")[0]) for key in keys)
                answer = [
                    EmbeddingsProcessorOutput(
                        *(file.get_tensor(f"{i}.{part}") if f"{i}.{part}" in keys else None for part in _PARTS)
                    )
                    for i in range(count)
                ]
        except (OSError, ValueError, SafetensorError):
            return None
        with contextlib.suppress(OSError):
            path.touch()  # used now: the last to go
        return answer

    def _keep(self, path: Path, encoded: Sequence[Any]) -> bool:
        """Write the answer beside, then rename. A disk that is full costs the keeping alone: False then."""
        from safetensors import SafetensorError
        from safetensors.torch import save_file

        tensors = {
            f"{i}.{part}": getattr(each, part).detach().to("cpu").contiguous()
            for i, each in enumerate(encoded)
            for part in _PARTS
            if getattr(each, part) is not None
        }
        part = partial_path(path)
        with contextlib.suppress(OSError, SafetensorError):
            try:
                path.parent.mkdir(parents=True, exist_ok=True)
                save_file(tensors, str(part))
                publish(part, path)
            finally:
                part.unlink(missing_ok=True)
            self._make_room(keep=path)
            return True
        return False

    def _make_room(self, keep: Path) -> None:
        kept = [(each.stat(), each) for each in self.folder.glob("??/*.safetensors") if not each.name.startswith(".")]
        total = sum(status.st_size for status, _ in kept)
        for status, each in sorted(kept, key=lambda pair: pair[0].st_mtime_ns):
            if total <= KEPT_BYTES:
                return
            if each != keep:
                each.unlink(missing_ok=True)
                total -= status.st_size
