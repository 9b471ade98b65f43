from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from vtx_app.compile.request import RenderRequest
from vtx_app.render.animatic.reading.situation import read_situation
from vtx_app.render.animatic.scene.composition import compose

Ask = Callable[..., RenderRequest]

SITUATIONS = [
    ("Wide shot of a lighthouse at dusk, a boat on the water.", ("The point",), ()),
    ("Storm at night, a keeper walks on the rocks. Wide.", ("The point by the sea",), ()),
    ("Medium two-shot by lamplight, night.", ("The kitchen",), (("Mara", "No."), ("Tom", "Why?"))),
    ("Close-up, day.", ("The street",), (("Mara", "No."),)),
    ("Over-the-shoulder, dusk, by the fire.", ("The cabin",), (("Mara", "No."), ("Tom", "Why?"))),
    ("Insert: a brass key on the table.", ("The study",), ()),
    ("Insert: the plaque in the lamp room. The lens is dark, the flame is out.", ("The lamp room",), ()),
    ("Full shot: she climbs the spiral stairs.", ("The tower stairs",), ()),
    ("A girl in the forest at dawn, fog, wide.", ("The wood",), ()),
    ("A cottage and a bare tree in the snow, a car on the road. Wide.", ("The farm",), ()),
    ("A family in the mountains, day, wide.", ("The pass",), ()),
    ("A crowd in the desert, full shot.", ("The dunes",), ()),
    ("A nurse in the corridor at night. Full shot.", ("The hospital corridor",), ()),
    ("She sits on the bed by the window, rain. Medium.", ("The bedroom",), ()),
    ("", (), ()),
]


def flat(request: RenderRequest, width: int = 192, height: int = 108) -> NDArray[np.float32]:
    """All sheets laid over each other, (h, w, 3)."""
    picture = np.zeros((height, width, 3), np.float32)
    for _, sheet in compose(read_situation(request), width, height):
        cover = sheet.cover[..., None]
        picture = picture * (1 - cover) + sheet.rgb * cover
    return picture.astype(np.float32)


@pytest.mark.parametrize(("action", "locations", "dialogue"), SITUATIONS)
@pytest.mark.parametrize("size", [(192, 108), (90, 160), (144, 60)])
def test_every_situation_is_painted_at_every_format(
    ask: Ask, action: str, locations: tuple[str, ...], dialogue: tuple[tuple[str, str], ...], size: tuple[int, int]
) -> None:
    picture = flat(ask(action, locations, dialogue), *size)
    assert np.isfinite(picture).all()
    assert picture.min() >= 0
    assert picture.max() <= 1
    assert picture.std() > 0.02  # there is something to see


def test_no_two_situations_look_alike(ask: Ask) -> None:
    pictures = [flat(ask(*situation)) for situation in SITUATIONS]
    for i, one in enumerate(pictures):
        for other in pictures[:i]:
            assert np.abs(one - other).mean() > 0.02


def test_two_shots_at_a_place_share_its_colours_and_differ_in_framing(ask: Ask) -> None:
    here = [flat(ask(f"Medium shot, she {verb}.", ("The pier on the bay",))) for verb in ("waits", "turns")]
    elsewhere = flat(ask("Medium shot, she waits at night.", ("The kitchen",)))
    assert np.abs(here[0] - here[1]).mean() > 0.005
    near = np.abs(here[0].mean((0, 1)) - here[1].mean((0, 1))).max()
    assert near < np.abs(here[0].mean((0, 1)) - elsewhere.mean((0, 1))).max() / 2


def test_night_is_darker_than_day_and_people_are_seen(ask: Ask) -> None:
    day, night = (flat(ask(f"Wide shot of the sea, {hour}.", ("The bay",))) for hour in ("day", "night"))
    assert night.mean() < day.mean() * 0.6
    empty, peopled = (
        compose(read_situation(ask(f"Wide, the meadow, {who}.", ("The meadow",))), 192, 108)
        for who in ("empty", "a man")
    )
    assert peopled[1][1].cover.sum() >= empty[1][1].cover.sum()
    assert np.abs(peopled[1][1].rgb - empty[1][1].rgb).max() > 0.05
