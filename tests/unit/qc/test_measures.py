"""The file of a take's measurements: read as written, and nothing else is read."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kit.checked import FRAMES, scene, write_take
from vtx_app.qc.measure import measure_take
from vtx_app.qc.measures import Measures, measures_path, read_measures


@pytest.fixture(scope="module")
def measured(tmp_path_factory: pytest.TempPathFactory) -> Measures:
    frame = scene()
    path = tmp_path_factory.mktemp("film") / "A01_S01_SH001" / f"{'b' * 64}.mp4"
    return measure_take(write_take(path, (frame(0 if n < 20 else n) for n in range(FRAMES))))


def put(folder: Path, measured: Measures, text: str) -> Measures | None:
    path = measures_path(folder, measured.clip_id, measured.digest)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return read_measures(folder, measured.clip_id, measured.digest)


def test_it_is_read_as_it_was_written(tmp_path: Path, measured: Measures) -> None:
    assert read_measures(tmp_path, measured.clip_id, measured.digest) is None
    assert put(tmp_path, measured, measured.text()) == measured
    assert measured.frozen
    assert measured.jumps


def test_another_version_or_another_take_is_not_read(tmp_path: Path, measured: Measures) -> None:
    data = json.loads(measured.text())
    assert put(tmp_path, measured, json.dumps(data | {"version": 0})) is None
    assert put(tmp_path, measured, json.dumps(data | {"digest": "c" * 64})) is None


@pytest.mark.parametrize("text", ["", "[]", "{}", "null", '{"version": 1}', "\x00", "[" * 100_000])
def test_a_damaged_file_counts_as_missing(tmp_path: Path, measured: Measures, text: str) -> None:
    assert put(tmp_path, measured, text) is None


def test_a_file_cut_short_counts_as_missing(tmp_path: Path, measured: Measures) -> None:
    text = measured.text()
    for end in range(0, len(text) - 2, 17):
        assert put(tmp_path, measured, text[:end]) is None


def test_the_file_stays_small(measured: Measures) -> None:
    assert len(measured.text()) < 2000
