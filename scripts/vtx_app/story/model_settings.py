"""Which language model writes a stage, and the address and key of its server."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from vtx_app.errors import SpecError
from vtx_app.formats.metadata import Metadata
from vtx_app.project.env_files import read_env, variable_line

__all__ = ["DEFAULT_MODEL", "SECRETS", "VARIABLE", "server_variables", "story_model"]

DEFAULT_MODEL = "gpt-6.1-sol"
"""OpenAI's own replacement for gpt-5 (https://developers.openai.com/api/docs/deprecations, November 2026)."""

VARIABLE = "VTX_STORY_MODEL"
SECRETS = ("OPENAI_API_KEY", "OPENAI_ADMIN_KEY")
_SERVER_VARIABLES = ("OPENAI_BASE_URL", "OPENAI_PROJECT", "OPENAI_PROJECT_ID", "OPENAI_ORG", "OPENAI_ORG_ID", *SECRETS)


def story_model(stage: str, folder: Path, metadata: Metadata) -> str:
    """The model for ``stage``: the last layer counts, and in it ``VTX_STORY_MODEL_<STAGE>`` before ``VTX_STORY_MODEL``.

    Layers: config/global.env < config/models.env < metadata.yaml < project.env < process environment.
    """

    def value(variables: Mapping[str, str]) -> str | None:
        return variables.get(f"{VARIABLE}_{stage.upper()}") or variables.get(VARIABLE) or None

    return (
        value(os.environ)
        or value(read_env(folder / "project.env"))
        or metadata.story.model
        or value(read_env(Path("config/models.env")))
        or value(read_env(Path("config/global.env")))
        or DEFAULT_MODEL
    )


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
    variables = read_env(Path("config/global.env")) | dict(os.environ)
    return {name: variables[name] for name in _SERVER_VARIABLES if variables.get(name)}
