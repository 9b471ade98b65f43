"""Given pictures (reference image, keyframe, frame of another take) in the canvas's aspect."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PIL import Image, ImageOps

from vtx_app.errors import RenderError
from vtx_app.media.reader import open_picture

__all__ = ["covering", "open_still"]

_PAPER = (24, 24, 26)
"""The background of transparent images."""

_LARGEST = 1.5
"""No still is kept larger than this many canvases; the camera never goes near enough to show more."""


def open_still(path: Path) -> Image.Image:
    """The image file at ``path`` as RGB, rotated by its EXIF orientation, on a dark background if transparent.

    Raises :class:`RenderError` naming the file if it can't be read.
    """
    try:
        with open_picture(path) as opened:
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
        raise RenderError(f"{path}: the image is missing. Put it back, or take it out of the clip") from error
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise RenderError(f"{path}: can't be read as an image ({error}). Save it again as PNG or JPEG") from error


def covering(image: Image.Image, width: int, height: int) -> Image.Image:
    """The middle of ``image`` with the aspect of ``width`` × ``height``, not stretched.

    It is at least as large as the canvas, and up to 1.5 times as large if the image has the detail.
    """
    if image.size == (width, height):
        return image
    scale = min(image.width / width, image.height / height)
    w, h = width * scale, height * scale
    left, top = (image.width - w) / 2, (image.height - h) / 2
    kept = min(_LARGEST, max(1.0, scale))
    size = (round(width * kept) // 2 * 2, round(height * kept) // 2 * 2)
    return image.resize(size, Image.Resampling.LANCZOS, box=(left, top, left + w, top + h))
