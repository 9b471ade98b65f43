"""FLAC in MP4 files: the description of a joined stream, and blocks made longer or shorter by a sample."""

from __future__ import annotations

from fractions import Fraction
from typing import Final

import av
import numpy as np
from av.audio.codeccontext import AudioCodecContext
from av.audio.stream import AudioStream
from av.packet import Packet

from vtx_app.media.codec import AUDIO_CODEC, BLOCK, SAMPLE_RATE
from vtx_app.media.sound import sound_frame

__all__ = ["joined_info", "recut", "stream_info"]

_FORMAT: Final = SAMPLE_RATE << 8 | (2 - 1) << 5 | (16 - 1)
"""20 bits: hertz; 3 bits: channels - 1; 5 bits: bits per sample - 1 (RFC 9639, 8.2)."""


def stream_info(config: bytes) -> bytes:
    """STREAMINFO (34 bytes; RFC 9639, 8.2) from the body of a ``dfLa`` box.

    Raises :class:`ValueError` unless it is 48 kHz, stereo, 16 bit, in blocks of at most :data:`BLOCK` samples.
    """
    info = config[8:42]  # after the box's version and flags and the block's header
    block, form = int.from_bytes(info[2:4], "big"), int.from_bytes(info[10:18], "big") >> 36
    if len(info) != 34 or form != _FORMAT or block > BLOCK:
        raise ValueError("not 48 kHz 16 bit stereo FLAC")
    return info


def joined_info(samples: int) -> bytes:
    """STREAMINFO of ``samples`` joined samples; packet sizes and checksum are unknown (0)."""
    block = BLOCK.to_bytes(2, "big")
    return block + block + bytes(6) + (_FORMAT << 36 | samples).to_bytes(8, "big") + bytes(16)


def recut(packet: Packet[AudioStream], decoder: AudioCodecContext, samples: int) -> list[Packet[AudioStream]]:
    """Make the FLAC block ``packet`` exactly ``samples`` samples long, lossless: cut it, or repeat its last sample.

    The new packets are timed in samples from 0; for 0 samples there are none.
    """
    if samples <= 0:
        return []
    blocks = [np.asarray(frame.to_ndarray(), np.int16).reshape(-1, 2) for frame in decoder.decode(packet)]
    sound = np.concatenate(blocks)[:samples]
    sound = np.pad(sound, ((0, samples - len(sound)), (0, 0)), mode="edge")
    encoder = av.CodecContext.create(AUDIO_CODEC, "w")
    encoder.sample_rate, encoder.layout, encoder.format = SAMPLE_RATE, "stereo", "s16"
    encoder.time_base = Fraction(1, SAMPLE_RATE)
    made: list[Packet[AudioStream]] = []
    for start in range(0, samples, BLOCK):
        made += encoder.encode(sound_frame(sound[start : start + BLOCK], start))
    return [new for new in made + encoder.encode(None) if new.size]
