"""Which language model writes a stage, how much it may write, and the address and key of its server."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path

from vtx_app.errors import SpecError
from vtx_app.formats.metadata import Metadata
from vtx_app.project.env_files import read_env, variable_line

__all__ = [
    "DEFAULT_MODEL",
    "MAX_TOKENS",
    "SECRETS",
    "TIMEOUT",
    "VARIABLE",
    "answer_timeout",
    "max_tokens",
    "server_variables",
    "story_model",
]

DEFAULT_MODEL = "gpt-6.1-sol"
"""OpenAI's own replacement for gpt-5 (https://developers.openai.com/api/docs/deprecations, November 2026)."""

VARIABLE = "VTX_STORY_MODEL"
MAX_TOKENS = "VTX_STORY_MAX_TOKENS"
TIMEOUT = "VTX_STORY_TIMEOUT"
SECRETS = ("OPENAI_API_KEY", "OPENAI_ADMIN_KEY")
_MODELS, _GLOBAL = Path("config/models.env"), Path("config/global.env")
_SERVER_VARIABLES = ("OPENAI_BASE_URL", "OPENAI_PROJECT", "OPENAI_PROJECT_ID", "OPENAI_ORG", "OPENAI_ORG_ID", *SECRETS)


def story_model(stage: str, folder: Path, metadata: Metadata) -> str:
    """The model for ``stage``: the last layer counts, and in it ``VTX_STORY_MODEL_<STAGE>`` before ``VTX_STORY_MODEL``.

    Layers: config/global.env < config/models.env < metadata.yaml < project.env < process environment.
    """
    return _setting(VARIABLE, stage, folder, metadata.story.model)[0] or DEFAULT_MODEL


def max_tokens(stage: str, folder: Path, metadata: Metadata) -> int | None:
    """The longest answer of a call of ``stage`` in tokens, in the layers of :func:`story_model`; None if none is set.

    It does not decide what an answer says, so it is not in a request's key. Raises :class:`SpecError`.
    """
    written = metadata.story.max_tokens
    value, place = _setting(MAX_TOKENS, stage, folder, None if written is None else str(written))
    return None if value is None else int(_positive(value, place, r"\d{1,9}", "a whole number of tokens, as in 16000"))


def answer_timeout(folder: Path, default: float) -> float:
    """Seconds by the clock for one try of a call. Raises :class:`SpecError`."""
    value, place = _setting(TIMEOUT, "", folder, None)
    if value is None:
        return default
    return _positive(value, place, r"\d{1,6}(\.\d{1,6})?", "seconds for one answer, as in 1200")


def _positive(value: str, place: str, pattern: str, expected: str) -> float:
    if not re.fullmatch(pattern, value) or not float(value):
        raise SpecError([f"{place}: {value!r:.40}: expected {expected}"])
    return float(value)


def _setting(name: str, stage: str, folder: Path, written: str | None) -> tuple[str | None, str]:
    """A variable's value for ``stage``, and its place for messages; ``written`` is what metadata.yaml says."""
    variables: Mapping[str, str]
    for path in (None, folder / "project.env", folder / "metadata.yaml", _MODELS, _GLOBAL):
        if path == folder / "metadata.yaml":
            if written:
                return written, str(path)
            continue
        variables = os.environ if path is None else read_env(path)
        for variable in (f"{name}_{stage.upper()}", name):
            if variables.get(variable):
                place = variable if path is None else f"{path}:{variable_line(path, variable)}: {variable}"
                return variables[variable], place
    return None, ""


def server_variables(folder: Path) -> dict[str, str]:
    """Key and address of the server, from the process environment, else ``config/global.env``.

    Raises :class:`SpecError` if a secret is in the film's own folder.
    """
    path = folder / "project.env"
    for name in read_env(path):
        if name in SECRETS:
            raise SpecError(
                [
                    f"{path}:{variable_line(path, name)}: {name}: a secret does not belong in a film's folder; put it "
                    "into the environment or config/global.env"
                ]
            )
    variables = read_env(_GLOBAL) | dict(os.environ)
    return {name: variables[name] for name in _SERVER_VARIABLES if variables.get(name)}
