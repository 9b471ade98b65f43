"""Settings of the models that write: their layers, and a value that is none."""

from __future__ import annotations

from pathlib import Path

import pytest

from vtx_app.errors import SpecError
from vtx_app.formats.check import load_format
from vtx_app.formats.metadata import Metadata
from vtx_app.story.model_settings import answer_timeout, max_tokens, story_model

HEAD = "project_id: 00000000-0000-0000-0000-000000000000\nslug: harbour\ntitle: Harbour\n"


@pytest.fixture
def film(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for stage in ("", "_CLIPS"):
        monkeypatch.delenv(f"VTX_STORY_MAX_TOKENS{stage}", raising=False)
    monkeypatch.delenv("VTX_STORY_TIMEOUT", raising=False)
    (tmp_path / "config").mkdir()
    (tmp_path / "film").mkdir()
    return Path("film")


def metadata(film: Path, story: str = "") -> Metadata:
    (film / "metadata.yaml").write_text(HEAD + story, encoding="utf-8")
    return load_format(film / "metadata.yaml", Metadata)


def test_layers_of_the_longest_answer(film: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert max_tokens("clips", film, metadata(film)) is None
    Path("config/global.env").write_text("VTX_STORY_MAX_TOKENS=1000\n", encoding="utf-8")
    assert max_tokens("clips", film, metadata(film)) == 1000
    own = metadata(film, "story: {max_tokens: 2000}\n")
    assert max_tokens("clips", film, own) == 2000
    (film / "project.env").write_text("VTX_STORY_MAX_TOKENS=3000\nVTX_STORY_MAX_TOKENS_CLIPS=4000\n", encoding="utf-8")
    assert (max_tokens("clips", film, own), max_tokens("outline", film, own)) == (4000, 3000)
    monkeypatch.setenv("VTX_STORY_MAX_TOKENS", "5000")
    assert max_tokens("clips", film, own) == 5000
    monkeypatch.setenv("VTX_STORY_MAX_TOKENS", "")
    assert max_tokens("clips", film, own) == 4000


@pytest.mark.parametrize("value", ["8k", "0", "-1", "1.5", "many", "1" * 10])
def test_no_number_of_tokens(film: Path, value: str) -> None:
    (film / "project.env").write_text(f"# mine\nVTX_STORY_MAX_TOKENS={value}\n", encoding="utf-8")
    with pytest.raises(
        SpecError, match=r"film/project\.env:2: VTX_STORY_MAX_TOKENS: .*expected a whole number of tokens"
    ):
        max_tokens("clips", film, metadata(film))


def test_no_number_of_tokens_in_the_film(film: Path) -> None:
    with pytest.raises(SpecError, match=r"metadata\.yaml:4: story\.max_tokens"):
        metadata(film, "story: {max_tokens: 0}\n")


def test_seconds_for_an_answer(film: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert answer_timeout(film, 600) == 600
    monkeypatch.setenv("VTX_STORY_TIMEOUT", "0.25")
    assert answer_timeout(film, 600) == 0.25
    for value in ("soon", "0", "1e9"):
        monkeypatch.setenv("VTX_STORY_TIMEOUT", value)
        with pytest.raises(SpecError, match=r"^VTX_STORY_TIMEOUT: .*expected seconds for one answer"):
            answer_timeout(film, 600)


def test_the_model_is_not_touched_by_either(film: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VTX_STORY_MODEL", "big")
    assert story_model("clips", film, metadata(film, "story: {model: small, max_tokens: 5}\n")) == "big"
