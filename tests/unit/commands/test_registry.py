"""``vtx registry sync`` says what it read."""

from __future__ import annotations

import shutil

import pytest

from kit.film import Film, write_film
from kit.typed import vtx, vtx_json


def test_a_sync_reports_what_it_read(film: Film) -> None:
    other = write_film(film.root, "ferry")
    assert vtx("registry", "sync").stdout == "2 films: 2 read, 0 unchanged\n"
    other.write("metadata.yaml", "x: 1")
    lines = vtx("registry", "sync").stdout.splitlines()
    assert lines[0] == "2 films: 1 read, 1 unchanged"
    assert lines[1].startswith("  ferry: projects/ferry/metadata.yaml")
    assert vtx("registry", "sync").stdout.splitlines() == ["2 films: 0 read, 2 unchanged", lines[1]]
    shutil.rmtree(other.folder)
    assert vtx("registry", "sync").stdout == "1 film: 0 read, 1 unchanged, 1 gone (ferry)\n"
    nothing = {"films": 1, "read": [], "unchanged": 1, "gone": [], "faults": {}, "interrupted": []}
    assert vtx_json("registry", "sync") == nothing
    with pytest.MonkeyPatch.context() as elsewhere:
        elsewhere.setenv("VTX_PROJECTS_ROOT", "disk/films")
        for words in (("projects", "list"), ("registry", "sync")):
            assert vtx(*words, code=1).stderr.startswith("disk/films, the folder of the films: no such file")
