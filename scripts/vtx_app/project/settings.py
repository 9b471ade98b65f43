"""Production settings and the layers they come from.

The ``LTX_DEFAULT_*`` and ``VTX_*`` variables are defaults wherever they are set, so in the process environment they
rank below metadata.yaml. ``PROJECT_*`` in the process environment is meant for this run and wins over the files.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import IntEnum
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from vtx_app.errors import SpecError
from vtx_app.files import display_path
from vtx_app.formats.app_config import OF_THE_RUN, AppConfig
from vtx_app.formats.base import Name
from vtx_app.formats.check import did_you_mean, fault_messages, fault_text, load_format, location
from vtx_app.formats.metadata import MAX_SECONDS, Metadata, Seconds
from vtx_app.project.env_files import read_env, variable_line
from vtx_app.project.metadata_settings import metadata_settings

__all__ = [
    "Layer",
    "Setting",
    "Settings",
    "all_variables",
    "app_config",
    "film_settings",
    "job_variables",
    "setting_location",
]

GLOBAL_ENV, MODELS_ENV, PROJECT_ENV = Path("config/global.env"), Path("config/models.env"), "project.env"

_BUILT_IN: dict[str, Any] = {
    "fps": 16.0,
    "aspect": "16:9",
    "max_seconds": MAX_SECONDS,
    "pipeline": "ti2vid_two_stages",
    "acts_enabled": True,
    "renderer": "ltx",
    "negative": "extend",
    "handles.head": 0,
    "handles.tail": 0,
}
_SIZES = {"16:9": (1536, 864), "2.39:1": (1920, 800)}
_WIDTH = 1536

_DEFAULTS = {
    "LTX_DEFAULT_WIDTH": "width",
    "LTX_DEFAULT_HEIGHT": "height",
    "LTX_DEFAULT_FPS": "fps",
    "LTX_DEFAULT_ASPECT": "aspect",
    "LTX_DEFAULT_MAX_SECONDS": "max_seconds",
    "VTX_DEFAULT_PIPELINE": "pipeline",
    "VTX_PRODUCE_IN_ACTS": "acts_enabled",
}
_PROJECT = {
    "PROJECT_TITLE": "title",
    "PROJECT_WIDTH": "width",
    "PROJECT_HEIGHT": "height",
    "PROJECT_FPS": "fps",
    "PROJECT_ASPECT": "aspect",
    "PROJECT_STYLE_PROFILE": "style_profile",
    "PROJECT_PRODUCE_IN_ACTS": "acts_enabled",
}
_THIS_PROCESS_ONLY = ("VTX_BUILD", "VTX_CONFIG", "VTX_SIGN_PASSWORD")
_FLAGS = dict.fromkeys(("true", "1", "yes", "on"), True) | dict.fromkeys(("false", "0", "no", "off"), False)


class Layer(IntEnum):
    """Where a setting can be written, in order of precedence: a later layer wins."""

    BUILT_IN = 0
    GLOBAL_ENV = 1
    MODELS_ENV = 2
    ENVIRONMENT_DEFAULTS = 3
    METADATA = 4
    PROJECT_ENV = 5
    CLIP_SPEC = 6
    ENVIRONMENT = 7
    CONFIG = 8


_LAYER_FILES = (
    *("built-in", "config/global.env", "config/models.env", "environment", "metadata.yaml", PROJECT_ENV),
    *("the clip's spec", "environment", "config/config.yaml or --config"),
)


@dataclass(frozen=True, slots=True)
class Setting:
    """A value, the layer it comes from, and the ``key`` that it has there: ``fps``, ``PROJECT_FPS``. ``aspect``: the
    shape of the film, for a side that follows from it."""

    value: Any
    layer: Layer
    key: str
    aspect: str = ""

    @property
    def file(self) -> str:
        """The file of the layer, or its name: ``metadata.yaml``, ``environment``."""
        return _LAYER_FILES[self.layer]

    @property
    def source(self) -> str:
        """The layer, for messages."""
        return f"{self.file} (aspect {self.aspect})" if self.aspect else self.file


@dataclass(frozen=True, slots=True)
class Settings:
    """The film's settings. Sizes in pixels, ``fps`` in frames per second, ``max_seconds`` in seconds."""

    values: Mapping[str, Setting]

    def __getitem__(self, name: str) -> Any:
        return self.values[name].value

    def get(self, name: str) -> Any:
        """The film's value of ``name``, None if no layer gives one."""
        return self.values[name].value if name in self.values else None

    def overrides_clips(self, name: str) -> bool:
        """Whether the film's value of ``name`` wins over the specs of its clips."""
        return name in self.values and self.values[name].layer > Layer.CLIP_SPEC

    def of_clip(self, name: str, written: Any) -> Any:
        """The value of ``name`` for a clip whose spec has ``written`` (None if it has none)."""
        return self.get(name) if written is None or self.overrides_clips(name) else written


def app_config() -> AppConfig:
    """``config/config.yaml`` with the changes of ``--config`` (which jobs get in ``VTX_CONFIG``).

    Raises :class:`SpecError`.
    """
    changed = os.environ.get("VTX_CONFIG")
    if changed is None:
        return load_format(Path("config/config.yaml"), AppConfig)
    try:
        return AppConfig.model_validate(json.loads(changed))
    except ValidationError as error:
        raise SpecError(fault_messages(error, AppConfig, "--config or config/config.yaml", {})) from None


def all_variables(folder: Path | None = None) -> dict[str, str]:
    """The variables that name models and folders: those of the files, then the process environment, which wins."""
    files = [GLOBAL_ENV, MODELS_ENV, *([folder / PROJECT_ENV] if folder else [])]
    found: dict[str, str] = {}
    for file in files:
        found |= read_env(file)
    return found | dict(os.environ)


def job_variables(environment: Mapping[str, str]) -> list[str]:
    """The variables of a process ``environment`` that a build's jobs must have wherever they run.

    A batch system may start jobs without any. Keys of services are not included: they would be written down.
    """
    ours = re.compile(r"(VTX|LTX)_[A-Z0-9_]+")
    return sorted(
        name for name in environment if name not in _THIS_PROCESS_ONLY and (ours.fullmatch(name) or name in _PROJECT)
    )


def film_settings(folder: Path, metadata: Metadata, config: AppConfig) -> Settings:
    """The settings of the film in ``folder``. Raises :class:`SpecError` for a value that is not valid."""
    every = _DEFAULTS | _PROJECT
    _check_project_variables(folder / PROJECT_ENV)
    layers = {
        Layer.BUILT_IN: [(name, name, value) for name, value in _BUILT_IN.items()],
        Layer.GLOBAL_ENV: _variables(GLOBAL_ENV, every),
        Layer.MODELS_ENV: _variables(MODELS_ENV, every),
        Layer.ENVIRONMENT_DEFAULTS: _variables(None, _DEFAULTS),
        Layer.METADATA: metadata_settings(metadata, folder),
        Layer.PROJECT_ENV: _variables(folder / PROJECT_ENV, every),
        Layer.ENVIRONMENT: _variables(None, _PROJECT),
        Layer.CONFIG: [(name, name, value) for name, value in config if name not in OF_THE_RUN],
    }
    values = {
        name: Setting(value, layer, key)
        for layer, given in layers.items()
        for name, key, value in given
        if value is not None
    }
    return Settings(_sized_by_aspect(values, folder))


def _variables(file: Path | None, names: Mapping[str, str]) -> Iterator[tuple[str, str, Any]]:
    """Setting, variable and value of the variables in ``file``, or in the process environment."""
    given = read_env(file) if file else os.environ
    for variable, name in names.items():
        if text := given.get(variable):
            yield name, variable, _typed(name, text, variable, file)


def _typed(name: str, text: str, variable: str, file: Path | None) -> Any:
    """The value of an environment variable in the type of its setting."""
    value: Any = text.strip()
    if name in ("width", "height", "fps", "max_seconds") and re.fullmatch(r"[0-9]{1,9}(\.[0-9]{1,9})?", value):
        value = float(value)
    elif name == "acts_enabled":
        value = _FLAGS.get(value.lower(), value)
    try:
        return _adapter(name).validate_python(value, strict=True)
    except ValidationError as error:
        source = f"{file}:{variable_line(file, variable)}" if file else "environment"
        raise SpecError([f"{source}: {variable}: {fault_text(error.errors()[0], text)}"]) from None


@cache
def _adapter(name: str) -> TypeAdapter[Any]:
    kinds: dict[str, Any] = {"title": Name, "max_seconds": Seconds}
    field = AppConfig.model_fields.get(name)
    return TypeAdapter(kinds.get(name, field.rebuild_annotation() if field else str))


def _check_project_variables(file: Path) -> None:
    """Raise :class:`SpecError` for an unknown variable in project.env that starts with ``PROJECT_``, a VTX prefix."""
    for name in read_env(file):
        if name.startswith("PROJECT_") and name not in _PROJECT:
            raise SpecError(
                [f"{file}:{variable_line(file, name)}: {name}: unknown variable{did_you_mean(name, _PROJECT)}"]
            )


def setting_location(folder: Path, setting: Setting) -> str:
    """Where the setting of the film in ``folder`` is written, for messages: file, line and key."""
    if setting.layer == Layer.METADATA:
        return location(folder / setting.file, *setting.key.split("."))
    if setting.file.endswith(".env"):
        path = folder / setting.file if setting.layer == Layer.PROJECT_ENV else Path(setting.file)
        return f"{display_path(path)}:{variable_line(path, setting.key)}: {setting.key}"
    return f"{setting.file}: {setting.key}"


def _ratio(aspect: str) -> Fraction:
    wide, _, high = aspect.partition(":")
    return Fraction(wide) / Fraction(high)


def _sized_by_aspect(values: dict[str, Setting], folder: Path) -> dict[str, Setting]:
    """The settings, with the film's size following from its aspect if no size is written in the same or a later layer.

    Raises :class:`SpecError` for an aspect and a size of one layer that disagree.
    """
    aspect = values["aspect"]
    if Fraction(aspect.value.rpartition(":")[2]) == 0 or not Fraction(1, 4) <= _ratio(aspect.value) <= 8:
        at = setting_location(folder, aspect)
        raise SpecError([f"{at}: {aspect.value!r}: expected a shape between 1:4 and 8:1"])
    ratio = _ratio(aspect.value)
    given = {side: values[side] for side in ("width", "height") if side in values}
    if len(given) == 2 and aspect.layer <= max(side.layer for side in given.values()):
        width, height = (side.value for side in given.values())
        same_layer = all(side.layer == aspect.layer for side in given.values())
        if same_layer and abs(Fraction(width, height) / ratio - 1) > Fraction(3, 100):
            at = setting_location(folder, aspect)
            raise SpecError(
                [f"{at}: {aspect.value} and {width}×{height} pixels disagree; change one, or leave aspect out"]
            )
        return values
    width, height = _SIZES.get(aspect.value, (_WIDTH, round(_WIDTH / ratio / 2) * 2))
    kept = {side: each for side, each in given.items() if len(given) == 1 and each.layer >= aspect.layer}
    if "width" in kept:
        width, height = kept["width"].value, round(kept["width"].value / ratio / 2) * 2
    elif "height" in kept:
        width, height = round(kept["height"].value * ratio / 2) * 2, kept["height"].value
    if not all(64 <= pixels <= 8192 for pixels in (width, height)):
        at = setting_location(folder, aspect)
        raise SpecError([f"{at}: {aspect.value!r} makes {width}×{height} pixels; each side must be 64 to 8192"])
    sides = {
        side: Setting(pixels, aspect.layer, aspect.key, aspect.value)
        for side, pixels in (("width", width), ("height", height))
    }
    return values | sides | kept
