"""A dissolve over the handles of two takes of LTX-2, decoded again: picture, sound, length."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from kit.ltx.film import LtxFilm, shot, write_ltx_film
from kit.sounds import decoded
from vtx_app.media.codec import samples_for
from vtx_app.media.reader import probe

QUAY, SEA = "A01_S01_SH001", "A01_S01_SH002"
HEAD, SHOT, TAIL, DISSOLVE, RATE = 4, 8, 4, 4, Fraction(8)
START = SHOT - DISSOLVE // 2
"""The film's frame at which the dissolve begins, half of it before the cut."""


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory, models: dict[str, Path]) -> LtxFilm:
    """Two shots of eight frames with four more on either side, and a dissolve of four between them."""
    clips = {
        f"{clip_id}__{word}": shot(clip_id, action, render={"pipeline": "ti2vid_one_stage", "seed": seed})
        for clip_id, word, action, seed in ((QUAY, "quay", "The quay at dawn.", 7), (SEA, "sea", "The sea, black.", 8))
    }
    film = write_ltx_film(tmp_path_factory.mktemp("film"), models, clips)
    film.edit("metadata.yaml", "fps: 8", f"fps: 8\nhandles: {{head: {HEAD}, tail: {TAIL}}}")
    film.write("story/05_edit.yaml", f"transitions: [{{after: {QUAY}, dissolve: {DISSOLVE}}}]\n")
    film.build("final")
    return film


def take(film: LtxFilm, clip_id: str) -> Path:
    (found,) = (film.folder / "renders/takes" / clip_id).glob("*.mp4")
    return found


def frames(path: Path) -> NDArray[np.float64]:
    """The frames of a film, luma and chroma, shape (n, values)."""
    with av.open(str(path)) as container:
        return np.array([each.to_ndarray(format="yuv420p").ravel() for each in container.decode(video=0)], np.float64)


def shares(seen: NDArray[np.floating], one: NDArray[np.floating], other: NDArray[np.floating]) -> tuple[float, float]:
    """How much of ``one`` and of ``other`` is in what is seen, by least squares."""
    sources = np.stack([one.ravel(), other.ravel()], axis=1)
    first, second = np.linalg.lstsq(sources, seen.ravel(), rcond=None)[0]
    return float(first), float(second)


def test_each_frame_of_a_dissolve_is_the_weighted_mean_of_both_takes(film: LtxFilm) -> None:
    final, quay, sea = (frames(path) for path in (film.folder / "renders/final/harbour.mp4", *takes(film)))
    assert len(final) == 2 * SHOT  # handles suffice: the film is not shorter
    assert np.abs(quay - sea).mean() > 8  # they can be told apart
    for at in range(2 * SHOT):
        share = min(1.0, max(0.0, (at - START + 1) / (DISSOLVE + 1)))
        one, other = quay[min(HEAD + at, len(quay) - 1)], sea[max(0, HEAD + at - SHOT)]
        assert np.abs(final[at] - (one * (1 - share) + other * share)).mean() < 3, at
        grey = np.mean([one, other], axis=0).mean()
        assert shares(final[at] - grey, one - grey, other - grey) == pytest.approx((1 - share, share), abs=0.06), at


def takes(film: LtxFilm) -> tuple[Path, Path]:
    return take(film, QUAY), take(film, SEA)


def test_the_sound_of_both_handles_is_heard_in_the_dissolve_at_its_place(film: LtxFilm) -> None:
    mix, quay, sea = (decoded(path) for path in (film.folder / "renders/sound/harbour.flac", *takes(film)))
    assert len(mix) == samples_for(2 * SHOT, RATE)
    place = slice(samples_for(START, RATE), samples_for(START + DISSOLVE, RATE))
    count = place.stop - place.start
    one = quay[samples_for(HEAD + START, RATE) :][:count]
    other = sea[samples_for(HEAD + START - SHOT, RATE) :][:count]
    ramp = (np.arange(count) + 0.5) / count * np.pi / 2
    heard = mix[place]
    gains = shares(heard, one * np.cos(ramp)[:, None], other * np.sin(ramp)[:, None])
    rest = heard - one * np.cos(ramp)[:, None] * gains[0] - other * np.sin(ramp)[:, None] * gains[1]
    assert np.square(rest).mean() < np.square(heard).mean() * 1e-4
    alone = slice(samples_for(1, RATE), place.start)
    first = quay[samples_for(HEAD + 1, RATE) :][: alone.stop - alone.start]
    assert np.square(mix[alone] - first * gains[0]).mean() < np.square(mix[alone]).mean() * 1e-4


def test_the_takes_have_the_handles_that_were_asked_for(film: LtxFilm) -> None:
    for path in takes(film):
        assert probe(path).frames >= HEAD + SHOT + TAIL
