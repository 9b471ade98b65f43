"""Slugs, display names and titles."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vtx_app.story.names import display_name, slug_of, title_of


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("Roc'h Wenn", "roch_wenn"),
        ("INÈS", "ines"),
        ("ПОРТ", "port"),
        ("НАДЕЖДА", "nadezhda"),
        ("母", "mu"),
        ("Straße & Łódź", "strasse_lodz"),
        ("  OLD  MAN #2 ", "old_man_2"),
        ("x" * 50, "xxx"),
    ],
)
def test_slugs(text: str, slug: str) -> None:
    assert slug_of(text) == slug


@given(st.text())
def test_every_text_has_a_stable_slug(text: str) -> None:
    assert re.fullmatch(r"[a-z0-9][a-z0-9_]{0,39}", slug_of(text))
    assert slug_of(text) == slug_of(text)


def test_texts_without_letters_have_different_slugs() -> None:
    assert len({slug_of(text) for text in ("", "...", "—", "!!")}) == 4


@pytest.mark.parametrize(
    ("cue", "name"),
    [
        ("INÈS", "Inès"),
        ("OLD MAN", "Old Man"),
        ("НАДЯ", "Надя"),
        ("O'NEIL", "O'Neil"),
        ("BOB'S DAD", "Bob's Dad"),
        ("JEAN-CLAUDE", "Jean-Claude"),
        ("KEEPER OF THE LIGHT", "Keeper of the Light"),
        ("HENRY IV", "Henry IV"),
        ("R2D2", "R2D2"),
        ("McCLANE", "McCLANE"),
        ("母", "母"),
        ("COP #2", "Cop #2"),
        ("", ""),
    ],
)
def test_display_name(cue: str, name: str) -> None:
    assert display_name(cue) == name


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Three fishing boats run for harbour with their lights lit.", "Three fishing boats run for harbour"),
        ("Storm. A wave breaks.", "Storm"),
        ("Mr. Ernest Worthing. Sir.", "Mr. Ernest Worthing"),
        ("...", "Shot"),
        ("«Да», сказал он.", "Да», сказал он"),
        ("a" * 100, "a" * 60),
        ("(laughs) So it is!", "(laughs) So it is"),
    ],
)
def test_title_of(text: str, title: str) -> None:
    assert title_of(text) == title
