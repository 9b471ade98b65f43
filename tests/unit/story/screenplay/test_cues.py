"""Parsing cues."""

from __future__ import annotations

import pytest

from vtx_app.story.screenplay.cues import split_cue


@pytest.mark.parametrize(
    ("cue", "name", "extension"),
    [
        ("MOM", "MOM", ""),
        ("MOM (O. S.)", "MOM", "O. S."),
        ("MOM(V.O.)(CONT'D)", "MOM", "V.O., CONT'D"),
        ("MOM (on the phone (bad line))", "MOM", "on the phone (bad line)"),
        ("(LAUGHTER)", "(LAUGHTER)", ""),
        ("MOM )", "MOM )", ""),
        ("MOM ()", "MOM", ""),
        ("MOM, V.O.", "MOM", "V.O."),
        ("MOM -- (V.O.)", "MOM", "V.O."),
        ("MOM CONT'D", "MOM", "CONT'D"),
        ("MOM, (O.S.) (CONT’D)", "MOM", "O.S., CONT’D"),
        ("MARY-ANN (V.O.)", "MARY-ANN", "V.O."),
        ("", "", ""),
    ],
)
def test_split_cue(cue: str, name: str, extension: str) -> None:
    assert split_cue(cue) == (name, extension)
