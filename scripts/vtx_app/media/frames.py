"""One frame of a film as a picture."""

from __future__ import annotations

from pathlib import Path

import av
from PIL import Image

from vtx_app.errors import RenderError

__all__ = ["frame_at"]


def frame_at(path: Path, index: int | None) -> Image.Image:
    """Frame ``index`` (from 0; None is the last) of the film at ``path``, decoded from its start to be exact.

    Raises :class:`RenderError` naming the file where it can't be read or has no such frame.
    """
    try:
        with av.open(str(path)) as container:
            if not container.streams.video:
                raise RenderError(f"{path}: has no picture to start from")
            found: av.VideoFrame | None = None
            count = 0
            for frame in container.decode(container.streams.video[0]):
                found, count = frame, count + 1
                if index is not None and count > index:
                    break
            if found is None or (index is not None and count <= index):
                raise RenderError(f"{path}: has {count} frames, there is no frame {index} to start from")
            return Image.fromarray(found.to_ndarray(format="rgb24"))
    except FileNotFoundError as error:
        raise RenderError(f"{path}: the film is not there") from error
    except av.FFmpegError as error:
        raise RenderError(f"{path}: can't be read as a film ({error})") from error
