"""A generated YAML file, edited by a person, and its next generated version."""

from __future__ import annotations

import pytest

from vtx_app.errors import SpecError
from vtx_app.formats.yaml_reader import read_yaml_text
from vtx_app.merge import Merged, merge_yaml

OUTLINE = """\
# Made by the outline's writer. Edit anything.
version: 1
title: Every Twelve Seconds
acts:
  - act: 1
    title: Everybody is home
    scenes:
      - scene: A01_S01
        title: All boats in
        characters: [ines, yann]
        purpose: >-
          Her craft, her solitude, the count of twelve.
          Nobody needs her tonight.
        beats:
          - The light comes on by itself.
          - Inès polishes a lens, and counts.
          - Forty boats out, forty in.
      - scene: A01_S02
        title: Nobody out there
        time: night
        beats:
          - The storm climbs the tower.
  - act: 2
    title: For the one you can't see
    scenes:
      - scene: A02_S01
        title: By hand
        beats: []
"""


def edited(text: str, *pairs: tuple[str, str]) -> str:
    for old, new in pairs:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return text


MINE = edited(
    OUTLINE,
    ("version: 1\n", "version: 1   # mine: keep\n\n"),
    ("title: All boats in", "title: 'All boats home'  # mine: better"),
    ("characters: [ines, yann]", "characters:    [ ines,   yann ]"),
    (
        "          - Forty boats out, forty in.\n",
        '          # mine: forty!\n          - "Forty boats out: forty in."\n',
    ),
    ("        time: night\n", ""),
    ("  - act: 2\n", "\n  # mine: the second act\n  - act: 2\n"),
)

NEW_SCENE = """\
      - scene: A01_S03
        title: "The lamp: out"
        # generated with it
        beats:
          - It dies.
"""


WHAT_IS_NEW = [
    [("title: Every Twelve Seconds", "title: Every Ten Seconds")],
    [("      - scene: A01_S02\n", NEW_SCENE + "      - scene: A01_S02\n")],
    [("          - The storm climbs the tower.\n", "          - The storm climbs the tower.\n" + NEW_SCENE)],
    [("          - The light comes on by itself.\n", "          - The light comes on.\n          - A gull.\n")],
    [("        beats: []\n", "        beats:\n          - Three matches.\n")],
    [("tonight.\n", "tonight, or ever.\n"), ("Everybody is home", "Home"), ("By hand", "Hand over hand")],
    [("# Made by the outline's writer. Edit anything.", "# Made anew."), ("By hand", "Hand over hand")],
]


@pytest.mark.parametrize("changes", WHAT_IS_NEW)
def test_new_lines_are_merged_into_the_persons_text(changes: list[tuple[str, str]]) -> None:
    merged = merge_yaml(OUTLINE, MINE, edited(OUTLINE, *changes))
    assert merged == Merged(edited(MINE, *changes), ())


TOO_LONG_TO_ALIGN = "\n" * 20_000
"""Put before a text, it makes the merge change that text in places, where shorter ones are merged by lines."""


def test_touching_lines_are_merged_by_data() -> None:
    # Both changed neighbouring lines, which a merge by lines alone can't take apart.
    theirs = edited(
        OUTLINE,
        ("version: 1\n", "version: 2\n"),
        ("[ines, yann]", "[ines, yann, misha]"),
        ("          - Forty boats out, forty in.\n", "          - Forty boats out, forty in.\n          - Silence.\n"),
        ("title: Nobody out there\n", "title: Nobody there\n"),
        ("title: Everybody is home\n", "title: Home\n    turn: The light goes out.\n"),
    )
    assert merge_yaml(OUTLINE, MINE, theirs) == Merged(
        edited(
            MINE,
            ("version: 1   #", "version: 2   #"),
            ("[ ines,   yann ]", "[ ines,   yann,   misha ]"),
            (
                '          - "Forty boats out: forty in."\n',
                '          - "Forty boats out: forty in."\n          - Silence.\n',
            ),
            ("title: Nobody out there\n", "title: Nobody there\n"),
            ("title: Everybody is home\n", "title: Home\n    turn: The light goes out.\n"),
        ),
        (),
    )


def test_new_values_keep_their_generated_format() -> None:
    mine = edited(
        OUTLINE, ("- scene: A01_S02\n", "- scene: A01_S02  # mine\n"), ("out there\n", "out there  # mine, too\n")
    )
    new = "        purpose: |\n          Take the light,\n\n          then give a reason.\n        look: 'dark: blue'\n"
    theirs = edited(OUTLINE, ("Nobody out there\n", "Nobody\n" + new))
    assert merge_yaml(OUTLINE, mine, theirs).text == edited(
        mine, ("Nobody out there  # mine, too\n", "Nobody  # mine, too\n" + new)
    )


def test_new_values_take_the_indentation_of_the_file() -> None:
    mine = TOO_LONG_TO_ALIGN + "acts:\n- act: 1   # mine\n  scenes:\n  - scene: A\n    title: a\n"
    base = "acts:\n  - act: 1\n    scenes:\n      - scene: A\n        title: a\n"
    theirs = (
        base
        + "      - scene: B\n        look:\n          light: 'none: dark'\n          beats:\n            - It dies.\n"
    )
    new = "  - scene: B\n    look:\n      light: 'none: dark'\n      beats:\n      - It dies.\n"
    assert merge_yaml(base, mine, theirs) == Merged(mine + new, ())


def test_new_block_text_at_the_end_of_an_unterminated_file() -> None:
    merged = merge_yaml("a: 1\nc: 1\n", "a: 2\nc: 1\n# mine\n", "a: 1\nc: 1\nb: |\n  text").text
    assert merged is not None
    assert merged.startswith("a: 2\nc: 1\nb:")
    assert merged.endswith("# mine\n")
    assert read_yaml_text(merged, "") == {"a": 2, "c": 1, "b": "text"}


def test_dropped_and_moved_scenes() -> None:
    second = OUTLINE[OUTLINE.index("      - scene: A01_S02") : OUTLINE.index("  - act: 2")]
    first = OUTLINE[OUTLINE.index("      - scene: A01_S01") : OUTLINE.index("      - scene: A01_S02")]
    mine = edited(OUTLINE, ("All boats in", "All boats home"), ("  - act: 2", "  # mine\n  - act: 2"))
    dropped = merge_yaml(OUTLINE, mine, edited(OUTLINE, (second, "")))
    assert dropped.text == edited(mine, (second, ""))
    moved = merge_yaml(OUTLINE, mine, edited(OUTLINE, (first + second, second + first)))
    renamed = first.replace("All boats in", "All boats home")
    assert moved.text == edited(mine, (renamed + second, second + renamed))
    own = edited(OUTLINE, ("Nobody out there", "My own words"))
    assert merge_yaml(OUTLINE, own, edited(OUTLINE, (second, ""))) == Merged(None, ("acts.1.scenes.A01_S02",))


def test_deletions_stay() -> None:
    second = OUTLINE[OUTLINE.index("      - scene: A01_S02") : OUTLINE.index("  - act: 2")]
    mine = edited(OUTLINE, (second, ""))
    theirs = edited(OUTLINE, ("Nobody out there", "New words"), ("By hand", "Hand over hand"))
    assert merge_yaml(OUTLINE, mine, theirs).text == edited(mine, ("By hand", "Hand over hand"))


@pytest.mark.parametrize("changes", WHAT_IS_NEW)
def test_in_place_changes_read_as_the_merge_by_lines(changes: list[tuple[str, str]]) -> None:
    merged = merge_yaml(OUTLINE, TOO_LONG_TO_ALIGN + MINE, edited(OUTLINE, *changes)).text
    assert merged is not None
    assert merged.startswith(TOO_LONG_TO_ALIGN)
    merged = merged.removeprefix(TOO_LONG_TO_ALIGN)
    assert read_yaml_text(merged, "") == read_yaml_text(edited(MINE, *changes), "")
    kept = [line for line in merged.splitlines() if line in MINE.splitlines()]
    assert len(kept) >= len(MINE.splitlines()) - 3
    assert merged.count("# mine") == MINE.count("# mine")


@pytest.mark.parametrize(
    ("mine", "theirs", "places"),
    [
        (("All boats in", "A"), ("All boats in", "B"), ("acts.1.scenes.A01_S01.title",)),
        (("title: Every Twelve Seconds\n", ""), ("Every Twelve", "Every Ten"), ()),
        (("Every Twelve", "Every Ten"), ("title: Every Twelve Seconds\n", ""), ("title",)),
        (("forty in.", "forty in!"), ("forty in.", "all in."), ("acts.1.scenes.A01_S01.beats.2",)),
        (("[ines, yann]", "[ines]"), ("[ines, yann]", "[ines, misha]"), ("acts.1.scenes.A01_S01.characters.1",)),
    ],
)
def test_conflicts(mine: tuple[str, str], theirs: tuple[str, str], places: tuple[str, ...]) -> None:
    merged = merge_yaml(OUTLINE, edited(OUTLINE, mine), edited(OUTLINE, theirs))
    assert merged.conflicts == places
    assert (merged.text is None) is bool(places)


def test_nothing_new_keeps_every_byte() -> None:
    broken = MINE + "\n  [half an edit"
    assert merge_yaml(OUTLINE, broken, OUTLINE) == Merged(broken, ())
    noted = edited(OUTLINE, ("title: By hand", "title: By hand # generated"))
    for theirs in (MINE, noted, OUTLINE.replace("version: 1", "version:   1.0"), OUTLINE.replace("\n", "\r\n")):
        assert merge_yaml(OUTLINE, MINE, theirs) == Merged(MINE, ())
    assert merge_yaml(OUTLINE, OUTLINE, MINE) == Merged(MINE, ())


@pytest.mark.parametrize("touching", [False, True])
def test_line_breaks_and_bom_of_mine_are_kept(touching: bool) -> None:
    change = ("version: 1", "version: 2") if touching else ("By hand", "Hand over hand")
    theirs = edited(
        OUTLINE,
        change,
        ("        beats: []\n", "        beats:\n          - |\n            Three\n            matches.\n"),
    )
    merged = merge_yaml(OUTLINE, MINE, theirs).text
    assert merged is not None
    assert merged.endswith("matches.\n")
    crlf = MINE.replace("\n", "\r\n")
    assert merge_yaml(OUTLINE, crlf, theirs).text == merged.replace("\n", "\r\n")
    assert merge_yaml(OUTLINE, "\ufeff" + crlf, theirs).text == "\ufeff" + merged.replace("\n", "\r\n")
    bare = merge_yaml(OUTLINE, MINE.removesuffix("\n"), edited(OUTLINE, change)).text
    assert bare == edited(MINE, change).removesuffix("\n")
    ended = merge_yaml(OUTLINE, MINE.removesuffix("\n"), theirs).text  # here the last line end is part of a value
    assert ended is not None
    assert read_yaml_text(ended, "") == read_yaml_text(merged, "")


def test_comments_in_and_above_a_dropped_scene() -> None:
    second = OUTLINE[OUTLINE.index("      - scene: A01_S02") : OUTLINE.index("  - act: 2")]
    above = edited(OUTLINE, ("      - scene: A01_S02", "      # above it\n      - scene: A01_S02"))
    dropped = edited(OUTLINE, (second, ""))
    assert merge_yaml(OUTLINE, above, dropped).text == edited(OUTLINE, (second, "      # above it\n"))
    inside = edited(above, ("time: night", "time: night # mine"))
    assert merge_yaml(OUTLINE, inside, dropped) == Merged(None, ("# mine",))


def test_generated_comments_go_with_a_dropped_scene() -> None:
    base = edited(OUTLINE, ("time: night", "time: night # generated"))
    base = edited(base, ("      - scene: A01_S02", "      # generated, above it\n      - scene: A01_S02"))
    second = base[base.index("      # generated, above") : base.index("  - act: 2")]
    dropped = edited(base, (second, ""))
    mine = edited(base, ("title: By hand", "title: By both hands"))
    assert merge_yaml(base, mine, dropped).text == edited(mine, (second, ""))
    mine = edited(mine, ("time: night", "time:   night"))  # no lines to merge any more
    assert merge_yaml(base, mine, dropped).text == edited(dropped, ("title: By hand", "title: By both hands"))


def test_comments_of_a_reformatted_value_are_kept() -> None:
    mine = edited(
        OUTLINE,
        ("purpose: >-\n", "purpose: >-  # mine 1\n"),
        ("- The storm climbs the tower.", "- The storm climbs. # mine 2"),
    )
    theirs = edited(
        OUTLINE,
        (
            OUTLINE[OUTLINE.index("purpose: >-") : OUTLINE.index("        beats:")],
            "purpose: Craft.\n",
        ),
    )
    merged = merge_yaml(OUTLINE, mine, theirs).text
    assert merged is not None
    assert "        purpose: >-  # mine 1\n          Craft.\n        beats:" in merged
    assert "# mine 2" in merged


def test_messages_name_the_unreadable_file() -> None:
    with pytest.raises(SpecError, match=r"^story/01_outline\.yaml:30: not valid YAML"):
        merge_yaml(OUTLINE, OUTLINE + "x: [", edited(OUTLINE, ("By hand", "x")), "story/01_outline.yaml")
    with pytest.raises(SpecError, match=r"^o\.yaml \(newly generated\):1: "):
        merge_yaml(OUTLINE, MINE, "a: b: c\n", "o.yaml")
    with pytest.raises(SpecError, match=r"^o\.yaml \(as last generated\):1: "):
        merge_yaml("a: b: c\n", MINE, OUTLINE, "o.yaml")


def test_merge_that_cannot_be_written_is_a_conflict() -> None:
    big = "x" * 2_500_000
    merged = merge_yaml("a: 1\n", f"a: 1\nb: {big}\n", f"a: 1\nc: {big}\n")
    assert merged == Merged(None, ("the whole file",))


def test_values_are_compared_by_yaml_1_2() -> None:
    merged = merge_yaml("a: no\nb: 16:9\n", "a: off\nb: 16:9 # mine\n", "a: no\nb: 2:1\n")
    assert merged.text == "a: off\nb: 2:1 # mine\n"
    assert merge_yaml("a: 4\nb: 1\n", "a: 4.0\nb: 1\n", "a: 5\nb: 1\n").text == "a: 5\nb: 1\n"
    assert merge_yaml("a: 1\n", "a: true\n", "a: 2\n").conflicts == ("a",)


def test_large_file_is_merged_quickly() -> None:
    shots = [f"  - clip_id: S{n}\n    title: shot {n}\n    seconds: 4\n" for n in range(1500)]
    base = "shots:\n" + "".join(shots)
    mine = base.replace("title: shot 7\n", "title: 'mine: 7' # seven\n").replace("shot 800\n", "shot 800\n    # mine\n")
    theirs = base.replace("title: shot 800\n    seconds: 4", "title: shot 800\n    seconds: 5") + "  - clip_id: N\n"
    assert (
        merge_yaml(base, mine, theirs).text
        == mine.replace("    # mine\n    seconds: 4", "    # mine\n    seconds: 5") + "  - clip_id: N\n"
    )
