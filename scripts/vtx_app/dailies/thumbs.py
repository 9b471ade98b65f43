"""Pictures of takes for the dailies: frames of one take side by side in a JPEG file, made once for each take."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from vtx_app.dailies.paths import thumbs_folder
from vtx_app.errors import CutError, VtxError
from vtx_app.files import partial_path

if TYPE_CHECKING:
    from PIL import Image

__all__ = ["FRAMES", "existing_thumbs", "make_thumb", "try_thumb"]

FRAMES = 8
"""In one file, evenly over the take."""

_WIDTH = 320
"""Of one frame, in pixels: sharp on a card of that width."""
_QUALITY = 72


def existing_thumbs(folder: Path) -> set[str]:
    """The digests of the takes that have one."""
    try:
        with os.scandir(thumbs_folder(folder)) as entries:
            return {entry.name[:-4] for entry in entries if entry.name.endswith(".jpg") and entry.name[0] != "."}
    except (FileNotFoundError, NotADirectoryError):
        return set()


def make_thumb(take: Path, out: Path) -> None:
    """Write :data:`FRAMES` frames of the film ``take``, side by side, to the JPEG file ``out``.

    Fewer where the take has fewer; the last one is repeated. The file is renamed into place when it is complete.
    Raises :class:`CutError` if the take can't be decoded, and :class:`OSError` if ``out`` can't be written.
    """
    from PIL import Image  # heavy, and planning imports this module

    pictures = list(_pictures(take))
    if not pictures:
        raise CutError(f"{take}: there is no picture in it")
    pictures += [pictures[-1]] * (FRAMES - len(pictures))
    width, height = pictures[0].size
    strip = Image.new("RGB", (width * FRAMES, height))
    for at, picture in enumerate(pictures):
        strip.paste(picture, (at * width, 0))
    out.parent.mkdir(parents=True, exist_ok=True)
    part = partial_path(out)
    try:
        strip.save(part, "JPEG", quality=_QUALITY, optimize=True)
        part.replace(out)  # a thumbnail lost in a power cut is made again: no need to wait for the disk
    finally:
        part.unlink(missing_ok=True)


def _pictures(take: Path) -> Iterator[Image.Image]:
    from av.error import FFmpegError
    from av.video.reformatter import ColorRange, Colorspace
    from PIL import Image

    from vtx_app.media.reader import open_film

    try:
        with open_film(take) as container:
            if not container.streams.video:
                return
            stream = container.streams.video[0]
            stream.thread_type = "AUTO"
            count = stream.frames or round(float((stream.duration or 0) * (stream.time_base or 0)) * 24) or FRAMES
            wanted = sorted({(2 * at + 1) * count // (2 * FRAMES) for at in range(FRAMES)})
            for number, frame in enumerate(container.decode(stream)):
                if number == wanted[0]:
                    height = max(2, round(_WIDTH * frame.height / frame.width / 2) * 2)
                    shown = frame.reformat(
                        _WIDTH,
                        height,
                        format="rgb24",
                        src_colorspace=Colorspace.ITU709,
                        src_color_range=ColorRange.MPEG,
                        dst_color_range=ColorRange.JPEG,
                    )
                    yield Image.fromarray(shown.to_ndarray())
                    del wanted[0]
                    if not wanted:
                        return
    except FFmpegError as error:
        raise CutError(f"{take} can't be decoded: {error}") from error


def try_thumb(take: Path, out: Path) -> str | None:
    """Make a thumbnail; return why it can't be made, or None. Raises :class:`OSError` as :func:`make_thumb`."""
    with contextlib.suppress(FileNotFoundError):
        try:
            make_thumb(take, out)
        except VtxError as error:
            return str(error).splitlines()[0]
    return None
