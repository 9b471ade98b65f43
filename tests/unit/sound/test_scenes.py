from __future__ import annotations

from vtx_app.cut.timeline import Copied, Drawn, Footage, Layer, Plain, Timeline
from vtx_app.sound.scenes import SceneRun, scene_runs

SCENES = {"A01_S01_SH001": "A01_S01", "A01_S01_SH002": "A01_S01", "A01_S02_SH001": "A01_S02"}
ONE, TWO, OTHER = SCENES


def film(*picture: Copied | Drawn) -> Timeline:
    return Timeline(sum(piece.frames for piece in picture), (), picture, (), {})


def card(name: str, frames: int, start: int) -> Drawn:
    return Drawn(name, frames, start, (Layer(Plain("#000000"), 0, frames),))


def test_a_card_and_a_still_inside_a_scene_are_part_of_it() -> None:
    still = Drawn("hold", 10, 40, (Layer(Footage(TWO, 20, still=True), 0, 10),))
    found = scene_runs(film(Copied(ONE, 0, 20, 0), card("card", 10, 20), Copied(TWO, 0, 10, 30), still), SCENES)
    assert found == (SceneRun("A01_S01", 0, 50),)


def test_a_card_between_scenes_is_in_neither() -> None:
    found = scene_runs(film(Copied(ONE, 0, 20, 0), card("card", 10, 20), Copied(OTHER, 0, 9, 30)), SCENES)
    assert found == (SceneRun("A01_S01", 0, 20), SceneRun("A01_S02", 30, 39))


def test_scenes_overlap_in_their_dissolve() -> None:
    layers = (Layer(Footage(TWO, 20), 0, 12), Layer(Footage(OTHER, 0), 0, 12, fade_in=12))
    dissolve = Drawn("dissolve", 12, 20, layers)
    found = scene_runs(film(Copied(ONE, 0, 20, 0), dissolve, Copied(OTHER, 12, 8, 32)), SCENES)
    assert found == (SceneRun("A01_S01", 0, 32), SceneRun("A01_S02", 20, 40))


def test_a_scene_that_comes_back_has_two_runs() -> None:
    found = scene_runs(film(Copied(ONE, 0, 5, 0), Copied(OTHER, 0, 5, 5), Copied(TWO, 0, 5, 10)), SCENES)
    assert [run.scene for run in found] == ["A01_S01", "A01_S02", "A01_S01"]
