"""What a call used, in tokens."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

__all__ = ["Usage"]


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens: ``input`` is all that was sent, ``cached`` the part of it that the server still had, ``output`` all
    that was written, thinking included. All zero where the server does not count.
    """

    input: int = 0
    cached: int = 0
    output: int = 0

    def __add__(self, other: Usage) -> Usage:
        return Usage(self.input + other.input, self.cached + other.cached, self.output + other.output)

    def record(self) -> dict[str, int]:
        """As it stands in files."""
        return asdict(self)

    @classmethod
    def of(cls, record: Any) -> Usage:
        """Out of what :meth:`record` gave. Raises :class:`ValueError` for anything else."""
        if not isinstance(record, dict) or record.keys() != {"input", "cached", "output"}:
            raise ValueError("usage is not input, cached and output tokens")
        if not all(type(count) is int and count >= 0 for count in record.values()):
            raise ValueError("usage is not in whole tokens")
        return cls(**record)
