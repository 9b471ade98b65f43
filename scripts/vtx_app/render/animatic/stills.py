"""Given pictures: a reference image, a keyframe, a frame of another take, as sheets of the canvas's aspect."""

from __future__ import annotations

from pathlib import Path

import av
import numpy as np
from PIL import Image, ImageOps

from vtx_app.compile.request import PICTURE_FORMATS
from vtx_app.errors import RenderError
from vtx_app.render.animatic.brush import Sheet

__all__ = ["covering", "frame_at", "open_still"]

_PAPER = (24, 24, 26)
"""What shows behind the see-through parts of an image."""

_LARGEST = 1.5
"""No still is kept larger than this many canvases: no camera goes nearer than would show it."""


def open_still(path: Path) -> Image.Image:
    """The image file at ``path`` as RGB, upright as its EXIF orientation says, see-through parts on dark paper.

    Raises :class:`RenderError` that names the file where it can't be read.
    """
    try:
        with Image.open(path, formats=PICTURE_FORMATS) as opened:
            opened.load()
            image = ImageOps.exif_transpose(opened)
        if image.mode.startswith("I") or image.mode == "F":
            values = np.asarray(image, np.float64)
            brightest = float(np.max(values))
            top = 65535.0 if brightest > 255 else 255.0 if brightest > 1 else 1.0
            image = Image.fromarray(np.clip(values / top * 255, 0, 255).astype(np.uint8))
        if image.has_transparency_data:
            image = image.convert("RGBA")
            paper = Image.new("RGBA", image.size, (*_PAPER, 255))
            image = Image.alpha_composite(paper, image)
        return image.convert("RGB")
    except FileNotFoundError as error:
        raise RenderError(f"{path}: the image is not there. Put it back, or take it out of the clip") from error
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise RenderError(f"{path}: can't be read as an image ({error}). Save it anew as PNG or JPEG") from error


def covering(image: Image.Image, width: int, height: int) -> Sheet:
    """The middle of ``image`` that has the aspect of ``width`` × ``height``, never stretched, as an opaque sheet.

    The sheet is at least as large as the canvas and keeps up to half as much more detail, where there is any.
    """
    across, down = image.width / width, image.height / height
    scale = min(across, down)
    w, h = width * scale, height * scale
    left, top = (image.width - w) / 2, (image.height - h) / 2
    kept = min(_LARGEST, max(1.0, scale))
    size = (round(width * kept) // 2 * 2, round(height * kept) // 2 * 2)
    cropped = image.resize(size, Image.Resampling.LANCZOS, box=(left, top, left + w, top + h))
    sheet = Sheet(*size)
    sheet.paint(np.asarray(cropped, np.float32) / 255)
    return sheet


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
