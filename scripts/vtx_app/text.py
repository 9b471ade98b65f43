"""Numbers and lists as people read them, for messages and tables."""

from __future__ import annotations

from collections.abc import Sequence

__all__ = ["format_bytes", "format_duration", "format_memory", "listed", "plural", "shortened"]


def plural(count: int, noun: str, many: str | None = None) -> str:
    """``1 take``, ``1,200 takes``; ``many`` is the plural of ``noun`` if it isn't formed with an s."""
    return f"{count:,} {noun if count == 1 else many or f'{noun}s'}"


def format_bytes(count: float) -> str:
    """The size of files in decimal units, as disks are sold: ``1.5 GB``, ``0.3 MB``."""
    return f"{count / 1e9:.1f} GB" if count >= 1e9 else f"{count / 1e6:.1f} MB"


def format_memory(count: float) -> str:
    """Bytes of memory in binary units, as GPUs are sold: ``23.7 GiB``, ``512 MiB``."""
    return f"{count / 2**30:.1f} GiB" if count >= 2**30 else f"{count / 2**20:.0f} MiB"


def format_duration(seconds: float) -> str:
    """``75.2`` seconds as ``1:15``, an hour and more as ``1:02:03``."""
    minutes, second = divmod(round(seconds), 60)
    hours, minute = divmod(minutes, 60)
    return f"{hours}:{minute:02d}:{second:02d}" if hours else f"{minute}:{second:02d}"


def listed(names: Sequence[str], most: int) -> str:
    """``names`` on one line; of more than ``most``, the first and an ellipsis."""
    return ", ".join(names[:most]) + (", …" if len(names) > most else "")


def shortened(lines: Sequence[str], most: int | None, *, indent: str = "", see: str = "") -> list[str]:
    """``lines``; of more than ``most`` (None: no limit), the first and a line with the number of the others.

    ``see``: the command that shows all of them.
    """
    if most is None or len(lines) <= most:
        return list(lines)
    return [*lines[:most], f"{indent}… and {len(lines) - most} more" + (f": {see}" if see else "")]
