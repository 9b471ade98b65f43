from __future__ import annotations

from fractions import Fraction

import pytest

from vtx_app.cut.disclosure import disclosure_card
from vtx_app.cut.titles import title_fault


@pytest.mark.parametrize("size", [(1280, 720), (1920, 800), (480, 854), (128, 64)])
@pytest.mark.parametrize("rate", [Fraction(24), Fraction(30000, 1001), Fraction(1)])
def test_the_card_fits_and_stands_long_enough_to_be_read(size: tuple[int, int], rate: Fraction) -> None:
    text = "The pictures and voices of this film were made with generative AI. No person in it is real."
    card = disclosure_card(text, rate, *size)
    assert title_fault(card, *size) is None
    assert len(text) / (card.frames / rate) <= 17  # letters a second, as for subtitles
    assert card.fade * 2 < card.frames
    short = disclosure_card("AI", rate, *size)
    assert short.frames / rate >= Fraction(5, 2)
