"""A scene written as Fountain reads back as the same scene, whatever its texts hold."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vtx_app.story.screenplay.fountain import read_fountain
from vtx_app.story.screenplay.fountain_text import clean
from vtx_app.story.screenplay.fountain_writer import write_scene
from vtx_app.story.screenplay.script import Element, ScriptScene

TRAPS = [
    *("INT. HOUSE - DAY", "BOB", "CUT TO:", "FADE OUT.", "FADE IN:", "===", "# Act", "= syn", "[[note]]", "/* gone */"),
    *("> x <", "~la", "Title: X", "(low)", "(a) and (b)", "@you", "...and", "\\*", "```", "!he", "NOTES: A", "#1 is"),
    *(
        ".45 calibre",
        "bob",
        "母",
        "Ёж (О.С.)",
        "C:\\Users\\",
        "]]",
        "*/",
        "_a_",
        "x ^",
        "^",
        "TO:",
        "//*",
        "\\[[",
        "a #1#",
    ),
]
lines = (
    (st.text(st.sampled_from("aB#.*_\\[]()<>~=!@^/: -1`éЖ母\"'?"), min_size=1, max_size=12) | st.text(max_size=10))
    .map(lambda text: " ".join(clean(text).split("\n")).strip())
    .filter(bool)
) | st.sampled_from(TRAPS)
paragraphs = st.lists(lines, min_size=1, max_size=3).map("\n".join)
spaced = (
    st.lists(lines | st.just(""), min_size=1, max_size=4).map(lambda each: "\n".join(each).strip("\n")).filter(bool)
)


def alone(kind: str, texts: st.SearchStrategy[str]) -> st.SearchStrategy[list[Element]]:
    return st.builds(Element, kind=st.just(kind), text=texts).map(lambda element: [element])


@st.composite
def speeches(draw: Any) -> list[Element]:
    """A speech as the reader would give it: it continues after a parenthetical, or from words to a song."""
    cue, extension, dual = draw(lines), draw(st.just("") | lines), draw(st.booleans())
    parts: list[Element] = []
    for kind in draw(st.lists(st.sampled_from(["dialogue", "lyric"]), min_size=1, max_size=3)):
        aside = draw(st.just("") | lines) or ("low" if parts and parts[-1].kind == kind else "")
        parts.append(Element(kind, draw(spaced), 0, cue, extension, aside, dual, bool(parts)))
    if draw(st.booleans()):
        parts.append(Element("dialogue", "", 0, cue, extension, draw(lines), dual, True))
    return parts


elements = st.lists(
    alone("action", paragraphs)
    | alone("centered", spaced)
    | alone("lyric", spaced)
    | alone("note", spaced)
    | alone("transition", lines)
    | alone("page_break", st.just(""))
    | speeches(),
    max_size=4,
).map(lambda groups: tuple(element for group in groups for element in group))


def content(scene: ScriptScene) -> Any:
    unlined = tuple(replace(element, line=0) for element in scene.elements)
    return scene.heading, scene.number if scene.heading else "", scene.synopsis, unlined


@settings(max_examples=600)
@given(st.just("") | lines, st.from_regex(r"[A-Z0-9.-]{0,4}", fullmatch=True), st.just("") | paragraphs, elements)
def test_scenes_read_back(heading: str, number: str, synopsis: str, parts: tuple[Element, ...]) -> None:
    scene = ScriptScene(heading, number=number, synopsis=synopsis, elements=parts)
    read = read_fountain(write_scene(scene))
    assert read.title_page == {}
    if heading or synopsis or parts:
        assert [content(each) for each in read.scenes] == [content(scene)]
    else:
        assert read.scenes == ()


@pytest.mark.parametrize("text", TRAPS)
def test_every_trap_in_every_kind_of_text(text: str) -> None:
    scene = ScriptScene(
        text,
        number="1",
        synopsis=text,
        elements=(
            Element("action", f"{text}\n{text}"),
            *(Element(kind, text) for kind in ("action", "lyric", "centered", "transition", "note")),
            Element("dialogue", f"{text}\n\n{text}", 0, text, text, text, dual=True),
            Element("lyric", text, 0, text, text, "", dual=True, continues=True),
        ),
    )
    assert [content(each) for each in read_fountain(write_scene(scene)).scenes] == [content(scene)]


marks = st.sampled_from(
    ["\n", "\n\n", "  ", "INT. A", "BOB", "[[", "]]", "/*", "*/", "#", ">", "<", "(", ")", "~", "\\", "x"]
)


@settings(max_examples=300)
@given(st.lists(marks, max_size=25).map("".join))
def test_scenes_that_were_read_read_back(text: str) -> None:
    for scene in read_fountain(text).scenes:
        assert [content(each) for each in read_fountain(write_scene(scene)).scenes] == [content(scene)]


hostile = st.text(st.sampled_from("aB \n\t\r\x00#.*_\\[]()<>~=!@^/:-1"), max_size=12)
anything = st.builds(
    Element,
    kind=st.sampled_from(["action", "dialogue", "transition", "lyric", "centered", "note"]),
    text=hostile,
    character=hostile,
    extension=hostile,
    parenthetical=hostile,
    dual=st.booleans(),
    continues=st.booleans(),
)


@settings(max_examples=300)
@given(hostile, st.lists(anything, max_size=4))
def test_text_that_fountain_cannot_express_keeps_its_letters(heading: str, parts: list[Element]) -> None:
    read = read_fountain(write_scene(ScriptScene(heading, elements=tuple(parts))))
    written = Counter(letter for element in parts for letter in element.text if letter.isalnum())
    kept = Counter(letter for scene in read.scenes for element in scene.elements for letter in element.text)
    assert not written - kept


def test_no_unnecessary_marks() -> None:
    text = (
        "INT. LAMP ROOM - NIGHT #12#\n\n= She lights it.\n\nA lens. INÈS (67) polishes it.\n\nINÈS (O.S.)\n(low)\n"
        "Ten. Eleven.\n(beat)\nTwelve.\n\nYANN ^\nForty out.\n\n> ACT TWO <\n\nCUT TO:\n\n[[Check.]]\n"
    )
    assert write_scene(read_fountain(text).scenes[0]) == text


def test_ambiguous_lines_are_forced() -> None:
    scene = ScriptScene(
        "Somewhere",
        elements=(
            Element("action", "INT. IS A WORD"),
            Element("dialogue", "(not an aside) but said", character="Bob"),
            Element("transition", "Burn to white."),
        ),
    )
    assert write_scene(scene) == (
        ".Somewhere\n\n!INT. IS A WORD\n\n@Bob\n\\(not an aside) but said\n\n> Burn to white.\n"
    )
