"""Errors that a person can act on, as opposed to defects of VTX.

::

    VtxError                     one clear message, exit code 1, no traceback
    ├── SpecError                a film's own text files: file, line, key, value, what was expected
    ├── ProjectError             the film as a whole: missing folder, unknown slug, a path outside its folder
    ├── ModelError               a model is missing, or is not the one the film is locked to
    ├── RenderError              a renderer could not make a take
    ├── CutError                 a clip, an act or the final could not be conformed or joined
    ├── StoryError               a language model or a converter could not write a file of the story
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
    """A message for the person who must act: exit code 1, no traceback."""


class SpecError(VtxError):
    """One or more problems in a film's text files, each a line ``file:line: key: what is wrong``."""

    def __init__(self, problems: list[str]) -> None:
        self.problems = problems
        super().__init__("\n".join(problems))


class ProjectError(VtxError):
    """The film as a whole can't be read or built."""


class ModelError(VtxError):
    """A model or LoRA is missing, or is not the one the film is locked to."""


class RenderError(VtxError):
    """A renderer could not make a take. ``again``: it was killed, and with more main memory may have made it."""

    def __init__(self, message: str, *, again: bool = False) -> None:
        self.again = again
        super().__init__(message)


class CutError(VtxError):
    """A clip, an act or the final could not be conformed or joined."""


class StoryError(VtxError):
    """The story could not be written. ``fatal``: every further call would fail too (a wrong key, no network)."""

    def __init__(self, message: str, *, fatal: bool = False) -> None:
        self.fatal = fatal
        super().__init__(message)


class RegistryError(VtxError):
    """The registry can't be read or written; no film is affected."""


class PlanMovedError(VtxError):
    """A file changed between planning and the job that was planned from it."""
