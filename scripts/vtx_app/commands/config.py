"""``vtx config show``: every setting of a film, and the file and line it comes from."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from vtx_app.commands.options import Json, Slug, command, group
from vtx_app.commands.output import print_json, print_line, print_table
from vtx_app.commands.snakemake_command import keep_going, max_gpus

if TYPE_CHECKING:
    from vtx_app.project.film import Film
    from vtx_app.project.settings import Setting

__all__ = ["Row", "app", "host_of", "setting_rows"]

app = group("Settings, and where they come from.")

_RUN_DEFAULTS = {
    "LTX_OFFLOAD": "what the card has room for",
    "LTX_QUANTIZATION": "none",
    "VTX_RUNNER": "worker",
    "VTX_WORKER_IDLE_SECONDS": "120",
    "VTX_WORKER_TURN_SECONDS": "600",
}
_GLOBAL, _MODELS = Path("config/global.env"), Path("config/models.env")
_LAYERS = (
    "later wins: built-in, config/global.env, config/models.env, metadata.yaml, project.env, the clip's spec, "
    "the process environment, config/config.yaml and --config"
)
_ACCOUNT = ("OPENAI_PROJECT", "OPENAI_PROJECT_ID", "OPENAI_ORG", "OPENAI_ORG_ID")


@dataclass(frozen=True, slots=True)
class Row:
    """One setting: its value (None if it is not set), the ``layer`` it comes from, and its ``place`` there."""

    setting: str
    value: Any
    layer: str
    place: str = ""

    @property
    def source(self) -> str:
        """The place if there is one, else the layer."""
        return self.place or self.layer


@command(app)
def show(slug: Slug, json: Json = False) -> None:
    """Print each setting of a film with the layer it comes from. Secrets are reported as set or not, never shown."""
    from vtx_app.project.load import load_film
    from vtx_app.project.notices import film_notices

    film = load_film(slug, only=())
    rows = list(setting_rows(film))
    if json:
        print_json([{"setting": r.setting, "value": r.value, "layer": r.layer, "from": r.source} for r in rows])
        return
    print_table(("setting", "value", "from"), [(row.setting, _value_text(row.value), row.source) for row in rows])
    print_line(_LAYERS)
    for notice in film_notices(film):
        print_line(notice)


def _value_text(value: Any) -> str:
    if value is None:
        return "not set"
    return str(value).lower() if isinstance(value, bool) else str(value)


def setting_rows(film: Film) -> Iterator[Row]:
    """Every setting of the film, its models, the writer and models of its story, and this machine's variables.

    Raises :class:`vtx_app.errors.VtxError` for an invalid value.
    """
    from vtx_app.formats.pipelines import MODEL_VARIABLES

    for name, setting in sorted(film.settings.values.items()):
        yield Row(name, setting.value, *_origin(film, setting))
    files = (film.folder / "project.env", _MODELS, _GLOBAL)
    models = [name for name in film.variables if name.startswith("LTX_") and name.endswith(("_PATH", "_ROOT"))]
    for name in [*MODEL_VARIABLES, *sorted(set(models) - set(MODEL_VARIABLES))]:
        yield _variable(name, files)
    for name, default in _RUN_DEFAULTS.items():
        row = _variable(name, files, default)
        if name == "LTX_QUANTIZATION" and row.layer == "built-in" and film.lock.models:
            row = Row(name, film.lock.quantization or default, "film.lock.yaml")
        yield row
    yield _variable("VTX_MAX_PARALLEL_JOBS", (_GLOBAL,), max_gpus())
    yield _variable("VTX_FAIL_FAST", (_GLOBAL,), not keep_going())
    yield from _story_rows(film)
    yield _variable("VTX_PROJECTS_ROOT", (_GLOBAL,), "projects")
    yield _variable("VTX_APP_HOME", (_GLOBAL,), ".vtx")


def _origin(film: Film, setting: Setting) -> tuple[str, str]:
    """The layer of a setting, and its place there."""
    from vtx_app.formats.check import location
    from vtx_app.project.settings import Layer, setting_location

    if setting.layer == Layer.BUILT_IN:
        return setting.file, setting.source
    if setting.layer == Layer.CONFIG and "VTX_CONFIG" not in os.environ:
        return "config/config.yaml", location(Path("config/config.yaml"), setting.key)
    return setting.file, setting_location(film.folder, setting)


def _variable(name: str, files: tuple[Path, ...], default: Any = None) -> Row:
    """A variable from the process environment, else from the first of ``files`` that sets it, else ``default``."""
    from vtx_app.files import display_path
    from vtx_app.project.env_files import read_env, variable_line

    if value := os.environ.get(name):
        return Row(name, value, "environment")
    for path in files:
        if value := read_env(path).get(name):
            layer = path.name if path.name == "project.env" else path.as_posix()
            return Row(name, value, layer, f"{display_path(path)}:{variable_line(path, name)}")
    return Row(name, default, "" if default is None else "built-in")


def _story_rows(film: Film) -> Iterator[Row]:
    """The writer of the story, its models and their server. Of secrets, only whether they are set."""
    from vtx_app.files import display_path
    from vtx_app.formats.check import location
    from vtx_app.project.env_files import read_env, variable_line
    from vtx_app.story.calls.tries import Retries
    from vtx_app.story.model_settings import (
        MAX_TOKENS,
        SECRETS,
        TIMEOUT,
        VARIABLE,
        answer_timeout,
        max_tokens,
        story_model,
    )
    from vtx_app.story.stage import STAGES
    from vtx_app.story.story_files import StoryFiles

    files, metadata, own = StoryFiles(film.slug), film.folder / "metadata.yaml", film.folder / "project.env"
    if film.metadata.story.writer:
        yield Row("story writer", files.writer, "metadata.yaml", location(metadata, "story", "writer"))
    else:
        reason = f"built-in (there is {files.screenplay_file})" if files.screenplay_file else ""
        yield Row("story writer", files.writer, "built-in", reason)
    for stage in STAGES:
        model = story_model(stage, film.folder, film.metadata)
        yield Row(f"story model, {stage}", model, *_story_origin(film, stage, VARIABLE, "model"))
    for stage in STAGES:
        if (tokens := max_tokens(stage, film.folder, film.metadata)) is not None:
            yield Row(f"story max tokens, {stage}", tokens, *_story_origin(film, stage, MAX_TOKENS, "max_tokens"))
    seconds = answer_timeout(film.folder, Retries().timeout)
    yield Row(TIMEOUT, seconds, *_story_origin(film, "", TIMEOUT, ""))
    server = _variable("OPENAI_BASE_URL", (_GLOBAL,))
    host = (host_of(server.value) or "no address of a server") if server.value else "api.openai.com"
    yield Row(server.setting, host, server.layer or "built-in", server.place)
    yield from (row for name in _ACCOUNT if (row := _variable(name, (_GLOBAL,))).value)
    for name in SECRETS:
        row = _variable(name, (_GLOBAL,))
        if row.value is None and name in read_env(own):
            ignored = (
                f"{display_path(own)}:{variable_line(own, name)}: ignored, secrets don't belong in a film's folder"
            )
            yield Row(name, "not set", "project.env", ignored)
        else:
            yield Row(name, "set" if row.value else "not set", row.layer, row.place)


def _story_origin(film: Film, stage: str, name: str, key: str) -> tuple[str, str]:
    """The layer of what the variable ``name`` and ``story``'s ``key`` say about ``stage``, and its place there."""
    from vtx_app.formats.check import location

    metadata = film.folder / "metadata.yaml"
    for path in (None, film.folder / "project.env", metadata, _MODELS, _GLOBAL):
        if path == metadata:
            if key and getattr(film.metadata.story, key):
                return path.name, location(path, "story", key)
            continue
        for variable in (f"{name}_{stage.upper()}", name):
            row = _variable(variable, () if path is None else (path,))
            if row.value:
                return row.layer, f"{row.source}: {variable}"
    return "built-in", ""


def host_of(url: str) -> str | None:
    """Host and port in a URL, without the parts that may hold a secret; None if it names no host."""
    try:
        parts = urlsplit(url)
        return f"{parts.hostname}:{parts.port}" if parts.hostname and parts.port else parts.hostname
    except ValueError:
        return None
