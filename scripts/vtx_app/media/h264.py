"""H.264 in MP4 files (ISO/IEC 14496-15): parameter sets in the file's index, or in the packets.

A film joined from clips of one encoder setting has one pair of parameter sets, in its index (``avc1``). If the settings
differ, every keyframe carries its own (``avc3``), so that a decoder switches exactly there and a player can seek.
"""

from __future__ import annotations

import struct

__all__ = ["parameter_sets", "with_parameter_sets"]

_LENGTH = 4  # bytes before each unit; all encoders and muxers in use write four
_DELIMITER = 9  # access unit delimiter, ITU-T H.264, table 7-1: nothing may come before it


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


def with_parameter_sets(packet: bytes, sets: bytes) -> bytes:
    """Insert ``sets`` before the picture of the keyframe ``packet``."""
    start = 0
    if len(packet) > _LENGTH and packet[_LENGTH] & 0x1F == _DELIMITER:
        start = _LENGTH + struct.unpack_from(">I", packet)[0]
    return packet[:start] + sets + packet[start:]
