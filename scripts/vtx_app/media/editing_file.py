"""A take as a QuickTime file for editing programs: its picture by packet copy, PCM sound, time code and a reel."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Final

import av
import numpy as np

from vtx_app.errors import CutError
from vtx_app.media.codec import SAMPLE_RATE, add_copied_picture, movie_timescale, open_output, retime, samples_for
from vtx_app.media.reader import film_speed, open_film
from vtx_app.media.sound_blocks import Block, sound_blocks

__all__ = ["write_editing_file"]

_PCM: Final = "pcm_s24le"


def write_editing_file(take: Path, out: Path, *, rate: Fraction, frames: int, time_code: str, reel: str) -> None:
    """Write ``take``, which has ``frames``, to ``out``, a QuickTime file at ``rate`` frames per second.

    ``time_code`` of the first frame (``""``: none) becomes a track of type ``tmcd``, with ``reel`` as its source. The
    sound is PCM, 24 bit, stereo at 48 kHz, cut or padded with silence to ``samples_for(frames, rate)`` samples; it runs
    as fast as the picture, as in the film. A 16-bit take's samples are kept as they are. The same take gives the same
    bytes.

    Raises :class:`CutError` if the take has fewer frames, and :class:`OSError`; ``out`` is then removed.
    """
    options = {"fflags": "+bitexact", "strict": "-2", "movie_timescale": str(movie_timescale(rate))}
    with open_film(take) as source, open_output(out, "mov", options) as container:
        if not source.streams.video:
            raise CutError(f"{take}: there is no picture in it; render it again")
        template = source.streams.video[0]
        picture = add_copied_picture(container, template, rate)
        if time_code:
            picture.metadata["timecode"] = time_code
            picture.metadata["reel_name"] = reel
        sound = container.add_stream(_PCM, rate=SAMPLE_RATE)
        sound.codec_context.layout = "stereo"
        sound.codec_context.format = "s32"
        sound.codec_context.time_base = sound.time_base = Fraction(1, SAMPLE_RATE)
        heard, written = _exactly(sound_blocks(take, speed=film_speed(take, rate)), samples_for(frames, rate)), 0
        packets = [packet for packet in source.demux(template) if packet.size]
        if len(packets) < frames:
            raise CutError(f"{take}: the take has {len(packets)} frames, not {frames}; render it again")
        if any(packet.is_corrupt or packet.pts is None for packet in packets):
            raise CutError(f"{take}: the take was cut short; render it again")
        shown = {pts: number for number, pts in enumerate(sorted(packet.pts or 0 for packet in packets))}
        late = max(number - shown[packet.pts or 0] for number, packet in enumerate(packets))  # with B-frames
        for number, packet in enumerate(packets):
            frame = shown[packet.pts or 0]
            retime(packet, picture, rate, frame)
            packet.dts = number - late
            container.mux_one(packet)
            while written < samples_for(number + 1, rate) and (block := next(heard, None)) is not None:
                container.mux(sound.encode(_frame(block, written)))
                written += len(block)
        for block in heard:
            container.mux(sound.encode(_frame(block, written)))
            written += len(block)
        container.mux(sound.encode(None))


def _exactly(blocks: Iterator[Block], samples: int) -> Iterator[Block]:
    """The first ``samples`` of the sound, silence after its end."""
    left = samples
    for block in blocks:
        if left and len(block):
            yield block[:left]
            left -= len(block[:left])
    while left:
        silence = min(left, SAMPLE_RATE)
        yield np.zeros((silence, 2), np.float32)
        left -= silence


def _frame(block: Block, start: int) -> av.AudioFrame:
    """Samples as 24 bits in 32, exactly as a 16- or 24-bit take has them."""
    whole = np.clip(np.rint(np.asarray(block, np.float64) * 2**23), -(2**23), 2**23 - 1).astype(np.int32) << 8
    frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(whole).reshape(1, -1), format="s32", layout="stereo")
    frame.sample_rate, frame.time_base, frame.pts = SAMPLE_RATE, Fraction(1, SAMPLE_RATE), start
    return frame
