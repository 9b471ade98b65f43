"""Reading the files of a story."""

from __future__ import annotations

from pathlib import Path

import pytest

from vtx_app.errors import SpecError
from vtx_app.story.stages.screenplay_names import own_screenplay
from vtx_app.story.story_files import StoryFiles

TEXT = "INT. ПОРТ - NIGHT\n\nINÈS\nDix.\n"


@pytest.fixture
def story(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("VTX_PROJECTS_ROOT", raising=False)
    folder = tmp_path / "projects/harbour/story"
    folder.mkdir(parents=True)
    (folder.parent / "metadata.yaml").write_text(
        "project_id: 6f2c1f2e-53b5-4a3c-9d6b-0f1d5a6f7c11\nslug: harbour\ntitle: T\nstory: {writer: fountain}\n",
        encoding="utf-8",
    )
    return folder


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-be"])
def test_a_screenplay_in_any_unicode_encoding(story: Path, encoding: str) -> None:
    mark = "\ufeff" if encoding == "utf-16-be" else ""
    (story / "screenplay.fountain").write_bytes(f"{mark}{TEXT}".encode(encoding))
    (scene,) = own_screenplay(StoryFiles("harbour")).scenes
    assert (scene.place, scene.elements[0].character, scene.elements[0].text) == ("ПОРТ", "INÈS", "Dix.")


@pytest.mark.parametrize(("data", "line"), [(b"A\n\xff\xfe", 2), ("\n\nTÜR".encode("latin-1"), 3)])
def test_another_encoding_is_an_error_with_its_line(story: Path, data: bytes, line: int) -> None:
    (story / "screenplay.fountain").write_bytes(data)
    with pytest.raises(SpecError, match=rf"screenplay\.fountain:{line}: not UTF-8 text"):
        own_screenplay(StoryFiles("harbour"))
