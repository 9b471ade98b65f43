"""LTX-2's own negative prompt, which a film extends.

``--negative-prompt`` replaces the package's default (LTX-2 issues 138 and 18: burnt-in subtitles), so the default is
compiled into requests as text. It is read from the installed ltx-pipelines without importing it, which takes seconds.
"""

from __future__ import annotations

import ast
import re
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from vtx_app.project.environment import has_environment

__all__ = ["NEWEST_NEGATIVE", "NEWEST_PACKAGE", "package_negative"]

NEWEST_PACKAGE = "1.2.0"
"""The newest ltx-pipelines that VTX was tried with."""

NEWEST_NEGATIVE = (
    "has_subtitles, has_blurbox, transition from black, transition to black, speech_ending_short, blurry, out "
    "of focus, overexposed, underexposed, low contrast, washed out colors, excessive noise, grainy texture, "
    "poor lighting, flickering, motion blur, distorted proportions, unnatural skin tones, deformed facial "
    "features, asymmetrical face, missing facial features, extra limbs, disfigured hands, wrong hand count, "
    "artifacts around text, inconsistent perspective, camera shake, incorrect depth of field, background too "
    "sharp, background clutter, distracting reflections, harsh shadows, inconsistent lighting direction, color "
    "banding, cartoonish rendering, 3D CGI look, unrealistic materials, uncanny valley effect, incorrect "
    "ethnicity, wrong gender, exaggerated expressions, wrong gaze direction, mismatched lip sync, silent or "
    "muted audio, distorted voice, robotic voice, echo, background noise, off-sync audio, incorrect dialogue, "
    "added dialogue, repetitive speech, jittery movement, awkward pauses, incorrect timing, unnatural "
    "transitions, inconsistent framing, tilted camera, flat lighting, inconsistent tone, cinematic "
    "oversaturation, stylized filters, or AI artifacts."
)
"""The default of :data:`NEWEST_PACKAGE`: ``DEFAULT_NEGATIVE_PROMPT`` in ``ltx_pipelines/utils/constants.py`` at
Lightricks/LTX-2 400fd31. For films without a lock on machines without the package."""

_NAME = "DEFAULT_NEGATIVE_PROMPT"
_BEGINS = re.compile(rf"^{_NAME}\b".encode(), re.MULTILINE)


@cache
def package_negative(film: Path) -> str | None:
    """The default of the ltx-pipelines that renders the film in that folder; None without the package or a default
    that can be read. Raises :class:`SpecError` for requirements of the film that can't be read."""
    for folder in _packages(film):
        try:
            source = (folder / "utils/constants.py").read_bytes()
            begin = _BEGINS.search(source)
            return _text(ast.parse(source[begin.start() :]).body[0]) if begin else None
        except (OSError, SyntaxError, ValueError):
            return None
    return None


def _packages(film: Path) -> list[Path]:
    """The package in the film's own Python if it is there, else in this one."""
    if has_environment(film) and (own := sorted((film / ".venv").glob("lib/python*/site-packages/ltx_pipelines"))):
        return own
    spec = find_spec("ltx_pipelines")
    return [Path(folder) for folder in (spec and spec.submodule_search_locations) or ()]


def _text(statement: ast.stmt) -> str | None:
    """The string literal that ``statement`` assigns; None if it assigns anything else."""
    value = statement.value if isinstance(statement, ast.Assign | ast.AnnAssign) else None
    return value.value if isinstance(value, ast.Constant) and isinstance(value.value, str) else None
