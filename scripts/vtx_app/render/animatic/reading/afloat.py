"""Whether the people of a shot by the water are in a boat or on the shore, as the shot's own words say."""

from __future__ import annotations

import re

from vtx_app.render.animatic.reading.model import Evidence
from vtx_app.render.animatic.reading.text import Passage

__all__ = ["read_afloat"]

_WATERS = ("sea", "lake", "river", "harbour", "swamp", "shore")
_BOATS = r"(?:boat|dinghy|canoe|raft|punt|skiff|barge|gondola|kayak|lifeboat|sailboat|coracle)s?"
_IN_A_BOAT = re.compile(
    rf"\b(?:in|into|aboard|on board|across in) (?:an?|the|his|her|their|one) (?:[\w-]+ ){{0,3}}?{_BOATS}(?![\w-])"
    rf"|\b(?:row|pol|punt|paddl|scull|steer)(?:s|es|ing|e)? (?:an?|the|his|her|their|across|over|out|them|us|away|back"
    rf"|home|on|through|along|past)\b|\b(?:side|edge|bow|stern|prow) of (?:the|his|her|their) (?:[\w-]+ )?{_BOATS}\b"
    rf"|\bat the (?:oars|tiller|helm)\b|\bpulls? (?:at|on) the oars\b"
)
_ASHORE = re.compile(
    r"\bon (?:the|a) (?:\w+ )?(?:shore|bank|beach|jetty|pier|quay|dock|ice|edge|sand|grass|rocks?)\b"
    r"|\bfrom the (?:shore|bank)\b"
    r"|\b(?:by|beside|at the edge of|along|around|round|above) the (?:\w+ )?(?:lake|water|pond|sea|shore)\b"
    r"|\bat the water's edge\b|\b(?:frozen|skat\w+|ashore|wad(?:es|ing)|shoreline)\b"
)


def read_afloat(kind: str, action: Passage, words: list[Evidence]) -> bool | None:
    """Whether the people of a shot by the water are in a boat."""
    if kind not in _WATERS:
        return None
    for afloat, pattern in ((True, _IN_A_BOAT), (False, _ASHORE)):
        if said := action.real(pattern):
            words.append(Evidence("place.afloat", action.key, said.text))
            return afloat
    return None
