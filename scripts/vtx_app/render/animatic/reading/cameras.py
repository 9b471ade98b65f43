"""How the camera sees it: size, angle and moves; the shot list's before those in the shot's own words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TypeAlias, TypeVar

from vtx_app.render.animatic.reading.model import Angle, Camera, Evidence, Framing, Move, MoveKind, ShotSize
from vtx_app.render.animatic.reading.text import Passage, words_pattern
from vtx_app.render.animatic.reading.vocabulary import Words, pattern_of, patterns_of, plain_of

__all__ = ["read_camera"]

# In the shot list a size is a word of its own; in prose it is one only as a term of the camera.
_Kind = TypeVar("_Kind")
_Patterns: TypeAlias = tuple[tuple[_Kind, Words], ...]

_SIZES: _Patterns[ShotSize] = patterns_of("cameras", "sizes")
_WORDED: _Patterns[ShotSize] = patterns_of("cameras", "worded")
_NOT_SIZES = pattern_of("cameras", "not sizes")
_ANGLES: _Patterns[Angle] = patterns_of("cameras", "angles")
_ANGLE_WORDED: _Patterns[Angle] = patterns_of("cameras", "angle worded")
_FRAMINGS: _Patterns[Framing] = patterns_of("cameras", "framings")
_NOT_FRAMINGS = pattern_of("cameras", "not framings")


def _move_patterns() -> Iterator[tuple[MoveKind, re.Pattern[str]]]:
    """The patterns of the moves, with what they share put in."""
    parts = dict(plain_of("cameras", "parts of moves"))
    parts["how"] = f"(?:{parts['slowly']}{parts['fast']})"
    for kind, text in plain_of("cameras", "moves"):
        for part, words in parts.items():
            text = text.replace(f"{{{part}}}", words)
        move: MoveKind = kind
        yield move, re.compile(rf"(?<![\w'-])(?:{text})")


_MOVES = tuple(_move_patterns())
_NOT_MOVES = pattern_of("cameras", "not moves")
_UPWARD = words_pattern(r"rises|rising|climbs|ascends|lifts|soars|up|upwards?")
_DOWNWARD = words_pattern(r"descends|sinks|lowers|down|downwards?|drops")
_PACE_SLOW = re.compile(
    r"\b(?:slow|slowly|gentle|gently|gradual|gradually|imperceptibly|barely|almost imperceptible|subtle|subtly"
    r"|creeps?|creeping|inches|unhurried|steadily|drifts?)\b"
)
_PACE_FAST = re.compile(r"\b(?:whip|swish|crash|fast|quick|quickly|sudden|suddenly|snap|rapid|rapidly|rushes|sharp)\b")
_ONE_WAY = {"push": "in", "pull": "out"}


def read_camera(
    size: str, angle: str, movement: str, clip: str, action: Passage, words: list[Evidence], notes: list[str]
) -> Camera:
    """The camera of a shot: of the shot list's ``size``, ``angle`` and ``movement``, and of its own words.

    A direction that the shot list leaves open is taken from the words. What differs is added to ``notes``.
    """
    at = f"shots.{clip}"
    listed = _sizes(size)
    spoken = _worded(action)
    first = last = None
    if listed:
        words.append(Evidence("camera.size", f"{at}.size", size))
        first, last = listed[0], listed[-1] if len(listed) > 1 else None
        if spoken and not _same(first, spoken[0]) and spoken[0] not in listed:
            notes.append(f"size: {size!r} in the shot list, {spoken[1]!r} in the clip: the shot list counts")
    elif spoken:
        first = spoken[0]
        words.append(Evidence("camera.size", action.key, spoken[1]))
    return Camera(
        first,
        last,
        _angle(f"{angle}", f"{size}, {movement}", action, at, words),
        _framing(f"{size}, {angle}", action, at, words),
        moves=_moves(movement, f"{at}.movement", action, words, notes),
    )


def _same(one: ShotSize, other: ShotSize) -> bool:
    order = (
        "extreme_wide",
        "wide",
        "full",
        "medium_wide",
        "medium",
        "medium_close",
        "close",
        "extreme_close",
        "insert",
    )
    return abs(order.index(one) - order.index(other)) <= 1


def _sizes(size: str) -> list[ShotSize]:
    """The sizes in the shot list's words, in order: ``medium, to wide`` has two."""
    low = size.lower()
    taken: list[tuple[int, int, ShotSize]] = []
    for kind, pattern in _SIZES:
        for match in pattern.finditer(low):
            if not any(a <= match.start() < b for a, b, _ in taken):
                taken.append((*match.span(), kind))
    return [kind for _, _, kind in sorted(taken)]


def _worded(action: Passage) -> tuple[ShotSize, str] | None:
    """The size in the shot's own words: the first, of several that begin together the longest."""
    searched = action.without(_NOT_SIZES)
    found = [(each.start, -each.end, size, each.text) for size, pattern in _WORDED for each in searched.find(pattern)]
    if not found:
        return None
    _, _, kind, text = min(found)
    return kind, text


def _angle(angle: str, more: str, action: Passage, at: str, words: list[Evidence]) -> Angle | None:
    listed = [
        (match.end() - match.start(), kind) for kind, pattern in _ANGLES for match in pattern.finditer(angle.lower())
    ]
    if listed:
        words.append(Evidence("camera.angle", f"{at}.angle", angle))
        return max(listed, key=lambda pair: pair[0])[1]
    for kind, pattern in _ANGLE_WORDED:
        if pattern.search(f"{angle}, {more}".lower()):
            words.append(Evidence("camera.angle", f"{at}.size", more))
            return kind
    for kind, pattern in _ANGLE_WORDED:
        if found := action.real(pattern):
            words.append(Evidence("camera.angle", action.key, found.text))
            return kind
    return None


def _framing(listed: str, action: Passage, at: str, words: list[Evidence]) -> Framing | None:
    for kind, pattern in _FRAMINGS:
        if pattern.search(listed.lower()):
            words.append(Evidence("camera.framing", f"{at}.size", listed))
            return kind
    searched = action.without(_NOT_FRAMINGS)
    for kind, pattern in _FRAMINGS:
        if found := searched.real(pattern):
            words.append(Evidence("camera.framing", action.key, found.text))
            return kind
    return None


_LISTED_MOVES = (
    (words_pattern(r"follow(?:s|ing)?|walk(?:s|ing)? with|travel\w*|glid\w+|drift\w*|gimbal"), Move("track")),
    (words_pattern(r"ris(?:e|es|ing)|ascend\w*|lift\w*"), Move("crane", "up")),
    (words_pattern(r"descend\w*|sink\w*|lower\w*"), Move("crane", "down")),
    (words_pattern(r"circl\w+|arc|rotat\w+|around"), Move("orbit")),
    (words_pattern(r"steady|still|fixed"), Move("hold")),
    (words_pattern(r"in|forwards?|closer|approach\w*|creep\w*"), Move("push", "in")),
    (words_pattern(r"out|back|backwards?|retreat\w*"), Move("pull", "out")),
)
"""Words that are moves in the shot list, where nothing else can be meant."""


def _moves(movement: str, at: str, action: Passage, words: list[Evidence], notes: list[str]) -> tuple[Move, ...]:
    listed = list(_moves_in(Passage(at, movement), listed=True)) if movement.strip() else []
    listed = listed or [(move, movement) for pattern, move in _LISTED_MOVES if pattern.search(movement.lower())][:1]
    spoken = list(_moves_in(action, listed=False))
    if not listed:
        words.extend(Evidence("camera.moves", action.key, text) for _, text in spoken)
        return tuple(move for move, _ in spoken)
    words.append(Evidence("camera.moves", at, movement))
    moves = []
    for move, _ in listed:
        same = next(((other, text) for other, text in spoken if other.kind == move.kind), None)
        if same is not None and (move.direction is None or not move.pace) and same[0] != move:
            direction, pace = move.direction or same[0].direction, move.pace or same[0].pace
            if (direction, pace) != (move.direction, move.pace):
                words.append(Evidence("camera.moves", action.key, same[1]))
                move = Move(move.kind, direction, pace)
        moves.append(move)
    others = [text for move, text in spoken if move.kind not in {each.kind for each in moves} | {"hold", "handheld"}]
    if others and all(move.kind == "hold" for move in moves):
        notes.append(f"movement: {movement!r} in the shot list, {others[0]!r} in the clip: the shot list counts")
    return tuple(moves)


def _moves_in(passage: Passage, *, listed: bool) -> list[tuple[Move, str]]:
    """The moves that a text names, in order, each kind once."""
    searched = passage if listed else passage.without(_NOT_MOVES)
    taken: list[tuple[int, int]] = []
    found: list[tuple[int, Move, str]] = []
    for kind, pattern in _MOVES:
        for match in pattern.finditer(searched.low):
            start, end = match.span()
            if any(a < end and start < b for a, b in taken) or kind in {move.kind for _, move, _ in found}:
                continue
            taken.append((start, end))
            found.append((start, _move(searched, kind, start, end), passage.text[start:end]))
    found.sort(key=lambda item: item[0])
    if len(found) > 1:
        found = [item for item in found if item[1].kind != "hold"]
    return [(move, text) for _, move, text in found]


def _move(passage: Passage, kind: MoveKind, start: int, end: int) -> Move:
    low = passage.low
    clause_start, clause_end = passage.clause(start)
    own = low[start:end]
    around = low[max(clause_start, start - 24) : min(len(low), end + 24)]
    wide = low[start : min(len(low), end + 40)]
    pace = "fast" if _PACE_FAST.search(around[: 24 + end - start + 12]) else "slow" if _PACE_SLOW.search(around) else ""
    direction = _ONE_WAY.get(kind)
    if kind == "zoom":
        direction = "out" if re.search(r"\b(?:out|back)\b", wide.split(".")[0]) else "in"
    elif kind in ("tilt", "crane"):
        colon = low[end : end + 1] == ":"  # Crane shot: up from the water
        tail = low[start : end + 30] if colon else low[start : min(clause_end, end + 30)]
        up, down = _UPWARD.search(tail), _DOWNWARD.search(tail)
        direction = "up" if up and (not down or up.start() < down.start()) else "down" if down else None
        if kind == "crane" and direction is None and re.search(r"\bris|\blift|\bup", low[clause_start:start]):
            direction = "up"
    elif kind in ("pan", "track", "orbit"):
        side = re.search(r"\b(?P<from>from (?:the )?)?(?P<side>left|right)\b", wide)
        if side:
            direction = side["side"]
            if side["from"]:
                direction = "left" if direction == "right" else "right"
        elif kind == "pan":
            turn = re.search(r"\b(?P<d>up|down)\b", low[start : end + 6])
            direction = turn["d"] if turn else None
    del own
    return Move(kind, direction, pace)  # type: ignore[arg-type]
