"""What a person did or must do, told apart from defects of VTX itself.

::

    VtxError                     one clear message, exit code 1, no traceback
    ├── SpecError                a film's own text files: file, line, key, value, what was expected
    ├── ProjectError             the film as a whole: missing folder, unknown slug, a path that climbs out
    ├── ModelError               a model is missing, or is not the one the film is locked to
    ├── RenderError              a renderer could not make a take
    ├── CutError                 conform or join could not make a clip, an act or the final
    ├── StoryError               a model or a converter could not write a file of the story
    ├── RegistryError            the index of all films can't be read or written
    └── PlanMovedError           a file changed between planning and the job; run the build again

Anything else that is raised is a defect and keeps its traceback.
"""

from __future__ import annotations

__all__ = [
    "CutError",
    "ModelError",
    "PlanMovedError",
    "ProjectError",
    "RegistryError",
    "RenderError",
    "SpecError",
    "StoryError",
    "VtxError",
]


class VtxError(Exception):
    """A message for the person who must act. Exit code 1, printed without a traceback."""


class SpecError(VtxError):
    """One or more faults in a film's text files, each a line ``file:line: key: what is wrong``."""

    def __init__(self, problems: list[str]) -> None:
        self.problems = problems
        super().__init__("\n".join(problems))


class ProjectError(VtxError):
    """The film as a whole can't be read or built."""


class ModelError(VtxError):
    """A model or LoRA is missing, or is not the one the film is locked to."""


class RenderError(VtxError):
    """A renderer could not make a take."""


class CutError(VtxError):
    """A clip, an act or the final could not be made from what is there."""


class StoryError(VtxError):
    """The story could not be written. ``fatal``: every other call would fail as well (a wrong key, no network)."""

    def __init__(self, message: str, *, fatal: bool = False) -> None:
        self.fatal = fatal
        super().__init__(message)


class RegistryError(VtxError):
    """The registry can't be read or written; no film is the worse for it."""


class PlanMovedError(VtxError):
    """A file changed between planning and the job that was planned from it."""
