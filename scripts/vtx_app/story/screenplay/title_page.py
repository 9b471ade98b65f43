"""Title pages: ``Title: Floods``, with keys in the languages of screenwriting programs."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

__all__ = ["is_known_key", "key_and_value", "read_title_page", "title_key"]

_KEY = re.compile(r"(\w[^:\n]{0,60}):\s*(.*)")
_INDENTED = re.compile(r" {3,}\S")
_NAMES = {
    "title": "title titre titel título titulo titolo название tytuł",
    "credit": "credit credits",
    "author": "author authors writer writers auteur auteurs autor autores autore autori автор авторы",
    "source": "source quelle fuente fonte",
    "notes": "notes note notizen notas",
    "draft date": "draft draft·date date datum fecha data дата",
    "contact": "contact kontakt contacto contatto контакт",
    "copyright": "copyright",
}
_KEYS = {name.replace("·", " "): key for key, names in _NAMES.items() for name in names.split()}


def key_and_value(line: str) -> tuple[str, str] | None:
    """Key and value of ``Key: value``, None for another line."""
    found = _KEY.fullmatch(line.rstrip())
    return (found[1].strip(), found[2]) if found else None


def title_key(written: str) -> str:
    """The key in English and lower case: ``Titre`` → ``title``. An unknown key is only put in lower case."""
    return _KEYS.get(written.casefold(), written.lower())


def is_known_key(written: str) -> bool:
    """Whether it is a key of title pages, unlike ``FADE IN`` or ``SUPER``."""
    return written.casefold() in _KEYS


def read_title_page(lines: Sequence[str], plain: Callable[[str], str]) -> tuple[dict[str, str], int]:
    """The values of the title page at the top of ``lines`` by key, and the index of the line after it.

    Reads on past empty lines while blocks with a known key follow. The first block may have only unknown keys if it
    has several and none in capitals. ``plain`` removes the markup of a value.
    """
    values: dict[str, list[str]] = {}
    start = 0
    while True:
        first = next((at for at in range(start, len(lines)) if lines[at].strip()), len(lines))
        block, end = _block(lines, first, plain)
        known = any(is_known_key(key) and value for key, value in block)
        foreign = not values and len(block) > 1 and not any(key == key.upper() for key, _ in block)
        if not known and not foreign:
            return {key: "\n".join(value) for key, value in values.items()}, start
        for key, value in block:
            values.setdefault(title_key(key), []).extend(value)
        start = end


def _block(lines: Sequence[str], index: int, plain: Callable[[str], str]) -> tuple[list[tuple[str, list[str]]], int]:
    """Consecutive keys with the lines of their values from ``index`` on, and the index of the line after them."""
    block: list[tuple[str, list[str]]] = []
    while index < len(lines) and lines[index].strip():
        if block and _INDENTED.match(lines[index]):
            block[-1][1].append(plain(lines[index]))
        elif found := key_and_value(lines[index]):
            block.append((found[0], [plain(found[1])] if found[1] else []))
        else:
            break
        index += 1
    return block, index
