"""A table of sentences → reading as text: ``what is given => what must be read``, a row a line.

Given, parts between ``|``: ``prose`` (the shot's own words), ``heading`` (``EXT. PIER - NIGHT``), ``location``
(``id = name = description``, several between ``;;``), ``who`` (``id=description``), ``is`` (the description of one
character, ``mara``), ``wears``, ``kind``, ``says`` (``id=line``), ``size``, ``angle``, ``movement``, ``profile``,
``film``, ``not`` (the negative).

To be read: ``place=street time=night`` …; ``-`` is nothing. Facts of people begin with their id; without one they are
those of ``mara``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from vtx_app.compile.request import Line, RenderRequest, StagedCharacter, StagedHeading, StagedPlace, Staging
from vtx_app.formats.heading import parse_heading
from vtx_app.render.animatic.reading.model import Person, Reading
from vtx_app.render.animatic.reading.reader import read_shot

__all__ = ["Row", "facts", "reading_of", "request_of", "rows"]

FOLDER = Path(__file__).parent / "sentences"
FLAGS = {True: "yes", False: "no", None: "-"}


@dataclass(frozen=True)
class Row:
    """One line of a table: ``given`` by name, and ``read``: fact → value."""

    line: str
    given: dict[str, str]
    read: dict[str, str]


def rows(name: str) -> Iterator[Row]:
    """The rows of the table ``name``."""
    for line in (FOLDER / f"{name}.txt").read_text(encoding="utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            left, arrow, right = line.partition(" => ")
            assert arrow, line
            given = dict(re.split(r":\s*", part.strip(), maxsplit=1) for part in left.split(" | "))
            yield Row(line, given, dict(fact.split("=", 1) for fact in right.split()))


def _pairs(text: str) -> list[tuple[str, str]]:
    return [(part.partition("=")[0].strip(), part.partition("=")[2].strip()) for part in text.split(" ;; ") if part]


def request_of(given: dict[str, str]) -> RenderRequest:
    """The request of a row."""
    lines = _pairs(given.get("says", ""))
    described = dict(_pairs(given["who"])) if "who" in given else {}
    if "is" in given:
        described["mara"] = given["is"]
    people = [
        StagedCharacter(
            each,
            _name(each, text),
            text,
            given.get("wears", "") if each == "mara" else "",
            kind=given.get("kind") if each == "mara" else None,
        )
        for each, text in described.items()
    ]
    people += [StagedCharacter(each, each.title(), seen=False) for each in dict(lines) if each not in described]
    names = {person.id: person.name for person in people}
    heading = None
    if "heading" in given:
        parsed = parse_heading(given["heading"])
        heading = StagedHeading(parsed.setting, parsed.place, parsed.time, parsed.weather)
    places = [[part.strip() for part in text.split(" = ")] for text in given.get("location", "").split(" ;; ") if text]
    staging = Staging(
        action=given.get("prose", ""),
        locations=tuple(StagedPlace(*place) for place in places),
        dialogue=tuple(Line(names[each], text) for each, text in lines),
        characters=tuple(people),
        speakers=tuple(each for each, _ in lines),
        clip="A01_S01_SH001",
        heading=heading,
        size=given.get("size", ""),
        angle=given.get("angle", ""),
        movement=given.get("movement", ""),
        profile=given.get("profile", ""),
        film=given.get("film", ""),
    )
    negative = given.get("not", "")
    prompt = staging.action or "-"
    return RenderRequest("animatic", 2, "one", "t2v", prompt, negative, 64, 64, 9, Fraction(16), 1, staging=staging)


def _name(character: str, description: str) -> str:
    """The name that the description begins with, else the id's."""
    opening = re.match(r"((?:[A-Z][\w.’']*\s?){1,3}\d?),", description)
    return opening[1].strip() if opening else character.title()


def reading_of(given: dict[str, str]) -> Reading:
    """The reading of a row."""
    return read_shot(request_of(given))


def facts(reading: Reading) -> dict[str, str]:
    """A reading as flat texts."""
    place, weather, sky, camera = reading.place, reading.weather, reading.sky, reading.camera
    found = {
        "place": place.kind, "indoors": FLAGS[place.indoors], "empty": FLAGS[place.empty], "large": FLAGS[place.large],
        "afloat": FLAGS[place.afloat],
        "time": reading.time, "weather": weather.kind, "heavy": FLAGS[weather.heavy], "wind": FLAGS[weather.wind],
        "lightning": FLAGS[weather.lightning], "wet": FLAGS[weather.wet], "snow": FLAGS[weather.lying_snow],
        "change": weather.change, "sun": FLAGS[sky.sun], "moon": FLAGS[sky.moon], "stars": FLAGS[sky.stars],
        "dark": FLAGS[reading.dark], "size": camera.size, "size_end": camera.size_end, "angle": camera.angle,
        "framing": camera.framing, "over": camera.over, "on": camera.on, "notes": str(len(reading.notes)),
        "moves": ",".join("/".join(filter(None, (move.kind, move.direction, move.pace))) for move in camera.moves),
        "shown": ",".join(person.id for person in reading.people if person.seen and person.id),
        "unnamed": ",".join(
            f"{person.what}*{person.count}" if person.count > 1 else person.what
            for person in reading.people if not person.id
        ),
        "subject": ",".join(reading.subject.split()),
        "things": ",".join(f"{each.kind}*{each.count}" if each.count > 1 else each.kind for each in reading.things),
    }  # fmt: skip
    for thing in reading.things:
        found |= {
            f"{thing.kind}.lit": FLAGS[thing.lit], f"{thing.kind}.change": thing.change,
            f"{thing.kind}.colour": thing.colour, f"{thing.kind}.open": FLAGS[thing.open],
            f"{thing.kind}.depth": thing.depth, f"{thing.kind}.placed": FLAGS[thing.placed],
        }  # fmt: skip
    for person in reading.people:
        own = _person(person)
        found |= {f"{person.id or person.what}.{fact}": value for fact, value in own.items()}
        if person.id == "mara":
            found |= own
    return {fact: value or "-" for fact, value in found.items()}


def _person(person: Person) -> dict[str, str | None]:
    found: dict[str, str | None] = {
        "kind": person.kind, "what": person.what, "count": str(person.count), "woman": FLAGS[person.woman],
        "age": person.age, "years": str(person.years) if person.years is not None else "", "build": person.build,
        "height": person.height, "skin": person.skin, "hair.colour": person.hair.colour,
        "hair.length": person.hair.length, "hair.style": person.hair.style, "beard": person.beard,
        "beard_colour": person.beard_colour, "glasses": person.glasses, "colour": person.colour,
        "holds": ",".join(each.replace(" ", "_") for each in person.holds),
        "seen": FLAGS[person.seen], "speaks": str(person.speaks), "view": person.view,
        "pose": person.pose, "side": person.side, "depth": person.depth, "looks_at": person.looks_at,
        "small": FLAGS[person.small], "part": person.part, "seat": person.seat, "breath": person.breath,
        "wears": ",".join(each.kind for each in person.wears),
    }  # fmt: skip
    for what, garment in (("hat", person.hat), ("coat", person.coat)):
        found |= {
            what: garment.kind if garment else "", f"{what}.colour": garment.colour if garment else "",
            f"{what}.long": FLAGS[garment.long] if garment else "",
            f"{what}.pattern": garment.pattern if garment else "",
        }  # fmt: skip
    for garment in person.wears:
        found[f"{garment.kind}.colour"] = garment.colour
    return found
