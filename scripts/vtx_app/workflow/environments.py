"""The functions of ``rules/project.smk``: a film's own Python."""

from __future__ import annotations

import re
import sys
from functools import cache
from pathlib import Path
from typing import Any

from vtx_app.errors import SpecError
from vtx_app.formats.check import location
from vtx_app.formats.yaml_reader import read_yaml
from vtx_app.project.environment import (
    environment_record,
    film_python,
    has_environment,
    is_built,
)
from vtx_app.project.paths import project_folder, resolve_inside
from vtx_app.workflow.build import Build
from vtx_app.workflow.input_function import Rules, input_function

__all__ = ["CHECKOUT", "EnvironmentRules", "Environments", "conda_file"]

CHECKOUT = "VTX_CHECKOUT"
"""The variable with the folder of the Snakefile. Conda runs pip in another folder, so pip finds VTX by it."""
_OWN = "env/environment.yaml"


def conda_file(folder: Path, uses_conda: bool) -> Path | None:
    """The film's own conda environment file, or None.

    Raises :class:`SpecError` for one without VTX, in which no take could be rendered, if conda will use it.
    """
    path = resolve_inside(folder, _OWN)
    if not path.exists():
        return None
    if uses_conda:
        _require_vtx(path)
    return path


def _require_vtx(path: Path) -> None:
    data = read_yaml(path)
    listed = data.get("dependencies") if isinstance(data, dict) else None
    if not isinstance(listed, list):
        at = location(path, "dependencies")
        raise SpecError([f"{at}: expected a list of what conda installs, as in envs/render.yaml"])
    if not re.search(r"vtx|-[er] ?/", str(listed), re.IGNORECASE):  # by name, or perhaps from a folder with any name
        raise SpecError(
            [
                f"{location(path, 'dependencies')}: VTX is missing, but the film's takes and clips "
                "are made in this environment; add it as envs/render.yaml does:\n"
                f'  - pip:\n      - -e "${{{CHECKOUT}}}"'
            ]
        )


class Environments:
    """The Pythons of the films in a build, looked up once each."""

    def __init__(self, build: Build) -> None:
        self.uses_conda = build.snakemake.uses_conda
        self.checkout = build.snakemake.checkout
        self.build_python = "python" if self.uses_conda else sys.executable  # of jobs that need no film's own
        self.is_built, self.python, self.conda = cache(self._is_built), cache(self._python), cache(self._conda)

    def _is_built(self, slug: str) -> bool | None:
        """Whether the film's environment is current.

        None for a film that needs none, or leaves it to conda (``env/environment.yaml`` and ``--sdm conda``).
        """
        folder = project_folder(slug)
        own = has_environment(folder) and not (self.uses_conda and conda_file(folder, True))
        return is_built(folder, slug) if own else None

    def missing(self, slug: str) -> list[str]:
        """The record of the film's environment, if this build has to make it: an input of takes and clips."""
        return [environment_record(slug).as_posix()] if self.is_built(slug) is False else []

    def _python(self, slug: str) -> str:
        """The Python in which a film's takes and clips are made."""
        own = film_python(project_folder(slug)).absolute().as_posix()
        return self.build_python if self.is_built(slug) is None else own

    @property
    def vtx_conda(self) -> str:
        """The conda environment of VTX."""
        return (self.checkout / "envs" / "render.yaml").absolute().as_posix()

    def _conda(self, slug: str) -> str:
        """The conda environment of a film's takes and clips: its own ``env/environment.yaml``, else VTX's."""
        path = conda_file(project_folder(slug), self.uses_conda)
        return path.absolute().as_posix() if path else self.vtx_conda


class EnvironmentRules(Rules):
    """The input function of the rule ``environment``."""

    def __init__(self, build: Build, environments: Environments) -> None:
        super().__init__(build)
        self.environments = environments

    @input_function
    def environment_inputs(self, wildcards: Any) -> list[str]:
        """No files, since no rule makes those of ``env/``. A stale environment is forced."""
        record = environment_record(wildcards.project)
        if not self.environments.is_built(wildcards.project) and record.exists():
            self.build.snakemake.force(record)
        return []
