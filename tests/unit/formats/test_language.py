from __future__ import annotations

import pytest

from vtx_app.formats.language import iso_639_2


@pytest.mark.parametrize(
    ("tag", "letters"),
    [
        ("en", "eng"),
        ("de-AT", "deu"),
        ("zh-Hant-TW", "zho"),
        ("FR", "fra"),
        ("fa", "fas"),
        ("zu", "zul"),
        ("aa", "aar"),
        ("haw", "haw"),
        ("yue-HK", "yue"),
        ("", ""),
        ("x-shire", ""),
        ("xx", ""),
    ],
)
def test_a_language_has_three_letters(tag: str, letters: str) -> None:
    assert iso_639_2(tag) == letters
