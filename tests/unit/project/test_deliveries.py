"""A film's deliveries: its own beside the shipped ones, and the names on the command line."""

from __future__ import annotations

from pathlib import Path

import pytest

from vtx_app.errors import ProjectError, SpecError
from vtx_app.project.deliveries import chosen_deliveries, load_deliveries

COPY = "{{container: mp4, about: {about}, picture: {{codec: copy}}, sound: {{codec: aac}}}}"


@pytest.fixture
def film(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of a film with a delivery of its own and one that replaces another."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "config").mkdir()
    (tmp_path / "projects/harbour").mkdir(parents=True)
    shared = f"deliveries:\n  web: {COPY.format(about='shared')}\n  old: {COPY.format(about='shared')}\n"
    own = f"deliveries:\n  web: {COPY.format(about='own')}\n  festival: {COPY.format(about='own')}\n"
    (tmp_path / "config/deliveries.yaml").write_text(shared, encoding="utf-8")
    (tmp_path / "projects/harbour/deliveries.yaml").write_text(own, encoding="utf-8")
    return Path("projects/harbour")


def test_a_film_adds_and_replaces(film: Path) -> None:
    found = load_deliveries(film)
    assert {name: each.deliverable.about for name, each in found.items()} == {
        "festival": "own",
        "old": "shared",
        "web": "own",
    }
    assert found["web"].location("sound", "codec") == "projects/harbour/deliveries.yaml:2: deliveries.web.sound.codec"
    assert found["old"].location().startswith("config/deliveries.yaml:3:")


def test_without_its_own_file_a_film_has_the_shared_ones(film: Path) -> None:
    (film / "deliveries.yaml").unlink()
    assert {each.deliverable.about for each in load_deliveries(film).values()} == {"shared"}
    Path("config/deliveries.yaml").unlink()
    assert load_deliveries(film) == {}


def test_a_fault_names_the_film_s_own_file(film: Path) -> None:
    (film / "deliveries.yaml").write_text("deliveries: {web: {container: mp4}}", encoding="utf-8")
    with pytest.raises(SpecError, match=r"projects/harbour/deliveries\.yaml:1: deliveries\.web\.sound: missing"):
        load_deliveries(film)


@pytest.mark.parametrize("named", ["old,web", " old , web,old,"])
def test_names_are_taken_in_their_order_and_once(film: Path, named: str) -> None:
    assert [each.name for each in chosen_deliveries(load_deliveries(film), named, "harbour")] == ["old", "web"]


@pytest.mark.parametrize("named", [None, "", " , "])
def test_without_a_name_there_is_a_list_of_them(film: Path, named: str | None) -> None:
    with pytest.raises(ProjectError) as caught:
        chosen_deliveries(load_deliveries(film), named, "harbour")
    assert "--config delivery=<name>" in str(caught.value)
    assert "old (config/deliveries.yaml)" in str(caught.value)
    assert "festival, web (projects/harbour/deliveries.yaml)" in str(caught.value)


def test_an_unknown_name_comes_with_the_nearest(film: Path) -> None:
    with pytest.raises(ProjectError, match="harbour has no delivery 'festval', did you mean 'festival'"):
        chosen_deliveries(load_deliveries(film), "web,festval", "harbour")
