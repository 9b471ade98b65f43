"""A film's own Python, as Snakemake's rules ask for it."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Any

from snakemake.io import ancient
from snakemake.settings.types import DeploymentMethod

from vtx_app.errors import SpecError
from vtx_app.formats.check import place
from vtx_app.formats.yaml_reader import read_yaml
from vtx_app.plan.asking import input_file
from vtx_app.project.environment import (
    environment_files,
    environment_record,
    film_python,
    has_environment,
    is_built,
)
from vtx_app.project.paths import inside, project_folder, shown

__all__ = ["CHECKOUT", "Environments", "conda_file"]

CHECKOUT = "VTX_CHECKOUT"
"""The variable that names the folder of the Snakefile: pip, which conda runs in another folder, finds VTX by it."""
_OWN = "env/environment.yaml"


def conda_file(folder: Path, by_conda: bool) -> Path | None:
    """The film's own conda environment file. Raises :class:`SpecError` where conda is to make it (``by_conda``), for
    one in which no take could be made."""
    path = inside(folder, _OWN)
    if not path.exists():
        return None
    if by_conda:
        _require_vtx(path)
    return path


def _require_vtx(path: Path) -> None:
    data = read_yaml(path, shown(path))
    listed = data.get("dependencies") if isinstance(data, dict) else None
    if not isinstance(listed, list):
        at = place(path, shown(path), "dependencies")
        raise SpecError([f"{at}: expected a list of what conda installs, as in envs/render.yaml"])
    if not re.search(r"vtx|-[er] ?/", str(listed), re.IGNORECASE):  # by its name, or perhaps in a folder of any name
        raise SpecError(
            [
                f"{place(path, shown(path), 'dependencies')}: VTX is not among them, and the film's takes and clips "
                "are made in this environment; add, as envs/render.yaml has it:\n"
                f'  - pip:\n      - -e "${{{CHECKOUT}}}"'
            ]
        )


class Environments:
    """What the rules ask of films' environments. ``workflow`` is Snakemake's."""

    def __init__(self, workflow: Any) -> None:
        self.workflow = workflow
        self.by_conda = DeploymentMethod.CONDA in workflow.deployment_settings.deployment_method
        self.build_python = "python" if self.by_conda else sys.executable  # of jobs that are of no film's own
        self._built: dict[str, bool | None] = {}
        self._pythons: dict[str, str] = {}
        self._condas: dict[str, str] = {}

    def _is_built(self, slug: str) -> bool | None:
        """Whether the film's environment is current; None for a film that asks for none, or has conda make its own
        (``env/environment.yaml`` and ``--sdm conda``). Looked up once a run."""
        if slug not in self._built:
            folder = project_folder(slug)
            own = has_environment(folder) and not (self.by_conda and conda_file(folder, True))
            self._built[slug] = is_built(folder, slug) if own else None
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
            self._pythons[slug] = self.build_python if self._is_built(slug) is None else own
        return self._pythons[slug]

    def conda(self, wildcards: Any) -> str:
        """The conda environment of a film's takes and clips: its own ``env/environment.yaml``, else VTX's."""
        slug = wildcards.project
        if slug not in self._condas:
            path = (
                conda_file(project_folder(slug), self.by_conda) or Path(self.workflow.basedir) / "envs" / "render.yaml"
            )
            self._condas[slug] = path.absolute().as_posix()
        return self._condas[slug]
