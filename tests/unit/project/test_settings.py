"""The layers a setting comes from: each wins over the one before."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from kit.machine import without_settings
from vtx_app.errors import SpecError
from vtx_app.formats.app_config import AppConfig
from vtx_app.formats.check import load_format
from vtx_app.formats.metadata import Metadata
from vtx_app.project.settings import Settings, all_variables, app_config, film_settings, job_variables

METADATA = "project_id: 6f2c1f2e-53b5-4a3c-9d6b-0f1d5a6f7c11\nslug: harbour\ntitle: Harbour\n"
FOLDER = Path("projects/harbour")


@pytest.fixture
def settings_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Settings]:
    """The settings of a film with these texts in these layers."""
    monkeypatch.chdir(tmp_path)
    without_settings(monkeypatch)
    Path("config").mkdir()
    FOLDER.mkdir(parents=True)

    def settings(
        metadata: str = "",
        *,
        global_env: str = "",
        models_env: str = "",
        project_env: str = "",
        process: dict[str, str] | None = None,
        config: dict[str, Any] | None = None,
    ) -> Settings:
        Path("config/global.env").write_text(global_env)
        Path("config/models.env").write_text(models_env)
        (FOLDER / "project.env").write_text(project_env)
        (FOLDER / "metadata.yaml").write_text(METADATA + metadata)
        for name, value in (process or {}).items():
            monkeypatch.setenv(name, value)
        film = load_format(FOLDER / "metadata.yaml", Metadata)
        return film_settings(FOLDER, film, AppConfig.model_validate(config or {}))

    return settings


def test_the_built_in_settings(settings_of: Callable[..., Settings]) -> None:
    found = settings_of()
    assert {key: found[key] for key in found.values} == {
        "fps": 16.0,
        "aspect": "16:9",
        "max_seconds": 15.0,
        "pipeline": "ti2vid_two_stages",
        "acts_enabled": True,
        "renderer": "ltx",
        "negative": "extend",
        "handles.head": 0,
        "handles.tail": 0,
        "title": "Harbour",
        "width": 1536,
        "height": 864,
    }
    assert found.get("style_profile") is None


LAYERS: list[tuple[str, Any]] = [
    ("global_env", "LTX_DEFAULT_FPS=9"),
    ("models_env", "LTX_DEFAULT_FPS=10"),
    ("process", {"LTX_DEFAULT_FPS": "11"}),
    ("metadata", "fps: 12"),
    ("project_env", "PROJECT_FPS=13"),
    ("process", {"LTX_DEFAULT_FPS": "11", "PROJECT_FPS": "14"}),
    ("config", {"fps": 15}),
]
SOURCES = [
    "config/global.env",
    "config/models.env",
    "environment",
    "metadata.yaml",
    "project.env",
    "environment",
    "config/config.yaml or --config",
]


@pytest.mark.parametrize("upto", range(1, len(LAYERS) + 1))
def test_every_layer_wins_over_the_one_before(settings_of: Callable[..., Settings], upto: int) -> None:
    found = settings_of(**dict(LAYERS[:upto]))
    assert found["fps"] == 8 + upto
    assert found.values["fps"].source == SOURCES[upto - 1]


@pytest.mark.parametrize("upto", range(1, len(LAYERS) + 1))
def test_a_clip_ranks_between_the_files_and_this_run(settings_of: Callable[..., Settings], upto: int) -> None:
    found = settings_of(**dict(LAYERS[:upto]))
    assert found.of_clip("fps", 99) == (99 if upto <= 5 else 8 + upto)
    assert found.of_clip("fps", None) == 8 + upto


def test_every_variable_of_the_brief_counts(settings_of: Callable[..., Settings]) -> None:
    found = settings_of(
        global_env="VTX_PRODUCE_IN_ACTS=false\nVTX_DEFAULT_PIPELINE=distilled\n",
        models_env="LTX_DEFAULT_WIDTH=640\nLTX_DEFAULT_HEIGHT=360\nLTX_DEFAULT_FPS=24\nLTX_DEFAULT_ASPECT=16:9\n"
        "LTX_DEFAULT_MAX_SECONDS=10\n",
    )
    wanted = {"acts_enabled": False, "pipeline": "distilled", "width": 640, "height": 360, "fps": 24, "max_seconds": 10}
    assert {key: found[key] for key in wanted} == wanted
    found = settings_of(
        project_env='PROJECT_TITLE="My Feature Film"\nPROJECT_ASPECT=2.39:1\nPROJECT_WIDTH=1920\nPROJECT_HEIGHT=800\n'
        "PROJECT_FPS=16\nPROJECT_STYLE_PROFILE=default\nPROJECT_PRODUCE_IN_ACTS=no\n"
    )
    assert (found["title"], found["width"], found["height"], found["fps"]) == ("My Feature Film", 1920, 800, 16)
    assert (found["style_profile"], found["acts_enabled"]) == ("default", False)


@pytest.mark.parametrize(("word", "flag"), [("TRUE", True), ("1", True), ("on", True), ("Off", False), ("0", False)])
def test_flags_are_written_in_many_ways(settings_of: Callable[..., Settings], word: str, flag: bool) -> None:
    assert settings_of(project_env=f"PROJECT_PRODUCE_IN_ACTS={word}")["acts_enabled"] is flag


@pytest.mark.parametrize(
    ("layers", "size"),
    [
        ({"metadata": "aspect: 2.39:1"}, (1920, 800)),
        ({"metadata": "aspect: 4:3"}, (1536, 1152)),
        ({"metadata": "aspect: 1:1"}, (1536, 1536)),
        ({"metadata": "default_resolution: {width: 640, height: 360}"}, (640, 360)),
        ({"metadata": "default_resolution: {width: 640, height: 360}\naspect: 16:9"}, (640, 360)),
        (
            {"metadata": "default_resolution: {width: 640, height: 360}", "project_env": "PROJECT_ASPECT=2.39:1"},
            (1920, 800),
        ),
        ({"metadata": "aspect: 2.39:1", "project_env": "PROJECT_WIDTH=640\nPROJECT_HEIGHT=480"}, (640, 480)),
        ({"metadata": "aspect: 2:1", "project_env": "PROJECT_WIDTH=640"}, (640, 320)),
        ({"metadata": "aspect: 2:1", "project_env": "PROJECT_HEIGHT=640"}, (1280, 640)),
        ({"metadata": "default_resolution: {width: 640, height: 360}", "config": {"aspect": "1:1"}}, (1536, 1536)),
        ({"config": {"width": 640, "height": 360}}, (640, 360)),
    ],
)
def test_the_size_of_a_film(
    settings_of: Callable[..., Settings], layers: dict[str, Any], size: tuple[int, int]
) -> None:
    found = settings_of(**layers)
    assert (found["width"], found["height"]) == size


def test_an_aspect_ordered_for_this_run_holds_for_every_clip(settings_of: Callable[..., Settings]) -> None:
    found = settings_of("default_resolution: {width: 640, height: 360}", config={"aspect": "1:1"})
    assert (found.of_clip("width", 320), found.of_clip("height", 180)) == (1536, 1536)


@pytest.mark.parametrize(
    ("layers", "message"),
    [
        ({"metadata": "aspect: 16:0"}, "projects/harbour/metadata.yaml:4: aspect: '16:0': expected a shape between"),
        ({"metadata": "aspect: 0:9"}, "expected a shape between 1:4 and 8:1"),
        ({"metadata": "aspect: 9:1"}, "expected a shape between 1:4 and 8:1"),
        (
            {"metadata": "default_resolution: {width: 640, height: 480}\naspect: 16:9"},
            "projects/harbour/metadata.yaml:5: aspect: 16:9 and 640×480 pixels disagree; change one, or leave",
        ),
        (
            {"project_env": "# size\nPROJECT_WIDTH=640\nPROJECT_HEIGHT=480\nPROJECT_ASPECT=16:9\n"},
            "projects/harbour/project.env:4: PROJECT_ASPECT: 16:9 and 640×480 pixels disagree",
        ),
        ({"config": {"width": 640, "height": 480, "aspect": "16:9"}}, "--config: aspect: 16:9 and 640×480 pixels"),
        (
            {"metadata": "aspect: 1:4", "project_env": "PROJECT_WIDTH=8192"},
            "projects/harbour/metadata.yaml:4: aspect: '1:4' makes 8192×32768 pixels; each side must be 64 to 8192",
        ),
        ({"project_env": "# a\nPROJECT_WIDTH=wide"}, "project.env:2: PROJECT_WIDTH: 'wide': expected a valid integer"),
        ({"project_env": "PROJECT_WIDTH=127"}, "PROJECT_WIDTH: '127': expected a multiple of 2"),
        ({"project_env": "PROJECT_WIDTH=-128"}, "PROJECT_WIDTH: '-128': expected a valid integer"),
        ({"project_env": f"PROJECT_WIDTH={'9' * 5000}"}, "PROJECT_WIDTH: '99999"),
        ({"project_env": "PROJECT_WIDTH=99999998"}, "PROJECT_WIDTH: '99999998': expected less than or equal to 8192"),
        (
            {"project_env": "PROJECT_WIDHT=128"},
            "project.env:1: PROJECT_WIDHT: unknown variable, did you mean 'PROJECT_WIDTH'",
        ),
        ({"project_env": "PROJECT_FPS=NaN"}, "project.env:1: PROJECT_FPS: 'NaN': expected a valid number"),
        ({"project_env": "PROJECT_FPS=inf"}, "PROJECT_FPS: 'inf': expected a valid number"),
        ({"project_env": "PROJECT_FPS=0"}, "PROJECT_FPS: '0': expected greater than or equal to 1"),
        (
            {"project_env": "PROJECT_PRODUCE_IN_ACTS=maybe"},
            "PROJECT_PRODUCE_IN_ACTS: 'maybe': expected true or false",
        ),
        ({"project_env": "PROJECT_ASPECT=wide"}, "PROJECT_ASPECT: 'wide'"),
        (
            {"global_env": "VTX_DEFAULT_PIPELINE=distiled"},
            "config/global.env:1: VTX_DEFAULT_PIPELINE: 'distiled' is not one of",
        ),
        ({"global_env": "VTX_DEFAULT_PIPELINE=distiled"}, "did you mean 'distilled'?"),
        (
            {"models_env": "\nLTX_DEFAULT_MAX_SECONDS=60"},
            "config/models.env:2: LTX_DEFAULT_MAX_SECONDS: '60': expected less than",
        ),
        ({"models_env": "LTX_DEFAULT_MAX_SECONDS=0"}, "LTX_DEFAULT_MAX_SECONDS: '0': expected greater than 0"),
        ({"process": {"PROJECT_FPS": "fast"}}, "environment: PROJECT_FPS: 'fast': expected a valid number"),
    ],
)
def test_a_wrong_value_is_reported_where_it_is_written(
    settings_of: Callable[..., Settings], layers: dict[str, Any], message: str
) -> None:
    with pytest.raises(SpecError) as caught:
        settings_of(**layers)
    assert message in str(caught.value)


def test_other_peoples_variables_in_the_process_are_no_matter(settings_of: Callable[..., Settings]) -> None:
    assert settings_of(process={"PROJECT_ID": "a-cloud", "PROJECT_FPS": ""})["fps"] == 16


@pytest.mark.parametrize(
    ("handed", "message"),
    [
        ('{"widht": 128}', "--config or config/config.yaml: widht: unknown key, did you mean 'width'?"),
        ('{"project": "../x"}', "--config or config/config.yaml: project: '../x': expected slug of the film"),
        ('{"fps": -1}', "--config or config/config.yaml: fps: -1: expected greater than or equal to 1"),
        ('{"aspect": 969}', "--config or config/config.yaml: aspect: 969: expected text; put it in quotes"),
    ],
)
def test_the_command_line_is_checked_like_a_file(monkeypatch: pytest.MonkeyPatch, handed: str, message: str) -> None:
    monkeypatch.setenv("VTX_CONFIG", handed)
    with pytest.raises(SpecError) as caught:
        app_config()
    assert message in str(caught.value)


def test_the_configuration_comes_from_the_file_where_nothing_was_handed_on(
    settings_of: Callable[..., Settings], monkeypatch: pytest.MonkeyPatch
) -> None:
    Path("config/config.yaml").write_text("project: harbour\naspect: 16:9\n")
    assert app_config() == AppConfig(project="harbour", aspect="16:9")
    monkeypatch.setenv("VTX_CONFIG", '{"project": "other", "fps": 24}')
    assert app_config() == AppConfig(project="other", fps=24)


def test_variables_of_the_process_win_over_files(settings_of: Callable[..., Settings]) -> None:
    settings_of(
        global_env="LTX_GEMMA_ROOT=a\nLTX_CHECKPOINT_PATH=a\nONLY_GLOBAL=a\n",
        models_env="LTX_GEMMA_ROOT=b\nLTX_CHECKPOINT_PATH=b\n",
        project_env="LTX_GEMMA_ROOT=c\nFILM_LORA=c\n",
        process={"LTX_CHECKPOINT_PATH": "d"},
    )
    found = all_variables(FOLDER)
    names = ("LTX_GEMMA_ROOT", "LTX_CHECKPOINT_PATH", "ONLY_GLOBAL", "FILM_LORA")
    assert [found[name] for name in names] == ["c", "d", "a", "c"]
    assert all_variables()["LTX_GEMMA_ROOT"] == "b"


def test_jobs_on_other_machines_are_handed_what_decides_a_film_and_no_key_of_a_service() -> None:
    ours = ["LTX_GEMMA_ROOT", "PROJECT_FPS", "VTX_APP_HOME", "VTX_PROJECTS_ROOT"]
    others = ["HOME", "OPENAI_API_KEY", "PROJECT_TOKEN", "VTX_BUILD", "VTX_CONFIG"]
    assert job_variables(dict.fromkeys(others + ours, "x")) == ours
