"""Two builds on one card, which take turns."""

from __future__ import annotations

import time
from collections.abc import Iterator

from session import Row, Session, workers

from kit.build import Build, building
from kit.ltx.film import LtxFilm

TITLE = "two builds, one card"
HEAD: Row = ("what", "seen")
WAITING = "every GPU is rendering another take; waiting for one"


def rows(session: Session) -> Iterator[Row]:
    """The second build starts while the first one renders."""
    first_film = session.film("build-one", "distilled", clips=2, small=True)
    second_film = session.film("build-two", "distilled", small=True)
    second_film.home = first_film.home
    env = session.variables()
    began = time.monotonic()
    with building(first_film, "clips", "--resources", "gpu=1", env=env) as first:
        first.wait_until(lambda: "A01_S01_SH001: load" in first.said)
        with building(second_film, "clips", "--resources", "gpu=1", env=env) as second:
            second.wait_until(lambda: WAITING in second.said)
            most = watch(session, first_film, first, second)
            codes = first.end(), second.end()
    yield ("the second build waits for the card", "yes" if WAITING in second.said else "no")
    yield ("most workers at once", str(most))
    yield ("both end well", "yes" if codes == (0, 0) else f"no: {codes}")
    yield ("takes", f"{len(first_film.takes())} and {len(second_film.takes())} in {time.monotonic() - began:.0f} s")


def watch(session: Session, film: LtxFilm, *builds: Build) -> int:
    """Read both builds' output until they end; return the most workers that were seen at once."""
    most, running = 0, list(builds)
    while running:
        session.left()
        most = max(most, len(workers(film)))
        running = [build for build in running if build.read(0.2)]
    return most
