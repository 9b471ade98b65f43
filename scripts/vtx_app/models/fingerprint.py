"""Fingerprints: which content a file has. Inputs are hashed whole, models (tens of gigabytes) by sample."""

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
    """The SHA-256 (64 hex digits) of a file's bytes, read once a run. Raises :class:`OSError`."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _sampled(path: Path) -> str:
    """Size, head, tail and 14 places between, a mebibyte each: any retrained or requantised model differs there."""
    size = path.stat().st_size
    digest = hashlib.sha256(str(size).encode())
    with path.open("rb") as file:
        for index in range(_SAMPLES):
            file.seek(max(0, (size - _SAMPLE) * index // (_SAMPLES - 1)))
            digest.update(file.read(_SAMPLE))
    return f"sha256-sampled:{digest.hexdigest()}"


@cache
def model_fingerprint(path: Path) -> str:
    """The fingerprint of a model file, or of a model folder's files; cached by path, size and mtime.

    Hidden files of a folder do not count: download tools keep dates in them. Looked up once a run. The cache
    only saves reading: it is the lock that decides. Raises :class:`OSError`, also for an empty folder.
    """
    if path.is_dir():
        digest = hashlib.sha256()
        files = sorted(each.relative_to(path).as_posix() for each in path.rglob("*") if each.is_file())
        seen = [name for name in files if not any(part.startswith(".") for part in name.split("/"))]
        if not seen:
            raise FileNotFoundError(errno.ENOENT, "the folder holds no files", str(path))
        for name in seen:
            digest.update(f"{name}\0{model_fingerprint(path / name)}\0".encode())
        return f"sha256-sampled:{digest.hexdigest()}"
    status = path.stat()
    key = f"{os.fspath(path.resolve())}|{status.st_size}|{status.st_mtime_ns}"
    cache = app_home() / "fingerprints.json"
    found = _known(cache).get(key)
    if found is None:
        found = _sampled(path)
        with file_lock(
            app_home() / "locks" / "fingerprints.lock", "another build is reading its models; waiting for it"
        ):
            write_text(cache, json.dumps(_known(cache) | {key: found}, indent=1, sort_keys=True))
    return found


def _known(cache: Path) -> dict[str, str]:
    """The fingerprints that earlier runs noted; none where the cache is missing or damaged."""
    try:
        known = json.loads(cache.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return known if isinstance(known, dict) and all(isinstance(value, str) for value in known.values()) else {}
