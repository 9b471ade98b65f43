from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import Image

from kit.movie import video_frame
from vtx_app.cut.conform import conform
from vtx_app.cut.delivered import planes
from vtx_app.cut.delivery import Delivery, SlateText
from vtx_app.cut.framing import opacity
from vtx_app.cut.insert import Source, draw
from vtx_app.cut.layers import Canvas, colour_values, picture_sheet
from vtx_app.cut.slate import Slate
from vtx_app.cut.timeline import Drawn, Footage, Layer, Plain, Roll, Words
from vtx_app.errors import CutError
from vtx_app.fonts import FONT
from vtx_app.formats.edit import EndRoll, Lettering
from vtx_app.media.h264 import film_parameter_sets, parameter_sets
from vtx_app.media.mp4 import read_tracks
from vtx_app.media.writer import write_film

RATE = Fraction(24)
SIZE = (96, 64)


def take_of(path: Path, shades: list[int], size: tuple[int, int] = SIZE) -> Path:
    """A take whose frame n is grey ``shades[n]``."""
    with write_film(path, *size, RATE) as film:
        for shade in shades:
            frame = av.VideoFrame.from_ndarray(np.full((size[1] * 3 // 2, size[0]), 128, np.uint8), format="yuv420p")
            next(iter(planes(frame)))[:] = shade
            film.picture(frame)
    return path


def source_of(take: Path, frames: int, **delivery: Any) -> Source:
    return Source(take, replace(Delivery(*SIZE, *SIZE, RATE, frames), **delivery))


def drawn(layers: list[Layer], frames: int) -> Drawn:
    return Drawn("piece", frames, 0, tuple(layers))


def draw_piece(out: Path, piece: Drawn, sources: dict[str, Source], size: tuple[int, int] = SIZE) -> Path:
    draw(piece, out, width=size[0], height=size[1], rate=RATE, sources=sources, font=FONT)
    return out


def greys(film: Any) -> list[float]:
    return [float(frame.mean()) for frame in film.luma]


def test_a_dissolve_shows_both_shots_by_their_shares(tmp_path: Path, decode: Callable[[Path], Any]) -> None:
    sources = {
        "A": source_of(take_of(tmp_path / "a.mp4", [60 + n for n in range(30)]), 20, head=5),
        "B": source_of(take_of(tmp_path / "b.mp4", [200 - n for n in range(30)]), 20, head=2),
    }
    layers = [Layer(Footage("A", 16), 0, 8), Layer(Footage("B", -2), 0, 8, fade_in=8)]
    film = decode(draw_piece(tmp_path / "piece.mp4", drawn(layers, 8), sources))
    shares = [(n + 1) / 9 for n in range(8)]
    wanted = [(60 + 21 + n) * (1 - share) + (200 - n) * share for n, share in enumerate(shares)]
    assert np.abs(np.array(greys(film)) - wanted).max() < 1
    assert film.times == [frame / RATE for frame in range(8)]
    assert len(film.sound) == 0


def test_what_lies_over_everything_hides_it(tmp_path: Path, decode: Callable[[Path], Any]) -> None:
    sources = {"A": source_of(take_of(tmp_path / "a.mp4", [60 + n for n in range(30)]), 30)}
    layers = [Layer(Footage("A", 0), 0, 9), Layer(Plain("#ffffff"), 3, 4, fade_in=1, fade_out=1)]
    film = decode(draw_piece(tmp_path / "piece.mp4", drawn(layers, 10), sources))
    wanted = [60, 61, 62, (63 + 235) / 2, 235, 235, (66 + 235) / 2, 67, 68, 16]  # black where nothing is
    assert np.abs(np.array(greys(film)) - wanted).max() < 1


def test_a_still_frame_stands(tmp_path: Path, decode: Callable[[Path], Any]) -> None:
    sources = {"A": source_of(take_of(tmp_path / "a.mp4", [60 + 2 * n for n in range(30)]), 20, head=3)}
    film = decode(draw_piece(tmp_path / "piece.mp4", drawn([Layer(Footage("A", 19, still=True), 0, 50)], 50), sources))
    assert np.abs(np.array(greys(film)) - (60 + 2 * 22)).max() < 1
    assert len(film.luma) == 50


def test_a_drawn_frame_is_framed_and_slated_as_in_its_clip(tmp_path: Path, decode: Callable[[Path], Any]) -> None:
    """Cropped, on black, with the slate's time code of its place in the shot."""
    take, size = tmp_path / "take.mp4", (320, 180)
    rng = np.random.default_rng(4)
    with write_film(take, 400, 200, RATE) as film:
        paper = np.kron(rng.integers(0, 256, (30, 60, 3), np.uint8), np.ones((10, 10, 1), np.uint8))
        for number in range(30):
            film.picture(video_frame(paper[number : number + 200, number : number + 400]))
    delivery = Delivery(*size, 320, 140, RATE, 12, SlateText("A01_S01_SH001", "Dusk", ("calm",), ()), 6, 4, 20)
    slate = Slate(delivery.slate, *size, RATE, delivery.shot_frames)  # type: ignore[arg-type]
    conform(take, tmp_path / "clip.mp4", delivery, burner=slate)
    piece = drawn([Layer(Footage("A", 4), 0, 12)], 12)
    draw_piece(tmp_path / "piece.mp4", piece, {"A": Source(take, delivery, slate)}, size)
    clip, made = decode(tmp_path / "clip.mp4").luma, decode(tmp_path / "piece.mp4").luma
    assert np.array_equal(clip, made)


def test_its_setting_is_that_of_the_films_clips(tmp_path: Path) -> None:
    piece = draw_piece(tmp_path / "piece.mp4", drawn([Layer(Plain("#203040"), 0, 120)], 120), {})
    (picture,) = read_tracks(piece)
    assert parameter_sets(picture.config) == film_parameter_sets(*SIZE, RATE)
    keys = [number for number in range(120) if picture.is_keyframe(number)]
    assert keys[0] == 0
    assert max(np.diff([*keys, 120])) <= 48


@pytest.mark.parametrize(
    "colour", ["#000000", "#ffffff", "#ff0000", "#00ff00", "#0000ff", "#123456", "#fedcba", "#808080"]
)
def test_a_colour_is_that_colour(tmp_path: Path, colour: str) -> None:
    piece = draw_piece(tmp_path / "piece.mp4", drawn([Layer(Plain(colour), 0, 3)], 3), {})
    with av.open(str(piece)) as container:
        shown = next(container.decode(video=0)).to_ndarray(format="rgb24")
    wanted = [int(colour[at : at + 2], 16) for at in (1, 3, 5)]
    assert np.abs(shown.astype(int) - wanted).max() <= 4


def test_words_lie_on_a_card_and_over_a_shot(tmp_path: Path, decode: Callable[[Path], Any]) -> None:
    size = (320, 180)
    words = Words(Lettering(text="THE SEA", frames=9, fade=3, size=20, colour="#ffff00"))
    sources = {"A": source_of(take_of(tmp_path / "a.mp4", [90] * 12, size), 12)}
    sources["A"] = replace(sources["A"], delivery=Delivery(*size, *size, RATE, 12))
    for below, dark in ((Layer(Plain("#000000"), 0, 9), 16), (Layer(Footage("A", 0), 0, 9), 90)):
        layers = [below, Layer(words, 0, 9, fade_in=3, fade_out=3)]
        film = decode(draw_piece(tmp_path / "piece.mp4", drawn(layers, 9), sources, size))
        bright = [float(frame.max()) for frame in film.luma]
        yellow = colour_values("#ffff00")[0]
        assert bright[4] == pytest.approx(yellow, abs=12)
        assert bright[0] == pytest.approx(dark + (yellow - dark) / 4, abs=12)
        assert bright[8] == pytest.approx(bright[0], abs=4)
        assert np.median(film.luma[4]) == pytest.approx(dark, abs=2)


def test_the_roll_moves(tmp_path: Path, decode: Callable[[Path], Any]) -> None:
    size = (320, 180)
    roll = Roll(EndRoll(file="story/roll.txt", frames=40, size=12), ("Anna", "Ben"))
    film = decode(draw_piece(tmp_path / "piece.mp4", drawn([Layer(roll, 0, 40)], 40), {}, size))
    middles = [np.flatnonzero(frame.max(axis=1) > 120).mean() for frame in film.luma[15:25]]
    assert all(np.diff(middles) < -1)


@pytest.mark.parametrize(("first", "frames"), [(25, 6), (-3, 4), (40, 1)])
def test_frames_that_the_take_has_not_are_named(tmp_path: Path, first: int, frames: int) -> None:
    sources = {"A": source_of(take_of(tmp_path / "a.mp4", [60] * 30), 20, head=2)}
    with pytest.raises(CutError, match=r"a\.mp4: the cut shows frames"):
        draw_piece(tmp_path / "piece.mp4", drawn([Layer(Footage("A", first), 0, frames)], frames), sources)
    assert not (tmp_path / "piece.mp4").exists()


def test_the_same_piece_gives_the_same_bytes(tmp_path: Path) -> None:
    sources = {"A": source_of(take_of(tmp_path / "a.mp4", [60 + n for n in range(30)]), 30)}
    layers = [Layer(Footage("A", 3), 0, 9), Layer(Plain("#ff8800"), 0, 9, fade_in=9)]
    files = [draw_piece(tmp_path / name, drawn(layers, 9), sources).read_bytes() for name in ("a1.mp4", "a2.mp4")]
    assert files[0] == files[1]


pixels = st.integers(0, 255)


@given(st.tuples(pixels, pixels, pixels), st.tuples(pixels, pixels, pixels, pixels), st.floats(0, 1))
def test_a_sheet_covers_by_its_alpha_times_its_opacity(
    below: tuple[int, int, int], over: tuple[int, int, int, int], share: float
) -> None:
    canvas = Canvas(4, 4)
    canvas.colour(colour=colour_values("#{:02x}{:02x}{:02x}".format(*below)), opacity=1)
    canvas.sheet(sheet=picture_sheet(Image.new("RGBA", (4, 4), over)), opacity=share)
    cover = share * over[3] / 255
    old, new = (np.array(colour_values("#{:02x}{:02x}{:02x}".format(*part[:3]))) for part in (below, over))
    found = [int(plane[0, 0]) for plane in planes(canvas.finished())]
    assert np.abs(found - (old * (1 - cover) + new * cover)).max() <= 1.5


def test_colour_of_see_through_pixels_does_not_bleed_into_their_neighbours() -> None:
    """Chroma is shared by four pixels: a wholly transparent red one must not tint a white one."""
    picture = np.zeros((2, 2, 4), np.uint8)
    picture[..., 0] = 255
    picture[0, 0] = 255
    canvas = Canvas(2, 2)
    canvas.sheet(sheet=picture_sheet(Image.fromarray(picture)), opacity=1)
    y, u, v = planes(canvas.finished())
    assert (y.tolist(), u.tolist(), v.tolist()) == ([[235, 16], [16, 16]], [[128]], [[128]])


@given(st.integers(1, 20), st.integers(0, 20), st.integers(0, 20))
def test_a_frame_that_covers_is_not_changed(shade: int, below: int, over: int) -> None:
    canvas = Canvas(4, 4)
    canvas.colour(colour=(below, below, below), opacity=0.3)
    canvas.colour(colour=(over, shade, shade), opacity=1)
    values: list[NDArray[np.uint8]] = list(planes(canvas.finished()))
    assert [int(plane.max()) for plane in values] == [over, shade, shade]


def test_opacity_of_a_layer_rises_and_falls() -> None:
    layer = Layer(Plain("#000000"), 2, 6, fade_in=3, fade_out=2)
    assert [opacity(layer, frame) for frame in range(10)] == pytest.approx(
        [0, 0, 1 / 4, 2 / 4, 3 / 4, 1, 2 / 3, 1 / 3, 0, 0]
    )
