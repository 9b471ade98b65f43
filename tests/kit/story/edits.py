"""What a person does to the files that were made: a table of edits, for every stage and of every kind."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from kit.story.film import StoryFilm
from kit.story.make import CHARACTERS, OUTLINE, SHOTLIST, TREATMENT, clip, scene

LEVELS = ("outline", "treatment", "characters", "scene", "shotlist", "clip")
"""The files a person edits, each made from those before it."""
FILES: dict[str, Callable[[StoryFilm], str]] = {
    "outline": lambda _: OUTLINE,
    "treatment": lambda _: TREATMENT,
    "characters": lambda _: CHARACTERS,
    "scene": lambda film: scene(film, "A01_S02"),
    "shotlist": lambda _: SHOTLIST,
    "clip": lambda film: clip(film, "A01_S02_SH002"),
}
Change = Callable[[str], str]


@dataclass(frozen=True)
class Edit:
    """What a person does to a file's text; afterwards ``kept`` stands there as they wrote it, ``gone`` does not, and
    ``order`` are texts in their order.

    ``loses`` is what the film has no more because of it. ``outlives`` is what stays of the scene A01_S02 when that is
    taken out: what the person has written, and what is made of it.
    """

    change: Change
    kept: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()
    order: tuple[str, ...] = ()
    loses: str = ""
    outlives: str = ""

    def stands(self, text: str, removed: str = "") -> bool:
        """Whether the edit is there. What was only moved may be ``removed``."""
        places = [text.find(each) for each in self.order if not (removed and removed in each)]
        return (
            all(each in text for each in self.kept)
            and not any(each in text for each in self.gone)
            and -1 not in places
            and places == sorted(places)
        )


def instead(*pairs: tuple[str, str]) -> Change:
    """Each first text of a pair is replaced by the second, where it stands first."""

    def change(text: str) -> str:
        for old, new in pairs:
            assert old in text, f"{old!r} is not in the file"
            text = text.replace(old, new, 1)
        return text

    return change


def without(start: str, end: str) -> Change:
    """What stands from ``start`` up to ``end`` is taken out."""

    def change(text: str) -> str:
        at = text.index(start)
        return text[:at] + text[text.index(end, at) :]

    return change


def swapped(first: str, second: str, end: str) -> Change:
    """What begins with ``first`` and what begins with ``second`` (up to ``end``) change places."""

    def change(text: str) -> str:
        a = text.index(first)
        b = text.index(second, a)
        c = text.index(end, b) if end else len(text)
        return text[:a] + text[b:c] + text[a:b] + text[c:]

    return change


MY_SCENE = """\
      - scene: A01_S07
        title: Her own scene   # not in the brief
        location: lamp_room
        beats: ["She winds the clock."]
"""
MY_SHOT = """\
  - clip_id: A01_S02_SH001A
    title: A moth   # mine
    beats: [A moth burns.]

"""
EDITS: dict[str, dict[str, Edit]] = {
    "outline": {
        "comment": Edit(
            instead(
                ("      - scene: A01_S02\n", "      # keep this one short\n      - scene: A01_S02   # the turn\n"),
                ("characters:\n", "# who is in it\ncharacters:\n"),
            ),
            kept=("# keep this one short\n      - scene: A01_S02   # the turn\n", "# who is in it\ncharacters:\n"),
        ),
        "value": Edit(
            instead(("title: Nobody out there\n", "title: No one out there   # his words\n")),
            kept=("title: No one out there   # his words\n",),
        ),
        "item added": Edit(
            instead(("      - scene: A01_S03\n", MY_SCENE + "      - scene: A01_S03\n")), kept=(MY_SCENE,)
        ),
        "item removed": Edit(
            without("      - scene: A01_S01\n", "      - scene: A01_S02\n"), gone=("A01_S01",), loses="A01_S01"
        ),
        "order": Edit(
            swapped("      - scene: A01_S01\n", "      - scene: A01_S02\n", "      - scene: A01_S03\n"),
            order=("A01_S02", "A01_S01"),
        ),
    },
    "treatment": {
        "value": Edit(
            instead(("nobody out there.\n\nThe sea goes on.", "nobody out there.\n\nThe sea doesn't care.")),
            kept=("The sea doesn't care.\n",),
        ),
        "item added": Edit(
            instead(("### A01_S02 Nobody out there\n", "### A01_S02 Nobody out there\n\nThe kettle is cold.\n")),
            kept=("### A01_S02 Nobody out there\n\nThe kettle is cold.\n",),
        ),
        "item removed": Edit(
            instead(("says there is nobody out there.\n\nThe sea goes on.\n", "says there is nobody out there.\n")),
            gone=("nobody out there.\n\nThe sea goes on.",),
        ),
    },
    "characters": {
        "comment": Edit(
            instead(("  yann:\n", "  # ask Yann's sister\n  yann:   # the boy\n")),
            kept=("  # ask Yann's sister\n  yann:   # the boy\n",),
        ),
        "value": Edit(
            instead(("voice: a low, dry voice\n", "voice: a hoarse voice   # mine\n")),
            kept=("voice: a hoarse voice   # mine\n",),
        ),
        "item added": Edit(
            instead(("  yann:\n", "  gull: {name: The gull, description: A gull}   # mine\n  yann:\n")),
            kept=("  gull: {name: The gull, description: A gull}   # mine\n  yann:\n",),
        ),
        "item removed": Edit(
            instead(("      storm: in a yellow oilskin\n", "")), gone=("ines:\n    wardrobe:\n      storm",)
        ),
        "order": Edit(swapped("  ines:\n", "  yann:\n", ""), order=("  yann:\n", "  ines:\n")),
    },
    "scene": {
        "value": Edit(
            instead(("INES\nThis is Nobody", "INES\nBut this is nobody")),
            kept=("INES\nBut this is nobody",),
            outlives="A01_S02",
        ),
        "item added": Edit(
            instead(("NIGHT\n\n", "NIGHT\n\nA gull screams.\n\n")),
            kept=("NIGHT\n\nA gull screams.\n\n",),
            outlives="A01_S02",
        ),
        "item removed": Edit(
            instead(("\n\nYANN\nThis is Nobody out there.", "")),
            gone=("YANN\n",),
            loses="A01_S02_SH004",
            outlives="A01_S02",
        ),
        "order": Edit(
            instead(("INES\nThis is", "ONE\nThis is"), ("YANN\n", "INES\n"), ("ONE\n", "YANN\n")),
            order=("YANN\n", "INES\n"),
            outlives="A01_S02",
        ),
    },
    "shotlist": {
        "comment": Edit(
            instead(("  - clip_id: A01_S02_SH002\n", "  # by the window\n  - clip_id: A01_S02_SH002   # mine\n")),
            kept=("  # by the window\n  - clip_id: A01_S02_SH002   # mine\n",),
        ),
        "value": Edit(
            lambda text: re.sub(
                r"(clip_id: A01_S02_SH002\n(?:    .*\n)*?    seconds: )4\n", r"\1 6   # longer\n", text
            ),
            kept=("seconds:  6   # longer\n",),
        ),
        "item added": Edit(
            instead(("  - clip_id: A01_S02_SH002\n", f"{MY_SHOT}  - clip_id: A01_S02_SH002\n")),
            kept=(MY_SHOT,),
            outlives="A01_S02_SH001A",
        ),
        "item removed": Edit(
            without("  - clip_id: A01_S02_SH002\n", "  - clip_id: A01_S02_SH003\n"), gone=("A01_S02_SH002",)
        ),
        "order": Edit(
            swapped("  - clip_id: A01_S02_SH001\n", "  - clip_id: A01_S02_SH002\n", "  - clip_id: A01_S02_SH003\n"),
            order=("A01_S02_SH002", "A01_S02_SH001"),
        ),
    },
    "clip": {
        "comment": Edit(
            instead(("title:", "# no smile here\ntitle:"), ("seconds: 4\n", "seconds: 4   # a breath\n")),
            kept=("# no smile here\ntitle:", "seconds: 4   # a breath\n"),
            outlives="A01_S02_SH002",
        ),
        "value": Edit(
            instead(("    seconds: 4\n", "    seconds: 5.5\n")),
            kept=("    seconds: 5.5\n",),
            outlives="A01_S02_SH002",
        ),
        "item added": Edit(
            instead(("  seed:", "  guidance_scale: 5   # mine\n  seed:")),
            kept=("  guidance_scale: 5   # mine\n  seed:",),
            outlives="A01_S02_SH002",
        ),
        "item removed": Edit(without("story_beats:\n", "prompt:\n"), gone=("story_beats",), outlives="A01_S02_SH002"),
    },
}
