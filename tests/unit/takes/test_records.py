"""Takes are found by their files, whether or not each has a record."""

from __future__ import annotations

import json
from pathlib import Path

from vtx_app.takes.records import take_records

CLIP = "A01_S01_SH001"


def put_take(folder: Path, sign: str, record: str | None) -> str:
    takes = folder / "renders/takes" / CLIP
    takes.mkdir(parents=True, exist_ok=True)
    (takes / f"{sign * 64}.mp4").write_bytes(b"12345")
    if record is not None:
        (takes / f"{sign * 64}.json").write_text(record, encoding="utf-8")
    return sign * 64


def test_a_take_without_a_record_is_a_take_with_an_empty_one(tmp_path: Path) -> None:
    bare = put_take(tmp_path, "a", None)
    damaged = put_take(tmp_path, "b", "{")
    late = put_take(tmp_path, "c", json.dumps({"rendered_at": "2026-02-01", "wall_seconds": 2}))
    early = put_take(tmp_path, "d", json.dumps({"rendered_at": "2026-01-01"}))
    (tmp_path / "renders/takes" / CLIP / f"{'e' * 64}.json").write_text("{}", encoding="utf-8")  # its take is gone

    found = take_records(tmp_path, CLIP)
    assert [(take.digest, take.seconds, take.size) for take in found] == [
        (bare, None, 5),
        (damaged, None, 5),
        (early, None, 5),
        (late, 2.0, 5),
    ]
    assert [take.digest for take in take_records(tmp_path, CLIP, recorded=True)] == [damaged, early, late]


def test_a_clip_that_was_never_rendered_has_no_takes(tmp_path: Path) -> None:
    assert take_records(tmp_path, CLIP) == []
