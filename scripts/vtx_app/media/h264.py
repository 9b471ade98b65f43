"""H.264's parameter sets in MP4 files (ISO/IEC 14496-15), and those of a film.

A film is joined from clips of one encoder setting by copying packets, so it has one pair of parameter sets, in its
index (``avc1``). Players differ in what they make of others.
"""

from __future__ import annotations

import struct
from fractions import Fraction
from functools import cache

import av
from av.codec.context import Flags

from vtx_app.media.codec import VIDEO_CODEC, picture_encoder

__all__ = ["film_parameter_sets", "is_idr", "parameter_sets"]

_LENGTH = 4  # bytes before each unit; all encoders and muxers in use write four
_START_CODE = b"\0\0\0\1"
_TYPE = 0x1F  # ITU-T H.264, 7.3.1
_IDR = 5  # a picture that no later one looks behind: H.264, table 7-1


@cache
def film_parameter_sets(width: int, height: int, rate: Fraction) -> bytes:
    """The SPS and PPS of a film of ``width`` × ``height`` pixels at ``rate``, each after its length in 4 bytes."""
    encoder = av.CodecContext.create(VIDEO_CODEC, "w")
    picture_encoder(encoder, width, height, rate)
    encoder.flags |= Flags.global_header
    encoder.open()
    units = (encoder.extradata or b"").split(_START_CODE)[1:]
    return b"".join(struct.pack(">I", len(unit)) + unit for unit in units)


def parameter_sets(config: bytes) -> bytes:
    """The SPS and PPS of a decoder configuration (``avcC``; 14496-15, 5.3.3.1), each after its length in 4 bytes.

    Raises :class:`ValueError` if it is damaged, or if the packets have lengths of another size.
    """
    if len(config) < 7 or config[0] != 1 or config[4] & 3 != _LENGTH - 1:
        raise ValueError("not an H.264 configuration with four-byte lengths")
    units, offset = b"", 5
    for mask in (0x1F, 0xFF):  # the count of SPS shares its byte with reserved bits
        count, offset = config[offset] & mask, offset + 1
        for _ in range(count):
            (size,) = struct.unpack_from(">H", config, offset)
            unit = config[offset + 2 : offset + 2 + size]
            units += struct.pack(">I", size) + unit
            offset += 2 + size
    if offset > len(config):
        raise ValueError("an H.264 configuration that was cut short")
    return units


def is_idr(packet: bytes) -> bool:
    """Whether ``packet``, in MP4's form, is a picture from which decoding can start exactly."""
    offset = 0
    while offset + _LENGTH < len(packet):
        if packet[offset + _LENGTH] & _TYPE == _IDR:
            return True
        offset += _LENGTH + struct.unpack_from(">I", packet, offset)[0]
    return False
