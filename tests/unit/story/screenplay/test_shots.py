"""Shots by rule: no word of dialogue changed or lost, every shot 2 to 15 seconds, cuts as an editor would make them."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vtx_app.story.screenplay.fountain import read_fountain
from vtx_app.story.screenplay.script import Element, ScriptScene, Setting
from vtx_app.story.screenplay.sentences import sentences
from vtx_app.story.screenplay.shots import RuleShot, rule_shots

words = st.sampled_from(
    [
        "a",
        "lamp",
        "Inès,",
        "burns.",
        "Why?",
        "I",
        "don't",
        "—",
        "...",
        "Надя;",
        "灯台。",
        "母、",
        "“No!”",
        "Mr.",
        "reads",
    ]
)
speech = st.lists(words, max_size=120).map(" ".join) | st.lists(words, max_size=6).map("\n".join)
cues = st.sampled_from(["INÈS", "YANN", "НАДЯ", "母", "OLD MAN"])
actions = st.sampled_from(
    [
        "CLOSE ON the lamp.",
        "FADE IN:",
        "FADE OUT.",
        "BACK TO SCENE",
        "We pan left. PAN RIGHT.",
        "He runs",
        "...",
        "BANG!",
    ]
)
elements = st.builds(
    Element,
    kind=st.sampled_from(["action", "centered", "lyric", "transition", "note", "page_break"]),
    text=actions | speech,
) | st.builds(
    Element,
    kind=st.sampled_from(["dialogue", "lyric"]),
    text=speech,
    character=cues,
    extension=st.sampled_from(["", "O.S.", "V.O., CONT'D", "on the radio"]),
    parenthetical=st.just("") | speech,
    dual=st.booleans(),
)
settings_of_scenes: st.SearchStrategy[Setting] = st.sampled_from(["INT", "EXT", "INT/EXT", ""])
scenes = st.builds(
    ScriptScene,
    heading=st.just("INT. HOUSE - DAY"),
    setting=settings_of_scenes,
    place=st.sampled_from(["HOUSE", ""]),
    elements=st.lists(elements, max_size=12).map(tuple),
)


def shots(text: str) -> list[RuleShot]:
    (scene,) = read_fountain(text).scenes
    return rule_shots(scene)


def spoken(pairs: Any) -> list[tuple[str, str]]:
    """Speaker and word, in order."""
    return [(cue, word) for cue, line in pairs for word in line.split()]


def letters(pairs: Any) -> list[tuple[str, str]]:
    return [(cue, letter) for cue, word in spoken(pairs) for letter in word]


@settings(max_examples=400)
@given(scenes)
def test_every_word_is_spoken_once_by_its_speaker(scene: ScriptScene) -> None:
    written = [(each.character, each.text) for each in scene.elements if each.character]
    cut = [line for shot in rule_shots(scene) for line in shot.dialogue]
    assert letters(cut) == letters(written)
    if not any("灯" in text or "母" in text for _, text in written):  # words of scripts without spaces are split
        assert spoken(cut) == spoken(written)


@settings(max_examples=400)
@given(scenes)
def test_every_shot_is_valid(scene: ScriptScene) -> None:
    made = rule_shots(scene)
    for number, shot in enumerate(made):
        assert 2 <= shot.seconds <= 15
        assert shot.beats or shot.dialogue
        assert 0 < len(shot.title) <= 60
        assert shot.title[-1].isalnum() or shot.title[-1] == ")"
        assert shot.size and shot.angle and shot.movement
        assert set(shot.unseen) <= {cue for cue, _ in shot.dialogue}
        if shot.continues == "continue_from":
            assert number and made[number - 1].dialogue[-1][0] == shot.dialogue[0][0]
            assert shot.size == made[number - 1].size or "CLOSE ON" in " ".join(shot.beats)


@settings(max_examples=200)
@given(scenes)
def test_every_word_of_action_is_in_a_beat(scene: ScriptScene) -> None:
    seen = "".join("".join(beat.split()) for shot in rule_shots(scene) for beat in shot.beats)
    at = 0
    for element in scene.elements:
        if element.kind in ("action", "centered") and element.text not in ("FADE IN:", "FADE OUT.", "BACK TO SCENE"):
            for word in element.text.split():
                assert (at := seen.find(word, at)) >= 0


def test_establishing_shot() -> None:
    first, second = shots("EXT. POINT - DUSK\n\nA white lighthouse. Last light.\n\nINÈS climbs.\n")
    assert (first.size, first.beats) == ("wide", ("A white lighthouse.", "Last light."))
    assert (second.size, second.continues) == ("medium", "cut")


def test_long_speech_continues_from_the_last_frame() -> None:
    sentence = "I have walked round this lens for sixty years, and I counted every turn of it. "
    made = shots(f"INT. LAMP ROOM - NIGHT\n\nINÈS\n(low)\n{sentence * 6}\n")
    assert [shot.continues for shot in made] == ["cut", "continue_from", "continue_from"]
    assert all(shot.dialogue[0][1].endswith(".") for shot in made)
    assert len({shot.size for shot in made}) == 1
    assert made[0].beats == ("Inès, low",)


def test_speech_without_full_stops_is_split_at_commas_or_words() -> None:
    commas = shots("INT. A - DAY\n\nBOB\n" + "word word word word word word word word word, " * 8)
    assert all(shot.dialogue[0][1].endswith(",") for shot in commas)
    bare = shots("INT. A - DAY\n\nBOB\n" + "word " * 80)
    assert [set(shot.dialogue[0][1].split()) for shot in bare] == [{"word"}] * len(bare)


def test_only_short_exchanges_share_a_shot() -> None:
    assert [len(shot.dialogue) for shot in shots("INT. A - DAY\n\nBOB\nYes.\n\nANN\nNo.\n\nBOB\nYes.\n")] == [3]
    long = "This is a speech of more than ten words, as everybody here can hear."
    made = shots(f"INT. A - DAY\n\nBOB\n{long}\n\nANN\nNo.\n\nBOB\n{long}\n")
    assert [[cue for cue, _ in shot.dialogue] for shot in made] == [["BOB"], ["ANN"], ["BOB"]]
    assert [shot.size for shot in made] == ["medium", "medium close-up", "medium close-up"]


def test_simultaneous_speeches_share_a_shot() -> None:
    long = "This is a speech of more than ten words, as everybody here can hear."
    (shot,) = shots(f"INT. A - DAY\n\nBOB\n{long}\n\nANN ^\n{long}\n")
    assert [cue for cue, _ in shot.dialogue] == ["BOB", "ANN"]


@pytest.mark.parametrize(
    ("direction", "size", "angle", "movement"),
    [
        ("CLOSE ON a brass plaque.", "close-up", "eye level", "hold"),
        ("Close on a brass plaque.", "close-up", "eye level", "hold"),
        ("EXTREME CLOSE-UP of an eye.", "extreme close-up", "eye level", "hold"),
        ("INSERT - A BRASS PLAQUE", "close-up", "eye level", "hold"),
        ("WIDE SHOT. The bay.", "wide", "eye level", "hold"),
        ("LOW ANGLE on the tower.", "medium", "low", "hold"),
        ("INÈS'S POV: the sea.", "medium", "point of view", "hold"),
        ("ANGLE ON the radio.", "medium", "eye level", "hold"),
        ("TRACKING along the mole.", "wide", "eye level", "tracking"),
        ("We slowly push in on her face.", "wide", "eye level", "push in"),
        ("Push in on her face.", "wide", "eye level", "push in"),
        ("PAN LEFT to the door.", "wide", "eye level", "pan left"),
        ("The camera tilts up the tower.", "wide", "eye level", "tilt up"),
    ],
)
def test_camera_directions(direction: str, size: str, angle: str, movement: str) -> None:
    made = shots(f"INT. A - DAY\n\nShe stands here, for a long moment, and looks, and looks on.\n\n{direction}\n")
    assert (made[-1].size, made[-1].angle, made[-1].movement) == (size, angle, movement)


@pytest.mark.parametrize(
    "direction", ["They push in the door.", "His eyes go wide.", "She sits close on the bench.", "A pan falls."]
)
def test_words_that_are_no_camera_directions(direction: str) -> None:
    (shot,) = shots(f"INT. A - DAY\n\n{direction}\n")
    assert (shot.size, shot.angle, shot.movement) == ("wide", "eye level", "hold")


def test_transition_ends_a_shot_and_a_fade_is_a_beat() -> None:
    made = shots("INT. A - DAY\n\nShe sits.\n\n> SMASH CUT TO:\n\nShe stands.\n\nFADE OUT.\n")
    assert [shot.beats for shot in made] == [("She sits.",), ("She stands.", "Fade out.")]


def test_off_screen_speakers_are_unseen() -> None:
    made = shots("INT. A - DAY\n\nYANN (O.S.)\n(radio)\nForty out.\n\nINÈS (CONT'D)\nForty in.\n")
    assert [shot.unseen for shot in made] == [("YANN",)]
    assert made[0].beats == ("Yann's voice, radio",)


def test_songs_and_lettering_are_beats() -> None:
    made = shots("INT. A - DAY\n\n> THE END <\n\n~La la la.\n\nBOB\n~Fa la.\n")
    assert made[0].beats[0] == "Lettering: THE END"
    assert "Song: La la la." in [beat for shot in made for beat in shot.beats]
    assert made[-1].dialogue == (("BOB", "Fa la."),)


def test_empty_scene_is_a_shot_of_its_place() -> None:
    (shot,) = rule_shots(read_fountain("EXT. HARBOUR - FIRST LIGHT\n\nx").scenes[0])
    assert shot.beats == ("x",)
    (shot,) = shots("EXT. HARBOUR - FIRST LIGHT\n")
    assert (shot.title, shot.size, shot.beats) == ("Harbour, first light", "wide", ("Harbour, first light",))


@pytest.mark.parametrize("mark", ["!", "?.", "…"])
def test_a_text_of_nothing_but_marks_that_end_sentences_is_read_once(mark: str) -> None:
    assert sentences(f"Go{mark * 200_000}x. Now!") == [f"Go{mark * 200_000}x.", "Now!"]
