"""The same clips by both runners: a process for each take, and a warm worker."""

from __future__ import annotations

from collections.abc import Iterator

from session import Row, Session, take_bytes

TITLE = "runners: the same bytes by both"
HEAD: Row = ("pipeline", "process", "worker", "peaks", "same bytes")
PIPELINES = ("distilled", "ti2vid_two_stages")


def rows(session: Session) -> Iterator[Row]:
    """One clip, rendered by a process of its own and by a worker; twice by the worker, to know what a repeat gives."""
    for pipeline in PIPELINES:
        takes, spent, peaks = {}, {}, {}
        for name, runner in (("process", "process"), ("worker", "worker"), ("again", "worker")):
            session.left()
            film = session.film(f"runner-{pipeline}-{name}", pipeline)
            (record,) = session.render(film, VTX_RUNNER=runner)
            (takes[name],) = take_bytes(film)
            spent[name], peaks[name] = float(record["wall_seconds"]), session.peak(record)
        again = "" if takes["worker"] == takes["again"] else "; two workers differ too"
        same = f"{'yes' if takes['process'] == takes['worker'] else 'no'}{again}"
        both = f"{peaks['process']}, {peaks['worker']}"
        yield (pipeline, f"{spent['process']:.1f} s", f"{spent['worker']:.1f} s", both, same)
