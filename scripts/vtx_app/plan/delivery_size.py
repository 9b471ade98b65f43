"""How many bytes a delivery takes, as far as its codec tells beforehand."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import Final

from vtx_app.files import display_path
from vtx_app.plan.deliveries import DeliveryPlan
from vtx_app.text import format_bytes

__all__ = ["delivery_lines", "disk_warning", "expected_bytes"]

_PRORES: Final = {"hq": 176, "standard": 117, "lt": 82, "proxy": 36}
"""Megabits a second of 1920×1080 at 24000/1001 (Apple ProRes White Paper, 2022, target data rates)."""

_PRORES_PIXELS: Final = 1920 * 1080 * 24000 / 1001
"""Pixels a second at those rates."""

_FFV1: Final = {"yuv420p": 12, "yuv422p": 16, "yuv420p10le": 15, "yuv422p10le": 20}
"""Bits a pixel before compression. FFV1 takes fewer; how many depends on the picture."""

_SAMPLES: Final = 48_000 * 2


def expected_bytes(delivery: DeliveryPlan, frames: int, rate: Fraction) -> int | None:
    """Bytes of the delivery of a film of ``frames``: of FFV1 the most, None if it depends on the picture (H.264)."""
    seconds = float(frames / rate)
    sound = delivery.deliverable.sound
    bits = seconds * (1000 * (sound.bit_rate or 256) if sound.codec == "aac" else _SAMPLES * sound.depth)
    if (picture := delivery.deliverable.picture) is not None:
        if delivery.framing is None or picture.codec not in ("prores", "ffv1"):
            return None
        pixels = frames * delivery.framing.width * delivery.framing.height
        if picture.codec == "prores":
            bits += pixels * _PRORES[picture.profile or "hq"] * 1_000_000 / _PRORES_PIXELS
        else:
            bits += pixels * _FFV1[picture.pixels]
    return round(bits / 8)


def delivery_lines(deliveries: Iterable[tuple[DeliveryPlan, bool]], frames: int, rate: Fraction) -> list[str]:
    """A line for each delivery that is asked for; with it, whether it is current."""
    lines = []
    for delivery, current in deliveries:
        size = expected_bytes(delivery, frames, rate)
        most = "at most" if delivery.deliverable.picture and delivery.deliverable.picture.codec == "ffv1" else "about"
        state = "current" if current else "to make" + (f", {most} {format_bytes(size)}" if size else "")
        lines.append(f"  deliver {delivery.path.name}: {state}")
    return lines


def disk_warning(stale: Iterable[DeliveryPlan], frames: int, rate: Fraction, free: int) -> str | None:
    """The line that says the disk is too small for the deliveries ``stale``, or None. ``free`` in bytes."""
    sizes = {delivery.path: expected_bytes(delivery, frames, rate) or 0 for delivery in stale}
    needed = sum(sizes.values())
    if needed <= free:
        return None
    folder = display_path(next(iter(sizes)).parent)
    return f"  not enough disk: about {format_bytes(needed)} needed for it, {format_bytes(free)} free in {folder}"
