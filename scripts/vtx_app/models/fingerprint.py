"""Fingerprints of content: inputs are hashed whole, models (tens of gigabytes) by samples."""

from __future__ import annotations

import errno
import hashlib
import json
import os
from functools import cache
from pathlib import Path

from vtx_app.files import file_lock, write_text
from vtx_app.project.paths import app_home

__all__ = ["file_sha256", "model_fingerprint"]

_SAMPLE = 1 << 20
_SAMPLES = 16


@cache
def file_sha256(path: Path) -> str:
    """Return the SHA-256 (64 hex digits) of a file's bytes, read once per process. Raises :class:`OSError`."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@cache
def model_fingerprint(path: Path) -> str:
    """Return the fingerprint of a model file, or of the files of a model folder, looked up once per process.

    Hidden files of a folder don't count: download tools keep dates in them. Files are cached by path, size and mtime;
    the cache only saves reading, since the lock decides. Raises :class:`OSError`, also for an empty folder.
    """
    if path.is_dir():
        names = sorted(each.relative_to(path).as_posix() for each in path.rglob("*") if each.is_file())
        visible = [name for name in names if not any(part.startswith(".") for part in name.split("/"))]
        if not visible:
            raise FileNotFoundError(errno.ENOENT, "the folder holds no files", str(path))
        digest = hashlib.sha256()
        for name in visible:
            digest.update(f"{name}\0{model_fingerprint(path / name)}\0".encode())
        return f"sha256-sampled:{digest.hexdigest()}"
    status = path.stat()
    key = f"{os.fspath(path.resolve())}|{status.st_size}|{status.st_mtime_ns}"
    cache, lock = app_home() / "fingerprints.json", app_home() / "locks" / "fingerprints.lock"
    fingerprint = _cached(cache).get(key)
    if fingerprint is None:
        fingerprint = _sampled(path)
        with file_lock(lock, "another build is reading its models; waiting for it"):
            write_text(cache, json.dumps(_cached(cache) | {key: fingerprint}, indent=1, sort_keys=True))
    return fingerprint


def _sampled(path: Path) -> str:
    """Hash size, head, tail and 14 places between, a MiB each: any retrained or requantized model differs there."""
    size = path.stat().st_size
    digest = hashlib.sha256(str(size).encode())
    with path.open("rb") as file:
        for index in range(_SAMPLES):
            file.seek(max(0, (size - _SAMPLE) * index // (_SAMPLES - 1)))
            digest.update(file.read(_SAMPLE))
    return f"sha256-sampled:{digest.hexdigest()}"


def _cached(cache: Path) -> dict[str, str]:
    """Return the cached fingerprints; none if the cache is missing or damaged."""
    try:
        found = json.loads(cache.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) and all(isinstance(value, str) for value in found.values()) else {}
