"""Write clips, acts and finals: one writer at a time, and the old file stays until the new one is complete."""

from __future__ import annotations

import contextlib
import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

from vtx_app.errors import CutError
from vtx_app.files import file_lock, partial_path, publish, report, write_failure
from vtx_app.plan.film_plan import Product
from vtx_app.project.paths import app_home
from vtx_app.render.build_process import is_forced

__all__ = ["hold", "is_made", "replace", "write_output"]


@contextlib.contextmanager
def hold(path: Path) -> Iterator[None]:
    """Be the only writer of ``path``, and of the files that are made with it; create their folder.

    Waits for any other writer, from another build or left over from a killed one. Raises :class:`CutError` with what to
    do if the block can't write.
    """
    from av.error import FFmpegError  # the codecs load after planning

    name = hashlib.sha256(path.absolute().as_posix().encode()).hexdigest()
    try:
        with file_lock(app_home() / "locks" / f"file-{name}.lock", f"another build is making {path}; waiting for it"):
            path.parent.mkdir(parents=True, exist_ok=True)
            yield
    except OSError as error:
        raise CutError(f"{path.name} {write_failure(error, path.parent)}") from error
    except FFmpegError as error:
        raise CutError(f"{path} can't be made: {error}") from error


def is_made(product: Product) -> bool:
    """Whether another build has made ``product`` since this one was planned; ask while its path is held. Reports it.

    A current file is left alone: a job killed while it made the file once more would leave an unfinished one that no
    later build removes. A job that is forced makes it again.
    """
    if is_forced(os.environ) or not product.is_current():
        return False
    report(f"{product.path.name}: made already, by another build")
    return True


@contextlib.contextmanager
def replace(path: Path) -> Iterator[Path]:
    """Yield a temporary path to write, which replaces ``path`` if the block succeeds and is removed if not."""
    part = partial_path(path)
    part.unlink(missing_ok=True)
    try:
        yield part
        publish(part, path)
    finally:
        part.unlink(missing_ok=True)


@contextlib.contextmanager
def write_output(path: Path) -> Iterator[Path]:
    """:func:`replace` ``path`` as its only writer. Waits and raises as :func:`hold`."""
    with hold(path), replace(path) as part:
        yield part
