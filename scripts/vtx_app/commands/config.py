"""``vtx config show``: every setting of a film, and the file and line that said it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import typer

from vtx_app.commands.build import at_snakefile, gpus, keeps_going
from vtx_app.commands.options import Json, Slug
from vtx_app.commands.showing import as_json, say, table, telling

if TYPE_CHECKING:
    from vtx_app.project.film import Film
    from vtx_app.project.settings import Setting

__all__ = ["Row", "app", "host_of", "rows_of"]

app = typer.Typer(help="Settings, and where they come from.", no_args_is_help=True)

_RUN_DEFAULTS = {
    "LTX_OFFLOAD": "what the card has room for",
    "LTX_QUANTIZATION": "none",
    "VTX_RUNNER": "worker",
    "VTX_WORKER_IDLE_SECONDS": "120",
}
_GLOBAL, _MODELS = Path("config/global.env"), Path("config/models.env")
_LAYERS = (
    "later wins: built-in, config/global.env, config/models.env, metadata.yaml, project.env, the clip's spec, "
    "the process environment, config/config.yaml and --config"
)


@dataclass(frozen=True, slots=True)
class Row:
    """One setting: its value, the ``layer`` that it comes from, and where in that layer it is said."""

    setting: str
    value: Any
    layer: str
    said: str = ""

    @property
    def source(self) -> str:
        """Layer and place in a few words."""
        return self.said or self.layer


@app.callback()
def _group() -> None:
    """Settings, and where they come from."""


@app.command()
def show(slug: Slug, json: Json = False) -> None:
    """Print each setting of a film with the layer it comes from. Secrets are said to be set or not, never shown."""
    with telling():
        from vtx_app.project.load import load_film

        at_snakefile()
        rows = list(rows_of(load_film(slug, only=())))
        if json:
            as_json([{"setting": r.setting, "value": r.value, "layer": r.layer, "from": r.source} for r in rows])
            return
        table(("setting", "value", "from"), [(row.setting, _shown(row.value), row.source) for row in rows])
        say(_LAYERS)


def _shown(value: Any) -> str:
    if value is None:
        return "not set"
    return str(value).lower() if isinstance(value, bool) else str(value)


def rows_of(film: Film) -> Iterator[Row]:
    """Every setting of the film, its models, its story's writer and models, and this machine's variables.

    A value is None where nothing says one. Raises :class:`vtx_app.errors.VtxError` for a value that can't be.
    """
    from vtx_app.formats.pipelines import MODEL_VARIABLES

    for name, setting in sorted(film.settings.values.items()):
        yield Row(name, setting.value, *_said(film, name, setting))
    files = (film.folder / "project.env", _MODELS, _GLOBAL)
    models = [name for name in film.variables if name.startswith("LTX_") and name.endswith(("_PATH", "_ROOT"))]
    for name in [*MODEL_VARIABLES, *sorted(set(models) - set(MODEL_VARIABLES))]:
        yield _variable(name, files)
    for name, default in _RUN_DEFAULTS.items():
        row = _variable(name, files, default)
        if name == "LTX_QUANTIZATION" and row.layer == "built-in" and film.lock.models:
            row = Row(name, film.lock.quantization or default, "film.lock.yaml")
        yield row
    yield _variable("VTX_MAX_PARALLEL_JOBS", (_GLOBAL,), gpus())
    yield _variable("VTX_FAIL_FAST", (_GLOBAL,), not keeps_going())
    yield from _story(film)
    yield _variable("VTX_PROJECTS_ROOT", (_GLOBAL,), "projects")
    yield _variable("VTX_APP_HOME", (_GLOBAL,), ".vtx")


def _said(film: Film, name: str, setting: Setting) -> tuple[str, str]:
    """The layer of a setting, and where in it the setting is said."""
    from vtx_app.formats.check import place
    from vtx_app.project.settings import said_at

    layer, by_aspect, _ = setting.source.partition(" (")
    key = "aspect" if by_aspect else name  # sizes that follow from the film's shape
    if layer == "environment":
        return layer, f"environment: {_spoken(key, setting.level)}"
    if layer == "--config" and "VTX_CONFIG" not in os.environ:
        return "config/config.yaml", place(Path("config/config.yaml"), "config/config.yaml", key)
    if layer in ("built-in", "--config"):
        return layer, setting.source
    return layer, said_at(film.folder, key, film.settings.values[key])


_SPOKEN = {"acts_enabled": "PRODUCE_IN_ACTS", "pipeline": "DEFAULT_PIPELINE"}
_ORDERS = 6
"""The level from which on a variable of the environment is an order for this run, and no default."""


def _spoken(key: str, level: int) -> str:
    """The variable of the process environment that says a setting."""
    ending = _SPOKEN.get(key, key.upper())
    starts = ("PROJECT_",) if level >= _ORDERS else ("LTX_DEFAULT_", "VTX_")
    return next((name for start in starts if os.environ.get(name := start + ending)), ending)


def _variable(name: str, files: tuple[Path, ...], default: Any = None) -> Row:
    """A variable as the process environment says it, else the first of ``files``, else its ``default``."""
    from vtx_app.project.env_files import read_env, variable_line
    from vtx_app.project.paths import shown

    if value := os.environ.get(name):
        return Row(name, value, "environment")
    for path in files:
        if value := read_env(path).get(name):
            layer = path.name if path.name == "project.env" else path.as_posix()
            return Row(name, value, layer, f"{shown(path)}:{variable_line(path, name)}")
    return Row(name, default, "" if default is None else "built-in")


def _story(film: Film) -> Iterator[Row]:
    """Who writes the story, with which models, at which server; of keys only whether there is one."""
    from vtx_app.formats.check import place
    from vtx_app.project.env_files import read_env, variable_line
    from vtx_app.project.paths import shown
    from vtx_app.story.model_settings import SECRETS, story_model
    from vtx_app.story.stage import STAGES
    from vtx_app.story.story_files import StoryFiles

    sources, metadata, own = StoryFiles(film.slug), film.folder / "metadata.yaml", film.folder / "project.env"
    if film.metadata.story.writer:
        yield Row("story writer", sources.writer, "metadata.yaml", place(metadata, shown(metadata), "story", "writer"))
    else:
        there = f"built-in (there is {sources.screenplay_file})" if sources.screenplay_file else ""
        yield Row("story writer", sources.writer, "built-in", there)
    for stage in STAGES:
        yield Row(f"story model, {stage}", story_model(stage, film.folder, film.metadata), *_model_said(film, stage))
    server = _variable("OPENAI_BASE_URL", (_GLOBAL,))
    host = (host_of(server.value) or "no address of a server") if server.value else "api.openai.com"
    yield Row(server.setting, host, server.layer or "built-in", server.said)
    yield from (row for name in _ACCOUNT if (row := _variable(name, (_GLOBAL,))).value)
    for name in SECRETS:
        row = _variable(name, (_GLOBAL,))
        if row.value is None and name in read_env(own):
            told = f"{shown(own)}:{variable_line(own, name)}: not read there, it is no place for a secret"
            yield Row(name, "not set", "project.env", told)
        else:
            yield Row(name, "set" if row.value else "not set", row.layer, row.said)


_ACCOUNT = ("OPENAI_PROJECT", "OPENAI_PROJECT_ID", "OPENAI_ORG", "OPENAI_ORG_ID")


def _model_said(film: Film, stage: str) -> tuple[str, str]:
    """The layer of the model that writes ``stage``, and where in it the model is said."""
    from vtx_app.formats.check import place
    from vtx_app.project.paths import shown
    from vtx_app.story.model_settings import VARIABLE

    metadata = film.folder / "metadata.yaml"
    for path in (None, film.folder / "project.env", metadata, _MODELS, _GLOBAL):
        if path == metadata:
            if film.metadata.story.model:
                return path.name, place(path, shown(path), "story", "model")
            continue
        for variable in (f"{VARIABLE}_{stage.upper()}", VARIABLE):
            row = _variable(variable, () if path is None else (path,))
            if row.value:
                return row.layer, f"{row.source}: {variable}"
    return "built-in", ""


def host_of(url: str) -> str | None:
    """The server that an address names, without what may be a secret in it; None where it names none."""
    try:
        parts = urlsplit(url)
        return f"{parts.hostname}:{parts.port}" if parts.hostname and parts.port else parts.hostname
    except ValueError:
        return None
