"""Every word that somebody says in a screenplay is said once, in order and by them, in the shots made from it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

from hypothesis import given, settings
from hypothesis import strategies as st

from vtx_app.story.names import name_key
from vtx_app.story.screenplay.fdx import read_fdx
from vtx_app.story.screenplay.fountain import read_fountain
from vtx_app.story.screenplay.fountain_writer import write_scene
from vtx_app.story.screenplay.script import Screenplay
from vtx_app.story.screenplay.shots import rule_shots

PEOPLE = ("INÈS", "ИРА", "O'NEIL", "OLD MAN #2", "ANNA’S MOTHER", "DR. WHO", "MINH VO")
WORDS = ("no", "yes,", "why?", "Она", "5*3*2", "wait…", "it's", "EXT.", "OFF", "three-and-a-half", "«да»", "1940.")
PLACES = ("LAMP ROOM", "ROC'H WENN", "ПОРТ", "CAR - MOVING")

words = st.lists(st.sampled_from(WORDS), min_size=1, max_size=60).map(" ".join)


@dataclass(frozen=True)
class Speech:
    """Who says what; ``manner`` in parentheses before the words, a ``note`` after the cue."""

    who: str
    extension: str
    manner: str
    text: str
    note: bool


speeches = st.builds(
    Speech,
    st.sampled_from(PEOPLE),
    st.sampled_from(("", " (V.O.)", " V.O.", " [O.S.]", " (CONT'D)", ":")),
    st.sampled_from(("", "low", "beat", "V.O.")),
    words,
    st.booleans(),
)
actions = st.sampled_from(("She waits.", "CLOSE ON the lamp.", "A gull!", "He says nothing (again)."))
scenes = st.lists(
    st.tuples(st.sampled_from(PLACES), st.lists(st.one_of(speeches, actions), max_size=6)), min_size=1, max_size=4
)


def fountain(script: Sequence[tuple[str, list[Speech | str]]]) -> str:
    blocks = []
    for place, parts in script:
        blocks.append(f"INT. {place} - NIGHT")
        for part in parts:
            if isinstance(part, str):
                blocks.append(part)
            else:
                note = "[[check]]" if part.note else ""
                manner = [f"({part.manner})"] if part.manner else []
                blocks.append("\n".join([f"{part.who}{part.extension}{note}", *manner, part.text]))
    return "\n\n".join(blocks) + "\n"


def fdx(script: Sequence[tuple[str, list[Speech | str]]]) -> bytes:
    def paragraph(kind: str, text: str, note: bool = False) -> str:
        inside = "<ScriptNote><Paragraph><Text>check</Text></Paragraph></ScriptNote>" if note else ""
        return f'<Paragraph Type="{kind}">{inside}<Text>{escape(text)}</Text></Paragraph>'

    body = []
    for place, parts in script:
        body.append(paragraph("Scene Heading", f"INT. {place} - NIGHT"))
        for part in parts:
            if isinstance(part, str):
                body.append(paragraph("Action", part))
            else:
                body.append(paragraph("Character", f"{part.who}{part.extension}", part.note))
                body += [paragraph("Parenthetical", f"({part.manner})")] if part.manner else []
                body.append(paragraph("Dialogue", part.text))
    return f"<FinalDraft><Content>{''.join(body)}</Content></FinalDraft>".encode()


def spoken(screenplay: Screenplay) -> list[tuple[str, str]]:
    """Speaker and word, word by word, of the shots that are made from the scenes' own files."""
    found = []
    for scene in screenplay.scenes:
        for again in read_fountain(write_scene(scene)).scenes:
            for shot in rule_shots(again):
                found += [(name_key(cue), word) for cue, line in shot.dialogue for word in line.split()]
    return found


@settings(max_examples=60, deadline=None)
@given(scenes)
def test_every_spoken_word_once_in_order_and_by_its_speaker(script: list[tuple[str, list[Speech | str]]]) -> None:
    said = [
        (name_key(part.who), word)
        for _, parts in script
        for part in parts
        if isinstance(part, Speech)
        for word in part.text.split()
    ]
    for read in (read_fountain(fountain(script)), read_fdx(fdx(script), "s.fdx")):
        assert [scene.place for scene in read.scenes] == [place for place, _ in script]
        assert spoken(read) == said


HEADINGS = ("INT. {} - DAY", "**EXT. {}**", "int. {} - night", ".{}", "INT-EXT. {}", "INTERIOR {}", "\u200bEXT. {}")
DOUBTFUL = ("1. INT. {}", "12A EXT. {} - DAY 12A", "INNEN. {} - TAG", "ИНТ. {}", "# INT. {}")


@given(st.lists(st.tuples(st.sampled_from(HEADINGS + DOUBTFUL), st.sampled_from(PLACES)), min_size=1, max_size=6))
def test_every_heading_is_a_scene_or_a_warning(headings: list[tuple[str, str]]) -> None:
    lines = [form.format(place) for form, place in headings]
    read = read_fountain("INT. START\n\nDust.\n\n" + "".join(f"{line}\n\nDust.\n\n" for line in lines))
    told = {line for line, message in read.warnings if "looks like a heading" in message}
    begun = {scene.line for scene in read.scenes if scene.heading}
    expected = {
        place: form in DOUBTFUL for place, (form, _) in zip(range(5, 5 + 4 * len(lines), 4), headings, strict=True)
    }
    assert told == {line for line, doubtful in expected.items() if doubtful}
    assert begun == {1} | {line for line, doubtful in expected.items() if not doubtful}
