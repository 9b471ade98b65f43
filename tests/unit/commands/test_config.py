"""Where every setting comes from, and that no secret is among them."""

from __future__ import annotations

import pytest

from kit.film import Film
from vtx_app.commands.config import Row, host_of, setting_rows
from vtx_app.errors import VtxError
from vtx_app.formats.film_lock import FilmLock
from vtx_app.models.locked import film_lock_text
from vtx_app.project.load import load_film

KEY = "sk-proj-0123456789abcdef"


def rows(film: Film) -> dict[str, Row]:
    found = list(setting_rows(load_film(film.slug, only=())))
    assert len({row.setting for row in found}) == len(found)
    assert KEY not in repr(found)
    return {row.setting: row for row in found}


def test_every_layer_is_named_with_its_line(film: Film, monkeypatch: pytest.MonkeyPatch) -> None:
    (film.root / "config/global.env").write_text("\nVTX_RUNNER=process\n", encoding="utf-8")
    (film.root / "config/models.env").write_text("LTX_DEFAULT_ASPECT=4:3\nLTX_GEMMA_ROOT=/m/g\n", encoding="utf-8")
    (film.root / "config/config.yaml").write_text("project: harbour\nfps: 12\n", encoding="utf-8")
    film.write("project.env", "PROJECT_WIDTH=160\n")
    monkeypatch.setenv("PROJECT_HEIGHT", "120")
    monkeypatch.setenv("LTX_DEFAULT_MAX_SECONDS", "9")
    monkeypatch.setenv("LTX_CHECKPOINT_PATH", "/m/c")
    found = rows(film)
    assert {name: (row.value, row.layer, row.source) for name, row in found.items() if name in EXPECTED} == EXPECTED


EXPECTED = {
    "pipeline": ("ti2vid_one_stage", "metadata.yaml", "projects/harbour/metadata.yaml:7: default_pipeline"),
    "acts_enabled": (True, "metadata.yaml", "projects/harbour/metadata.yaml:6: acts_enabled"),
    "aspect": ("4:3", "config/models.env", "config/models.env:1: LTX_DEFAULT_ASPECT"),
    "width": (160, "project.env", "projects/harbour/project.env:1: PROJECT_WIDTH"),
    "height": (120, "environment", "environment: PROJECT_HEIGHT"),
    "max_seconds": (9.0, "environment", "environment: LTX_DEFAULT_MAX_SECONDS"),
    "fps": (12.0, "config/config.yaml", "config/config.yaml:2: fps"),
    "LTX_CHECKPOINT_PATH": ("/m/c", "environment", "environment"),
    "LTX_GEMMA_ROOT": ("/m/g", "config/models.env", "config/models.env:2"),
    "LTX_IC_LORA_PATH": (None, "", ""),
    "VTX_RUNNER": ("process", "config/global.env", "config/global.env:2"),
    "VTX_WORKER_IDLE_SECONDS": ("120", "built-in", "built-in"),
    "VTX_MAX_PARALLEL_JOBS": (1, "built-in", "built-in"),
    "VTX_PROJECTS_ROOT": ("projects", "built-in", "built-in"),
}


def test_a_size_that_follows_from_the_shape_names_the_shape(film: Film) -> None:
    film.write("project.env", "# none\nPROJECT_ASPECT=2.39:1\n")
    assert [rows(film)[side].source for side in ("width", "height")] == [
        "projects/harbour/project.env:2: PROJECT_ASPECT"
    ] * 2


def test_the_model_of_each_stage_names_who_chose_it(film: Film, monkeypatch: pytest.MonkeyPatch) -> None:
    assert rows(film)["story model, clips"].source == "built-in"
    (film.root / "config/global.env").write_text("VTX_STORY_MODEL_CLIPS=small\n", encoding="utf-8")
    found = rows(film)["story model, clips"]
    assert (found.value, found.source) == ("small", "config/global.env:1: VTX_STORY_MODEL_CLIPS")
    film.write("metadata.yaml", film.read("metadata.yaml") + "story:\n  writer: openai\n  model: big\n")
    found = rows(film)["story model, clips"]
    assert (found.value, found.source) == ("big", "projects/harbour/metadata.yaml:16: story.model")
    assert rows(film)["story writer"].source == "projects/harbour/metadata.yaml:15: story.writer"
    film.write("project.env", "VTX_STORY_MODEL=own\n")
    found = rows(film)["story model, clips"]
    assert (found.value, found.source) == ("own", "projects/harbour/project.env:1: VTX_STORY_MODEL")
    monkeypatch.setenv("VTX_STORY_MODEL", "now")
    found = rows(film)["story model, clips"]
    assert (found.value, found.source) == ("now", "environment: VTX_STORY_MODEL")


def test_the_longest_answer_of_each_stage_names_who_chose_it(film: Film, monkeypatch: pytest.MonkeyPatch) -> None:
    assert not [name for name in rows(film) if name.startswith("story max tokens")]
    assert (rows(film)["VTX_STORY_TIMEOUT"].value, rows(film)["VTX_STORY_TIMEOUT"].source) == (600.0, "built-in")
    film.write("metadata.yaml", film.read("metadata.yaml") + "story:\n  max_tokens: 800\n")
    monkeypatch.setenv("VTX_STORY_MAX_TOKENS_CLIPS", "900")
    assert (rows(film)["story max tokens, clips"].value, rows(film)["story max tokens, outline"].value) == (900, 800)
    assert rows(film)["story max tokens, clips"].source == "environment: VTX_STORY_MAX_TOKENS_CLIPS"
    assert rows(film)["story max tokens, outline"].source.endswith("metadata.yaml:15: story.max_tokens")


def test_the_writer_that_a_screenplay_makes_is_explained(film: Film) -> None:
    film.write("story/screenplay.fountain", "INT. QUAY\n")
    found = rows(film)["story writer"]
    assert (found.value, found.source) == ("fountain", "built-in (there is story/screenplay.fountain)")


def test_of_secrets_it_is_said_whether_and_where_they_are_set(film: Film, monkeypatch: pytest.MonkeyPatch) -> None:
    assert rows(film)["OPENAI_API_KEY"] == Row("OPENAI_API_KEY", "not set", "")
    film.write("project.env", f"OPENAI_API_KEY={KEY}\n")
    found = rows(film)["OPENAI_API_KEY"]
    assert found.value == "not set"
    assert found.source == "projects/harbour/project.env:1: ignored, secrets don't belong in a film's folder"
    (film.root / "config/global.env").write_text(f"OPENAI_API_KEY={KEY}\n", encoding="utf-8")
    assert rows(film)["OPENAI_API_KEY"] == Row("OPENAI_API_KEY", "set", "config/global.env", "config/global.env:1")
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    monkeypatch.setenv("OPENAI_ADMIN_KEY", KEY)
    monkeypatch.setenv("OPENAI_BASE_URL", f"https://me:{KEY}@llm.example:8080/{KEY}?key={KEY}")
    found_all = rows(film)
    assert found_all["OPENAI_API_KEY"] == Row("OPENAI_API_KEY", "set", "environment")
    assert found_all["OPENAI_ADMIN_KEY"].value == "set"
    assert found_all["OPENAI_BASE_URL"].value == "llm.example:8080"


def test_the_lock_decides_how_weights_are_stored(film: Film) -> None:
    lock = film_lock_text(FilmLock(models={"LTX_CHECKPOINT_PATH": f"sha256-sampled:{1:064x}"}, quantization="fp8-cast"))
    film.write("film.lock.yaml", lock)
    assert rows(film)["LTX_QUANTIZATION"] == Row("LTX_QUANTIZATION", "fp8-cast", "film.lock.yaml")


def test_a_broken_spec_does_not_hide_the_settings(film: Film) -> None:
    film.edit_clip("A01_S01_SH002__mara", "version: 1", "version: one")
    assert rows(film)["width"].value == 128


def test_a_value_that_can_not_be_is_told(film: Film, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VTX_MAX_PARALLEL_JOBS", "many")
    with pytest.raises(VtxError, match="VTX_MAX_PARALLEL_JOBS is 'many'"):
        rows(film)


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://api.openai.com/v1", "api.openai.com"),
        (f"http://{KEY}@127.0.0.1:81", "127.0.0.1:81"),
        ("https://[::1]:8000/v1", "::1:8000"),
        (KEY, None),
        ("https://x:port", None),
        ("http://[", None),
    ],
)
def test_of_an_address_only_the_server_is_told(url: str, host: str | None) -> None:
    assert host_of(url) == host
