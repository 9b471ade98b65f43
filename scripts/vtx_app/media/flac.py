"""FLAC as it lies in MP4 files: what a joined stream says of itself, and a block made a sample longer or shorter."""

from __future__ import annotations

from fractions import Fraction
from typing import Final

import av
import numpy as np
from av.audio.codeccontext import AudioCodecContext
from av.audio.stream import AudioStream
from av.packet import Packet

from vtx_app.media.codec import AUDIO_CODEC, BLOCK
from vtx_app.media.sample_rate import SAMPLE_RATE
from vtx_app.media.sound import sound_frame

__all__ = ["joined_info", "recut", "stream_info"]

_FORMAT: Final = SAMPLE_RATE << 8 | (2 - 1) << 5 | (16 - 1)
"""20 bits hertz, 3 bits channels less one, 5 bits of a sample's bits less one (RFC 9639, 8.2)."""


def stream_info(config: bytes) -> bytes:
    """STREAMINFO (34 bytes; RFC 9639, 8.2) out of a ``dfLa`` box's body.

    Raises :class:`ValueError` where it is not the film's sound: 48 kHz, stereo, 16 bit, blocks of at most
    :data:`BLOCK` samples.
    """
    info = config[8:42]  # after the box's version and flags and the block's own header
    if len(info) != 34 or _counted(info) >> 36 != _FORMAT or int.from_bytes(info[2:4], "big") > BLOCK:
        raise ValueError("not 48 kHz 16 bit stereo FLAC")
    return info


def _counted(info: bytes) -> int:
    """The 64 bits of STREAMINFO that hold the format (28 bits) and the number of samples (36 bits)."""
    return int.from_bytes(info[10:18], "big")


def joined_info(samples: int) -> bytes:
    """STREAMINFO of ``samples`` samples that were joined: the packets' sizes and the checksum are unknown (0)."""
    block = BLOCK.to_bytes(2, "big")
    return block + block + bytes(6) + (_FORMAT << 36 | samples).to_bytes(8, "big") + bytes(16)


def recut(packet: Packet[AudioStream], decoder: AudioCodecContext, samples: int) -> list[Packet[AudioStream]]:
    """The FLAC block ``packet`` made ``samples`` samples long, without loss: cut, or its last sample held.

    The new packets are timed in samples, from 0; there are none for 0 samples.
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
