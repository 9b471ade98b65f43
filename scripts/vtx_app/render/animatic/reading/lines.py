"""A reading as lines for a person: what was read, from which words, and where those are written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from vtx_app.render.animatic.reading.model import Evidence, Garment, Move, Person, Reading, Thing

__all__ = ["Line", "reading_lines", "traced", "written_in"]


_ALWAYS = ("place", "time", "weather", "moves")
"""What has a line also where nothing says it."""


@dataclass(frozen=True, slots=True)
class Line:
    """``what`` was read as ``value`` from ``words``, which are written at ``where`` (``file: key``)."""

    what: str
    value: str
    words: str = ""
    where: str = ""


def written_in(key: str, labels: Mapping[str, str]) -> str:
    """The label (``file: key``) of a key of an evidence; ``labels`` are those of the request's sources, by key."""
    if key in labels:
        return labels[key]
    if key.startswith("locations.") and key.count(".") == 1:  # the id itself
        return labels.get("continuity.locations", key)
    opening = {"heading": "heading", "profile": "profiles."}.get(key, key)
    return next((label for found, label in labels.items() if found.startswith(opening)), key)


def traced(reading: Reading, texts: Mapping[str, Mapping[str, str]]) -> Reading:
    """``reading`` with the words of earlier shots where those say what holds; ``texts`` of the request's sources."""
    words: list[Evidence] = []
    for each in reading.words:
        said = texts.get(each.key, {}) if each.key.startswith("earlier.") else {}
        words += [Evidence(each.value, label, text) for label, text in said.items()] or [each]
    return replace(reading, words=tuple(dict.fromkeys(words)))


def reading_lines(reading: Reading, labels: Mapping[str, str]) -> Iterator[Line]:
    """The lines of a reading; what is unknown has no words."""
    place, sky, camera = reading.place, reading.sky, reading.camera
    inside = {True: "indoors", False: "outdoors", None: ""}[place.indoors]
    size = {True: "large", False: "small", None: ""}[place.large]
    parts: dict[str, list[str]] = {
        "place": [place.kind, size, "empty" if place.empty else "",
                  {True: "in a boat", False: "on the shore", None: ""}[place.afloat] if not place.indoors else ""],
        "indoors": [inside],
        "time": [reading.time or ""],
        "weather": [_weather(reading)],
        "sky": [f"{'' if there else 'no '}{name}" for name in ("sun", "moon", "stars")
                if (there := getattr(sky, name)) is not None],
        "light": ["dark" if reading.dark else ""],
        "size": [" to ".join(filter(None, (camera.size or "", camera.size_end or "")))],
        "angle": [camera.angle or ""],
        "framing": [camera.framing or ""],
        "moves": [_move(move) for move in camera.moves],
    }  # fmt: skip
    own = {
        "size": "camera.size",
        "angle": "camera.angle",
        "framing": "camera.framing",
        "moves": "camera.moves",
        "light": "dark",
    }
    for what, values in parts.items():
        value = ", ".join(filter(None, values)).replace("_", " ")
        if value or what in _ALWAYS:
            yield from _with_words(what, value or "unknown", _evidence(reading, own.get(what, what)), labels)
    for person in reading.people:
        yield from _person_lines(person, _evidence(reading, f"people.{person.id or person.what}"), labels)
    for thing in reading.things:
        yield from _with_words("thing", _thing(thing), _evidence(reading, f"things.{thing.kind}"), labels)
    if reading.subject:
        yield Line("insert", reading.subject)
    for note in reading.notes:
        yield Line("note", note)


def _evidence(reading: Reading, value: str) -> list[Evidence]:
    return [each for each in reading.words if each.value == value or each.value.startswith(f"{value}.")]


def _with_words(what: str, value: str, evidence: list[Evidence], labels: Mapping[str, str]) -> Iterator[Line]:
    """The line of a value; each more of the words that it was read from has a line of its own."""
    yield Line(what, value, *_words(evidence[0] if evidence else None, labels))
    for each in evidence[1:]:
        yield Line("", "", *_words(each, labels))


def _words(evidence: Evidence | None, labels: Mapping[str, str]) -> tuple[str, str]:
    return ("", "") if evidence is None else (evidence.text, written_in(evidence.key, labels))


def _weather(reading: Reading) -> str:
    weather = reading.weather
    heavy = {True: "heavy ", False: "light ", None: ""}[weather.heavy]
    values = (
        f"{heavy}{weather.kind}" if weather.kind else "",
        f"which {weather.change}" if weather.change else "",
        *(word for word, so in (("wind", weather.wind), ("lightning", weather.lightning)) if so),
        *(word for word, so in (("wet ground", weather.wet), ("lying snow", weather.lying_snow)) if so),
    )
    return ", ".join(filter(None, values))


def _move(move: Move) -> str:
    return " ".join(filter(None, (move.pace, move.kind, move.direction or "")))


def _garment(garment: Garment) -> str:
    length = {True: "long", False: "short", None: ""}[garment.long]
    return " ".join(filter(None, (length, garment.pattern, garment.colour, garment.kind)))


def _person_lines(person: Person, evidence: list[Evidence], labels: Mapping[str, str]) -> Iterator[Line]:
    """A line for each thing that is known of a person."""
    noun = person.kind if person.what in ("", person.kind) else f"{person.kind}, {person.what}"
    hair = " ".join(filter(None, (person.hair.length, person.hair.style, person.hair.colour)))
    facts = {
        "": noun if person.count == 1 else f"{noun}, {person.count} of them",
        "seen": "in the picture" if person.seen else "off screen",
        "age": ", ".join(filter(None, (person.age, f"{person.years} years" if person.years is not None else ""))),
        "build": person.build,
        "height": person.height,
        "skin": f"{person.skin} skin" if person.skin else "",
        "colour": person.colour,
        "hair": f"hair {hair}" if hair else "",
        "beard": f"{person.beard_colour} {person.beard}".strip(),
        "glasses": person.glasses,
        **{garment.kind: _garment(garment) for garment in person.wears},
        "holds": f"holds {', '.join(person.holds)}" if person.holds else "",
        "part": f"only {person.part}" if person.part else "",
        "pose": person.pose or "",
        "seat": f"on the {person.seat}" if person.seat else "",
        "view": f"from {person.view}" if person.view == "behind" else person.view or "",
        "side": f"on the {person.side}" if person.side else "",
        "depth": person.depth or "",
        "speaks": f"speaks as number {person.speaks}" if person.speaks else "",
        "looks_at": _gaze(person.looks_at),
        "breath": f"breathes {person.breath}" if person.breath else "",
    }
    title = person.name or person.what
    for fact, value in facts.items():
        said = next(
            (each for each in evidence if each.value.partition(".")[2].partition(".")[2] in (fact, fact or "kind")),
            None,
        )
        if value and (fact != "seen" or said or not person.seen):
            yield Line(title, value.replace("_", " "), *_words(said, labels))
            title = ""


def _gaze(looks_at: str) -> str:
    if not looks_at:
        return ""
    return f"looks {looks_at}" if looks_at in ("left", "right") else f"looks at {looks_at}"


def _thing(thing: Thing) -> str:
    values = (
        f"{thing.count} × {thing.kind}" if thing.count > 1 else thing.kind,
        *(thing.colour, thing.depth or "", {True: "lit", False: "unlit", None: ""}[thing.lit]),
        {"begins": "comes on", "ends": "goes out", None: ""}[thing.change],
        {True: "open", False: "closed", None: ""}[thing.open],
    )
    return ", ".join(filter(None, values)).replace("_", " ")
