"""A compiled prompt in stretches, each with the file and key that it came from."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from vtx_app.compile.sources import SourceTexts

__all__ = ["Stretch", "marked_prompt"]

Stretch = tuple[str, str]
"""Words, and the label ``file: key`` of where they are written; ``""`` where the compiler itself put them."""

_ENDS = ' .,;:!?…"“”'
_TOO_SHORT = 2
_DIALOGUE = re.compile(r"prompt\.dialogue\.\d+$")


def marked_prompt(prompt: str, sources: SourceTexts) -> list[Stretch]:
    """The ``prompt`` of a request as stretches; joined, their words are the prompt.

    ``sources``: those of the request. The prompt has the texts in the order in which they were read, so each is
    searched for after the one before it; ids of characters and places are not part of it.
    """
    texts = dict(sources.get("triggers", {})) | dict(sources.get("prompt", {}))
    headings = sources.get("heading", {})
    found = sorted(_places(prompt, texts, headings))
    stretches: list[Stretch] = []
    at = 0
    for start, end, label in found:
        if start < at:
            continue
        if start > at:
            stretches.append((prompt[at:start], ""))
        stretches.append((prompt[start:end], label))
        at = end
    if at < len(prompt):
        stretches.append((prompt[at:], ""))
    return _joined(stretches)


def _places(prompt: str, texts: Mapping[str, str], headings: Mapping[str, str]) -> Iterator[tuple[int, int, str]]:
    """Start, end and label of every text that stands in the prompt."""
    folded = prompt.casefold()
    comparable = folded if len(folded) == len(prompt) else prompt
    taken: list[tuple[int, int]] = []

    def free(words: str) -> tuple[int, int] | None:
        wanted = words.casefold() if comparable is folded else words
        start = comparable.find(wanted) if len(wanted) >= _TOO_SHORT else -1
        while start >= 0:
            end = start + len(wanted)
            if all(end <= low or start >= high for low, high in taken):
                return start, end
            start = comparable.find(wanted, start + 1)
        return None

    # The longest first, because a long text may contain a short one, such as a name.
    for label, text in sorted(texts.items(), key=lambda each: -len(each[1])):
        if label.endswith((": continuity.characters", ": continuity.locations")):
            continue
        words = text.partition(": ")[2] if _DIALOGUE.search(label) else text
        if place := free(words.strip(_ENDS)):
            taken.append(place)
            yield (*place, label)
    for label, text in headings.items():
        for part in text.split(", "):
            spoken = {"INT": "interior", "EXT": "exterior"}.get(part, part)
            if place := free(spoken):
                taken.append(place)
                yield (*place, label)


def _joined(stretches: list[Stretch]) -> list[Stretch]:
    """The stretches with punctuation and blanks at the end of the one before, and neighbours of one label as one."""
    joined: list[Stretch] = []
    for words, label in stretches:
        if joined and (label == joined[-1][1] or not words.strip(_ENDS)):
            joined[-1] = (joined[-1][0] + words, joined[-1][1])
        else:
            joined.append((words, label))
    return joined
