"""A film's own Python, as Snakemake's rules ask for it."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from snakemake.io import ancient

from vtx_app.plan.asking import input_file
from vtx_app.project.environment import (
    environment_files,
    environment_record,
    film_python,
    has_environment,
    is_built,
)
from vtx_app.project.paths import inside, project_folder

__all__ = ["Environments"]

_OWN = "env/environment.yaml"


class Environments:
    """What the rules ask of films' environments. ``workflow`` is Snakemake's."""

    def __init__(self, workflow: Any) -> None:
        self.workflow = workflow
        self._built: dict[str, bool | None] = {}
        self._pythons: dict[str, str] = {}
        self._condas: dict[str, str] = {}

    def _is_built(self, slug: str) -> bool | None:
        """Whether the film's environment is current; None for a film that asks for none. Looked up once a run."""
        if slug not in self._built:
            folder = project_folder(slug)
            self._built[slug] = is_built(folder, slug) if has_environment(folder) else None
        return self._built[slug]

    def needed(self, slug: str) -> list[Any]:
        """What a take or a clip that is to be made needs besides: the film's environment, where it has its own."""
        built = self._is_built(slug)
        return [] if built is None else [input_file(environment_record(slug), built)]

    def inputs(self, wildcards: Any) -> list[Any]:
        """The files that an environment is made from; it is forced where it is there and they say something else."""
        record = environment_record(wildcards.project)
        if not self._is_built(wildcards.project) and record.exists():
            self.workflow.dag.forcefiles.add(record.as_posix())
        return [ancient(path.as_posix()) for path in environment_files(project_folder(wildcards.project))]

    def python(self, wildcards: Any) -> str:
        """The Python in which a film's takes and clips are made."""
        slug = wildcards.project
        if slug not in self._pythons:
            own = film_python(project_folder(slug)).absolute().as_posix()
            self._pythons[slug] = sys.executable if self._is_built(slug) is None else own
        return self._pythons[slug]

    def conda(self, wildcards: Any) -> str:
        """The conda environment of a film's takes and clips: its own ``env/environment.yaml``, else VTX's."""
        slug = wildcards.project
        if slug not in self._condas:
            own = inside(project_folder(slug), _OWN)
            path = own if own.exists() else Path(self.workflow.basedir) / "envs" / "render.yaml"
            self._condas[slug] = path.absolute().as_posix()
        return self._condas[slug]
