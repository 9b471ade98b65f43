"""Which model writes a stage."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from vtx_app.errors import SpecError
from vtx_app.formats.metadata import Metadata
from vtx_app.project.env_files import read_env, variable_line

__all__ = ["DEFAULT_MODEL", "SECRETS", "story_model", "story_variables"]

DEFAULT_MODEL = "gpt-6.1-sol"
"""OpenAI's own replacement for gpt-5 (https://developers.openai.com/api/docs/deprecations, November 2026)."""

VARIABLE = "VTX_STORY_MODEL"
SECRETS = ("OPENAI_API_KEY", "OPENAI_ADMIN_KEY")
_KNOWN = ("OPENAI_BASE_URL", "OPENAI_PROJECT", "OPENAI_PROJECT_ID", "OPENAI_ORG", "OPENAI_ORG_ID", *SECRETS)


def story_model(stage: str, folder: Path, metadata: Metadata) -> str:
    """The model for ``stage``: ``VTX_STORY_MODEL_<STAGE>`` before ``VTX_STORY_MODEL``, a later layer before an earlier.

    Layers: config/global.env < metadata.yaml < project.env < process environment.
    """

    def said(variables: Mapping[str, str]) -> str | None:
        return variables.get(f"{VARIABLE}_{stage.upper()}") or variables.get(VARIABLE) or None

    return (
        said(os.environ)
        or said(read_env(folder / "project.env"))
        or metadata.story.model
        or said(read_env(Path("config/models.env")))
        or said(read_env(Path("config/global.env")))
        or DEFAULT_MODEL
    )


def story_variables(folder: Path) -> dict[str, str]:
    """Key and address of the server: the process environment, else ``config/global.env``; never a film's own files.

    Raises :class:`SpecError` where a secret lies in the film's folder.
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
    given = read_env(Path("config/global.env")) | dict(os.environ)
    return {name: given[name] for name in _KNOWN if given.get(name)}
