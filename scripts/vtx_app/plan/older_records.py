"""The source texts of a take, with defaults for keys and parts that its older record lacks."""

from __future__ import annotations

from collections.abc import Mapping

from vtx_app.compile.sources import SourceTexts

__all__ = ["recorded_texts"]

_EARLIER = {"prompts": "1", "default_negative": ""}
"""Part that older records lack → the value those takes were made with."""


def recorded_texts(part: str, record: SourceTexts, now: Mapping[str, str]) -> Mapping[str, str]:
    """The texts of ``part`` in a take's ``record``, to compare with what it would read ``now``."""
    if part == "prompt":
        return _with_sounds(record.get(part, {}), now)
    if part in record:
        return record[part]
    if part == "heading":  # part "prompts" already reports that
        return now
    if part == "triggers":
        return {label: "" for label in now if label in record.get("loras", {})}
    return dict.fromkeys(now, _EARLIER[part]) if part in _EARLIER else {}


def _with_sounds(before: Mapping[str, str], now: Mapping[str, str]) -> Mapping[str, str]:
    """``before`` with an empty ``sound`` for each entry that it has."""
    entries = {_entry(label) for label in before}
    sounds = [label for label in now if label.endswith("sound") and label not in before and _entry(label) in entries]
    return {**before, **dict.fromkeys(sounds, "")}


def _entry(label: str) -> str:
    """``locations.quay`` of ``locations.quay.sound``, ``global`` of ``global_sound``, with the file."""
    file, _, key = label.partition(": ")
    return f"{file}: {key.rpartition('.')[0] or key.partition('_')[0]}"
