"""Prompt encodings, cached by content: an encoder encodes the same text once.

An entry is the result of one whole call (a prompt, or a prompt and its negative): encoders round differently when
they encode more texts at once, and an entry must be what the call itself would give.
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

__all__ = ["EncodingCache"]

_PARTS = ("video_encoding", "audio_encoding", "attention_mask")

Encode = Callable[[list[str]], Any]


@dataclass(frozen=True, slots=True)
class EncodingCache:
    """The encodings of one encoder under ``folder``. ``encoder`` names it, and what runs it, by content.

    Those of all encoders together take at most ``max_bytes`` (a prompt of LTX-2.3 some 12 MB); the least recently used
    are deleted first.
    """

    folder: Path
    encoder: tuple[str, ...]
    device: str
    max_bytes: int = 20 * 2**30

    def path(self, prompts: Sequence[str]) -> Path:
        """Return the file for ``prompts``, encoded in one call."""
        key = json.dumps(["encoding/1", *self.encoder, "", *prompts], ensure_ascii=False)
        name = hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()
        return self.folder / name[:2] / f"{name}.safetensors"

    def get(self, encode: Encode, prompts: list[str]) -> Any:
        """Return the encodings of ``prompts`` from the cache, or encode them and add them to it."""
        path = self.path(prompts)
        encoded = self._read(path)
        if encoded is None:
            encoded = encode(prompts)
            self._write(path, encoded)
        return encoded

    def missing(self, groups: Iterable[Sequence[str]]) -> list[list[str]]:
        """Return the ``groups`` (the prompts of one call each) that are not in the cache, without duplicates."""
        by_path = {self.path(group): list(group) for group in groups}
        return [group for path, group in by_path.items() if not path.exists()]

    def encode_ahead(self, encode: Encode, group: list[str]) -> bool:
        """Add ``group`` to the cache unless another worker is encoding it. Returns False if it can't be written."""
        path = self.path(group)
        lock = path.with_suffix(".lock")
        try:
            handle = acquire_lock(lock, wait=False)
        except OSError:  # it is encoded when it is needed
            return False
        if handle is None:
            return True
        try:
            return path.exists() or self._write(path, encode(group))
        finally:
            release_lock(lock, handle)

    def _read(self, path: Path) -> list[Any] | None:
        """Return the entry; None if it does not exist or is damaged."""
        if not path.exists():
            return None
        from ltx_core.text_encoders.gemma.embeddings_processor import EmbeddingsProcessorOutput
        from safetensors import SafetensorError, safe_open

        try:
            with safe_open(str(path), framework="pt", device=self.device) as file:
                keys = set(file.keys())
                count = 1 + max(int(key.partition(".")[0]) for key in keys)
                encoded = [
                    EmbeddingsProcessorOutput(
                        *(file.get_tensor(f"{i}.{part}") if f"{i}.{part}" in keys else None for part in _PARTS)
                    )
                    for i in range(count)
                ]
        except (OSError, ValueError, SafetensorError):
            return None
        with contextlib.suppress(OSError):
            path.touch()  # most recently used
        return encoded

    def _write(self, path: Path, encoded: Sequence[Any]) -> bool:
        """Write an entry; return whether it could be written. A full disk is no error."""
        from safetensors import SafetensorError
        from safetensors.torch import save_file

        tensors = {
            f"{i}.{part}": getattr(each, part).detach().to("cpu").contiguous()
            for i, each in enumerate(encoded)
            for part in _PARTS
            if getattr(each, part) is not None
        }
        partial = partial_path(path)
        with contextlib.suppress(OSError, SafetensorError):
            try:
                path.parent.mkdir(parents=True, exist_ok=True)
                save_file(tensors, str(partial))
                publish(partial, path)
            finally:
                partial.unlink(missing_ok=True)
            self._delete_old(keep=path)
            return True
        return False

    def _delete_old(self, keep: Path) -> None:
        entries = [(each.stat(), each) for each in self.folder.glob("??/*.safetensors") if each.name[0] != "."]
        total = sum(status.st_size for status, _ in entries)
        for status, path in sorted(entries, key=lambda entry: entry[0].st_mtime_ns):
            if total <= self.max_bytes:
                return
            if path != keep:
                path.unlink(missing_ok=True)
                total -= status.st_size
