"""Kill a worker during a take: it must give its memory back, and the next build must go on."""

from __future__ import annotations

import signal
import time
from collections.abc import Iterator

from session import Row, Session, size, workers

from kit.build import building
from kit.ltx.film import LtxFilm
from vtx_app.text import plural

TITLE = "a worker is killed: memory given back"
HEAD: Row = ("moment", "memory in use", "seconds")
SETTLES = 20.0


def rows(session: Session) -> Iterator[Row]:
    """Uses SIGKILL, which a worker can't handle."""
    film = session.film("killed", "distilled")
    env = session.variables()
    before = session.used(film)
    yield ("before", size(before), "")
    with building(film, "clips", "--resources", "gpu=1", env=env) as build:
        build.wait_until(lambda: "A01_S01_SH001: denoise" in build.said)
        during = session.used(film)
        yield ("denoising", size(during), "")
        for worker in workers(film):
            worker.send_signal(signal.SIGKILL)
        killed = time.monotonic()
        code = build.end()
    after = settled(session, film, before, during)
    yield (f"after the kill (the build ended with {code})", size(after), f"{time.monotonic() - killed:.1f}")
    given_back = after - before < (during - before) / 10
    yield ("given back", "yes" if given_back else f"no: {size(after - before)} are missing", "")
    began = time.monotonic()
    code, _ = session.build(film)
    yield (f"the next build: {plural(len(film.takes()), 'take')}, exit {code}", "", f"{time.monotonic() - began:.1f}")


def settled(session: Session, film: LtxFilm, before: int, during: int) -> int:
    """Return the memory in use once it is about what it was ``before``, or after a while."""
    end = time.monotonic() + SETTLES
    while (used := session.used(film)) - before > (during - before) / 10 and time.monotonic() < end:
        time.sleep(0.2)
    return used
