"""Reading Final Draft files, and errors for other files."""

from __future__ import annotations

from xml.sax.saxutils import escape

import pytest

from kit.growth import growth
from vtx_app.errors import SpecError
from vtx_app.story.screenplay.fdx import read_fdx
from vtx_app.story.screenplay.script import Element, speakers

HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="no" ?>\n'


def fdx(*paragraphs: tuple[str, str] | str, after: str = "") -> bytes:
    written = [
        each if isinstance(each, str) else f'<Paragraph Type="{each[0]}"><Text>{escape(each[1])}</Text></Paragraph>'
        for each in paragraphs
    ]
    body = "\n".join(written)
    return f'{HEAD}<FinalDraft DocumentType="Script"><Content>\n{body}\n</Content>{after}</FinalDraft>'.encode()


def elements(data: bytes) -> list[Element]:
    return [element for scene in read_fdx(data, "s.fdx").scenes for element in scene.elements]


def test_scenes_and_elements() -> None:
    heading = (
        '<Paragraph Number="12A" Type="Scene Heading"><SceneProperties Length="1/8"><Summary><Paragraph>'
        "<Text>She lights it.</Text></Paragraph></Summary></SceneProperties>"
        '<Text Style="Bold">INT. LAMP </Text><Text>ROOM - NIGHT</Text></Paragraph>'
    )
    read = read_fdx(
        fdx(
            ("New Act", "ACT ONE"),
            ("Action", "FADE IN:"),
            heading,
            ("Action", "A lens. *Not* emphasis."),
            ("Character", "INÈS (O.S.) (CONT'D)"),
            ("Parenthetical", "(low)"),
            ("Dialogue", "Ten.\nEleven."),
            ("Parenthetical", "(beat)"),
            ("Dialogue", "Twelve."),
            ("Shot", "CLOSE ON the lens"),
            ("Transition", "CUT TO:"),
            ("Scene Heading", "EXT. SEA - DAY"),
            ("General", "Flat."),
            ("Something New", "Kept."),
            ("End of Act", "END OF ACT ONE"),
        ),
        "s.fdx",
    )
    first, second = read.scenes
    assert (first.heading, first.place, first.time, first.number) == (
        "INT. LAMP ROOM - NIGHT",
        "LAMP ROOM",
        "NIGHT",
        "12A",
    )
    assert (first.section, first.synopsis, first.line) == (("ACT ONE",), "She lights it.", 5)
    assert [(each.kind, each.text) for each in first.elements] == [
        ("action", "FADE IN:"),
        ("action", "A lens. *Not* emphasis."),
        ("dialogue", "Ten.\nEleven."),
        ("dialogue", "Twelve."),
        ("action", "CLOSE ON the lens"),
        ("transition", "CUT TO:"),
    ]
    first_part, second_part = first.elements[2:4]
    assert (first_part.character, first_part.extension, first_part.parenthetical, first_part.line) == (
        "INÈS",
        "O.S., CONT'D",
        "low",
        7,
    )
    assert (second_part.parenthetical, second_part.continues) == ("beat", True)
    assert [(each.kind, each.text) for each in second.elements] == [
        ("action", "Flat."),
        ("action", "Kept."),
        ("centered", "END OF ACT ONE"),
    ]
    assert speakers(read) == {"INÈS": 1}


def test_simultaneous_speeches() -> None:
    pair = (
        '<Paragraph><DualDialogue><Paragraph Type="Character"><Text>A</Text></Paragraph><Paragraph Type="Dialogue">'
        '<Text>One.</Text></Paragraph><Paragraph Type="Character"><Text>B</Text></Paragraph><Paragraph Type="Dialogue">'
        "<Text>Two.</Text></Paragraph></DualDialogue></Paragraph>"
    )
    found = elements(fdx(pair, ("Action", "Silence.")))
    assert [(each.character, each.text, each.dual) for each in found] == [
        ("A", "One.", False),
        ("B", "Two.", True),
        ("", "Silence.", False),
    ]


def test_notes_are_kept_apart_from_action() -> None:
    noted = (
        '<Paragraph Type="Action"><ScriptNote><Paragraph><Text>Who?</Text></Paragraph></ScriptNote>'
        "<Text>He comes.</Text></Paragraph>"
    )
    assert [(each.kind, each.text) for each in elements(fdx(noted))] == [("action", "He comes."), ("note", "Who?")]


def test_incomplete_speeches_are_kept() -> None:
    found = elements(fdx(("Character", "BOB"), ("Parenthetical", "(runs)"), ("Dialogue", ""), ("Character", "ANN")))
    assert [(each.kind, each.text, each.parenthetical) for each in found] == [
        ("dialogue", "", "runs"),
        ("action", "ANN", ""),
    ]
    assert [each.kind for each in elements(fdx(("Dialogue", "Who says so?"), ("Parenthetical", "(low)")))] == [
        "action"
    ] * 2


def test_title_page() -> None:
    lines = ["", "THE LIGHT", "Written by", "A. Writer", "Based on a true lamp"]
    page = "".join(f"<Paragraph><Text>{line}</Text></Paragraph>" for line in lines)
    read = read_fdx(fdx(after=f"<TitlePage><Content>{page}</Content></TitlePage>"), "s.fdx")
    assert read.title_page == {
        "title": "THE LIGHT",
        "credit": "Written by",
        "author": "A. Writer",
        "notes": "Based on a true lamp",
    }
    assert read.scenes == ()


def test_other_encodings() -> None:
    text = fdx(("Action", "Инès — 母")).decode()
    assert elements(text.replace("UTF-8", "UTF-16").encode("utf-16"))[0].text == "Инès — 母"
    assert elements(b"\xef\xbb\xbf" + text.encode())[0].text == "Инès — 母"


LAUGHS = (
    '<!DOCTYPE lolz [<!ENTITY l0 "lol">'
    + "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    + "]>"
)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "s.fdx:1: not a Final Draft file: no element found"),
        (b"INT. HOUSE - DAY", "s.fdx:1: not a Final Draft file: syntax error"),
        (b"<FinalDraft><Content></FinalDraft>", "s.fdx:1: not a Final Draft file: mismatched tag"),
        (b"\n<html/>", "s.fdx:2: not a Final Draft file: found 'html'"),
        (b"<FinalDraft>&nbsp;</FinalDraft>", "s.fdx:1: not a Final Draft file: undefined entity"),
        (b"<FinalDraft>\x00</FinalDraft>", "s.fdx:1: not a Final Draft file: not well-formed (invalid token)"),
        (b"<?xml version='1.0' encoding='klingon'?><FinalDraft/>", "s.fdx: not a Final Draft file: unknown encoding"),
        (f"{LAUGHS}<FinalDraft>&l9;</FinalDraft>".encode(), "s.fdx:1: it declares a document type"),
        (f"{LAUGHS}<FinalDraft>&l9;</FinalDraft>".encode("utf-16"), "s.fdx:1: it declares a document type"),
        (b'<!DOCTYPE x SYSTEM "file:///etc/passwd"><FinalDraft/>', "s.fdx:1: it declares a document type"),
        (b"<FinalDraft>" + b"<a>" * 100_000, "s.fdx:1: more than 50 nested elements"),
    ],
)
def test_other_files_are_an_error(data: bytes, message: str) -> None:
    with pytest.raises(SpecError) as error:
        read_fdx(data, "s.fdx")
    assert str(error.value).startswith(message)


def test_five_megabytes_are_read_in_a_time_that_grows_with_their_length() -> None:
    speech = [("Character", "BOB"), ("Dialogue", "Hello there. " * 20)]
    data = {size: fdx(*speech * size) for size in (3_750, 15_000)}
    assert len(data[15_000]) > 5_000_000
    assert len(elements(data[15_000])) == 15_000
    assert growth(lambda size: elements(data[size]), 3_750) < 10
