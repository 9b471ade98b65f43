"""Screenplays as people and programs write them, each kind after public reports: nothing said is lost or moved."""

from __future__ import annotations

import pytest

from vtx_app.errors import SpecError
from vtx_app.story.screenplay.fdx import read_fdx
from vtx_app.story.screenplay.fountain import read_fountain
from vtx_app.story.screenplay.script import Screenplay, speakers


def spoken(screenplay: Screenplay) -> list[tuple[str, str]]:
    """Speaker and words of all speeches."""
    elements = (element for scene in screenplay.scenes for element in scene.elements)
    return [(each.character, each.text) for each in elements if each.character and each.text]


def fountain(*lines: str) -> Screenplay:
    return read_fountain("INT. ROOM - DAY\n\n" + "\n".join(lines) + "\n")


def fdx(*paragraphs: str, title: str = "") -> Screenplay:
    head = '<?xml version="1.0"?><FinalDraft DocumentType="Script"><Content>'
    page = f"<TitlePage><Content>{title}</Content></TitlePage>" if title else ""
    return read_fdx(f"{head}{chr(10).join(paragraphs)}</Content>{page}</FinalDraft>".encode(), "s.fdx")


def p(kind: str, text: str, inside: str = "") -> str:
    return f'<Paragraph Type="{kind}">{inside}<Text>{text}</Text></Paragraph>'


NOTE = "<ScriptNote><Paragraph><Text>Check this.</Text></Paragraph></ScriptNote>"
ROOM = p("Scene Heading", "INT. ROOM - DAY")


# -- words in Final Draft ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "pair",
    [
        "<DualDialogue>{}</DualDialogue>",
        '<Paragraph Type="General"><DualDialogue>{}</DualDialogue></Paragraph>',
        "<Paragraph><DualDialogue>{}</DualDialogue></Paragraph>",
        "<Wrapper><DualDialogue>{}</DualDialogue></Wrapper>",
    ],
)
def test_simultaneous_speeches_wherever_they_lie(pair: str) -> None:
    speeches = p("Character", "ADA") + p("Dialogue", "Pull up!") + p("Character", "BO") + p("Dialogue", "It is stuck!")
    read = fdx(ROOM, pair.format(speeches))
    assert spoken(read) == [("ADA", "Pull up!"), ("BO", "It is stuck!")]
    assert [each.dual for each in read.scenes[0].elements] == [False, True]


@pytest.mark.parametrize(
    "speech",
    [
        [p("Character", "ADA", NOTE), p("Dialogue", "All my words.")],
        [p("Character", "ADA"), p("Dialogue", "All my words.", NOTE)],
        [f'<Paragraph Type="Character"><Text>ADA{NOTE}</Text></Paragraph>', p("Dialogue", "All my words.")],
        [p("Character", "ADA"), f'<Paragraph Type="General">{NOTE}</Paragraph>', p("Dialogue", "All my words.")],
    ],
)
def test_a_note_never_ends_a_speech(speech: list[str]) -> None:
    read = fdx(ROOM, *speech)
    assert spoken(read) == [("ADA", "All my words.")]
    assert [each.text for each in read.scenes[0].elements if each.kind == "note"] == ["Check this."]


@pytest.mark.parametrize("place", range(4))
def test_a_note_before_a_parenthetical_leaves_one_speech(place: int) -> None:
    parts = [("Character", "ADA"), ("Dialogue", "Some."), ("Parenthetical", "(beat)"), ("Dialogue", "More.")]
    read = fdx(ROOM, *(p(kind, text, NOTE if at == place else "") for at, (kind, text) in enumerate(parts)))
    first, second, _ = read.scenes[0].elements
    assert (first.text, second.text, second.parenthetical, second.continues) == ("Some.", "More.", "beat", True)
    assert speakers(read) == {"ADA": 1}


@pytest.mark.parametrize("between", [p("Action", "She turns."), p("Shot", "CLOSE ON Ada"), p("General", "A noise.")])
def test_dialogue_after_action_is_the_last_speakers(between: str) -> None:
    read = fdx(ROOM, p("Character", "ADA (V.O.)"), p("Dialogue", "Some."), between, p("Dialogue", "More."))
    assert spoken(read) == [("ADA", "Some."), ("ADA", "More.")]
    assert [element.extension for element in read.scenes[0].elements if element.character] == ["V.O.", "V.O."]
    assert [message for _, message in read.warnings] == ["dialogue without a speaker: it is ADA's, who spoke last"]


def test_dialogue_before_any_speaker_is_told() -> None:
    read = fdx(ROOM, p("Dialogue", "Hello?"), p("Scene Heading", "EXT. ROAD"), p("Dialogue", "And here?"))
    assert [element.text for scene in read.scenes for element in scene.elements] == ["Hello?", "And here?"]
    assert [line for line, _ in read.warnings] == [2, 4]


# -- headings and cues that are too long -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        ".44 in his hand, he walks " + "on and on " * 20 + "to the door.",
        ".and so it goes, " * 12,
        "INT. " + "A VERY LONG ROOM " * 20,
        "." + "x" * 300,
    ],
)
def test_a_paragraph_is_no_heading(text: str) -> None:
    read = fountain("IDA", "Hi.", "", text)
    assert len(read.scenes) == 1
    assert read.scenes[0].elements[-1].kind == "action"
    ((line, message),) = read.warnings
    assert line == 6 and "too long for a heading" in message


def test_a_long_heading_of_final_draft_is_action_and_a_long_cue_an_error() -> None:
    read = fdx(ROOM, p("Scene Heading", "INT. " + "LONG ROOM " * 40))
    assert [element.kind for element in read.scenes[0].elements] == ["action"]
    assert "too long for a heading" in read.warnings[0][1]
    with pytest.raises(SpecError, match=r"s\.fdx:2: Character ADA .*: a name of 399 characters"):
        fdx(ROOM, p("Character", "ADA " * 100), p("Dialogue", "Hi."))


# -- who speaks -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "cue", ["IDA:", "IDA V.O.", "IDA [O.S.]", "IDA - V.O.", "IDA – VO", "IDA (V.O.):", "IDA O. S.", "Ida (v.o.)"]
)
def test_an_extension_in_any_form_makes_no_new_person(cue: str) -> None:
    read = fountain("IDA", "One.", "", f"@{cue}" if cue == "Ida (v.o.)" else cue, "Two.")
    assert len(speakers(read)) == 1
    extension = read.scenes[0].elements[1].extension.upper().replace(" ", "").replace(".", "")
    assert extension == ("" if cue == "IDA:" else extension) and extension in ("", "VO", "OS")


@pytest.mark.parametrize("name", ["MINH VO", "CARLOS", "COS", "MR. OS", "DOC"])
def test_names_that_end_like_an_extension(name: str) -> None:
    assert spoken(fountain(name, "Two.")) == [(name, "Two.")]


@pytest.mark.parametrize("extension", ["V.O.", "O.S.", "v.o.", "off screen", "CONT'D", "З.К."])
def test_an_extension_on_its_own_line(extension: str) -> None:
    (element,) = fountain("IDA", f"({extension})", "Two.").scenes[0].elements
    assert (element.extension, element.parenthetical, element.text) == (extension, "", "Two.")
    read = fdx(ROOM, p("Character", "IDA"), p("Parenthetical", f"({extension})"), p("Dialogue", "Two."))
    assert read.scenes[0].elements[0].extension == extension


@pytest.mark.parametrize("marked", ["*(quietly)*", "_(quietly)_", "**(quietly)**", "_*(quietly)*_"])
def test_a_parenthetical_with_emphasis(marked: str) -> None:
    (element,) = fountain("IDA", marked, "Run.").scenes[0].elements
    assert (element.parenthetical, element.text) == ("quietly", "Run.")


@pytest.mark.parametrize("cue", ["IDA AND BO", "IDA/BO", "IDA & BO", "IDA + BO", "IDA AND BO (V.O.)"])
def test_both_speak_if_both_are_known(cue: str) -> None:
    read = fountain("IDA", "One.", "", "BO", "Two.", "", cue, "(loud)", "Run!", "(louder)", "Run!!")
    assert spoken(read)[2:] == [("IDA", "Run!"), ("IDA", "Run!!"), ("BO", "Run!"), ("BO", "Run!!")]
    assert [element.dual for element in read.scenes[0].elements[2:]] == [False, False, True, True]


def test_a_name_with_and_is_one_person_unless_both_are_known() -> None:
    assert spoken(fountain("SMITH AND WESSON", "Bang.", "", "SMITH", "No.")) == [
        ("SMITH AND WESSON", "Bang."),
        ("SMITH", "No."),
    ]


@pytest.mark.parametrize(
    ("line", "kind", "text"),
    [
        ("SUPER:", "centered", "London, 1940"),
        ("TITLE CARD:", "centered", "London, 1940"),
        ("TITLE CARD", "centered", "London, 1940"),
        ("SUPERIMPOSE:", "centered", "London, 1940"),
        ("CHYRON:", "centered", "London, 1940"),
        ("ANGLE ON THE DOOR", "action", "ANGLE ON THE DOOR"),
        ("CLOSE ON IDA'S HANDS", "action", "CLOSE ON IDA'S HANDS"),
        ("INSERT - LETTER", "action", "INSERT - LETTER"),
        ("MONTAGE", "action", "MONTAGE"),
        ("SERIES OF SHOTS:", "action", "SERIES OF SHOTS:"),
        ("BACK TO SCENE", "action", "BACK TO SCENE"),
        ("FLASHBACK:", "action", "FLASHBACK:"),
        ("IDA'S POV", "action", "IDA'S POV"),
        ("WIPE:", "transition", "WIPE:"),
        ("FADE TO BLACK:", "transition", "FADE TO BLACK:"),
        ("SMASH CUT TO BLACK:", "transition", "SMASH CUT TO BLACK:"),
    ],
)
def test_words_of_the_camera_and_the_cut_do_not_speak(line: str, kind: str, text: str) -> None:
    following = "London, 1940" if kind == "centered" else "It opens."
    read = fountain(line, following, "", "IDA", "Yes.")
    assert (read.scenes[0].elements[0].kind, read.scenes[0].elements[0].text) == (kind, text)
    assert spoken(read) == [("IDA", "Yes.")]
    assert following in [element.text for element in read.scenes[0].elements]


def test_a_cue_directly_after_a_direction() -> None:
    assert spoken(fountain("FADE TO BLACK:", "IDA", "Yes.")) == [("IDA", "Yes.")]


@pytest.mark.parametrize("name", ["SUPER", "CARD", "LATERAL", "MONTAGUE", "ANGLER", "FADE"])
def test_people_with_names_like_directions_speak(name: str) -> None:
    assert spoken(fountain(name, "Hello.")) == [(name, "Hello.")]


def test_doubtful_and_similar_names_are_told() -> None:
    read = fountain("HELMET CAMERA", "Beep.", "", "ZOË", "One.", "", "ZOE", "Two.")
    assert [name for name, _ in spoken(read)] == ["HELMET CAMERA", "ZOË", "ZOE"]
    assert [message for _, message in read.warnings] == [
        "HELMET CAMERA: looks like a camera direction, read as a speaker",
        "ZOE and ZOË are two people, by their accents",
    ]


# -- headings ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("mark", ["**", "*", "_", "***", "__"])
def test_headings_with_emphasis(mark: str) -> None:
    read = read_fountain(f"{mark}INT. HOUSE - DAY{mark}\n\nIDA\nHi.\n\n{mark}EXT. ROAD - NIGHT{mark}\n\nIDA\nHo.\n")
    assert [(scene.place, scene.time) for scene in read.scenes] == [("HOUSE", "DAY"), ("ROAD", "NIGHT")]


@pytest.mark.parametrize("mark", ["\u200b", "\u200e", "\u202a", "\ufeff", "\u2060"])
def test_invisible_letters_are_taken_off(mark: str) -> None:
    read = read_fountain(f"{mark}INT. HOUSE - DAY\n\n{mark}IDA{mark}\nHi.\n\nIDA\nHo.\n")
    assert (read.scenes[0].place, spoken(read)) == ("HOUSE", [("IDA", "Hi."), ("IDA", "Ho.")])


@pytest.mark.parametrize(
    "line",
    [
        "1. INT. ROOM - DAY",
        "2 EXT. ROAD - NIGHT 2",
        "12A INT. HALL",
        "INNEN. KÜCHE - TAG",
        "ИНТ. КУХНЯ - ДЕНЬ",
        "He stops.\nINT. SHED - DAY",
    ],
)
def test_what_looks_like_a_heading_is_told(line: str) -> None:
    read = fountain(line, "", "Dust.")
    assert len(read.scenes) == 1
    ((number, message),) = read.warnings
    assert number == 3 + line.count("\n")
    assert message.endswith("looks like a heading, read as action: put a dot before it if it is one")


@pytest.mark.parametrize("heading", ["EXT. ROAD - NIGHT", "INT. SHED", "3. INT. SHED - DAY", "INNEN. KÜCHE - TAG"])
def test_every_heading_inside_a_speech_is_told(heading: str) -> None:
    read = fountain("IDA", "Hi.", "  ", heading, "  ", "Rain.")
    assert len(read.scenes) == 1
    assert [(line, heading in message) for line, message in read.warnings] == [(6, True)]


def test_a_heading_inside_a_speech_is_told() -> None:
    read = fountain("IDA", "Hi.", "  ", "EXT. ROAD - NIGHT", "  ", "Rain.")
    assert spoken(read) == [("IDA", "Hi.\n\nEXT. ROAD - NIGHT\n\nRain.")]
    assert read.warnings == ((6, "EXT. ROAD - NIGHT: looks like a heading, spoken, as a part of the speech before it"),)


@pytest.mark.parametrize("heading", ["OMITTED", "OMIT", "12 OMITTED", "(OMITTED)"])
def test_an_omitted_scene_is_none(heading: str) -> None:
    omitted = "<OmittedScene><Paragraph Type='Action'><Text>Cut out.</Text></Paragraph></OmittedScene>"
    read = fdx(ROOM, p("Action", "Dust."), p("Scene Heading", heading, omitted), p("Scene Heading", "EXT. ROAD"))
    assert [scene.place for scene in read.scenes] == ["ROOM", "ROAD"]


@pytest.mark.parametrize("heading", ["INT. / EXT. BARN", "INT-EXT. BARN", "EXT./INT. BARN", "INT / EXT BARN"])
def test_inside_and_outside_at_once(heading: str) -> None:
    for read in (read_fountain(f"{heading}\n\nHay.\n"), fdx(p("Scene Heading", heading))):
        assert (read.scenes[0].setting, read.scenes[0].place) == ("INT/EXT", "BARN")


@pytest.mark.parametrize("heading", ["INT: BARN", "INTERIOR BARN", "INTERIOR. BARN"])
def test_inside_in_other_forms(heading: str) -> None:
    for read in (read_fountain(f"{heading}\n\nHay.\n"), fdx(p("Scene Heading", heading))):
        assert (read.scenes[0].setting, read.scenes[0].place) == ("INT", "BARN")


# -- marks and title pages --------------------------------------------------------------------------------------------


def test_emphasis_over_lines_is_not_spoken_and_a_product_stays() -> None:
    assert spoken(fountain("IDA", "*He said", "no.* It is 5*3*2.")) == [("IDA", "He said\nno. It is 5*3*2.")]
    assert spoken(fountain("IDA", "**Run", "away**", "(beat)", "*now*.")) == [("IDA", "Run\naway"), ("IDA", "now.")]


@pytest.mark.parametrize("line", ["!!CLOSE ON THE WHEEL", "!CLOSE ON THE WHEEL"])
def test_forced_shots(line: str) -> None:
    (element,) = fountain(line).scenes[0].elements
    assert (element.kind, element.text) == ("action", "CLOSE ON THE WHEEL")


@pytest.mark.parametrize(
    ("text", "page"),
    [
        ("Title:\n    BRICK\n\nCredit: Written by\nAuthor: Someone", {"title": "BRICK", "credit": "Written by"}),
        ("Titre: Brique\nAuteur: Une", {"title": "Brique", "author": "Une"}),
        ("Título: Ladrillo\n\nAutor: Una", {"title": "Ladrillo", "author": "Una"}),
        ("Название: Кирпич\nАвтор: Она", {"title": "Кирпич", "author": "Она"}),
        ("Otsikko: Tiili\nTekijä: Hän", {"otsikko": "Tiili"}),
    ],
)
def test_title_pages(text: str, page: dict[str, str]) -> None:
    read = read_fountain(f"{text}\n\nINT. ROOM - DAY\n\nDust.\n")
    assert len(read.scenes) == 1
    assert page.items() <= read.title_page.items()


@pytest.mark.parametrize("text", ["FADE IN:\n\nINT. ROOM - DAY\n\nDust.\n", "SUPER: London\n\nINT. ROOM\n\nDust.\n"])
def test_directions_at_the_top_are_no_title_page(text: str) -> None:
    read = read_fountain(text)
    assert read.title_page == {}
    assert any("FADE" in each.text or "SUPER" in each.text for scene in read.scenes for each in scene.elements)


@pytest.mark.parametrize("line", ["Title: Floods", "TITLE: Floods", "title:  Floods", "Titre: Floods", "Floods"])
def test_the_title_of_final_draft_in_any_form(line: str) -> None:
    assert fdx(ROOM, title=p("General", line)).title_page == {"title": "Floods"}


def test_title_page_of_final_draft_with_keys() -> None:
    read = fdx(ROOM, title=p("General", "Title: Floods") + p("General", "Author: Somebody") + p("General", "2026"))
    assert read.title_page == {"title": "Floods", "author": "Somebody", "notes": "2026"}


@pytest.mark.parametrize("words", ["Run<Text> away.</Text>", "<Run><Text>Run away.</Text></Run>", "Run away."])
def test_words_of_a_paragraph_that_lie_in_no_run_of_text_are_spoken(words: str) -> None:
    read = fdx(ROOM, p("Character", "IDA"), f'<Paragraph Type="Dialogue">\n  {words}\n</Paragraph>')
    assert spoken(read) == [("IDA", "Run away.")]


def test_the_mark_at_the_end_of_a_page_is_not_spoken() -> None:
    page = [p("Character", "IDA"), p("Dialogue", "One."), p("Dialogue", "(MORE)")]
    assert spoken(fdx(ROOM, *page, p("Character", "IDA (CONT'D)"), p("Dialogue", "Two."))) == [
        ("IDA", "One."),
        ("IDA", "Two."),
    ]
    (element,) = fountain("IDA", "One.", "(MORE)").scenes[0].elements
    assert (element.text, element.parenthetical) == ("One.", "")


@pytest.mark.parametrize(("inside", "manner"), [("V.O., low", "low"), ("O.S., (far), low", "(far), low")])
def test_an_extension_before_a_manner(inside: str, manner: str) -> None:
    (element,) = fountain("IDA", f"({inside})", "Two.").scenes[0].elements
    assert (element.extension, element.parenthetical) == (inside[:4], manner)


@pytest.mark.parametrize("heading", ["**INT.** SHED - DAY", "*INT. SHED* - DAY", "***_INT. SHED - DAY_*** #4#"])
def test_headings_with_emphasis_on_a_part(heading: str) -> None:
    (scene,) = read_fountain(f"{heading}\n\nDust.\n").scenes
    assert (scene.setting, scene.place, scene.time) == ("INT", "SHED", "DAY")


@pytest.mark.parametrize(
    "line", ["A5 INT. SHED", "1-1. ИНТ. КУХНЯ. ДЕНЬ", "SCENE 3: INT. SHED - DAY", "Innen. Küche - Tag", "3.2 EXT. SHED"]
)
def test_other_numbers_and_small_letters_are_told_and_a_dot_makes_a_heading_of_the_place(line: str) -> None:
    read = read_fountain(f"INT. ROOM - DAY\n\nDust.\n\n{line}\n\nRain.\n")
    assert [number for number, message in read.warnings if "looks like a heading" in message] == [5]
    (scene,) = read_fountain(f".{line}\n\nRain.\n").scenes
    assert scene.setting and scene.place in ("SHED", "КУХНЯ", "Küche")
