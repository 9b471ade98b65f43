"""Names of takes in a hand-over: their files, and their reels in lists."""

from __future__ import annotations

import hashlib
import re
import unicodedata

from vtx_app.formats.clip_spec import clip_numbers

__all__ = ["REEL_LENGTH", "media_name", "portable_name", "read_media_name", "reel_name"]

REEL_LENGTH = 8
"""Characters of a reel's name in CMX 3600: editors read eight, and cut off the rest."""

_NAME = re.compile(r"(A\d{2,3}_S\d{2,3}_SH\d{3,4}[A-Z]?)_T(\d{2,4})")
_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_NOT_ON_WINDOWS = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f]')
_DEVICES = {"CON", "PRN", "AUX", "NUL"} | {f"{port}{number}" for port in ("COM", "LPT") for number in range(10)}
_SEVEN = len(_DIGITS) ** (REEL_LENGTH - 1)
_MOST_TAKES = 2 * _SEVEN // (100 * 100 * 1000 * 27)
"""Of a shot that the numbers have room for."""


def media_name(clip_id: str, take: int) -> str:
    """The name of a take's file without suffix: ``A01_S01_SH002A_T02``; takes are counted from 1."""
    return f"{clip_id}_T{take:02d}"


def portable_name(name: str) -> str:
    """``name`` as a file can be called everywhere: Windows has no place for some signs, for a point or a space at the
    end, and for the names of devices (Microsoft, "Naming Files, Paths, and Namespaces")."""
    name = _NOT_ON_WINDOWS.sub("_", unicodedata.normalize("NFC", name))
    stem, point, suffix = name.rpartition(".")
    stem, suffix = (stem.rstrip(" ."), suffix.rstrip()) if point else (suffix.rstrip(), "")
    if not stem or stem.upper() in _DEVICES:
        stem = f"_{stem}"
    return f"{stem}{point}{suffix}"


def read_media_name(text: str) -> tuple[str, int] | None:
    """The clip and the number of the take in a file's name, a URL or a clip's name; None if there is none."""
    found = _NAME.search(text)
    return (found[1], int(found[2])) if found else None


def reel_name(clip_id: str, take: int) -> str:
    """A name of eight letters and digits, another one for each take of a film.

    ``A01_S02_SH003B_T04`` is ``102003B4``: act, scene, shot, its letter (0: none) and take. Acts and takes beyond 9
    count on in letters. What does not fit, as the 36th take, is a number that begins with X or Y; what is beyond 99
    acts or scenes, 999 shots or 580 takes, a number out of its digest, which begins with Z.
    """
    act, scene, shot, letter = clip_numbers(clip_id)
    if act < _DIGITS.index("X") and scene < 100 and shot < 1000 and take < len(_DIGITS):
        return f"{_DIGITS[act]}{scene:02d}{shot:03d}{letter or '0'}{_DIGITS[take]}"
    if act < 100 and scene < 100 and shot < 1000 and take <= _MOST_TAKES:
        number = ((act * 100 + scene) * 1000 + shot) * 27 + " ABCDEFGHIJKLMNOPQRSTUVWXYZ".index(letter or " ")
        return _digits(_DIGITS.index("X") * _SEVEN + number * _MOST_TAKES + take - 1)
    digest = hashlib.sha256(media_name(clip_id, take).encode()).digest()
    return _digits(_DIGITS.index("Z") * _SEVEN + int.from_bytes(digest[:8], "big") % _SEVEN)


def _digits(number: int) -> str:
    text = ""
    for _ in range(REEL_LENGTH):
        number, digit = divmod(number, len(_DIGITS))
        text = _DIGITS[digit] + text
    return text
