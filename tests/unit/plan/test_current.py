"""Whether a delivered file is what the plan says, told by the files alone."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from kit.film import write_film
from vtx_app.media.mp4 import write_stamp
from vtx_app.plan.current import is_current
from vtx_app.plan.film_plan import plan_film


def test_a_cut_is_current_with_its_own_manifest_beside_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_film(tmp_path)
    monkeypatch.chdir(tmp_path)
    plan_film.cache_clear()
    final = plan_film("harbour", "final").final
    assert final is not None
    final.path.parent.mkdir(parents=True)
    final.path.write_bytes(b"a cut")
    write_stamp(final.path, final.stamp)
    assert not is_current(final)
    final.manifest.write_text(json.dumps({"stamp": final.stamp}), encoding="utf-8")
    assert is_current(final)
    assert not is_current(replace(final, stamp="0" * 64))
    final.manifest.write_text(json.dumps({"stamp": "0" * 64}), encoding="utf-8")  # a build was killed right after it
    assert not is_current(final)
