"""Reading Fountain as https://fountain.io/syntax defines it, and where it leaves room."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kit.growth import growth
from vtx_app.story.screenplay.fountain import read_fountain
from vtx_app.story.screenplay.script import Element, ScriptScene, speakers

HOUSE = "INT. HOUSE - DAY\n\n"


def elements(text: str) -> list[Element]:
    return [element for scene in read_fountain(text).scenes for element in scene.elements]


def kinds_and_texts(text: str) -> list[tuple[str, str]]:
    return [(element.kind, element.text) for element in elements(text)]


def headings(text: str) -> list[str]:
    return [scene.heading for scene in read_fountain(text).scenes if scene.heading]


def only(text: str) -> ScriptScene:
    (scene,) = read_fountain(text).scenes
    return scene


def test_title_page() -> None:
    text = (
        "Title:\n    _**BRASS & GLASS**_\n\t**PART TWO**\nCredit: Written by\nDraft date: 1/20/2012\n\n"
        + HOUSE
        + "Rain."
    )
    read = read_fountain(text)
    assert read.title_page == {"title": "BRASS & GLASS\nPART TWO", "credit": "Written by", "draft date": "1/20/2012"}
    assert [scene.heading for scene in read.scenes] == ["INT. HOUSE - DAY"]


@pytest.mark.parametrize("first", ["FADE IN:", "A sign reads: NO ENTRY.", "Weather: rain.", "He says:\n    nothing."])
def test_first_lines_that_are_no_title_page(first: str) -> None:
    read = read_fountain(f"{first}\n\n{HOUSE}Rain.")
    assert read.title_page == {}
    assert first.split("\n")[0] in read.scenes[0].elements[0].text


@pytest.mark.parametrize(
    "heading",
    [
        "INT. HOUSE - DAY",
        "EXT HOUSE DAY",
        "INT/EXT. HOUSE - DAY",
        "INT./EXT. HOUSE - DAY",
        "I/E HOUSE DAY",
        "I./E. HOUSE - DAY",
        "EST. HOUSE - DAY",
        "INT - HOUSE - DAY",
        "int. brick's house - day",
        "INT. CELL #1 - DAY",
        "EXT. CÔTE - NUIT",
    ],
)
def test_headings(heading: str) -> None:
    assert headings(f"Rain.\n\n{heading}\n\nRain.") == [heading]


@pytest.mark.parametrize("line", ["ESTABLISHING", "Internal affairs arrive.", "... not a heading", "INTO THE NIGHT"])
def test_lines_that_are_no_headings(line: str) -> None:
    assert headings(f"Rain.\n\n{line}\n\nRain.") == []


def test_headings_need_an_empty_line_above() -> None:
    assert headings("The note says:\nINT. HOUSE - DAY\nand no more.") == []
    both = "INT. HOUSE - DAY\nEXT. HOUSE - DAY"
    assert kinds_and_texts(f"Rain.\n\n{both}\n\nRain.") == [("action", "Rain."), ("action", both), ("action", "Rain.")]


def test_headings_in_capitals_need_no_empty_line_below() -> None:
    assert headings("INT. HOUSE - DAY\nBob sits.\n\nint. house - day\nis what it says.") == ["INT. HOUSE - DAY"]


@pytest.mark.parametrize("heading", ["SNIPER SCOPE POV", "ПОРТ — НОЧЬ", "港 - 夜", "«LE PORT»"])
def test_forced_headings(heading: str) -> None:
    assert headings(f"Rain.\n\n.{heading}\n\nRain.") == [heading]


@pytest.mark.parametrize("number", ["1", "1A", "1a", "A1", "I-1-A", "110.", "1-A"])
def test_scene_numbers(number: str) -> None:
    scene = only(f"INT. HOUSE - DAY - FLASHBACK (1944) #{number}#\n\nRain.")
    assert (scene.heading, scene.number) == ("INT. HOUSE - DAY - FLASHBACK (1944)", number)


def test_action_keeps_lines_and_paragraphs() -> None:
    assert kinds_and_texts("Longer than funny.\n  Long enough.\n\nThe men look.") == [
        ("action", "Longer than funny.\nLong enough."),
        ("action", "The men look."),
    ]


def test_forced_action() -> None:
    assert kinds_and_texts("!SCANNING THE AISLES...\nWhere is he?\n\n!INT. IS A WORD\n\n!CUT TO:") == [
        ("action", "SCANNING THE AISLES...\nWhere is he?"),
        ("action", "INT. IS A WORD"),
        ("action", "CUT TO:"),
    ]


@pytest.mark.parametrize(
    ("cue", "name", "extension"),
    [
        ("STEEL", "STEEL", ""),
        ("R2D2", "R2D2", ""),
        ("INÈS (O.S.)", "INÈS", "O.S."),
        ("НАДЯ (V.O.) (cont'd)", "НАДЯ", "V.O., cont'd"),
        ("EDWARD (V.O.)(CONT’D)", "EDWARD", "V.O., CONT’D"),
        ("HANS (on the radio)", "HANS", "on the radio"),
        ("MR. & MRS. O'NEIL-SMITH", "MR. & MRS. O'NEIL-SMITH", ""),
        ("COP #2", "COP #2", ""),
        ("@McCLANE", "McCLANE", ""),
        ("@母 (O.S.)", "母", "O.S."),
        ("@23", "23", ""),
        ("\t\tEVE", "EVE", ""),
    ],
)
def test_cues(cue: str, name: str, extension: str) -> None:
    (speech,) = elements(f"{cue}\nWhat was it you said?")
    assert (speech.character, speech.extension, speech.text) == (name, extension, "What was it you said?")


@pytest.mark.parametrize("line", ["23", "Bob", "(LAUGHTER)", "母", "FADE IN:", "CUT TO:", "A" * 201])
def test_lines_that_are_no_cues(line: str) -> None:
    assert {element.character for element in elements(f"Rain.\n\n{line}\nand no more.")} == {""}


def test_cue_without_words_is_action() -> None:
    assert kinds_and_texts("Rain.\n\nBOB") == [("action", "Rain."), ("action", "BOB")]
    assert kinds_and_texts("Rain.\n\n@Bob\n\nRain.")[1] == ("action", "@Bob")


def test_second_of_two_speeches_is_dual() -> None:
    parts = elements("BRICK\nScrew retirement.\n\nSTEEL (V.O.)^\nScrew retirement.\n\nBRICK  ^\nYes.")
    assert [(each.character, each.dual) for each in parts] == [("BRICK", False), ("STEEL", True), ("BRICK", True)]


def test_speech_is_split_at_parentheticals() -> None:
    parts = elements("STEEL\n(low)\nA b.\n(beat)\n(louder)\nC\nd.\n(runs)\n\n(Not one.)")
    assert [(each.kind, each.parenthetical, each.text, each.continues) for each in parts] == [
        ("dialogue", "low", "A b.", False),
        ("dialogue", "beat, louder", "C\nd.", True),
        ("dialogue", "runs", "", True),
        ("action", "", "(Not one.)", False),
    ]
    assert [each.line for each in parts] == [1, 4, 8, 10]


def test_parenthetical_over_several_lines() -> None:
    (speech,) = elements("STEEL\n(starting\nthe engine)\nGo (now) or (never).\n(no) and (yes)\n(open")
    assert (speech.parenthetical, speech.text) == ("starting the engine", "Go (now) or (never).\n(no) and (yes)\n(open")


def test_line_of_two_spaces_continues_the_speech() -> None:
    (speech,) = elements("DEALER\nTen.\nFour.\n  \nHit or stand sir?\n  \n\n")
    assert speech.text == "Ten.\nFour.\n\nHit or stand sir?"


def test_lines_of_speech_may_begin_with_any_mark() -> None:
    assert kinds_and_texts("BOB\n...and then\n#1 is me\n=) he wrote\n!?\n@you\nINT. NOWHERE") == [
        ("dialogue", "...and then\n#1 is me\n=) he wrote\n!?\n@you\nINT. NOWHERE")
    ]


def test_lyrics_with_and_without_a_singer() -> None:
    assert kinds_and_texts("~Willy Wonka!\n~Give a cheer!") == [("lyric", "Willy Wonka!\nGive a cheer!")]
    sung, spoken = elements("SINGER\n(soft)\n~These are\n~the songs\nI sang.")
    assert (sung.kind, sung.character, sung.parenthetical, sung.text) == (
        "lyric",
        "SINGER",
        "soft",
        "These are\nthe songs",
    )
    assert (spoken.kind, spoken.text, spoken.continues) == ("dialogue", "I sang.", True)


@pytest.mark.parametrize("line", ["CUT TO:", "SMASH-CUT TO:", "TO:", "    FADE TO:", "FADE OUT.", "> Burn to White."])
def test_transitions(line: str) -> None:
    assert kinds_and_texts(f"Rain.\n\n{line}\n\nRain.")[1] == ("transition", line.strip(" >"))


@pytest.mark.parametrize("line", ["CUT TO:  ", "Cut TO:", "FADE IN:"])
def test_lines_that_are_no_transitions(line: str) -> None:
    assert kinds_and_texts(f"Rain.\n\n{line}\n\nRain.")[1] == ("action", line.strip())


def test_centered_text_and_page_breaks() -> None:
    assert kinds_and_texts("> THE END <\n>FIN<\n\n>  A  <\n\n=====\n\n> Not centered") == [
        ("centered", "THE END\nFIN"),
        ("centered", "A"),
        ("page_break", ""),
        ("transition", "Not centered"),
    ]


def test_sections_and_synopses() -> None:
    read = read_fountain(
        "# Act One\n= It begins.\n= It goes on.\n\n## Storm\n\nINT. A\n\n= In the house.\n\nRain.\n\n"
        "## Calm\n\nINT. B\n\nSun.\n\n# Act Two\n\nINT. C\n\nSnow."
    )
    assert [scene.section for scene in read.scenes] == [("Act One", "Storm"), ("Act One", "Calm"), ("Act Two",)]
    assert [scene.synopsis for scene in read.scenes] == ["In the house.", "", ""]
    assert read.synopses == {("Act One",): "It begins.\nIt goes on."}


def test_text_before_the_first_heading_is_a_scene() -> None:
    read = read_fountain(f"A RIVER.\n\n{HOUSE}Rain.")
    assert [scene.heading for scene in read.scenes] == ["", "INT. HOUSE - DAY"]
    assert read_fountain("\n\n# Act\n\n= About it.\n\n").scenes == ()


def test_fade_in_needs_no_empty_line_below() -> None:
    scene = only("FADE IN:\nINT. HOUSE - DAY\nRain.")
    assert (scene.heading, scene.elements[0].text) == ("INT. HOUSE - DAY", "FADE IN:")


def test_fade_before_a_heading_belongs_to_its_scene() -> None:
    scene = only(f"FADE IN:\n\n[[slow]]\n\n# Act One\n\n> IRIS IN\n\n{HOUSE}Rain.")
    assert [element.text for element in scene.elements] == ["FADE IN:", "slow", "IRIS IN", "Rain."]
    assert only("FADE IN:\n").elements[0].text == "FADE IN:"


def test_notes_are_kept_apart_from_speech() -> None:
    assert kinds_and_texts(
        "He is [[or she]] here.[[No.]]\n\n[[A note\nover lines.]]\n\nBOB\n[[check]]\nHello.\n\nEnd."
    ) == [
        ("action", "He is here."),
        ("note", "or she"),
        ("note", "No."),
        ("note", "A note\nover lines."),
        ("dialogue", "Hello."),
        ("note", "check"),
        ("action", "End."),
    ]


def test_empty_line_in_a_note_needs_two_spaces() -> None:
    assert kinds_and_texts("Rain.[[needs work.\n  \nOr coffee.]]")[1] == ("note", "needs work.\n\nOr coffee.")
    assert kinds_and_texts("Rain.[[needs work.\n\nOr coffee.]]") == [
        ("action", "Rain.[[needs work."),
        ("action", "Or coffee.]]"),
    ]


def test_boneyards_are_removed_and_their_lines_counted() -> None:
    scene = only(f"{HOUSE}A /* gone */ line.\n\n/*\nINT. GONE - DAY\n\nBOB\nGone.\n*/\nBOB\nHere.\n\nEnd.")
    assert [(each.text, each.line) for each in scene.elements] == [("A line.", 3), ("Here.", 11), ("End.", 14)]


@pytest.mark.parametrize("mark", ["/*", "[[", "/* [[", "\\/*", "\\[["])
def test_unclosed_comment_is_text(mark: str) -> None:
    read = read_fountain(f"{HOUSE}A {mark} b.\n\nBOB\nHello there.\n\nEXT. YARD - DAY\n\nx.")
    assert [scene.heading for scene in read.scenes] == ["INT. HOUSE - DAY", "EXT. YARD - DAY"]
    assert [each.text for each in read.scenes[0].elements] == [f"A {mark.lstrip(chr(92))} b.", "Hello there."]


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("*italics* **bold** ***both*** _under_", "italics bold both under"),
        ("_Steel's face FILLS the *Mark 4* scope_.", "Steel's face FILLS the Mark 4 scope."),
        ("***both** and* one", "both and one"),
        ("Keypad: **\\*9765\\***", "Keypad: *9765*"),
        ("He dialed *69 and then *23, and hung up.", "He dialed *69 and then *23, and hung up."),
        ("He dialed *69 and then 23*, and hung up.", "He dialed 69 and then 23, and hung up."),
        ("share a *look.\n\nThis is BAD.*", "share a *look."),
        ("a snake_case_name and C:\\Users\\x", "a snake_case_name and C:\\Users\\x"),
        ("* * *", "* * *"),
        ("_*_*", "_*_*"),
    ],
)
def test_emphasis_and_escapes(written: str, text: str) -> None:
    assert kinds_and_texts(written)[0] == ("action", text)


def test_line_breaks_and_a_bom_make_no_difference() -> None:
    text = f"Title: X\n\n{HOUSE}BOB\n(low)\nHi you.\n\nHe goes.\n"
    for line_break in ("\r\n", "\r", "\u2028"):
        assert read_fountain("\ufeff" + text.replace("\n", line_break)) == read_fountain(text)


def test_markdown_fence_is_an_empty_line() -> None:
    assert kinds_and_texts("```fountain\nBOB\nHi.\n```\n") == [("dialogue", "Hi.")]


def test_speakers_are_counted_once_for_each_speech() -> None:
    read = read_fountain(f"{HOUSE}BOB\nA.\n(beat)\nB.\n\nANN (O.S.)\nC.\n\nBOB (CONT'D)\nD.\n\n@Bob\nE.")
    assert speakers(read) == {"BOB": 3, "ANN": 1}


BITS = st.sampled_from(
    [
        *("INT. HOUSE - DAY", "BOB", "BOB (O.S.) ^", "@Bob", "CUT TO:", "> x", "> x <", "===", "# Act", "= syn", "[["),
        *(
            "]]",
            "/*",
            "*/",
            "~la",
            "Title: X",
            "(low)",
            "(a",
            "b)",
            "\\",
            "!x",
            ".forced",
            "...",
            "*a*",
            "_",
            "  ",
            " ",
        ),
        *("word", "#1A#", "```", "é", "母", "\r\n", "\x00", "\n", "\n\n", "\n  \n", "\t", "FADE IN:"),
    ]
)


@settings(max_examples=400)
@given(st.lists(BITS, max_size=30).map("".join))
def test_every_text_is_a_screenplay_and_keeps_its_words(text: str) -> None:
    read = read_fountain(text)
    kept = [*read.title_page.items(), *read.synopses.items()]
    for scene in read.scenes:
        assert scene.heading or scene.synopsis or scene.elements
        kept.append((scene.heading, scene.number))
        kept.append((scene.synopsis, ""))
        assert all(element.line >= 1 for element in scene.elements)
        kept += [(each.text, each.character, each.extension, each.parenthetical) for each in scene.elements]
    if not {"/*", "[[", "#"} & {text[at : at + size] for at in range(len(text)) for size in (1, 2)}:
        assert sum(str(each).count("word") for each in kept) >= text.count("word")


@pytest.mark.parametrize(
    "text",
    [
        lambda size: "word " * size,
        lambda size: "BOB\n" + "word " * size,
        lambda size: "A (" * size + "\nx",
        lambda size: "[[" * size,
        lambda size: "[[\n\n" * size + "]]",
        lambda size: "/*" * size,
        lambda size: "*a_b" * size,
        lambda size: "\\" * size + "[[",
        lambda size: "BOB\n" + "(\n" * size,
        lambda size: "#" * size,
        lambda size: "".join(f"{'#' * (depth % 60)} s\n" for depth in range(size)),
        lambda size: "\x00" * size + "INT. A\n\nx",
    ],
)
def test_the_time_for_hostile_text_grows_with_its_length(text: Callable[[int], str]) -> None:
    texts = {size: text(size) for size in (10_000, 40_000)}
    assert growth(lambda size: read_fountain(texts[size]), 10_000) < 10
