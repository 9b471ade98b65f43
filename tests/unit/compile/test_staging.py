"""The staging of a shot: who, where and how, as each file of the film has it. Only storyboards have one."""

from __future__ import annotations

from kit.film import CHARACTERS, Film
from kit.shot import Shot
from vtx_app.compile.request import (
    Line,
    StagedCharacter,
    StagedHeading,
    StagedPlace,
    Staging,
    canonical_json,
    request_digest,
)

SHOT_LIST = """\
version: 1
shots:
  - {clip_id: A01_S02_SH001, title: Tea, size: close, angle: low, movement: "push   in", beats: [She pours.]}
"""
SCENE = "story/03_screenplay/A01_S02__the_wheelhouse.md"


def staged(shot: Shot) -> Staging:
    found = shot.compile(renderer="animatic").request.staging
    assert found is not None
    return found


def wheelhouse(film: Film) -> Shot:
    film.write("story/04_shotlist.yaml", SHOT_LIST)
    film.write(SCENE, "INT. WHEELHOUSE - NIGHT - RAIN\n\nTea.\n")
    return Shot(film, "A01_S02_SH001", "A01_S02_SH001__wheelhouse")


def test_each_text_comes_from_its_own_place(film: Film) -> None:
    assert staged(wheelhouse(film)) == Staging(
        action="In the wheelhouse Mara pours tea.",
        locations=(StagedPlace("ferry", "Ferry", "The wheelhouse of a small ferry"),),
        dialogue=(Line("Mara", "Nobody today."),),
        characters=(
            StagedCharacter(
                "mara",
                "Mara",
                "A ferrywoman of fifty, grey braid, weathered hands",
                "in a black Sunday coat",
                "a low, dry voice",
            ),
        ),
        speakers=("mara",),
        clip="A01_S02_SH001",
        heading=StagedHeading("INT", "", "night", "rain"),
        size="close",
        angle="low",
        movement="push in",
        profile="Clear northern daylight",
        film="35mm film, soft grain",
    )


def test_who_only_speaks_is_heard(shot: Shot) -> None:
    shot.write(
        continuity={"characters": ["mara"]},
        prompt={"dialogue": [{"character": "ivo", "line": "Ahoy!"}, {"character": "mara", "line": "Ivo?"}]},
    )
    assert [(who.id, who.seen) for who in staged(shot).characters] == [("mara", True), ("ivo", False)]
    assert staged(shot).speakers == ("ivo", "mara")


def test_the_kind_of_a_character_is_its_own_key_and_no_take_of_a_model_knows_it(shot: Shot) -> None:
    shot.write(continuity={"characters": ["ivo"]})
    before = shot.compile(), shot.compile(renderer="animatic")
    shot.film.write("prompts/characters.yaml", CHARACTERS + "    kind: creature\n")
    after = shot.compile(), shot.compile(renderer="animatic")
    assert staged(shot).characters[0].kind == "creature"
    assert request_digest(before[0].request) == request_digest(after[0].request)
    assert request_digest(before[1].request) != request_digest(after[1].request)
    assert after[1].sources.texts()["staging"]["prompts/characters.yaml: characters.ivo.kind"] == "creature"
    assert "kind" not in canonical_json(before[1].request.staging)


def test_the_shot_list_decides_the_storyboard_of_its_shot_alone(film: Film) -> None:
    shot, other = wheelhouse(film), Shot(film, "A01_S01_SH002", "A01_S01_SH002__mara")

    def digests() -> list[str]:
        compiled = (shot.compile(), other.compile(renderer="animatic"), shot.compile(renderer="animatic"))
        return [request_digest(each.request) for each in compiled]

    before = digests()
    film.write("story/04_shotlist.yaml", SHOT_LIST.replace("Tea", "Milk").replace("She pours", "She spills"))
    assert digests() == before
    film.write("story/04_shotlist.yaml", SHOT_LIST.replace("close", "wide"))
    after = digests()
    assert after[:2] == before[:2]
    assert after[2] != before[2]
    staging = shot.compile(renderer="animatic").sources.texts()["staging"]
    assert staging["story/04_shotlist.yaml: shots.A01_S02_SH001.size"] == "wide"
