"""Opening a film file for reading, with messages that a person can act on."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

import av
from av.container import InputContainer

from vtx_app.errors import CutError

__all__ = ["film_open"]


@contextlib.contextmanager
def film_open(path: Path) -> Iterator[InputContainer]:
    """The film file at ``path``, open for reading.

    Raises :class:`CutError` with the path where it can't be opened, and where what is in it turns out to
    be damaged, or of a codec nobody here knows, while it is open.
    """
    try:
        container = av.open(str(path), "r")
    except OSError as error:
        raise CutError(f"{path}: can't be read: {error.strerror}") from error
    except av.error.FFmpegError as error:
        raise CutError(f"{path}: not a whole film file ({error.strerror}); make it again") from error
    with container:
        try:
            yield container
        except (av.error.InvalidDataError, av.error.LookupError) as error:
            raise CutError(f"{path}: can't be decoded ({error.strerror}); make it again") from error
