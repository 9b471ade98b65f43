"""The line over a speech: who speaks, and from where."""

from __future__ import annotations

from vtx_app.story.screenplay.fountain_text import is_escaped

__all__ = ["LONGEST_CUE", "split_cue"]

LONGEST_CUE = 200


def split_cue(cue: str) -> tuple[str, str]:
    """``MOM (V.O.) (CONT'D)`` → ``MOM`` and ``V.O., CONT'D``. A name that is all in parentheses is a name."""
    name, extensions = cue.strip(), list[str]()
    while len(name) <= LONGEST_CUE and (start := _opening(name)) > 0:
        extensions.insert(0, name[start + 1 : -1].strip())
        name = name[:start].rstrip()
    return name, ", ".join(part for part in extensions if part)


def _opening(text: str) -> int:
    """Where the parenthesis opens that the last character closes, -1 for none."""
    depth = 0
    for index in range(len(text) - 1, -1, -1):
        if text[index] in "()" and not is_escaped(text, index):
            depth += 1 if text[index] == ")" else -1
        if depth <= 0:
            return index if depth == 0 and index < len(text) - 1 else -1
    return -1
