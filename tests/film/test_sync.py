"""Picture and sound of a long film together: a flash and a beep in every shot, decoded again from the joined film."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from kit.sounds import SECOND, Shot, decoded, film_of, take_file, tone
from vtx_app.cut.conform import conform
from vtx_app.cut.delivery import Delivery
from vtx_app.cut.join import join
from vtx_app.cut.parts import Piece
from vtx_app.media.codec import samples_for
from vtx_app.media.labels import Labels
from vtx_app.media.sound_blocks import sound_blocks
from vtx_app.sound.mix import mix

CLIPS, FRAMES, FLASH, HEAD = 1_000, 8, 3, 2
FPS, RATE = 24, Fraction(24_000, 1001)
FRAME = SECOND / RATE


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A thousand shots of a take of 24 frames per second in a film of 23.976, each after two frames of handle."""
    folder = tmp_path_factory.mktemp("film")
    sound = np.zeros((SECOND // 2, 1))
    sound[(HEAD + FLASH) * 2_000 : (HEAD + FLASH + 1) * 2_000] = tone(2_000 / SECOND, 1_000, 0.3)
    take = take_file(folder / "take.mp4", sound, frames=12, fps=FPS, flash=HEAD + FLASH)
    conform(take, folder / "clip.mp4", Delivery(32, 32, 32, 32, RATE, FRAMES, head=HEAD))
    mix(film_of([Shot(take, FRAMES, head=HEAD)] * CLIPS, rate=RATE, level="scene"), folder / "mix.flac")
    pieces = [Piece(folder / "clip.mp4", FRAMES)] * CLIPS
    join(pieces, folder / "film.mp4", rate=RATE, sound=sound_blocks(folder / "mix.flac"), labels=Labels())
    return folder / "film.mp4"


def test_a_beep_is_heard_with_its_flash_in_each_of_a_thousand_shots(film: Path) -> None:
    with av.open(str(film)) as container:
        bright = [frame.to_ndarray()[:32].mean() > 160 for frame in container.decode(video=0)]
    assert len(bright) == CLIPS * FRAMES
    flashes = np.flatnonzero(bright)
    assert flashes.tolist() == [FLASH + FRAMES * number for number in range(CLIPS)]
    sound = decoded(film)
    assert len(sound) == samples_for(CLIPS * FRAMES, RATE)
    energy = np.square(sound[:, 0].astype(np.float64))
    for flash in flashes:
        first, end = samples_for(int(flash) - 3, RATE), samples_for(int(flash) + 4, RATE)
        heard = (energy[first:end] * np.arange(first, end)).sum() / energy[first:end].sum()
        assert heard == pytest.approx(float((int(flash) + Fraction(1, 2)) * FRAME), abs=float(FRAME) / 20)
