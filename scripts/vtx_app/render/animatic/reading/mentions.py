"""Who a shot's words speak of where: names and pronouns, and whose a word is."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from vtx_app.render.animatic.reading.beings import kind_of_noun
from vtx_app.render.animatic.reading.model import Person
from vtx_app.render.animatic.reading.references import references
from vtx_app.render.animatic.reading.text import FUNCTION, Passage, word_set

__all__ = ["Mentions", "name_pattern"]

_TITLES = word_set(
    "the a an old young little big mr mrs ms miss dr doctor captain sergeant sgt professor prof "
    "inspector uncle aunt sir lady"
    " lord king queen prince princess father mother brother sister grandpa grandma granny st saint colonel major "
    "general"
    " madame monsieur detective officer constable nurse of de la le von van"
)
_PRONOUNS = re.compile(
    r"(?<![\w'-])(?:(?P<f>she|her|hers|herself)|(?P<m>he|him|his|himself)|(?P<t>they|them|their|both|the two|each "
    r"other|the pair)|(?P<i>it|its))(?![\w'-])"
)
_IT_ACTS = re.compile(r"it (?:\w+ly )?(?:\w+s|was|had|will|can)(?![\w'-])")
_COORDINATED = re.compile(r"(?:,|\band|\bthen|;) (?:\w+ly )?(?:half |still |just )?$")
_OBJECT = re.compile(
    r"\b(?:to|at|beside|behind|with|of|from|past|for|toward|towards|before|near|over|around|round|against|above"
    r"|below|beyond|after"
    r"|between|like|than|by|sees?|watches|hands|gives|tells|asks|follows|faces|meets|helps|kisses|hugs|holds|leaves"
    r"|joins|finds|leads|leading|pulls|drags|pushes|carries|rides|riding|feeds|strokes|pats|wakes|lifts|dresses|grabs"
    r"|catches|chases|nudges|licks|comforts|embraces|cradles|escorts|shoves|saddles|mounts|walks) $"
)


@dataclass(frozen=True, slots=True)
class _Mention:
    start: int
    end: int
    ids: tuple[str, ...]
    is_object: bool
    by_name: bool


def name_pattern(name: str) -> re.Pattern[str]:
    """A pattern for a character's name in lower-case text: the whole name, or one of its parts that is no title."""
    low = name.lower().replace("’", "'")
    parts = [part for part in re.findall(r"[^\W\d_][\w'-]*", low) if part not in _TITLES and len(part) > 1]
    choices = sorted({low, *parts}, key=len, reverse=True)
    return re.compile(rf"(?<![\w-])(?:{'|'.join(map(re.escape, choices))})(?![\w-])")


class Mentions:
    """The mentions of ``people`` in ``action``, by name and by pronoun, and of ``others`` (start and end)."""

    def __init__(self, action: Passage, people: Sequence[Person], others: Iterable[tuple[int, int]] = ()) -> None:
        self._action = action
        self._people = [person for person in people if person.id]
        self._all = tuple(person.id for person in self._people if person.seen)
        found = []
        self.shared = self._shared_parts()
        for person in self._people:
            matches = self.pattern(person.name, self.shared).finditer(action.low)
            found += [
                self._mention(match.start(), match.end(), (person.id,), by_name=True)
                for match in matches
                if self._is_name(match, person.name)
            ]
        strange = [each for each in others if not any(each[0] < mine.end and mine.start < each[1] for mine in found)]
        found += [self._mention(start, end, (), by_name=False) for start, end in strange]
        for meant in references(action.low, self._people):
            if not any(mine.start < meant.end and meant.start < mine.end and mine.ids for mine in found):
                found = [mine for mine in found if not (mine.start < meant.end and meant.start < mine.end)]
                found.append(self._mention(meant.start, meant.end, meant.ids, by_name=False))
        for match in _PRONOUNS.finditer(action.low):
            if not any(each.start <= match.start() < each.end for each in found):
                found.append(self._mention(match.start(), match.end(), (), by_name=False))
        self._found: list[_Mention] = []
        for each in sorted(found, key=lambda item: (item.start, -item.end)):
            if any(other.start <= each.start < other.end for other in self._found):
                continue
            ids = each.ids or self._pronoun(each)
            if ids or (each.start, each.end) in strange or _IT_ACTS.match(action.low, each.start):
                self._found.append(_Mention(each.start, each.end, ids, each.is_object, each.by_name))
        self._join()

    def _join(self) -> None:
        """Give each of ``Lumi and Ember`` the ids of both: what is said next is said of both."""
        for at in range(1, len(self._found)):
            one, other = self._found[at - 1 : at + 1]
            between = self._action.low[one.end : other.start]
            if one.by_name and other.by_name and between in (" and ", ", and ", ", ") and not other.is_object:
                self._found[at] = replace(
                    other, ids=tuple(dict.fromkeys((*one.ids, *other.ids))), is_object=one.is_object
                )

    def _shared_parts(self) -> frozenset[str]:
        """Parts of names that several people have: ``Inès`` beside ``Young Inès``."""
        parts = [frozenset(re.findall(r"[^\W\d_][\w'-]*", person.name.lower())) for person in self._people]
        return frozenset(word for at, each in enumerate(parts) for other in parts[at + 1 :] for word in each & other)

    def _is_name(self, match: re.Match[str], name: str) -> bool:
        """Whether a match is the name, not a word that it shares: ``Will``, but ``the old woman`` of that name."""
        written = self._action.text[match.start() : match.end()]
        if name.islower() or any(word[0].isupper() for word in written.split()):
            return True
        before = self._action.low[: match.start()]
        if match[0].startswith("the "):
            return kind_of_noun(match[0].split()[-1]) is not None
        return kind_of_noun(match[0]) is not None and re.search(r"\bthe (?:[\w-]+ )?$", before) is not None

    @staticmethod
    def pattern(name: str, shared: frozenset[str] = frozenset()) -> re.Pattern[str]:
        if not name.strip():
            return re.compile(r"(?!)")
        words = re.findall(r"[^\W\d_][\w'-]*", name.lower())
        if shared.intersection(words) and len(words) > 1:
            return re.compile(rf"(?<![\w-]){re.escape(name.lower())}(?![\w-])")
        return name_pattern(name)

    def _mention(self, start: int, end: int, ids: tuple[str, ...], *, by_name: bool) -> _Mention:
        low = self._action.low
        owned = low[end : end + 2] == "'s" or low[start:end] in ("her", "his", "their", "its")
        following = re.match(r" ([\w-]+)", low[end:])
        whose = (
            low[start:end] in ("her", "his", "their", "its") and following is not None and following[1] not in FUNCTION
        )
        is_object = (not whose and _OBJECT.search(low[max(0, start - 14) : start]) is not None) or (by_name and owned)
        return _Mention(start, end, ids, is_object, by_name)

    def _pronoun(self, mention: _Mention) -> tuple[str, ...]:
        match = _PRONOUNS.match(self._action.low, mention.start)
        if match is None:
            return ()
        if match["t"]:
            return self._all
        if match["i"]:
            fitting = [person for person in self._people if person.kind != "person"]
        else:
            woman = match["f"] is not None
            fitting = [person for person in self._people if person.woman in (woman, None)]
            fitting = [person for person in fitting if person.woman is woman] or fitting
        for earlier in reversed(self._found):
            for person in fitting:
                if earlier.ids == (person.id,):
                    return (person.id,)
        seen = [person for person in fitting if person.seen] or fitting
        return (seen[0].id,) if len(seen) == 1 else ()

    def named(self, person_id: str) -> list[tuple[int, int]]:
        """Where a person is mentioned by name."""
        return [(each.start, each.end) for each in self._found if each.by_name and each.ids[-1:] == (person_id,)]

    def subject(self, position: int) -> tuple[str, ...]:
        """Who does what the verb at ``position`` says: the last subject before it in its sentence, unless something
        that is no person was named since."""
        start, _ = self._action.sentence(position)
        low = self._action.low
        before = [each for each in self._found if start <= each.start and each.end <= position]
        acting = [each for each in before if not each.is_object and not self._is_owner(each)]
        if not acting:
            return self._before_colon(start, position) if not before else ()
        between = re.sub(r"\s?\([^()]*\)", "", low[acting[-1].end : position])
        if before[-1] is acting[-1] and len(between.split()) <= 3 and not re.search(r"[.;:]", between):
            return acting[-1].ids
        opens = re.split(r"[,;:]|\b(?:and|as|while|then)\b", between)[-1].strip()
        if opens and len(between.split()) > 2 and re.match(r"(?:the|an?|its|two|three|every|some|no) ", opens):
            return ()  # another subject: ``… and the beam swings``
        return acting[-1].ids if len(between.split()) <= 6 or _COORDINATED.search(low[:position]) else ()

    def _before_colon(self, start: int, position: int) -> tuple[str, ...]:
        """The only one who is seen, of a sentence without a subject: ``Sits down.``"""
        return self._all if not self._action.low[start:position].strip() and len(self._all) == 1 else ()

    def _is_owner(self, mention: _Mention) -> bool:
        word, after = self._action.low[mention.start : mention.end], self._action.low[mention.end : mention.end + 2]
        return word in ("her", "his", "their", "its") or after == "'s"

    def near(self, position: int) -> tuple[str, ...]:
        """Who is spoken of in the clause around ``position``."""
        start, end = self._action.clause(position)
        inside = [each for each in self._found if start <= each.start < end and not each.is_object and each.ids]
        before = [each for each in inside if each.end <= position]
        return (before or inside)[-1].ids if inside else ()

    def opening(self, position: int) -> tuple[str, ...]:
        """Who is named at ``position``; () if nobody is."""
        return next((each.ids for each in self._found if each.start == position and each.by_name), ())

    def owner(self, position: int) -> tuple[str, ...]:
        """Whose word stands at ``position``: of who acts before it in its sentence, else after it, else who acted
        last."""
        start, end = self._action.sentence(position)
        inside = [each for each in self._found if start <= each.start < end]
        before = [each for each in inside if each.end <= position + 1]
        acting = [each for each in before if not each.is_object] or before
        if acting:
            return acting[-1].ids
        after = [each for each in inside if each.start >= position and not each.is_object]
        if after:
            return after[0].ids
        earlier = [each for each in self._found if each.end <= start and not each.is_object]
        if earlier:
            return earlier[-1].ids
        return self._all if len(self._all) == 1 else ()
