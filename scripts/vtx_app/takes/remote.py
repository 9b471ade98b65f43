"""Where takes are copied to and from: a folder, or an object store through fsspec (the extra ``store``).

A store holds files by name, ``takes/<clip_id>/<digest>.mp4``. Nothing in it is ever deleted or written over.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit

from vtx_app.errors import ProjectError
from vtx_app.files import display_path, file_lock, partial_path, publish_if_absent, write_failure
from vtx_app.project.paths import app_home
from vtx_app.takes.store import COPY_AGAIN

__all__ = ["RemoteTakes", "Sums", "file_sums", "open_remote"]

_PART = 50 << 20
"""Bytes of a part. A file of two parts and more is uploaded in parts."""
_BLOCK = 1 << 20
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]+")
_SECRET = re.compile(r"(?i)key|secret|token|password|passwd|credential")
_SHORTEST_SECRET = 6
_WHOLE_OR_NOTHING = {"s3", "s3a", "gs", "gcs", "az", "abfs", "abfss", "adl", "oss", "obs", "r2", "tos", "oci"}
"""Protocols of object stores, in which a file appears once it is complete. In other stores VTX renames it then."""
_DEFECTS = (TypeError, AttributeError, LookupError, NameError, AssertionError, RecursionError)
_COPIED_IS_KEPT = "What is copied is kept: run the command again to go on"


@dataclass(frozen=True, slots=True)
class Sums:
    """A file's ``size`` in bytes, its SHA-256, and the ``etag`` that S3 gives it where it stores it as it is."""

    size: int
    sha256: str
    etag: str


class RemoteTakes(Protocol):
    """A store of takes. Every method raises :class:`ProjectError`, with what to do, where the store fails."""

    shown: str
    """Its address for messages, without a password."""

    def files(self) -> dict[str, int]:
        """The size in bytes of every file below ``takes/``, by name; none if the store is empty or not there yet."""

    def read(self, name: str) -> bytes:
        """A small file."""

    def sha256(self, name: str) -> str:
        """The SHA-256 of a file, read through."""

    def get(self, name: str, file: Path) -> None:
        """Copy a file of the store to ``file``."""

    def put(self, file: Path, name: str, sums: Sums) -> bool:
        """Copy ``file``, which has these sums, into the store, and check it there; False if one of that name exists."""


def file_sums(file: Path) -> Sums:
    """Read ``file`` once. Raises :class:`OSError`."""
    sha256 = hashlib.sha256()
    parts: list[bytes] = []
    size = 0
    whole = hashlib.md5(usedforsecurity=False)
    with file.open("rb") as opened:
        while True:
            part, left = hashlib.md5(usedforsecurity=False), _PART
            while left and (block := opened.read(min(_BLOCK, left))):
                sha256.update(block)
                whole.update(block)
                part.update(block)
                left -= len(block)
            size += _PART - left
            if left < _PART:
                parts.append(part.digest())
            if left:
                break
    etag = whole.hexdigest()
    if size >= 2 * _PART:  # https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity-upload.html
        etag = f"{hashlib.md5(b''.join(parts), usedforsecurity=False).hexdigest()}-{len(parts)}"
    return Sums(size, sha256.hexdigest(), etag)


def open_remote(url: str, started_in: Path) -> RemoteTakes:
    """The store at ``url``: ``s3://bucket/folder`` and the like, ``file:///folder``, or a folder from ``started_in``.

    Raises :class:`ProjectError` if VTX can't reach that kind of store here.
    """
    scheme, separator, rest = url.partition("://")
    if "[" in url:  # Python takes it for an IPv6 address
        raise ProjectError(f"{_without_password(url)}: not an address: [ is not a letter of a bucket's name")
    if not separator:
        return _Folder(started_in / Path(url).expanduser())
    if not _SCHEME.fullmatch(scheme):
        raise ProjectError(f"{_without_password(url)}: expected s3://bucket/folder, file:///folder or a folder")
    if re.match(r"[^@]*:[^@]*@", rest):
        raise ProjectError(
            f"{_without_password(url)}: keep the password out of the address, which shells remember and logs show. "
            "Stores read it from the environment (AWS_SECRET_ACCESS_KEY) or a file of theirs (~/.aws/credentials)"
        )
    if scheme in ("file", "local"):
        if not rest.startswith("/"):
            raise ProjectError(f"{url}: expected file:/// and an absolute path")
        return _Folder(Path(rest))
    return _Bucket(url, scheme)


class _Folder:
    """A folder of this machine: a disk, a network share."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.shown = display_path(folder)

    def files(self) -> dict[str, int]:
        if not self._folder.parent.is_dir():
            raise ProjectError(f"{self.shown}: there is no folder {display_path(self._folder.parent)}. Is it mounted?")
        with self._explained(None):
            return {
                path.relative_to(self._folder).as_posix(): path.stat().st_size
                for path in self._folder.glob("takes/*/*")
                if path.is_file()
            }

    def read(self, name: str) -> bytes:
        with self._explained(name):
            return (self._folder / name).read_bytes()

    def sha256(self, name: str) -> str:
        with self._explained(name):
            return file_sums(self._folder / name).sha256

    def get(self, name: str, file: Path) -> None:
        import shutil

        with self._explained(name), (self._folder / name).open("rb") as source, file.open("wb") as target:
            shutil.copyfileobj(source, target, _BLOCK)

    def put(self, file: Path, name: str, sums: Sums) -> bool:
        import shutil

        path = self._folder / name
        part = partial_path(path)
        lock = hashlib.sha256(path.absolute().as_posix().encode()).hexdigest()
        with self._explained(name), file_lock(app_home() / f"locks/file-{lock}.lock", f"another command copies {path}"):
            if path.exists():
                return False
            path.parent.mkdir(parents=True, exist_ok=True)
            try:
                shutil.copyfile(file, part)
                if file_sums(part) != sums:
                    raise ProjectError(f"{self.shown}: {name} did not arrive as it is here. {_COPIED_IS_KEPT}")
                return publish_if_absent(part, path)
            finally:
                part.unlink(missing_ok=True)

    @contextlib.contextmanager
    def _explained(self, name: str | None) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            if error.errno in (errno.ENOENT, errno.EACCES, errno.EIO, errno.ESTALE) and name is None:
                raise ProjectError(f"{self.shown} can't be read: {error.strerror}") from error
            raise ProjectError(f"{name}: {write_failure(error, self._folder, COPY_AGAIN)}") from error


class _Bucket:
    """A store that fsspec knows."""

    def __init__(self, url: str, scheme: str) -> None:
        self.shown = _without_password(url)
        self._secrets = {urlsplit(url).query}
        self._whole_or_nothing = scheme in _WHOLE_OR_NOTHING
        try:
            from fsspec.core import url_to_fs
        except ImportError as error:
            raise ProjectError(
                f"{self.shown}: stores need fsspec and s3fs: pip install -e '.[store]'. A folder needs neither"
            ) from error
        try:
            self._system, path = url_to_fs(url, use_listings_cache=False)
        except ImportError as error:
            raise ProjectError(
                f"{self.shown}: {scheme}:// needs a package: {error}. For s3:// it is pip install -e '.[store]'"
            ) from error
        except ValueError as error:
            raise ProjectError(
                f"{self.shown}: {self._scrub(error)}; expected s3://bucket/folder or a folder"
            ) from error
        self._root = path.rstrip("/")

    def files(self) -> dict[str, int]:
        with self._explained():
            try:
                found: Mapping[str, Any] = self._system.find(f"{self._root}/takes", detail=True)
            except FileNotFoundError:
                found = {}
            if not found and "/" in self._root.strip("/"):  # no such folder is fine, no such bucket is not
                self._system.ls(self._root.split("/")[0])
            elif not found:
                self._system.ls(self._root)
        start = len(self._root) + 1
        return {path[start:]: int(info.get("size") or 0) for path, info in found.items()}

    def read(self, name: str) -> bytes:
        with self._explained(name):
            return bytes(self._system.cat_file(f"{self._root}/{name}"))

    def sha256(self, name: str) -> str:
        digest = hashlib.sha256()
        with self._explained(name), self._system.open(f"{self._root}/{name}", "rb") as opened:
            while block := opened.read(_BLOCK):
                digest.update(block)
        return digest.hexdigest()

    def get(self, name: str, file: Path) -> None:
        with self._explained(name):
            self._system.get_file(f"{self._root}/{name}", str(file))

    def put(self, file: Path, name: str, sums: Sums) -> bool:
        path = f"{self._root}/{name}"
        with self._explained(name):
            try:
                self._upload(file, path)
            except FileExistsError:
                return False
            info = self._system.info(path)
        # A store that encrypts with a key of its own has other ETags, other stores have none: what arrived is read.
        known = str(info.get("ETag", "")).strip('"') == sums.etag and info.get("size") == sums.size
        if not known and self.sha256(name) != sums.sha256:
            raise ProjectError(
                f"{self.shown}: {name} did not arrive as it is here. Remove it there and run the command again"
            )
        return True

    def _upload(self, file: Path, path: str) -> None:
        """Copy ``file`` to ``path``, which has its name when it is complete. Raises :class:`FileExistsError`."""
        if self._whole_or_nothing:
            options = {"chunksize": _PART} if "s3" in self._system.protocol else {}
            # "create": S3's If-None-Match, which a store that does not know it ignores.
            self._system.put_file(str(file), path, mode="create", **options)
            return
        folder, _, name = path.rpartition("/")
        part = f"{folder}/.{name}.part"
        self._system.makedirs(folder, exist_ok=True)
        self._system.put_file(str(file), part)
        if self._system.exists(path):
            raise FileExistsError(path)
        self._system.mv(part, path)

    @contextlib.contextmanager
    def _explained(self, name: str = "") -> Iterator[None]:
        """Report the store's error, and what to do. The libraries of stores raise errors of many kinds."""
        try:
            yield
        except (ProjectError, FileExistsError, *_DEFECTS):
            raise
        except Exception as error:
            place = f"{self.shown}: {name}" if name else self.shown
            kind = type(error).__name__
            if kind in ("NoCredentialsError", "PartialCredentialsError", "ProfileNotFound", "TokenRetrievalError"):
                what = (
                    f"{self._scrub(error)}. Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE; "
                    "AWS_ENDPOINT_URL where the store is not Amazon's"
                )
            elif isinstance(error, PermissionError):
                what = f"no permission ({self._scrub(error)}). Check the credentials that this machine has for it"
            elif isinstance(error, FileNotFoundError):
                what = f"there is no such {'file' if name else 'bucket or folder'} ({self._scrub(error)})"
            elif isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EROFS):
                what = write_failure(error, Path(), COPY_AGAIN)
            else:
                what = f"{self._scrub(error) or kind}. {_COPIED_IS_KEPT}"
            raise ProjectError(f"{place}: {what}") from error

    def _scrub(self, error: Exception) -> str:
        """The first line of ``error`` without any secret that this process knows."""
        text = (str(error).splitlines() or [""])[0].rstrip(".")
        known = {value for variable, value in os.environ.items() if _SECRET.search(variable)}
        for secret in sorted(self._secrets | known, key=len, reverse=True):
            if len(secret) >= _SHORTEST_SECRET:
                text = text.replace(secret, "[secret]")
        return re.sub(r"(?<=://)[^/\s@]+@", "", text)


def _without_password(url: str) -> str:
    """``url`` for messages: without a user, a password (which may hold any character), or a query (a signature)."""
    scheme, _, rest = url.partition("://")
    return f"{scheme}://{rest.rpartition('@')[2].partition('?')[0]}"
