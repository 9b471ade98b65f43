"""A model of 2–4 GB in every memory mode: cold and warm times, peaks, and whether all modes give the same bytes."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterator

from session import Row, Session, size, take_bytes

TITLE = "modes: cold and warm takes, peak memory"
HEAD: Row = ("pipeline", "LTX_OFFLOAD", "cold", "warm", "cold / warm", "peak", "expected", "same bytes as none")
MODES = ("none", "parked", "cpu", "disk")
PIPELINES = ("distilled", "ti2vid_two_stages")
CLIPS = 2


def rows(session: Session) -> Iterator[Row]:
    """The first take starts a worker, which loads the models; the second finds them where the mode keeps them."""
    began = time.monotonic()
    written = f"{session.model_bytes / 1e9:.2f} GB"
    yield ("models", "", f"{time.monotonic() - began:.0f} s to write", "", "", written, "", "")
    for pipeline in PIPELINES:
        expected = ""
        for mode in MODES if session.has_modes else MODES[:1]:
            film = session.film(f"{pipeline}-{mode}", pipeline, clips=CLIPS)
            try:
                records = session.render(film, LTX_OFFLOAD=mode)
            except RuntimeError as error:
                yield (pipeline, mode, f"failed: {error}", "", "", "", "", "")
                continue
            cold, warm = (float(record["wall_seconds"]) for record in records)
            digest = hashlib.sha256(b"".join(take_bytes(film))).hexdigest()[:12]
            expected = expected or digest
            same = "yes" if digest == expected else f"no: {digest}, not {expected}"
            memory = session.peak(*records), size(records[0].get("expected_vram_bytes", 0))
            yield (pipeline, mode, f"{cold:.1f} s", f"{warm:.1f} s", f"{cold / warm:.1f}×", *memory, same)
