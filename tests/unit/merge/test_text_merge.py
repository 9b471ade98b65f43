"""Three-way merge of prose."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vtx_app.merge import Merged, merge_prose

SCENE = """\
INT. LAMP ROOM - NIGHT

Two scarred hands over an old burner. The first match snaps. The second drowns. The third CATCHES.

INÈS
(walking it round)
Nine. Ten.

Her face swings from black to gold. Nothing moves.
"""


def edited(text: str, *pairs: tuple[str, str]) -> str:
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new, 1)
    return text


@pytest.mark.parametrize(
    ("mine", "theirs"),
    [
        (("Two scarred", "Two old"), ("The third CATCHES.", "The third BURNS.")),  # sentences of one paragraph
        (("Two scarred", "Two old"), ("CATCHES.", "CATCHES. She smiles.")),
        (("Two scarred", "Two old"), ("Her face", "Her whole face")),
        (("INÈS\n", "INES\n"), ("Nine. Ten.", "Nine. Ten. Eleven.")),
        (("(walking it round)\n", ""), ("Nothing moves.\n", "Nothing moves.\n\nA gull.\n")),
        (("INT. LAMP ROOM - NIGHT", "INT. LAMP ROOM - DAWN"), ("The second drowns. ", "")),
        (("The first match snaps.", "The first match snaps, of course."), (" Nothing moves.\n", "\n")),
        (("The third CATCHES.", "The third CATCHES. She smiles."), ("The first match snaps", "The first match breaks")),
        (("The second drowns.", "The second dies."), ("CATCHES.\n", "CATCHES. She smiles.\n")),
    ],
)
def test_edits_of_different_sentences_are_merged(mine: tuple[str, str], theirs: tuple[str, str]) -> None:
    both = Merged(edited(SCENE, mine, theirs), ())
    assert merge_prose(SCENE, edited(SCENE, mine), edited(SCENE, theirs)) == both
    assert merge_prose(SCENE, edited(SCENE, theirs), edited(SCENE, mine)) == both


@pytest.mark.parametrize(
    ("base", "mine", "theirs", "result"),
    [
        ("X. Y.\n", "X. Z.\n", "X. Y.\n\nNew.\n", "X. Z.\n\nNew.\n"),
        ("X. Y.\n\nP.\n", "X. Z.\n\nP.\n", "X. Y.\n\nN.\n\nP.\n", "X. Z.\n\nN.\n\nP.\n"),
        ("Y.\n\nP.\n", "Y.\n\nQ.\n", "Y.\n\nN.\n\nP.\n", "Y.\n\nN.\n\nQ.\n"),
        ("A.\nB.\nC.\n", "A.\nB.\n", "N.\nA.\nB.\nC.\n", "N.\nA.\nB.\n"),
    ],
)
def test_repeated_merge_changes_nothing(base: str, mine: str, theirs: str, result: str) -> None:
    assert merge_prose(base, mine, theirs) == Merged(result, ())
    assert merge_prose(base, result, theirs) == Merged(result, ())


def test_unrepeatable_merge_is_a_conflict() -> None:
    assert merge_prose("\n", "B. ", "\n\n") == Merged(None, ('line 1: "B."',))
    assert merge_prose("\n", "\nA. ", "A. ") == Merged(None, ('line 1: "A. A."',))


@pytest.mark.parametrize(
    ("mine", "theirs", "place"),
    [
        (("match snaps.", "match breaks."), ("match snaps.", "match is wet."), 'line 3: "The first match breaks."'),
        (("The second drowns. ", ""), ("The second drowns.", "The second dies."), 'line 3: "The second dies."'),
        (
            ("match snaps.", "match breaks."),
            ("second drowns.", "second dies."),
            'line 3: "The first match breaks. The second…"',
        ),
        (("moves.\n", "moves. A gull.\n"), ("moves.\n", "moves. A boat.\n"), 'line 9: "A gull."'),
        (("Nine. Ten.", "N\x1bne."), ("Nine. Ten.", "Eleven."), 'line 7: "N�ne."'),
    ],
)
def test_edits_of_one_sentence_conflict(mine: tuple[str, str], theirs: tuple[str, str], place: str) -> None:
    assert merge_prose(SCENE, edited(SCENE, mine), edited(SCENE, theirs)) == Merged(None, (place,))


def test_every_conflict_is_listed() -> None:
    mine = edited(SCENE, ("Two scarred", "Two old"), ("Nothing moves", "All is still"))
    theirs = edited(SCENE, ("Two scarred", "Two burnt"), ("Nothing moves", "A gull cries"))
    assert merge_prose(SCENE, mine, theirs).conflicts == (
        'line 3: "Two old hands over an old burner."',
        'line 9: "All is still."',
    )


def test_line_breaks_and_bom_of_mine_are_kept() -> None:
    mine, theirs = edited(SCENE, ("Two scarred", "Two old")), edited(SCENE, ("moves.\n", "moves.\n\nA gull.\n"))
    both = edited(mine, ("moves.\n", "moves.\n\nA gull.\n"))
    changes: list[Callable[[str], str]] = [
        lambda text: text.replace("\n", "\r\n"),
        lambda text: "\ufeff" + text,
        lambda text: text.removesuffix("\n"),
        lambda text: "\ufeff" + text.replace("\n", "\r\n").removesuffix("\r\n"),
    ]
    for change in changes:
        assert merge_prose(SCENE, change(mine), theirs) == Merged(change(both), ())
        assert merge_prose(SCENE, change(SCENE), theirs) == Merged(change(theirs), ())
        assert merge_prose(SCENE, change(mine), SCENE) == Merged(change(mine), ())


def test_mixed_line_breaks_are_kept() -> None:
    mine = edited(SCENE, ("INÈS\n", "INÈS\r\n"), ("Two scarred", "Two old"))
    merged = merge_prose(SCENE, mine, edited(SCENE, ("Her face", "Her whole face")))
    assert merged.text == edited(mine, ("Her face", "Her whole face"))


def test_emptied_file_stays_empty_or_conflicts() -> None:
    assert merge_prose(SCENE, "", SCENE) == Merged("", ())
    assert merge_prose(SCENE, "", edited(SCENE, ("Two", "Three"))).text is None
    assert merge_prose("", "Mine.\n", "Theirs.\n") == Merged(None, ('line 1: "Mine."',))


def test_sentences_of_other_scripts_and_quotes() -> None:
    base = "“Wer da?” Niemand. 灯台の灯が消えた。誰もいない。波の音。 Fin… 3.5 m. End"
    mine, theirs = edited(base, ("Wer da", "Wer ist da")), edited(base, ("波の音", "風の音"), ("3.5", "4.5"))
    assert merge_prose(base, mine, theirs).text == edited(theirs, ("Wer da", "Wer ist da"))


@pytest.mark.parametrize("text", ["." * 200_000, "A. B. " * 50_000, 'x."' * 60_000, "\n" * 100_000, "word " * 200_000])
def test_large_texts_are_merged_quickly(text: str) -> None:
    assert merge_prose(text, text + "\n\nEnd.", text) == Merged(text + "\n\nEnd.", ())
    merged = merge_prose(text, "Begin.\n\n" + text, text + "\n\nEnd.\n")
    assert merged.text is None or merged.text.startswith("Begin.\n\n")


SENTENCES = st.lists(
    st.sampled_from(["A. ", "B! ", "C? ", "One.", "two", "\n", "\n\n", "\r\n", "<<<<<<< x\n", "é… "]), max_size=12
)
PROSE = SENTENCES.map("".join) | st.text(max_size=20)


@given(PROSE, PROSE)
def test_one_side_alone_always_wins(base: str, other: str) -> None:
    assert merge_prose(base, base, other) == Merged(other, ())
    assert merge_prose(base, other, base) == Merged(other, ())
    assert merge_prose(base, other, other) == Merged(other, ())


@given(PROSE, PROSE, PROSE)
def test_any_merge_is_repeatable(base: str, mine: str, theirs: str) -> None:
    merged = merge_prose(base, mine, theirs)
    if merged.text is None:
        assert merged.conflicts
        return
    assert not merged.conflicts
    assert merge_prose(base, merged.text, theirs) == merged
    assert merged.text.count("<<<<<<<") <= mine.count("<<<<<<<") + theirs.count("<<<<<<<")
    assert ">>>>>>>" not in merged.text


@given(st.lists(st.integers(0, 99), min_size=4, max_size=30, unique=True), st.data())
def test_separate_edits_never_conflict(numbers: list[int], data: st.DataObject) -> None:
    base = [f"Sentence {number}. " for number in numbers]
    place = data.draw(st.integers(0, len(base) - 3))
    other = data.draw(st.integers(place + 2, len(base) - 1))
    mine, theirs, both = list(base), list(base), list(base)
    for side in (mine, both):
        side[place] = "Mine. "
    for side in (theirs, both):
        side[other] += "Theirs. "
    assert merge_prose("".join(base), "".join(mine), "".join(theirs)) == Merged("".join(both), ())
