"""Production settings and the layers they come from; a later layer wins.

built-in < config/global.env < config/models.env < metadata.yaml < project.env < clip spec
< process environment < ``--config``. The ``LTX_DEFAULT_*`` and ``VTX_*`` variables are defaults
wherever they are said, so in the process environment they stand below metadata.yaml; ``PROJECT_*``
in the process environment is an order for this run and wins over the files.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from vtx_app.errors import SpecError
from vtx_app.formats.app_config import AppConfig
from vtx_app.formats.base import Name
from vtx_app.formats.check import load_format, messages, near, place, problem
from vtx_app.formats.clip_spec import Seconds
from vtx_app.formats.metadata import MAX_SECONDS, Metadata
from vtx_app.project.env_files import read_env, variable_line
from vtx_app.project.paths import shown

__all__ = ["Setting", "Settings", "app_config", "environment", "film_settings", "job_variables", "said_at"]

_BUILT_IN: dict[str, Any] = {
    "fps": 16.0,
    "aspect": "16:9",
    "max_seconds": MAX_SECONDS,
    "pipeline": "ti2vid_two_stages",
    "acts_enabled": True,
    "renderer": "ltx",
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
_IN_METADATA = {
    "width": ("default_resolution", "width"),
    "height": ("default_resolution", "height"),
    "pipeline": ("default_pipeline",),
}
_OF_A_PROCESS = ("VTX_BUILD", "VTX_CONFIG")
_FLAGS = dict.fromkeys(("true", "1", "yes", "on"), True) | dict.fromkeys(("false", "0", "no", "off"), False)


@dataclass(frozen=True, slots=True)
class Setting:
    """A value and the layer it came from."""

    value: Any
    source: str
    level: int


@dataclass(frozen=True, slots=True)
class Settings:
    """The film's settings. Sizes in pixels, ``fps`` in frames per second, ``max_seconds`` in seconds."""

    values: Mapping[str, Setting]
    overrides: Mapping[str, Setting]

    def __getitem__(self, key: str) -> Any:
        return self.values[key].value

    def get(self, key: str) -> Any:
        """The film's value of ``key``, None where no layer gives one."""
        return self.values[key].value if key in self.values else None

    def origin(self, key: str) -> tuple[str, str]:
        """The file or layer that gives the setting ``key``, and what it is called there."""
        source, by_aspect, _ = (self.values[key].source if key in self.values else "built-in").partition(" (")
        if by_aspect:
            return source, "aspect"
        if source == "--config":
            return "config/config.yaml or --config", key
        return source, _IN_METADATA.get(key, (key,))[0] if source == "metadata.yaml" else key

    def of_clip(self, key: str, written: Any) -> Any:
        """The value of ``key`` for a clip whose spec says ``written`` (None where it says nothing)."""
        if key in self.overrides:
            return self.overrides[key].value
        return written if written is not None else self.get(key)


def app_config() -> AppConfig:
    """``config/config.yaml`` with what ``--config`` changed in it (handed to jobs in ``VTX_CONFIG``).

    Raises :class:`SpecError`.
    """
    handed = os.environ.get("VTX_CONFIG")
    if handed is None:
        return load_format(Path("config/config.yaml"), AppConfig, "config/config.yaml")
    try:
        return AppConfig.model_validate(json.loads(handed))
    except ValidationError as error:
        raise SpecError(messages(error, AppConfig, "--config or config/config.yaml", {})) from None


def environment(folder: Path | None = None) -> dict[str, str]:
    """The variables that name models and places: files first, then the process environment, which wins."""
    files = [Path("config/global.env"), Path("config/models.env"), *([folder / "project.env"] if folder else [])]
    found: dict[str, str] = {}
    for file in files:
        found |= read_env(file)
    return found | dict(os.environ)


def job_variables(given: Mapping[str, str]) -> list[str]:
    """The variables of ``given``, a process environment, that a build's jobs must see wherever they run.

    A batch system may start them with none of it. Keys of services are not among them: they would be written down.
    """
    ours = re.compile(r"(VTX|LTX)_[A-Z0-9_]+")
    return sorted(name for name in given if name not in _OF_A_PROCESS and (ours.fullmatch(name) or name in _PROJECT))


_TYPES: dict[str, TypeAdapter[Any]] = {}


def _adapter(key: str) -> TypeAdapter[Any]:
    if key not in _TYPES:
        kinds: dict[str, Any] = {"title": Name, "max_seconds": Seconds}
        field = AppConfig.model_fields.get(key)
        kind = kinds.get(key, field.rebuild_annotation() if field else str)
        _TYPES[key] = TypeAdapter(kind)
    return _TYPES[key]


def _typed(key: str, text: str, variable: str, file: Path | None) -> Any:
    """The value of an environment variable in the type of the setting it is for."""
    source = f"{file}:{variable_line(file, variable)}" if file else "environment"
    value: Any = text.strip()
    if key in ("width", "height", "fps", "max_seconds") and re.fullmatch(r"[0-9]{1,9}(\.[0-9]{1,9})?", value):
        value = float(value)
    elif key == "acts_enabled":
        value = _FLAGS.get(value.lower(), value)
    try:
        return _adapter(key).validate_python(value, strict=True)
    except ValidationError as error:
        raise SpecError([f"{source}: {variable}: {problem(error.errors()[0], text)}"]) from None


def said_at(folder: Path, key: str, setting: Setting) -> str:
    """Where the setting ``key`` was said, as messages show it: file, line and key or variable."""
    if setting.source == "metadata.yaml":
        path = folder / setting.source
        return place(path, shown(path), *_IN_METADATA.get(key, (key,)))
    if setting.source.endswith(".env"):
        path = folder / setting.source if setting.source == "project.env" else Path(setting.source)
        variables = read_env(path)
        variable = [name for name, its in (_DEFAULTS | _PROJECT).items() if its == key and name in variables][-1]
        return f"{shown(path)}:{variable_line(path, variable)}: {variable}"
    return f"{setting.source}: {key}"


def _known_variables(file: Path) -> None:
    """Raises :class:`SpecError` for a variable of project.env that is none: ``PROJECT_`` is VTX's own."""
    for name in read_env(file):
        if name.startswith("PROJECT_") and name not in _PROJECT:
            raise SpecError([f"{file}:{variable_line(file, name)}: {name}: unknown variable{near(name, _PROJECT)}"])


def film_settings(folder: Path, metadata: Metadata, config: AppConfig) -> Settings:
    """The settings of the film in ``folder``. Raises :class:`SpecError` for a value that can't be."""
    values: dict[str, Setting] = {}
    overrides: dict[str, Setting] = {}

    def add(found: Mapping[str, Any], source: str, level: int, into: Callable[[str, Setting], None]) -> None:
        for key, value in found.items():
            if value is not None:
                into(key, Setting(value, source, level))

    def variables(file: Path | None, names: Mapping[str, str]) -> dict[str, Any]:
        given: Mapping[str, str] = read_env(file) if file else os.environ
        return {key: _typed(key, given[name], name, file) for name, key in names.items() if given.get(name)}

    def override(key: str, setting: Setting) -> None:
        values[key] = overrides[key] = setting

    every = _DEFAULTS | _PROJECT
    _known_variables(folder / "project.env")
    add(_BUILT_IN, "built-in", 0, values.__setitem__)
    add(variables(Path("config/global.env"), every), "config/global.env", 1, values.__setitem__)
    add(variables(Path("config/models.env"), every), "config/models.env", 2, values.__setitem__)
    add(variables(None, _DEFAULTS), "environment", 3, values.__setitem__)
    add(_of_metadata(metadata), "metadata.yaml", 4, values.__setitem__)
    add(variables(folder / "project.env", every), "project.env", 5, values.__setitem__)
    add(variables(None, _PROJECT), "environment", 7, override)
    chosen = config.model_dump(exclude={"project"}, exclude_none=True)
    add(chosen, "--config", 8, override)
    _size_by_aspect(values, overrides, folder)
    return Settings(values, overrides)


def _of_metadata(metadata: Metadata) -> dict[str, Any]:
    size = metadata.default_resolution
    return {
        "title": metadata.title,
        "width": size.width if size else None,
        "height": size.height if size else None,
        "fps": metadata.fps,
        "aspect": metadata.aspect,
        "pipeline": metadata.default_pipeline,
        "style_profile": metadata.style_profile,
        "acts_enabled": metadata.acts_enabled,
        "renderer": metadata.renderer,
    }


def _ratio(aspect: str) -> Fraction:
    wide, _, high = aspect.partition(":")
    return Fraction(wide) / Fraction(high)


def _size_by_aspect(values: dict[str, Setting], overrides: dict[str, Setting], folder: Path) -> None:
    """Size the film by its aspect where that was said later than a size; refuse two that disagree."""
    aspect = values["aspect"]
    if Fraction(aspect.value.rpartition(":")[2]) == 0 or not Fraction(1, 4) <= _ratio(aspect.value) <= 8:
        at = said_at(folder, "aspect", aspect)
        raise SpecError([f"{at}: {aspect.value!r}: expected a shape between 1:4 and 8:1"])
    told = [values[key] for key in ("width", "height") if key in values]
    if len(told) < 2 or aspect.level > max(setting.level for setting in told):
        ratio = _ratio(aspect.value)
        width, height = _SIZES.get(aspect.value, (_WIDTH, round(_WIDTH / ratio / 2) * 2))
        if len(told) == 1 and told[0].level >= aspect.level:
            key = "width" if "width" in values else "height"
            width, height = (
                (told[0].value, round(told[0].value / ratio / 2) * 2)
                if key == "width"
                else (round(told[0].value * ratio / 2) * 2, told[0].value)
            )
        if not all(64 <= pixels <= 8192 for pixels in (width, height)):
            at = said_at(folder, "aspect", aspect)
            raise SpecError([f"{at}: {aspect.value!r} makes {width}×{height} pixels; each side must be 64 to 8192"])
        for key, pixels in (("width", width), ("height", height)):
            values[key] = Setting(pixels, f"{aspect.source} (aspect {aspect.value})", aspect.level)
            if aspect.level >= 7:
                overrides[key] = values[key]
        return
    shape = Fraction(values["width"].value, values["height"].value)
    same_layer = all(setting.level == aspect.level for setting in told)
    if same_layer and abs(shape / _ratio(aspect.value) - 1) > Fraction(3, 100):
        raise SpecError(
            [
                f"{said_at(folder, 'aspect', aspect)}: {aspect.value} and "
                f"{values['width'].value}×{values['height'].value} pixels disagree; change one, or leave aspect out"
            ]
        )
