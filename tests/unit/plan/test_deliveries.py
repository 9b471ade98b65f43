"""The plan of a film's deliveries: files, stamps, sizes. Nothing is built."""

from __future__ import annotations

import re
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import pytest

from kit.film import Film, write_film
from kit.machine import forget
from vtx_app.cut.framing import Crop
from vtx_app.errors import ProjectError, SpecError
from vtx_app.plan.deliveries import DeliveryPlan, delivery_notices, delivery_of_file, film_deliveries
from vtx_app.plan.delivery_size import delivery_lines, disk_warning, expected_bytes
from vtx_app.plan.planner import plan_film


@pytest.fixture
def film(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Film:
    monkeypatch.chdir(tmp_path)
    return write_film(tmp_path)


def deliveries(tier: str = "final") -> dict[str, DeliveryPlan]:
    forget()
    return film_deliveries(plan_film("harbour", tier))


def stamps() -> dict[str, str]:
    return {name: delivery.stamp for name, delivery in deliveries().items()}


def test_each_delivery_is_a_file_and_stems_are_three(film: Film) -> None:
    found = deliveries()
    assert sorted(found) == [
        "harbour.archive.mkv",
        "harbour.broadcast.mov",
        "harbour.review.mp4",
        "harbour.square.mp4",
        "harbour.stems.dialogue.wav",
        "harbour.stems.effects.wav",
        "harbour.stems.music.wav",
        "harbour.vertical.mp4",
        "harbour.web.mp4",
        "harbour.youtube.mp4",
    ]
    assert len({each.stamp for each in found.values()}) == len(found)
    web = found["harbour.web.mp4"]
    assert web.path.as_posix() == "projects/harbour/renders/deliveries/harbour.web.mp4"
    assert [part.path.suffix for part in web.parts] == [".mp4", ".flac", ".srt"]
    assert [part.path.suffix for part in found["harbour.stems.music.wav"].parts] == [".flac"]
    assert deliveries("animatic")["harbour.web.mp4"].path.parts[3:5] == ("animatic", "deliveries")


def changed(film: Film, edit: Callable[[], object]) -> set[str]:
    """The deliveries, by their names, that get another stamp."""
    before = stamps()
    edit()
    after = stamps()
    return {name.split(".")[1] for name in before if after[name] != before[name]}


def test_a_crop_reaches_the_narrow_ones(film: Film) -> None:
    crop = "clips: {A01_S01_SH002: {crop: 0.25}}\n"
    assert changed(film, lambda: film.write("story/05_edit.yaml", crop)) == {"vertical", "square"}
    found = deliveries()
    assert found["harbour.vertical.mp4"].crops == (Crop(0, 0.5), Crop(8, 0.25), Crop(16, 0.5))
    assert found["harbour.web.mp4"].crops == ()


def test_a_title_reaches_every_picture_and_no_stem(film: Film) -> None:
    title = changed(film, lambda: film.edit("metadata.yaml", 'title: "Harbour"', 'title: "The Harbour"'))
    assert title == {"archive", "broadcast", "review", "square", "vertical", "web", "youtube"}


def test_a_shot_s_title_reaches_the_version_that_shows_it(film: Film) -> None:
    """Without a slate, a title is not in the film itself."""
    film.edit("metadata.yaml", "style_profile: day\n", "style_profile: day\nslate: none\n")
    titled = changed(film, lambda: film.edit_clip("A01_S01_SH001__empty_quay", "title: Empty", "title: Still"))
    assert titled == {"review"}
    burned_in = deliveries()["harbour.review.mp4"].burned_in
    assert burned_in is not None
    assert [each.title for each in burned_in.stretches][:2] == ["Still quay", "Mara"]
    silent = "film, shot, take, version"
    path = film.root / "config/deliveries.yaml"
    path.write_text(path.read_text().replace("film, shot, clip, take, version", silent))
    assert changed(film, lambda: film.edit_clip("A01_S01_SH001__empty_quay", "title: Still", "title: Calm")) == set()


def test_what_a_delivery_is_for_reaches_nothing(film: Film) -> None:
    path = film.root / "config/deliveries.yaml"
    text = path.read_text().replace("about: ", "about: see ").replace("crf: 23,", "crf: 23.0,")
    assert changed(film, lambda: path.write_text(text)) == set()


def test_a_film_without_clips_has_nothing_to_deliver(film: Film) -> None:
    for path in (film.folder / "prompts/clips").iterdir():
        path.unlink()
    with pytest.raises(ProjectError, match="harbour has no clips yet, and so nothing to deliver"):
        deliveries()


def test_a_file_that_nothing_makes(film: Film) -> None:
    with pytest.raises(
        ProjectError, match=r"no delivery makes harbour\.wbe\.mp4, did you mean 'harbour\.web\.mp4'\? There"
    ):
        delivery_of_file(deliveries(), "harbour.wbe.mp4")


def test_deliveries_that_were_never_made_are_not_out_of_date(film: Film) -> None:
    assert delivery_notices(plan_film("harbour", "final")) == []


def test_a_broken_declaration_does_not_matter_until_something_was_delivered(film: Film) -> None:
    film.write("deliveries.yaml", "deliveries: 3\n")
    assert delivery_notices(plan_film("harbour", "final")) == []


@pytest.mark.parametrize(
    ("picture", "told"),
    [
        ("{codec: prores, height: 16384, enlarge: true}", "height: the picture would have 21846 × 16384 pixels"),
        (
            '{codec: ffv1, aspect: "1:9999", enlarge: true}',
            "aspect: the picture would have 2 × 96 pixels, but",
        ),
        ('{codec: ffv1, width: 16384, aspect: "1:9", enlarge: true}', "width: the picture would have 16384 × 147456"),
        ("{codec: h264, width: 10000, enlarge: true}", "width: the picture would have 10000 × 7500 pixels, but H.264"),
    ],
)
def test_a_picture_that_its_codec_can_t_hold(film: Film, picture: str, told: str) -> None:
    container, sound = ("mov", "pcm") if "prores" in picture else ("matroska", "flac")
    large = f"x: {{container: {container}, picture: {picture}, sound: {{codec: {sound}}}}}"
    film.write("deliveries.yaml", f"deliveries:\n  {large}\n")
    with pytest.raises(SpecError, match=re.escape(f"projects/harbour/deliveries.yaml:2: deliveries.x.picture.{told}")):
        deliveries()
    film.write("deliveries.yaml", "deliveries: {}\n")
    assert "harbour.x.mkv" not in deliveries()


def test_sizes(film: Film) -> None:
    """An hour of 1920 × 1080 in ProRes 422 HQ is 79 GB and a gigabyte of sound (Apple's white paper)."""
    film.edit("metadata.yaml", "{width: 128, height: 96}", "{width: 1920, height: 1080}")
    rate = Fraction(24000, 1001)
    frames = round(3600 * rate)
    found = deliveries()
    broadcast = expected_bytes(found["harbour.broadcast.mov"], frames, rate)
    assert broadcast == pytest.approx(176e6 / 8 * 3600 + 288_000 * 3600, rel=0.001)
    stem = expected_bytes(found["harbour.stems.music.wav"], frames, rate)
    assert stem == pytest.approx(384_000 * 3600, rel=0.001)
    assert expected_bytes(found["harbour.web.mp4"], frames, rate) is None
    both = [(found["harbour.broadcast.mov"], False), (found["harbour.web.mp4"], True)]
    assert delivery_lines(both, frames, rate) == [
        "  deliver harbour.broadcast.mov: to make, about 80.2 GB",
        "  deliver harbour.web.mp4: current",
    ]
    stale = [each for each, _ in both]
    assert disk_warning(stale, frames, rate, 200 * 10**9) is None
    warning = disk_warning(stale, frames, rate, 10**9)
    assert warning is not None
    assert "about 80.2 GB needed for it, 1.0 GB free in projects/harbour/renders/deliveries" in warning
