"""Write a scene as Fountain that :func:`vtx_app.story.screenplay.fountain.read_fountain` reads as the same scene.

The reader itself decides how a line is read: it is forced (``!``, ``@``, ``.``, ``>``) only if it would be read as
something else. Marks within a line are escaped with a backslash.

What Fountain can't express is written as closely as possible:

* Empty lines split a paragraph of action. (In speeches, lyrics and centred text they stay.)
* Headings, cues, parentheticals and transitions are one line.
* A speech without a speaker is action; one that continues nothing begins a new speech.
* Control characters and white space around lines are dropped, tabs are four spaces.
* A scene number has letters, digits, dashes and dots. Notes follow the text that they stand in.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from vtx_app.story.screenplay.fountain import read_fountain
from vtx_app.story.screenplay.fountain_text import clean, escaped
from vtx_app.story.screenplay.script import Element, ScriptScene

__all__ = ["write_scene"]

_NOT_IN_NUMBER = re.compile(r"[^\w.-]")
_ESCAPED = r"\\\g<0>"
_CUE_MARK = re.compile(r"(?<!\\)[-:.\[\]/,;']")
_SPEECH_MARK = re.compile(r"[(~>!`]|#+ |##|= |={3,}$")


def write_scene(scene: ScriptScene) -> str:
    """The heading, the synopsis and the elements of ``scene``, without its sections."""
    blocks = [_heading(scene)] if _line(scene.heading) else []
    if synopsis := _lines(scene.synopsis):
        blocks.append("\n".join(f"= {escaped(line)}" for line in synopsis if line))
    before: Element | None = None
    for element in scene.elements:
        if element.character and element.kind in ("dialogue", "lyric"):
            continues = before is not None and _continues(element, before)
            speech = [*([] if continues else [_cue(element)]), *_spoken(element)]
            if len(speech) + continues < 2:  # a cue without words
                blocks.append(_action(element.character))
                before = None
                continue
            blocks.append("\n".join([blocks.pop(), *speech] if continues else speech))
            before = element
        elif block := _BLOCKS[element.kind](element.text):
            blocks.append(block)
            before = None
    return "\n\n".join(blocks) + "\n"


def _lines(text: str) -> list[str]:
    lines = [line.strip() for line in clean(text).strip().split("\n")]
    return lines if any(lines) else []


def _line(text: str) -> str:
    return " ".join(clean(text).split("\n")).strip()


def _reads_as(text: str, kind: str, meant: str) -> bool:
    scenes = read_fountain(text).scenes
    return (
        len(scenes) == 1
        and not scenes[0].heading
        and [(each.kind, each.text) for each in scenes[0].elements] == [(kind, meant)]
    )


def _heading(scene: ScriptScene) -> str:
    heading = _line(scene.heading)
    number = _NOT_IN_NUMBER.sub("", scene.number)
    written = escaped(heading).replace("#", "\\#") if heading.endswith("#") else escaped(heading)
    end = f" #{number}#" if number else ""
    read = read_fountain(f"{written}{end}\n").scenes
    if read and read[0].heading == heading and not read[0].elements:
        return f"{written}{end}"
    return ("." if written[0] != "." else ".\\") + written + end  # a heading may itself begin with a dot


def _action(text: str) -> str:
    return "\n\n".join(_paragraph(part) for part in re.split(r"\n\n+", "\n".join(_lines(text))) if part)


def _paragraph(text: str) -> str:
    written = "\n".join(("\\" if line.startswith("!") else "") + escaped(line) for line in text.split("\n"))
    return written if _reads_as(written, "action", text) else "\n".join(f"!{line}" for line in written.split("\n"))


def _centered(text: str) -> str:
    return "\n".join(f"> {escaped(line)} <" if line else "> <" for line in _lines(text))


def _lyric(text: str) -> str:
    return "\n".join(f"~{escaped(line)}" for line in _lines(text))


def _transition(text: str) -> str:
    text = _line(text)
    written = escaped(text)
    if not text or _reads_as(written, "transition", text):
        return written
    return f"> {written[:-1]}\\<" if written.endswith("<") else f"> {written}"


def _note(text: str) -> str:
    lines = "\n".join(escaped(line).replace("]", "\\]") or "  " for line in _lines(text))
    return f"[[{lines}]]" if lines else ""


_BLOCKS: dict[str, Callable[[str], str]] = {
    "action": _action,
    "dialogue": _action,
    "lyric": _lyric,
    "centered": _centered,
    "transition": _transition,
    "note": _note,
    "page_break": lambda _: "===",
}


def _continues(element: Element, before: Element) -> bool:
    """Whether ``element`` goes under the cue of the one before it, and is read as an element of its own."""
    same = (element.character, element.extension, element.dual) == (before.character, before.extension, before.dual)
    apart = bool(_line(element.parenthetical)) or element.kind != before.kind
    return element.continues and same and apart and bool(_lines(before.text))


def _cue(element: Element) -> str:
    name = re.sub(r"[()^]", r"\\\g<0>", escaped(_line(element.character)))
    extension = _parens_escaped(escaped(_line(element.extension)))
    end = (f" ({extension})" if extension else "") + (" ^" if element.dual else "")
    meant = [(_line(element.character), _line(element.extension), element.dual)]
    for written in (name, f"@{name}"):
        read = [each for scene in read_fountain(f"{written}{end}\nx").scenes for each in scene.elements]
        if [(each.character, each.extension, each.dual) for each in read] == meant:
            return f"{written}{end}"
    return f"@{_CUE_MARK.sub(_ESCAPED, name)}{end}"


def _spoken(element: Element) -> list[str]:
    lines = _lines(element.text)
    if element.kind == "lyric":
        words = [f"~{escaped(line)}" for line in lines]
    else:
        words = [("\\" if _SPEECH_MARK.match(line) else "") + escaped(line) if line else "  " for line in lines]
    parenthetical = _line(element.parenthetical)
    if not parenthetical:
        return words
    inside = escaped(parenthetical)
    return [f"({inside if _balanced(parenthetical) else _parens_escaped(inside)})", *words]


def _parens_escaped(written: str) -> str:
    return re.sub(r"[()]", r"\\\g<0>", written)


def _balanced(text: str) -> bool:
    depth = 0
    for character in text:
        depth += {"(": 1, ")": -1}.get(character, 0)
        if depth < 0:
            return False
    return depth == 0
