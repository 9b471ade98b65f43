"""Pictures in a terminal, read back as that terminal would."""

from __future__ import annotations

import base64
import io
import re

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from vtx_app.commands.inline_pictures import picture_protocol, terminal_picture

PICTURE = Image.fromarray(np.random.default_rng(7).integers(0, 4, (23, 41, 3), np.uint8) * 85)


@pytest.mark.parametrize(
    ("environment", "protocol"),
    [
        ({"TERM": "xterm-kitty", "KITTY_WINDOW_ID": "1"}, "kitty"),
        ({"TERM": "xterm-256color", "TERM_PROGRAM": "iTerm.app"}, "iterm2"),
        ({"TERM": "xterm-256color", "LC_TERMINAL": "iTerm2"}, "iterm2"),
        ({"TERM": "foot"}, "sixel"),
        ({"TERM": "xterm-256color"}, None),
        ({"TERM": "tmux-256color", "TMUX": "1", "KITTY_WINDOW_ID": "1"}, None),
        ({}, None),
    ],
)
def test_only_a_terminal_that_says_so_gets_pictures(environment: dict[str, str], protocol: str | None) -> None:
    assert picture_protocol(environment) == protocol


def test_kitty_gets_a_png_in_chunks() -> None:
    large = PICTURE.resize((400, 230), Image.Resampling.NEAREST)
    commands = re.findall(r"\x1b_G([^;]*);([^\x1b]*)\x1b\\", terminal_picture(large, "kitty"))
    assert [keys.endswith("m=1") for keys, _ in commands] == [True] * (len(commands) - 1) + [False]
    assert all(len(data) <= 4096 for _, data in commands)
    shown = Image.open(io.BytesIO(base64.b64decode("".join(data for _, data in commands))))
    assert np.array_equal(np.asarray(shown), np.asarray(large))


def test_iterm2_gets_a_png() -> None:
    found = re.fullmatch(r"\x1b\]1337;File=inline=1;size=(\d+);[^:]*:(.*)\x07", terminal_picture(PICTURE, "iterm2"))
    assert found
    data = base64.b64decode(found[2])
    assert len(data) == int(found[1])
    assert np.array_equal(np.asarray(Image.open(io.BytesIO(data))), np.asarray(PICTURE))


def test_sixels_are_the_picture() -> None:
    assert np.abs(painted(terminal_picture(PICTURE, "sixel")) - np.asarray(PICTURE, float)).max() <= 3


def painted(text: str) -> NDArray[np.float64]:
    """The picture that sixels paint (VT330/VT340 programmer reference manual, chapter 14)."""
    found = re.fullmatch(r'\x1bPq"1;1;(\d+);(\d+)(.*)\x1b\\', text, re.DOTALL)
    assert found
    width, height = int(found[1]), int(found[2])
    picture = np.full((height, width, 3), -1.0)
    colours: dict[int, list[float]] = {}
    x = y = colour = 0
    for number, rgb, newline, count, six in re.findall(r"#(\d+)(;2;\d+;\d+;\d+)?|([$-])|(?:!(\d+))?([?-~])", found[3]):
        if number:
            colour = int(number)
            if rgb:
                colours[colour] = [int(part) * 2.55 for part in rgb.split(";")[2:]]
        elif newline:
            x, y = 0, y + 6 * (newline == "-")
        else:
            end = x + int(count or 1)
            for bit in range(6):
                if ord(six) - 63 >> bit & 1:
                    picture[y + bit, x:end] = colours[colour]
            x = end
    return picture
