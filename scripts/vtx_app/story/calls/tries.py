"""Wall-clock limits on each try of a call, whatever the server does meanwhile, and on all its tries."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from typing import TypeVar

__all__ = ["Retries", "within"]

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Retries:
    """How to repeat a failed call: at most ``most`` times, each try up to ``timeout`` seconds, all up to ``longest``.

    VTX reports a silent server after ``notice`` seconds, and again each time that has doubled. ``pause`` waits for a
    number of seconds.
    """

    most: int = 5
    timeout: float = 600.0
    notice: float = 40.0
    pause: Callable[[float], None] = time.sleep

    @property
    def longest(self) -> float:
        """Seconds for all tries of a call: 40 minutes by default."""
        return 4 * self.timeout

    def delay(self, tries: int, asked: float | None) -> float:
        """Seconds before the next try after ``tries`` of them: what the server asked for, else ½, 1, 2 … up to 8."""
        return min(0.5 * 2 ** (tries - 1), 8.0) if asked is None else asked


def within(seconds: float, call: Callable[[threading.Event], T], notice: float, waiting: Callable[[float], None]) -> T:
    """The result of ``call``, which runs in a thread of its own. Raises :class:`TimeoutError` after ``seconds``.

    ``call`` gets an event that is set once nobody waits for it. ``waiting`` gets the seconds passed, after ``notice``
    and each time that has doubled.
    """
    results: SimpleQueue[tuple[T | None, Exception | None]] = SimpleQueue()
    given_up = threading.Event()

    def work() -> None:
        try:
            results.put((call(given_up), None))
        except Exception as error:  # for the waiting thread to raise
            results.put((None, error))

    begun = time.monotonic()
    threading.Thread(target=work, daemon=True).start()  # a daemon: an interrupt must not wait for it
    try:
        while True:
            passed = time.monotonic() - begun
            try:
                value, error = results.get(timeout=max(min(seconds, notice) - passed, 0.001))
            except Empty:
                passed = time.monotonic() - begun
                if passed >= seconds:
                    raise TimeoutError from None
                if passed >= notice:
                    waiting(passed)
                    notice *= 2
                continue
            if error is not None:
                raise error
            return value  # type: ignore[return-value]
    finally:
        given_up.set()
